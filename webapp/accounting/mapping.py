"""Maps one of our documents to a provider-neutral draft, or says everything that stands in the way.

Pure: no database, no network, no clock. The same document, preferences and lists give the same draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from webapp.accounting.accounts import ACCOUNT_TYPES, Accounts
from webapp.accounting.amounts import to_cents, total_of
from webapp.accounting.custom_fields import custom_fields
from webapp.accounting.dimensions import Dimensions
from webapp.accounting.drafts import AddressDraft, DocumentDraft, DocumentKind, ItemDraft, LineKind, TaxMode
from webapp.accounting.layout import lay_out
from webapp.accounting.lines import Lines, billable_customer
from webapp.accounting.postings import NEW_ITEM, Postings
from webapp.accounting.provider import ProviderCompany, ProviderLists
from webapp.accounting.reasons import Reasons
from webapp.accounting.rule_matching import Matching
from webapp.accounting.rules import check_rules
from webapp.accounting.sources import (
    MappingRules,
    MemoSource,
    Parties,
    PurchaseOrderTie,
    Reason,
    SourceDocument,
)
from webapp.accounting.tax import Taxes
from webapp.accounting.terms import term_id
from webapp.accounting.ties import tied

__all__ = ["ACCOUNT_TYPES", "Mapped", "check_rules", "map_document", "with_created_items"]

MAX_NUMBER: Final = 21
MAX_MEMO: Final = 4000
MAX_EMAIL: Final = 100


@dataclass(frozen=True)
class Mapped:
    """What the mapping gives: a draft and the items to create before it, or the reasons against it."""

    draft: DocumentDraft | None
    missing_items: tuple[ItemDraft, ...]
    reasons: tuple[Reason, ...]


def map_document(
    document: SourceDocument,
    rules: MappingRules,
    company: ProviderCompany,
    lists: ProviderLists,
    parties: Parties,
    tie: PurchaseOrderTie | None = None,
) -> Mapped:
    """Map a document to a draft.

    Args:
        document: our document as it is now.
        rules: the saved preferences.
        company: what the provider's company allows.
        lists: the provider's lists, as far as the document needs them (see ``names.wanted_item_names``).
        parties: the provider's ids of the document's company and of the order's customer.
        tie: for a bill, the sent purchase order it belongs to.
    """
    reasons = Reasons()
    document = lay_out(document, rules.layouts)
    _check_party(document, company, parties, reasons)
    _check_document(document, rules, company, reasons)
    accounts = Accounts(rules, lists, reasons)
    postings = Postings(document.kind, rules, lists, accounts, reasons)
    taxes = Taxes(document, rules, company, lists, reasons)
    matching = Matching(document, rules.rules)
    dimensions = Dimensions(document.kind, rules, matching, company, lists, reasons)
    draft = replace(
        _head(document, company, parties),
        number=_number(document, rules, company, reasons),
        term_id=term_id(document, rules, lists, reasons),
        tax_mode=taxes.mode,
        tax_amount=taxes.own_amount(),
        tax_code_id=taxes.own_code(),
        memo=_memo(document, rules.memo),
        custom_fields=custom_fields(document, rules, company, reasons),
    )
    draft, lines = dimensions.on(draft), Lines(document, matching, postings, taxes, dimensions)
    if document.kind is DocumentKind.INVOICE:
        draft = replace(draft, lines=lines.of_sale(company, reasons))
    else:
        ap_account_id = accounts.need("ap_account_id")
        billable_to = billable_customer(rules.billable, parties, reasons)
        draft = replace(draft, lines=lines.of_cost(billable_to), ap_account_id=ap_account_id)
    if reasons.all():
        return Mapped(None, (), reasons.all())
    if tie is not None and document.kind is DocumentKind.BILL:
        draft = replace(draft, lines=tied(draft.lines, tie))
    return Mapped(draft, postings.missing_items, ())


def with_created_items(draft: DocumentDraft, created: Mapping[str, str]) -> DocumentDraft:
    """Put the ids of created items in the place of their placeholders.

    Args:
        draft: a draft whose lines may carry ``new:`` and an item's name.
        created: ids by item name; names are compared without regard to case.

    Raises:
        KeyError: a placeholder's item is not among the created ones.
    """
    ids = {name.casefold(): item_id for name, item_id in created.items()}
    lines = tuple(
        replace(line, item_id=ids[line.item_id.removeprefix(NEW_ITEM).casefold()])
        if line.item_id is not None and line.item_id.startswith(NEW_ITEM)
        else line
        for line in draft.lines
    )
    return replace(draft, lines=lines)


def _head(document: SourceDocument, company: ProviderCompany, parties: Parties) -> DocumentDraft:
    """What goes over as it is; a document without a party never leaves, so its id may be empty here."""
    return DocumentDraft(
        kind=document.kind,
        number=None,
        date=document.date,
        currency=document.currency.upper(),
        party_id=parties.party_id or "",
        lines=(),
        tax_mode=TaxMode.NONE,
        due_date=document.due_date,
        email=document.email,
        bill_to=_address(document.bill_to),
        ship_to=_address(document.ship_to),
        multicurrency=company.multicurrency,
    )


def _check_party(
    document: SourceDocument, company: ProviderCompany, parties: Parties, reasons: Reasons
) -> None:
    """Check that the party is there and has the document's currency: QuickBooks gives each one for good."""
    currency = document.currency.upper()
    foreign = {"currency": currency} if company.multicurrency and currency != company.home_currency else {}
    if parties.party_gone:
        reasons.add("party_gone", "conflict", company=parties.party_name)
    elif parties.party_id is None:
        reasons.add("party_not_linked", "links", company=parties.party_name, **foreign)
    elif company.multicurrency and parties.party_currency not in {"", currency}:
        facts = {"currency": currency, "theirs": parties.party_currency}
        reasons.add("party_currency", "links", company=parties.party_name, **facts)


