"""Invoices. https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice"""

from __future__ import annotations

from webapp.accounting.drafts import DocumentDraft, LineDraft, LineKind, TaxMode
from webapp.quickbooks.payloads.common import (
    TEXT_LENGTH,
    Payload,
    address,
    custom_fields,
    cut,
    email,
    header,
    present,
    quantity_and_price,
    reference,
    unmapped_line,
)

MEMO_LENGTH = 1000


def invoice(draft: DocumentDraft) -> Payload:
    """An invoice to a customer. Memo, terms and e-mail are sent: QuickBooks does not copy the customer's.

    A memo too long for the customer's message is kept whole as the note for the books.

    Raises:
        Invalid: when the number, e-mail address or a custom field is too long, or a line has nothing to
            book it on.
    """
    memo = cut(draft.memo, MEMO_LENGTH)
    is_whole = len(draft.memo.strip()) <= MEMO_LENGTH
    return present(
        CustomerRef=reference(draft.party_id),
        **header(draft),
        ClassRef=reference(draft.class_id),
        CustomField=custom_fields(draft),
        BillEmail=email(draft.email),
        BillAddr=address(draft.bill_to),
        ShipAddr=address(draft.ship_to),
        CustomerMemo={"value": memo} if memo else None,
        PrivateNote=None if is_whole else cut(draft.memo, TEXT_LENGTH),
        Line=[_line(line, index, draft.tax_mode) for index, line in enumerate(draft.lines)],
    )


def is_discount_line(line: LineDraft) -> bool:
    """Whether the line becomes QuickBooks' own discount line: a discount on an account, not on an item."""
    return line.kind is LineKind.DISCOUNT and not line.item_id


def _line(line: LineDraft, index: int, tax_mode: TaxMode) -> Payload:
    if is_discount_line(line):
        return _discount_line(line, index, tax_mode)
    if not line.item_id:
        raise unmapped_line(index)
    tax_code = None if tax_mode is TaxMode.NONE else line.tax_code_id
    return present(
        DetailType="SalesItemLineDetail",
        Amount=line.amount,
        Description=cut(line.description, TEXT_LENGTH),
        SalesItemLineDetail=present(
            ItemRef=reference(line.item_id),
            TaxCodeRef=reference(tax_code),
            ClassRef=reference(line.class_id),
            **quantity_and_price(line),
        ),
    )


def _discount_line(line: LineDraft, index: int, tax_mode: TaxMode) -> Payload:
    """QuickBooks subtracts a discount line, so its amount is positive; in the US it has no tax code."""
    if not line.account_id:
        raise unmapped_line(index)
    return present(
        DetailType="DiscountLineDetail",
        Amount=abs(line.amount),
        Description=cut(line.description, TEXT_LENGTH),
        DiscountLineDetail=present(
            PercentBased=False,
            DiscountAccountRef=reference(line.account_id),
            TaxCodeRef=reference(line.tax_code_id) if tax_mode is TaxMode.CODES else None,
            ClassRef=reference(line.class_id),
        ),
    )
