from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from webapp.accounting.drafts import DocumentKind, ItemDraft, LineDraft, LineKind
from webapp.accounting.mapping import with_created_items
from webapp.accounting.provider import ListedItem
from webapp.accounting.sources import ItemNameSource, Parties, SourceDocument, Target, UnknownItems

from .builders import (
    BILL,
    COSTS,
    INVOICE,
    ITEMS,
    PURCHASE_ORDER,
    RULES,
    a_document,
    a_line,
    canadian,
    draft_of,
    lists,
    mapped,
)

DECORATION, SETUP, FREIGHT, DISCOUNT = (
    LineKind.DECORATION,
    LineKind.SETUP,
    LineKind.FREIGHT,
    LineKind.DISCOUNT,
)


def draft_lines(document: SourceDocument, **given: object) -> tuple[LineDraft, ...]:
    return draft_of(document, **given).lines


# what each kind of line posts to: (item, account) on invoices, then on bills and purchase orders
POSTINGS = {
    LineKind.PRODUCT: (("11", None), ("11", None)),
    LineKind.SERVICE: (("new:A service", None), ("new:A service", None)),
    LineKind.OTHER: (("new:A other", None), ("new:A other", None)),
    DECORATION: (("15", None), ("15", None)),
    SETUP: (("new:Set-up charge", None), (None, "501")),
    FREIGHT: (("new:Freight", None), (None, "501")),
    DISCOUNT: ((None, "404"), (None, "501")),
}


@pytest.mark.parametrize("country", ["US", "CA"])
@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize("line_kind", LineKind)
def test_line_posts_by_its_kind(line_kind: LineKind, kind: DocumentKind, country: str) -> None:
    make = a_document if country == "US" else canadian
    tax_code = {"US": "TAX" if kind is INVOICE and line_kind is not DISCOUNT else None, "CA": "7"}[country]

    *_, line = draft_lines(make(kind, a_line(), a_line(line_kind)))

    on_invoice, on_costs = POSTINGS[line_kind]
    assert (line.item_id, line.account_id) == (on_invoice if kind is INVOICE else on_costs)
    assert line.kind is line_kind
    assert line.tax_code_id == tax_code
    assert (line.quantity is None) == (line.unit_price is None) == (line.item_id is None)


@pytest.mark.parametrize("kind", DocumentKind)
def test_draft_lines_add_up_to_our_lines(kind: DocumentKind) -> None:
    document = a_document(kind, *[a_line(line_kind) for line_kind in LineKind])

    lines = draft_lines(document)

    signed = [-line.amount if kind is INVOICE and line.kind is DISCOUNT else line.amount for line in lines]
    assert sum(signed) == document.total


def test_line_keeps_its_price_or_gets_one_that_is_exact() -> None:
    kept = a_line(quantity=Decimal(4), unit_price=Decimal("25"))
    derived = a_line(quantity=Decimal(3), unit_price=Decimal("33.33"))
    alone = a_line(quantity=Decimal(0), unit_price=Decimal("33.33"))

    prices = [
        (line.quantity, line.unit_price) for line in draft_lines(a_document(INVOICE, kept, derived, alone))
    ]

    assert prices == [(Decimal(4), Decimal(25)), (Decimal(3), Decimal("33.333")), (None, None)]


@pytest.mark.parametrize("name", ["mug-1", "MUG-1", " Mug-1 "])
def test_item_is_found_without_regard_to_case(name: str) -> None:
    (line,) = draft_lines(a_document(INVOICE, a_line(product_number=name)))

    assert line.item_id == "11"


def test_item_is_found_by_product_name_when_so_chosen() -> None:
    rules = replace(RULES, item_name_source=ItemNameSource.NAME)

    (line,) = draft_lines(a_document(INVOICE, a_line(product_number="X", product_name="Mug-1")), rules=rules)

    assert line.item_id == "11"


@pytest.mark.parametrize("kind", COSTS)
def test_cost_of_an_item_without_expense_account_goes_to_the_cost_account(kind: DocumentKind) -> None:
    product, decoration = draft_lines(
        a_document(kind, a_line(product_number="Sold only"), a_line(DECORATION)),
        rules=replace(RULES, decoration=Target("item", "12")),
    )

    assert (product.item_id, product.account_id) == (None, "501")
    assert (decoration.item_id, decoration.account_id) == (None, "501")


def test_nameless_cost_goes_to_the_cost_account() -> None:
    (line,) = draft_lines(a_document(BILL, a_line(product_number="", description="")))

    assert (line.item_id, line.account_id) == (None, "501")


@pytest.mark.parametrize(
    ("unknown", "type_"),
    [(UnknownItems.SERVICE, "service"), (UnknownItems.NON_INVENTORY, "non_inventory")],
)
@pytest.mark.parametrize("kind", DocumentKind)
def test_unknown_item_is_to_be_created_once(kind: DocumentKind, unknown: UnknownItems, type_: str) -> None:
    document = a_document(
        kind,
        a_line(product_number="PEN", product_name="Pen"),
        a_line(product_number="Pen"),
        a_line(product_number="CAP", description="Red cap"),
    )

    result = mapped(document, rules=replace(RULES, unknown_items=unknown))

    assert result.missing_items == (
        ItemDraft("PEN", type_, "Pen", "401", "501"),
        ItemDraft("CAP", type_, "Red cap", "401", "501"),
    )
    assert result.draft
    assert [line.item_id for line in result.draft.lines] == ["new:PEN", "new:PEN", "new:CAP"]