def _check_document(
    document: SourceDocument, rules: MappingRules, company: ProviderCompany, reasons: Reasons
) -> None:
    """Check what the document says of itself against the company, before any line is looked at."""
    if rules.start_date is not None and document.date < rules.start_date:
        reasons.add("before_start_date", "preferences", date=rules.start_date.isoformat())
    closed = company.books_closed_until
    if closed is not None and document.date <= closed:
        reasons.add("books_closed", "document", date=closed.isoformat())
    currency, home = document.currency.upper(), company.home_currency.upper()
    if currency != home and not company.multicurrency:
        reasons.add("currency_mismatch", "document", currency=currency, home_currency=home)
    if all(line.kind is LineKind.DISCOUNT for line in document.lines):
        reasons.add("no_lines", "document")
    if document.kind is not DocumentKind.BILL and len(document.email.strip()) > MAX_EMAIL:
        # a cut address would reach somebody else; a bill is not sent to anybody
        reasons.add("email_too_long", "document", email=document.email.strip(), limit=str(MAX_EMAIL))
    _check_totals(document, reasons)


def _check_totals(document: SourceDocument, reasons: Reasons) -> None:
    lines, tax, total = total_of(line.amount for line in document.lines), document.tax, document.total
    difference = to_cents(total) - lines - to_cents(tax)
    if difference:
        facts = {"lines": lines, "tax": to_cents(tax), "total": to_cents(total), "difference": difference}
        reasons.add("totals_differ", "document", **{name: str(value) for name, value in facts.items()})


def _number(
    document: SourceDocument, rules: MappingRules, company: ProviderCompany, reasons: Reasons
) -> str | None:
    """Our number where it goes out: a bill always carries its supplier's, the others as both sides allow."""
    allowed = {
        DocumentKind.INVOICE: rules.use_our_numbers and company.custom_sales_numbers,
        DocumentKind.PURCHASE_ORDER: rules.use_our_numbers and company.custom_purchase_numbers,
        DocumentKind.BILL: True,
    }
    number = document.number.strip()
    if not number or not allowed[document.kind]:
        return None
    if len(number) > MAX_NUMBER:
        reasons.add("number_too_long", "document", number=number, limit=str(MAX_NUMBER))
    return number


def _memo(document: SourceDocument, source: MemoSource) -> str:
    """What the memo is to hold, within QuickBooks' length; numbers of order and customer stand in front."""
    order, customer_po = document.order_number.strip(), document.customer_po.strip()
    numbers = [f"Order {order}" if order else "", f"PO {customer_po}" if customer_po else ""]
    parts = {
        MemoSource.ALL: [*numbers, document.memo.strip()],
        MemoSource.MEMO: [document.memo.strip()],
        MemoSource.NOTHING: [],
    }
    return " · ".join(part for part in parts[source] if part)[:MAX_MEMO]


def _address(address: AddressDraft) -> AddressDraft | None:
    return address if address != AddressDraft() else None
