"""The lines of bills and purchase orders."""

from __future__ import annotations

from webapp.accounting.drafts import DocumentDraft, LineDraft, TaxMode
from webapp.quickbooks.payloads.common import (
    TEXT_LENGTH,
    Payload,
    cut,
    present,
    quantity_and_price,
    reference,
    unmapped_line,
)


def cost_lines(draft: DocumentDraft) -> list[Payload]:
    """Each line on its item, or on its account where it has no item.

    Raises:
        Invalid: when a line has neither.
    """
    return [_line(line, index, draft.tax_mode) for index, line in enumerate(draft.lines)]


def _line(line: LineDraft, index: int, tax_mode: TaxMode) -> Payload:
    if line.item_id:
        detail_type = "ItemBasedExpenseLineDetail"
        detail = present(ItemRef=reference(line.item_id), **quantity_and_price(line))
    elif line.account_id:
        detail_type = "AccountBasedExpenseLineDetail"
        detail = present(AccountRef=reference(line.account_id))
    else:
        raise unmapped_line(index)
    return present(
        DetailType=detail_type,
        Amount=line.amount,
        Description=cut(line.description, TEXT_LENGTH),
        LinkedTxn=_purchase_order_link(line),
        **{detail_type: {**detail, **_customer(line), **_tax(line, tax_mode), **_class(line)}},
    )


def _customer(line: LineDraft) -> Payload:
    """Billable lines name the customer to bill (fault 6310 otherwise)."""
    if not line.billable_customer_id:
        return {}
    return {"CustomerRef": reference(line.billable_customer_id), "BillableStatus": "Billable"}


def _tax(line: LineDraft, tax_mode: TaxMode) -> Payload:
    """US companies have no sales tax on purchases; elsewhere each line has its code."""
    return present(TaxCodeRef=reference(line.tax_code_id)) if tax_mode is TaxMode.CODES else {}


def _class(line: LineDraft) -> Payload:
    return present(ClassRef=reference(line.class_id))


def _purchase_order_link(line: LineDraft) -> list[Payload]:
    """The tie to the purchase order's line; without the line's id QuickBooks drops it silently."""
    if not (line.purchase_order_id and line.purchase_order_line_id):
        return []
    return [
        {
            "TxnId": line.purchase_order_id,
            "TxnType": "PurchaseOrder",
            "TxnLineId": line.purchase_order_line_id,
        }
    ]
