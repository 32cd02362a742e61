from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from webapp.accounting.drafts import AddressDraft, DocumentKind, TaxMode
from webapp.accounting.provider import ProviderCompany
from webapp.accounting.sources import MemoSource, SalesTaxSource

from .builders import (
    AUTOMATED,
    BILL,
    CANADA,
    CANADIAN_RULES,
    COSTS,
    DENVER,
    INVOICE,
    PURCHASE_ORDER,
    RULES,
    US,
    a_document,
    a_line,
    canadian,
    draft_of,
    mapped,
)


@pytest.mark.parametrize("kind", DocumentKind)
def test_head_goes_over_as_it_is(kind: DocumentKind) -> None:
    draft = draft_of(a_document(kind, currency="usd", terms="Net 30"))

    assert (draft.kind, draft.number, draft.currency, draft.party_id) == (kind, "1001", "USD", "77")
    assert draft.date == date(2025, 6, 2)
    assert draft.due_date == date(2025, 7, 2)
    assert (draft.term_id, draft.email, draft.ship_to) == ("3", "ap@acme.example", DENVER)
    assert draft.ap_account_id == (None if kind is INVOICE else "201")
    assert draft.multicurrency is False


def test_empty_address_is_left_out() -> None:
    draft = draft_of(a_document(bill_to=AddressDraft(), ship_to=AddressDraft()))

    assert draft.bill_to is None
    assert draft.ship_to is None


def test_foreign_currency_goes_out_with_multicurrency() -> None:
    draft = draft_of(a_document(currency="EUR"), company=replace(US, multicurrency=True))

    assert (draft.currency, draft.multicurrency) == ("EUR", True)


@pytest.mark.parametrize(
    ("order", "customer_po", "memo", "expected"),
    [
        ("", "", "", ""),
        ("5001", "", "", "Order 5001"),
        ("5001", "PO-7", "Rush", "Order 5001 · PO PO-7 · Rush"),
        ("", "7", " Rush ", "PO 7 · Rush"),
    ],
)
def test_memo_names_order_and_customer_po(order: str, customer_po: str, memo: str, expected: str) -> None:
    assert draft_of(a_document(order_number=order, customer_po=customer_po, memo=memo)).memo == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (MemoSource.ALL, "Order 5001 · PO AF-1 · Autumn gala"),
        (MemoSource.MEMO, "Autumn gala"),
        (MemoSource.NOTHING, ""),
    ],
)
@pytest.mark.parametrize("kind", DocumentKind)
def test_memo_holds_what_is_chosen(kind: DocumentKind, source: MemoSource, expected: str) -> None:
    document = a_document(kind, order_number="5001", customer_po="AF-1", memo=" Autumn gala ")

    assert draft_of(document, rules=replace(RULES, memo=source)).memo == expected


def test_memo_is_no_longer_than_quickbooks_takes() -> None:
    memo = draft_of(a_document(order_number="5001", memo="x" * 5000)).memo

    assert len(memo) == 4000
    assert memo.startswith("Order 5001 · xxx")


@pytest.mark.parametrize(
    ("kind", "ours", "sales", "purchases", "expected"),
    [
        (INVOICE, True, True, False, "1001"),
        (INVOICE, False, True, True, None),
        (INVOICE, True, False, True, None),
        (PURCHASE_ORDER, True, False, True, "1001"),
        (PURCHASE_ORDER, False, True, True, None),
        (PURCHASE_ORDER, True, True, False, None),
        (BILL, False, False, False, "1001"),
    ],
)
def test_number_is_sent_where_both_sides_allow(
    kind: DocumentKind, ours: bool, sales: bool, purchases: bool, expected: str | None
) -> None:
    company = replace(US, custom_sales_numbers=sales, custom_purchase_numbers=purchases)

    assert (
        draft_of(a_document(kind), rules=replace(RULES, use_our_numbers=ours), company=company).number
        == expected
    )


def test_number_of_21_characters_fits() -> None:
    assert draft_of(a_document(number="1" * 21)).number == "1" * 21


def test_empty_number_is_left_to_the_provider() -> None:
    assert draft_of(a_document(BILL, number=" ")).number is None


