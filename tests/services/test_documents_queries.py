from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests import factories
from webapp.accounting.drafts import DocumentKind
from webapp.documents import queries
from webapp.documents.queries import Filters
from webapp.models import Document, DocumentState, DocumentStatus


@pytest.fixture
def many(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Twelve documents over four days, in pages of five."""
    monkeypatch.setattr(queries, "PAGE", 5)
    company = factories.company(world.workspace, "Théâtre du Vieux-Port")
    for number in range(12):
        kind = list(DocumentKind)[number % 3]
        day = date(2026, 11, 1) + timedelta(days=number // 3)
        factories.document(world.workspace, company, kind=kind, date=day, number=f"N-{number}")
    factories.document(world.other, factories.company(world.other), number="N-99")
    return world


def numbers(page: queries.Page) -> list[str]:
    return [row.number for row in page.rows]


def test_pages_go_through_everything_once_in_both_directions(many: SimpleNamespace) -> None:
    home = many.workspace.id
    first = queries.page_of(home, Filters())
    second = queries.page_of(home, Filters(), after=first.after)
    third = queries.page_of(home, Filters(), after=second.after)
    assert numbers(first) + numbers(second) + numbers(third) == [f"N-{n}" for n in range(11, -1, -1)]
    assert first.before is None
    assert third.after is None
    assert queries.page_of(home, Filters(), before=third.before) == second
    assert numbers(queries.page_of(home, Filters(), before=second.before)) == numbers(first)


def test_a_page_from_a_document_of_another_workspace_is_the_first(many: SimpleNamespace) -> None:
    foreign = Document.get(Document.number == "N-99").id
    assert numbers(queries.page_of(many.workspace.id, Filters(), after=foreign))[0] == "N-11"


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(text="theatre vieux"), 12),
        (Filters(text="nobody"), 0),
        (Filters(kind=DocumentKind.BILL), 4),
        (Filters(state=DocumentState.SENT), 2),
        (Filters(kind=DocumentKind.INVOICE, state=DocumentState.SENT), 1),
        (Filters(state=DocumentState.FAILED), 0),
    ],
)
@pytest.mark.parametrize("counted", [1, 1000])
def test_filters_narrow_the_list(
    many: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, filters: Filters, count: int, counted: int
) -> None:
    monkeypatch.setattr(queries, "PAGE", 50)
    monkeypatch.setattr(queries, "COUNTED", counted)
    some = [row.id for row in Document.select().where(Document.number.in_(["N-0", "N-1"]))]
    DocumentStatus.update(state=DocumentState.SENT).where(DocumentStatus.document.in_(some)).execute()
    assert len(queries.page_of(many.workspace.id, filters).rows) == count


def test_counts_stop_just_beyond_their_bound(many: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    home = many.workspace.id
    assert queries.counts_by_kind(home) == dict.fromkeys(DocumentKind, 4)
    monkeypatch.setattr(queries, "COUNTED", 2)
    assert queries.counts_by_kind(home) == dict.fromkeys(DocumentKind, 3)
    assert queries.counts_by_state(home)[DocumentState.BLOCKED] == 3


def test_rows_carry_the_company_and_the_state(many: SimpleNamespace) -> None:
    row = queries.page_of(many.workspace.id, Filters()).rows[0]
    assert (row.company_name, row.state) == ("Théâtre du Vieux-Port", "blocked")
