"""Turns the lines of our document into draft lines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from webapp.accounting.amounts import fit_price, to_cents, total_of
from webapp.accounting.drafts import LineDraft, LineKind
from webapp.accounting.names import MAX_DESCRIPTION, line_description
from webapp.accounting.postings import Postings
from webapp.accounting.reasons import Reasons
from webapp.accounting.sources import (
    Parties,
    ProviderCompany,
    PurchaseOrderTie,
    SourceDocument,
    SourceLine,
)
from webapp.accounting.tax import Taxes


def tie_key(line: SourceLine) -> tuple[str, str]:
    """The key by which a bill's line finds its purchase order's line."""
    words = line.product_number.strip() or line.description.strip()
    return line.kind.value, words.casefold()


def sales_lines(
    document: SourceDocument,
    company: ProviderCompany,
    postings: Postings,
    taxes: Taxes,
    reasons: Reasons,
) -> tuple[LineDraft, ...]:
    """The lines of an invoice; its discounts become one line at the end, for QuickBooks takes only one."""
    lines = [line for line in document.lines if line.kind is not LineKind.DISCOUNT]
    discounts = [line for line in document.lines if line.kind is LineKind.DISCOUNT]
    drafts = [_draft(line, postings, taxes) for line in lines]
    if discounts:
        drafts.append(_discount(discounts, company, postings, taxes, reasons))
    return tuple(draft for draft in drafts if draft is not None)


def cost_lines(
    document: SourceDocument, postings: Postings, taxes: Taxes, billable_to: str | None
) -> tuple[LineDraft, ...]:
    """The lines of a bill or purchase order, in our order; a tax that is part of the cost comes last."""
    drafts = [_draft(line, postings, taxes) for line in document.lines]
    tax = to_cents(taxes.cost_tax())
    if tax:
        drafts.append(_cost_tax(tax, postings))
    return tuple(replace(draft, billable_customer_id=billable_to) for draft in drafts if draft is not None)


def tied(
    drafts: tuple[LineDraft, ...], document: SourceDocument, tie: PurchaseOrderTie
) -> tuple[LineDraft, ...]:
    """The bill's lines with their purchase order's line ids, each id used once."""
    free = dict(tie.line_ids)
    result = []
    for draft, line in zip(drafts, document.lines, strict=False):
        line_id = free.pop(tie_key(line), None)
        purchase_order_id = None if line_id is None else tie.remote_id
        result.append(replace(draft, purchase_order_id=purchase_order_id, purchase_order_line_id=line_id))
    return (*result, *drafts[len(result) :])


def billable_customer(is_billable: bool, parties: Parties, reasons: Reasons) -> str | None:
    """The customer whom costs are billable to; None when they are not, or after noting why not."""
    if not is_billable:
        return None
    if parties.customer_id is None and parties.customer_name:
        reasons.add("customer_not_linked", "links", company=parties.customer_name)
    return parties.customer_id


def _draft(line: SourceLine, postings: Postings, taxes: Taxes) -> LineDraft | None:
    posting = postings.of(line)
    tax_code_id = taxes.code(line.taxable)
    if posting is None:
        return None
    amount = to_cents(line.amount)
    quantity, unit_price = None, None
    if posting.item_id is not None:
        # a line on an account has no quantity at QuickBooks
        quantity, unit_price = fit_price(line.quantity, line.unit_price, amount)
    return LineDraft(
        kind=line.kind,
        description=line_description(line),
        amount=amount,
        quantity=quantity,
        unit_price=unit_price,
        item_id=posting.item_id,
        account_id=posting.account_id,
        tax_code_id=tax_code_id,
    )


def _discount(
    lines: list[SourceLine],
    company: ProviderCompany,
    postings: Postings,
    taxes: Taxes,
    reasons: Reasons,
) -> LineDraft | None:
    amount = -total_of(line.amount for line in lines)
    if not amount:
        return None
    if not company.allow_discount:
        reasons.add("discount_not_allowed", "connection")
    posting = postings.discount_account()
    # a US discount is taxed as the company's own setting says; elsewhere the line has its code
    tax_code_id = None if company.is_us else taxes.code(any(line.taxable for line in lines))
    if posting is None:
        return None
    return LineDraft(
        kind=LineKind.DISCOUNT,
        description="; ".join(dict.fromkeys(filter(None, map(line_description, lines))))[:MAX_DESCRIPTION],
        amount=amount,
        account_id=posting.account_id,
        tax_code_id=tax_code_id,
    )


def _cost_tax(tax: Decimal, postings: Postings) -> LineDraft | None:
    posting = postings.cost_account()
    if posting is None:
        return None
    return LineDraft(LineKind.OTHER, "Sales tax", tax, account_id=posting.account_id)