@pytest.mark.parametrize("terms", ["Net 30", "NET  30 ", "net 30"])
def test_terms_are_found_however_they_are_spelt(terms: str) -> None:
    assert draft_of(a_document(terms=terms)).term_id == "3"


@pytest.mark.parametrize("terms", ["", "Net 45"])
def test_purchase_order_goes_without_terms_that_are_not_mapped(terms: str) -> None:
    assert draft_of(a_document(PURCHASE_ORDER, terms=terms)).term_id is None


@pytest.mark.parametrize("kind", COSTS)
def test_us_costs_carry_no_tax_codes_and_their_tax_is_a_cost(kind: DocumentKind) -> None:
    draft = draft_of(a_document(kind, tax=Decimal("8.25")))

    assert (draft.tax_mode, draft.tax_amount) == (TaxMode.NONE, None)
    assert [(line.amount, line.account_id, line.tax_code_id) for line in draft.lines] == [
        (Decimal("100.00"), None, None),
        (Decimal("8.25"), "501", None),
    ]


@pytest.mark.parametrize(
    ("automated", "tax", "expected"),
    [(False, "8.25", Decimal("8.25")), (False, "0", None), (True, "8.25", None), (True, "0", None)],
)
def test_us_tax_amount_is_ours_unless_quickbooks_computes(
    automated: bool, tax: str, expected: Decimal | None
) -> None:
    company = replace(US, automated_sales_tax=automated)

    draft = draft_of(a_document(tax=Decimal(tax)), company=company)

    assert (draft.tax_mode, draft.tax_amount) == (TaxMode.US, expected)


@pytest.mark.parametrize(
    ("tax", "taxable", "code"),
    [("8.25", True, "TAX"), ("8.25", False, "TAX"), ("0", True, "TAX"), ("0", False, "NON")],
)
@pytest.mark.parametrize("ship_to", [DENVER, AddressDraft()])
def test_our_tax_amount_goes_out_in_place_of_what_quickbooks_would_compute(
    tax: str, taxable: bool, code: str, ship_to: AddressDraft
) -> None:
    document = a_document(INVOICE, a_line(taxable=taxable), tax=Decimal(tax), ship_to=ship_to)
    rules = replace(RULES, sales_tax=SalesTaxSource.OURS)

    draft = draft_of(document, company=AUTOMATED, rules=rules)

    assert (draft.tax_mode, draft.tax_amount, draft.tax_code_id) == (TaxMode.US, Decimal(tax), code)


def test_who_computes_the_tax_changes_nothing_without_automated_sales_tax() -> None:
    rules = replace(RULES, sales_tax=SalesTaxSource.OURS)

    for tax in ("8.25", "0"):
        document = a_document(tax=Decimal(tax))
        assert draft_of(document, rules=rules) == draft_of(document)


@pytest.mark.parametrize("kind", DocumentKind)
def test_canadian_tax_is_left_to_the_codes_whoever_computes_it(kind: DocumentKind) -> None:
    rules = replace(CANADIAN_RULES, sales_tax=SalesTaxSource.OURS)
    company = replace(CANADA, automated_sales_tax=True)
    document = canadian(kind, tax=Decimal("13.00"))

    assert draft_of(document, rules=rules, company=company) == draft_of(document)


@pytest.mark.parametrize("kind", DocumentKind)
def test_canadian_tax_is_left_to_the_codes(kind: DocumentKind) -> None:
    draft = draft_of(canadian(kind, tax=Decimal("13.00")))

    assert (draft.tax_mode, draft.tax_amount) == (TaxMode.CODES, None)
    assert [line.tax_code_id for line in draft.lines] == ["7"]


def test_mapping_the_same_twice_gives_the_same() -> None:
    document = canadian(BILL, tax=Decimal("13.00"))

    assert mapped(document) == mapped(document)


@pytest.mark.parametrize("country", ["CA", "Ca", "CAN"])
def test_country_is_read_however_it_is_spelt(country: str) -> None:
    company = ProviderCompany(country, "CAD")

    assert draft_of(canadian(), company=company).lines[0].tax_code_id == "7"
