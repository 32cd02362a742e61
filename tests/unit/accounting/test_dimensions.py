from __future__ import annotations

from dataclasses import replace

import pytest

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.provider import ListedEntry, ProviderCompany

from .builders import BILL, INVOICE, LISTS, RULES, US, a_document, a_line, draft_of, mapped

ENTRIES = {"1": ListedEntry("1", "Events"), "9": ListedEntry("9", "Closed (deleted)", active=False)}
KNOWN = replace(LISTS, classes=ENTRIES, locations=ENTRIES)
CHOSEN = replace(RULES, class_id="1", location_id="1")
ON_LINES = replace(US, class_on_lines=True)
ON_DOCUMENT = replace(US, class_on_document=True)
BOTH = replace(US, class_on_lines=True, class_on_document=True)
LOCATIONS = replace(US, locations=True)


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize(
    ("company", "on_lines", "on_document"),
    [(US, None, None), (ON_LINES, "1", None), (BOTH, "1", None), (ON_DOCUMENT, None, "1")],
)
def test_the_class_stands_where_the_company_tracks_it(
    kind: DocumentKind, company: ProviderCompany, on_lines: str | None, on_document: str | None
) -> None:
    document = a_document(kind, *[a_line(line_kind) for line_kind in LineKind])

    draft = draft_of(document, rules=CHOSEN, company=company, lists=KNOWN)

    assert {line.class_id for line in draft.lines} == {on_lines}
    assert draft.class_id == (None if kind is BILL else on_document)
    assert (draft.location_id, draft.class_rule) == (None, None)


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize(("company", "location"), [(US, None), (LOCATIONS, "1")])
def test_the_location_is_sent_where_the_company_tracks_it(
    kind: DocumentKind, company: ProviderCompany, location: str | None
) -> None:
    draft = draft_of(a_document(kind), rules=CHOSEN, company=company, lists=KNOWN)

    assert (draft.location_id, draft.location_rule) == (location, None)


def test_without_a_choice_nothing_is_sent() -> None:
    draft = draft_of(a_document(), company=replace(BOTH, locations=True), lists=KNOWN)

    assert (draft.class_id, draft.location_id, draft.lines[0].class_id) == (None, None, None)


@pytest.mark.parametrize(("chosen", "name"), [("9", "Closed (deleted)"), ("77", "77")])
@pytest.mark.parametrize(
    ("field", "company", "kinds"),
    [
        ("class_id", ON_LINES, set(DocumentKind)),
        ("class_id", ON_DOCUMENT, set(DocumentKind) - {BILL}),
        ("class_id", LOCATIONS, set()),
        ("location_id", LOCATIONS, set(DocumentKind)),
        ("location_id", ON_LINES, set()),
    ],
)
def test_what_is_gone_blocks_the_documents_that_need_it(
    field: str, company: ProviderCompany, kinds: set[DocumentKind], chosen: str, name: str
) -> None:
    rules = replace(RULES, **{field: chosen})
    for kind in DocumentKind:
        reasons = mapped(
            a_document(kind, a_line(), a_line()), rules=rules, company=company, lists=KNOWN
        ).reasons
        expected = [("mapping_gone", "preferences", {"field": field, "name": name})] if kind in kinds else []
        assert [(one.code, one.fix, one.facts) for one in reasons] == expected


def test_an_invoice_of_discounts_only_still_says_that_its_class_is_gone() -> None:
    document = a_document(INVOICE, a_line(LineKind.DISCOUNT))

    reasons = mapped(document, rules=replace(RULES, class_id="9"), company=ON_LINES, lists=KNOWN).reasons

    assert [one.code for one in reasons] == ["no_lines", "mapping_gone"]
