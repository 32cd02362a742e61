from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounting.amounts import to_cents
from webapp.accounting.drafts import DocumentKind, LineDraft, LineKind
from webapp.accounting.layout import lay_out
from webapp.accounting.sources import LineLayout, SourceDocument, SourceLine

from .builders import BILL, INVOICE, PURCHASE_ORDER, RULES, a_document, a_line, canadian, draft_of

DECORATION, SETUP, FREIGHT = LineKind.DECORATION, LineKind.SETUP, LineKind.FREIGHT
OWN, FOLDED, SUMMARY = LineLayout
GROUND = a_line(FREIGHT, description="UPS Ground", amount=Decimal("12.34"))
MUGS = a_line(description="Mug, navy", quantity=Decimal(4), unit_price=Decimal(25))


def laid_out(*lines: SourceLine, kind: DocumentKind = INVOICE, **layouts: LineLayout) -> list[SourceLine]:
    chosen = {(kind, LineKind(name)): layout for name, layout in layouts.items()}
    return list(lay_out(a_document(kind, *lines), chosen).lines)


def sent(document: SourceDocument, **layouts: LineLayout) -> tuple[LineDraft, ...]:
    chosen = {(document.kind, LineKind(name)): layout for name, layout in layouts.items()}
    return draft_of(document, rules=replace(RULES, layouts=chosen)).lines


def test_without_a_layout_each_charge_has_its_own_line() -> None:
    lines = [a_line(kind) for kind in LineKind]

    assert laid_out(*lines) == lines
    assert laid_out(*lines, freight=OWN) == lines


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_folded_charge_becomes_part_of_the_product_line_before_it(kind: DocumentKind) -> None:
    (line,) = sent(a_document(kind, MUGS, GROUND), freight=FOLDED)

    assert (line.kind, line.item_id) == (LineKind.PRODUCT, "11")
    assert line.description == "Mug, navy; UPS Ground"
    assert (line.amount, line.quantity, line.unit_price) == (Decimal("112.34"), 4, Decimal("28.085"))


def test_a_charge_is_folded_into_the_nearest_product_before_it() -> None:
    first, second = laid_out(a_line(), a_line(product_number="Sold only"), GROUND, freight=FOLDED)

    assert (first.amount, second.amount) == (Decimal("100.00"), Decimal("112.34"))


def test_several_charges_are_folded_into_one_line_and_say_so_once_each() -> None:
    twice = (GROUND, a_line(SETUP, description="Screen"), GROUND)

    (line,) = sent(a_document(INVOICE, MUGS, *twice), freight=FOLDED, setup=FOLDED)

    assert line.description == "Mug, navy; UPS Ground; Screen"
    assert line.amount == Decimal("224.68")


def test_a_line_whose_price_cannot_be_fitted_goes_out_as_an_amount() -> None:
    many = a_line(quantity=Decimal("900000"), unit_price=Decimal("0.01"), amount=Decimal("9000.00"))

    (line,) = sent(a_document(INVOICE, many, replace(GROUND, amount=Decimal("0.05"))), freight=FOLDED)

    assert line.amount == Decimal("9000.05")
    assert (line.quantity, line.unit_price) in {(None, None), (Decimal(900000), Decimal("0.0100001"))}


@pytest.mark.parametrize(
    "lines",
    [
        (GROUND, MUGS),
        (a_line(LineKind.SERVICE), GROUND),
        (MUGS, replace(GROUND, taxable=False)),
        (replace(MUGS, taxable=False), GROUND),
        (a_line(), replace(MUGS, taxable=False), GROUND),
    ],
    ids=["no product before", "no product", "not taxable", "taxable", "nearest differs"],
)
def test_a_charge_without_a_product_line_of_its_taxability_keeps_its_own(
    lines: tuple[SourceLine, ...],
) -> None:
    assert tuple(laid_out(*lines, freight=FOLDED)) == lines


def test_a_folded_charge_needs_no_item_or_account_of_its_own() -> None:
    rules = replace(RULES, freight=None, layouts={(INVOICE, FREIGHT): FOLDED})

    assert len(draft_of(a_document(INVOICE, MUGS, GROUND), rules=rules).lines) == 1


def test_folding_does_not_change_which_item_a_line_is() -> None:
    nameless = a_line(product_number="", description="Tote bag")

    (line,) = sent(a_document(INVOICE, nameless, GROUND), freight=FOLDED)

    assert line.item_id == "new:Tote bag"


