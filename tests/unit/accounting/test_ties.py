from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.sources import LineLayout, PurchaseOrderTie, SourceLine
from webapp.accounting.ties import tie_key

from .builders import BILL, INVOICE, PURCHASE_ORDER, RULES, a_document, a_line, draft_of

FREIGHT, SETUP = LineKind.FREIGHT, LineKind.SETUP
OWN, FOLDED, SUMMARY = LineLayout


def layouts(kind: DocumentKind, layout: LineLayout) -> object:
    return replace(RULES, layouts={(kind, FREIGHT): layout, (kind, SETUP): layout})


def tie_of(*lines: SourceLine, layout: LineLayout = OWN) -> PurchaseOrderTie:
    """A purchase order of these lines as it was sent, its line ids counted from 1."""
    draft = draft_of(a_document(PURCHASE_ORDER, *lines), rules=layouts(PURCHASE_ORDER, layout))
    return PurchaseOrderTie(
        "900", tuple((line.tie_key, str(number)) for number, line in enumerate(draft.lines, 1))
    )


def ids(*lines: SourceLine, tie: PurchaseOrderTie, layout: LineLayout = OWN) -> list[str | None]:
    draft = draft_of(a_document(BILL, *lines), tie=tie, rules=layouts(BILL, layout))
    tied = [line for line in draft.lines if line.purchase_order_line_id]
    assert {line.purchase_order_id for line in tied} <= {"900"}
    assert all(line.purchase_order_id is None for line in draft.lines if line not in tied)
    return [line.purchase_order_line_id for line in draft.lines]


GROUND, SCREEN = a_line(FREIGHT, description="UPS Ground"), a_line(SETUP, description="Screen")


def test_each_line_finds_its_own_in_whatever_order() -> None:
    tie = tie_of(a_line(), SCREEN, GROUND)

    assert ids(GROUND, a_line(product_number=" mug-1 "), SCREEN, tie=tie) == ["3", "1", "2"]


def test_lines_of_the_same_product_are_tied_in_their_order_and_each_once() -> None:
    tie = tie_of(a_line(description="Small"), a_line(description="Large"))

    assert ids(a_line(), a_line(), a_line(), tie=tie) == ["1", "2", None]


def test_what_the_purchase_order_lacks_stays_untied() -> None:
    tie = tie_of(a_line())

    assert ids(a_line(product_number="PEN-9"), GROUND, tie=tie) == [None, None]


def test_a_tax_that_became_a_line_is_never_tied() -> None:
    document = a_document(BILL, tax=Decimal("8.25"))

    product, tax = draft_of(document, tie=PurchaseOrderTie("900", (("", "7"), ("product:mug-1", "1")))).lines

    assert (product.purchase_order_line_id, tax.purchase_order_line_id) == ("1", None)


@pytest.mark.parametrize("kind", [INVOICE, PURCHASE_ORDER])
def test_only_bills_are_tied(kind: DocumentKind) -> None:
    (line,) = draft_of(a_document(kind), tie=tie_of(a_line())).lines

    assert line.purchase_order_id is None


@pytest.mark.parametrize("before", LineLayout)
@pytest.mark.parametrize("after", LineLayout)
def test_ties_outlive_a_change_of_the_layout(before: LineLayout, after: LineLayout) -> None:
    lines = (a_line(), GROUND, a_line(product_number="Sold only"), SCREEN)
    expected = {
        (OWN, OWN): ["1", "2", "3", "4"],
        (OWN, FOLDED): ["1", "3"],
        (OWN, SUMMARY): ["1", "2", "3", "4"],
        (FOLDED, OWN): ["1", None, "2", None],
        (FOLDED, FOLDED): ["1", "2"],
        (FOLDED, SUMMARY): ["1", None, "2", None],
        (SUMMARY, OWN): ["1", "2", "3", "4"],
        (SUMMARY, FOLDED): ["1", "3"],
        (SUMMARY, SUMMARY): ["1", "2", "3", "4"],
    }

    assert ids(*lines, tie=tie_of(*lines, layout=before), layout=after) == expected[before, after]


def test_a_summary_is_tied_whatever_its_charges_are_called() -> None:
    more = a_line(FREIGHT, description="Liftgate")

    assert ids(a_line(), GROUND, more, tie=tie_of(a_line(), GROUND, layout=SUMMARY), layout=SUMMARY) == [
        "1",
        "2",
    ]


def test_a_line_of_its_own_name_comes_before_a_summary() -> None:
    tie = PurchaseOrderTie("900", (("freight:", "1"), ("freight:ups ground", "2")))

    assert ids(a_line(FREIGHT, description="Liftgate"), GROUND, tie=tie) == ["1", "2"]


def test_a_product_without_number_or_words_is_not_taken_for_any_other() -> None:
    nameless = a_line(product_number="", description="")

    assert ids(nameless, tie=tie_of(a_line())) == [None]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (a_line(product_number=" MUG-1 "), "product:mug-1"),
        (a_line(SETUP, description="Screen"), "setup:screen"),
        (a_line(product_number="", description="", product_name="Ceramic Mug"), "product:ceramic mug"),
        (a_line(product_number="", description="x" * 4000), "product:" + "x" * 192),
    ],
)
def test_a_line_is_told_by_its_kind_and_its_number_or_words(line: SourceLine, key: str) -> None:
    assert tie_key(line) == key
