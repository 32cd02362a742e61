"""Documents, preferences and lists to map: complete by default, changed field by field in the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from webapp.accounting.drafts import AddressDraft, DocumentDraft, DocumentKind, LineKind
from webapp.accounting.mapping import Mapped, map_document
from webapp.accounting.provider import ListedAccount, ListedItem, ProviderCompany, ProviderLists
from webapp.accounting.sources import MappingRules, Parties, SourceDocument, SourceLine, Target

INVOICE, BILL, PURCHASE_ORDER = DocumentKind.INVOICE, DocumentKind.BILL, DocumentKind.PURCHASE_ORDER
COSTS = (BILL, PURCHASE_ORDER)

US = ProviderCompany("US", "USD")
AUTOMATED = ProviderCompany("US", "USD", automated_sales_tax=True)
CANADA = ProviderCompany("CA", "CAD")

TORONTO = AddressDraft("1 Front St", "", "Toronto", "ON", "M5J 2X5", "CA")
DENVER = AddressDraft("1 Blake St", "", "Denver", "CO", "80202", "US")

ITEMS = (
    ListedItem("11", "MUG-1", True, "401", "501"),
    ListedItem("12", "Sold only", True, "401", None),
    ListedItem("13", "Bought only", True, None, "501"),
    ListedItem("14", "Retired", False, "401", "501"),
    ListedItem("15", "Embroidery", True, "401", "501"),
    ListedItem("16", "Any product", True, "401", "501"),
)
ACCOUNTS = (
    ListedAccount("401", "Sales", "Income"),
    ListedAccount("402", "Freight income", "Other Income"),
    ListedAccount("403", "Old sales", "Income", active=False),
    ListedAccount("404", "Discounts given", "Income"),
    ListedAccount("501", "Cost of goods", "Cost of Goods Sold"),
    ListedAccount("502", "Old costs", "Expense", active=False),
    ListedAccount("201", "Accounts payable", "Accounts Payable"),
    ListedAccount("202", "Visa", "Credit Card"),
)
RULES = MappingRules(
    income_account_id="401",
    cost_account_id="501",
    ap_account_id="201",
    freight=Target("account", "402"),
    setup=Target("account", "401"),
    decoration=Target("item", "15"),
    discount_account_id="404",
    terms={"net 30": "3"},
    taxable_code_id=None,
    non_taxable_code_id=None,
    province_tax_codes={"ON": "7", "QC": "8"},
)
CANADIAN_RULES = replace(RULES, taxable_code_id="5", non_taxable_code_id="6")
PARTIES = Parties("77", "Acme Corp", "88", "Blue Ridge School")


def a_line(kind: LineKind = LineKind.PRODUCT, **changes: Any) -> SourceLine:
    amount = Decimal("-10.00") if kind is LineKind.DISCOUNT else Decimal("100.00")
    number = "MUG-1" if kind is LineKind.PRODUCT else ""
    line = SourceLine(1, kind, number, "", f"A {kind.value}", Decimal(1), amount, amount, taxable=True)
    if "amount" in changes and "unit_price" not in changes:
        changes["unit_price"] = changes["amount"]
    return replace(line, **changes)


def a_document(kind: DocumentKind = INVOICE, *lines: SourceLine, **changes: Any) -> SourceDocument:
    lines = lines or (a_line(),)
    tax = changes.get("tax", Decimal(0))
    document = SourceDocument(
        kind=kind,
        number="1001",
        order_number="",
        customer_po="",
        date=date(2025, 6, 2),
        due_date=date(2025, 7, 2),
        currency="USD",
        terms="",
        memo="",
        email="ap@acme.example",
        bill_to=DENVER,
        ship_to=DENVER,
        tax=tax,
        total=sum((line.amount for line in lines), tax),
        lines=lines,
    )
    return replace(document, **changes)


def canadian(kind: DocumentKind = INVOICE, *lines: SourceLine, **changes: Any) -> SourceDocument:
    return a_document(kind, *lines, **{"currency": "CAD", "ship_to": TORONTO, **changes})


def lists(
    items: tuple[ListedItem, ...] = ITEMS,
    accounts: tuple[ListedAccount, ...] = ACCOUNTS,
    terms: frozenset[str] = frozenset({"3", "4"}),
    tax_codes: frozenset[str] = frozenset(),
) -> ProviderLists:
    return ProviderLists(
        items={item.name.casefold(): item for item in items},
        items_by_id={item.id: item for item in items},
        accounts={account.id: account for account in accounts},
        terms=terms,
        tax_codes=tax_codes,
    )


LISTS = lists()


def mapped(document: SourceDocument, **given: Any) -> Mapped:
    home_is_canada = document.currency == "CAD"
    defaults = {
        "rules": CANADIAN_RULES if home_is_canada else RULES,
        "company": CANADA if home_is_canada else US,
        "lists": LISTS,
        "parties": PARTIES,
    }
    return map_document(document, **{**defaults, **given})


def draft_of(document: SourceDocument, **given: Any) -> DocumentDraft:
    """The draft of a document that nothing stands in the way of."""
    result = mapped(document, **given)
    assert result.reasons == ()
    assert result.draft is not None
    return result.draft