@pytest.mark.parametrize(
    ("kind", "changes", "income", "expense"),
    [
        (INVOICE, {"cost_account_id": None}, "401", None),
        (INVOICE, {"cost_account_id": "502"}, "401", None),
        (BILL, {"income_account_id": None}, None, "501"),
        (PURCHASE_ORDER, {"income_account_id": "403"}, None, "501"),
    ],
)
def test_item_is_created_without_the_account_that_the_document_does_not_need(
    kind: DocumentKind, changes: dict[str, Any], income: str | None, expense: str | None
) -> None:
    result = mapped(a_document(kind, a_line(product_number="PEN")), rules=replace(RULES, **changes))

    assert [(item.income_account_id, item.expense_account_id) for item in result.missing_items] == [
        (income, expense)
    ]


@pytest.mark.parametrize("kind", DocumentKind)
def test_fixed_item_stands_for_unknown_ones(kind: DocumentKind) -> None:
    rules = replace(RULES, unknown_items=UnknownItems.FIXED, fixed_item_id="16")

    known, unknown = draft_lines(a_document(kind, a_line(), a_line(product_number="PEN")), rules=rules)

    assert (known.item_id, unknown.item_id) == ("11", "16")


def test_charge_account_takes_the_item_of_its_kind_when_there_is_one() -> None:
    known = lists(items=(*ITEMS, ListedItem("20", "FREIGHT", True, "402")))

    result = mapped(a_document(INVOICE, a_line(FREIGHT)), lists=known)

    assert result.missing_items == ()
    assert result.draft
    assert result.draft.lines[0].item_id == "20"


def test_charge_item_is_created_with_the_charge_account() -> None:
    result = mapped(a_document(INVOICE, a_line(FREIGHT), a_line(FREIGHT)))

    assert result.missing_items == (ItemDraft("Freight", "service", "Freight", "402", "501"),)


def test_discounts_of_an_invoice_become_one_line_at_the_end() -> None:
    document = a_document(
        INVOICE,
        a_line(DISCOUNT, description="Volume", amount=Decimal("-2.50")),
        a_line(),
        a_line(DISCOUNT, description="Loyal", amount=Decimal("-1.25")),
        a_line(DISCOUNT, description="Loyal", amount=Decimal("-1.25")),
    )

    product, discount = draft_lines(document)

    assert product.kind is LineKind.PRODUCT
    assert discount == LineDraft(DISCOUNT, "Volume; Loyal", Decimal("5.00"), account_id="404")


def test_discount_of_nothing_needs_no_account() -> None:
    document = a_document(INVOICE, a_line(), a_line(DISCOUNT, amount=Decimal(0)))

    assert len(draft_lines(document, rules=replace(RULES, discount_account_id=None))) == 1


@pytest.mark.parametrize(
    ("taxable", "code"), [((False, False), "6"), ((True, False), "7"), ((False, True), "7")]
)
def test_canadian_discount_is_taxed_when_a_part_of_it_is(taxable: tuple[bool, bool], code: str) -> None:
    discounts = [a_line(DISCOUNT, taxable=part) for part in taxable]

    assert draft_lines(canadian(INVOICE, a_line(), *discounts))[1].tax_code_id == code


@pytest.mark.parametrize("kind", COSTS)
def test_discount_of_a_cost_is_a_negative_line_in_its_place(kind: DocumentKind) -> None:
    discount, product = draft_lines(a_document(kind, a_line(DISCOUNT), a_line()))

    assert discount == LineDraft(
        DISCOUNT, "A discount", Decimal("-10.00"), account_id="501", tie_key="discount:a discount"
    )
    assert product.item_id == "11"


@pytest.mark.parametrize("kind", COSTS)
def test_costs_carry_the_customer_when_billable(kind: DocumentKind) -> None:
    rules = replace(RULES, billable=True)

    lines = draft_lines(a_document(kind, a_line(), a_line(FREIGHT)), rules=rules)

    assert [line.billable_customer_id for line in lines] == ["88", "88"]


@pytest.mark.parametrize(
    ("kind", "billable", "parties"),
    [
        (INVOICE, True, Parties("77", "Acme Corp", "88", "School")),
        (INVOICE, True, Parties("77", "Acme Corp", None, "School")),
        (BILL, False, Parties("77", "Acme Corp", "88", "School")),
        (BILL, False, Parties("77", "Acme Corp", None, "School")),
        (BILL, True, Parties("77", "Acme Corp")),
        (PURCHASE_ORDER, True, Parties("77", "Acme Corp")),
    ],
)
def test_lines_are_not_billable(kind: DocumentKind, billable: bool, parties: Parties) -> None:
    (line,) = draft_lines(a_document(kind), rules=replace(RULES, billable=billable), parties=parties)

    assert line.billable_customer_id is None


@pytest.mark.parametrize(
    ("description", "name", "number", "expected"),
    [("Text", "Mug", "M1", "Text"), ("", "Mug", "MUG-1", "Mug"), ("", "", "MUG-1", "MUG-1")],
)
def test_line_always_says_something(description: str, name: str, number: str, expected: str) -> None:
    line = a_line(description=description, product_name=name, product_number=number)

    assert draft_lines(a_document(INVOICE, line))[0].description == expected


def test_created_items_take_the_place_of_their_placeholders() -> None:
    draft = mapped(a_document(INVOICE, a_line(product_number="PEN"), a_line(), a_line(DISCOUNT))).draft
    assert draft

    ready = with_created_items(draft, {"Pen": "99"})

    assert [line.item_id for line in ready.lines] == ["99", "11", None]
    with pytest.raises(KeyError):
        with_created_items(draft, {})