def test_a_summary_is_one_line_for_all_charges_of_a_kind_where_the_last_one_stood() -> None:
    lines = (
        replace(GROUND, category="Shipping"),
        a_line(),
        replace(GROUND, description="Liftgate", category="Shipping"),
        a_line(SETUP),
    )

    product, freight, setup = sent(a_document(INVOICE, *lines), freight=SUMMARY)

    assert (product.kind, setup.kind) == (LineKind.PRODUCT, SETUP)
    assert freight.description == "UPS Ground; Liftgate"
    assert (freight.amount, freight.quantity, freight.unit_price) == (
        Decimal("24.68"),
        1,
        Decimal("24.68"),
    )
    assert [line.category for line in laid_out(*lines, freight=SUMMARY)] == ["", "Shipping", ""]


def test_a_summary_of_one_keeps_its_quantity_and_price() -> None:
    (line,) = laid_out(a_line(SETUP, quantity=Decimal(2), unit_price=Decimal(50)), setup=SUMMARY)

    assert (line.quantity, line.unit_price, line.folded) == (2, 50, ("A setup",))


def test_taxable_and_other_charges_are_summed_apart() -> None:
    lines = (GROUND, replace(GROUND, taxable=False), GROUND)

    assert [(line.amount, line.taxable) for line in laid_out(*lines, freight=SUMMARY)] == [
        (Decimal("12.34"), False),
        (Decimal("24.68"), True),
    ]


def test_a_charge_without_words_is_called_what_it_is() -> None:
    (line,) = sent(a_document(INVOICE, MUGS, replace(GROUND, description="")), freight=FOLDED)

    assert line.description == "Mug, navy; Freight"


def test_a_layout_is_for_its_kind_of_document_only() -> None:
    lines = (MUGS, GROUND)

    assert len(lay_out(a_document(BILL, *lines), {(PURCHASE_ORDER, FREIGHT): FOLDED}).lines) == 2
    assert len(lay_out(a_document(BILL, *lines), {(BILL, FREIGHT): FOLDED}).lines) == 1


def test_only_charges_have_a_layout() -> None:
    lines = (MUGS, a_line(LineKind.DISCOUNT), a_line(LineKind.SERVICE))

    assert tuple(laid_out(*lines, discount=FOLDED, service=SUMMARY, product=SUMMARY)) == lines


cents = st.integers(0, 10_000_00).map(lambda number: Decimal(number).scaleb(-2))
any_line = st.builds(
    lambda kind, amount, quantity, taxable, words: a_line(
        kind,
        amount=-amount if kind is LineKind.DISCOUNT else amount,
        quantity=quantity,
        unit_price=Decimal("1.005"),
        taxable=taxable,
        description=words,
    ),
    st.sampled_from(list(LineKind)),
    cents,
    st.decimals(0, 5000, places=2),
    st.booleans(),
    st.sampled_from(["UPS Ground", "Screen"]),
)


@given(
    st.lists(any_line, min_size=1, max_size=12).map(lambda lines: [a_line(), *lines]),
    st.sampled_from(list(DocumentKind)),
    st.fixed_dictionaries(
        {kind.value: st.sampled_from(list(LineLayout)) for kind in (DECORATION, SETUP, FREIGHT)}
    ),
    st.booleans(),
)
def test_no_layout_changes_a_total_or_what_is_taxable_of_it(
    lines: list[SourceLine], kind: DocumentKind, layouts: dict[str, LineLayout], is_canadian: bool
) -> None:
    document = (canadian if is_canadian else a_document)(kind, *lines)

    result = lay_out(document, {(kind, LineKind(name)): layout for name, layout in layouts.items()})

    for taxable in (True, False):
        before, after = (
            sum(to_cents(line.amount) for line in one.lines if line.taxable is taxable)
            for one in (document, result)
        )
        assert before == after
    drafts = draft_of(
        document,
        rules=replace(
            RULES,
            layouts={(kind, LineKind(name)): layout for name, layout in layouts.items()},
            taxable_code_id="5",
            non_taxable_code_id="6",
        ),
    ).lines
    is_subtracted = kind is INVOICE
    signed = [
        -line.amount if is_subtracted and line.kind is LineKind.DISCOUNT else line.amount for line in drafts
    ]
    assert sum(signed) == document.total
    assert all(
        to_cents(line.quantity * line.unit_price) == line.amount
        for line in drafts
        if line.unit_price is not None
    )
