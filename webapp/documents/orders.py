"""What the documents of one order know of each other: bills of purchase orders, costs and invoices."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.accounting.drafts import DocumentKind
from webapp.accounting.lines import tie_key
from webapp.accounting.sources import PurchaseOrderTie
from webapp.documents.sources import lines_of, source_line
from webapp.models import Delivery, DeliveryState, Document, DocumentState, DocumentStatus

COSTS = (DocumentKind.BILL, DocumentKind.PURCHASE_ORDER)
OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING)


def ties_for(workspace_id: int, realm_id: str, documents: Sequence[Document]) -> dict[int, PurchaseOrderTie]:
    """For each bill among the documents, the sent purchase order of the same order and supplier.

    A purchase order that has changed since it was sent is left out: its lines no longer tell which of
    QuickBooks' lines is which.
    """
    bills = [one for one in documents if one.kind is DocumentKind.BILL and one.order_number]
    if not bills:
        return {}
    sent = (
        Document.select(Document, DocumentStatus)
        .join(DocumentStatus, attr="status")
        .where(
            (Document.workspace == workspace_id)
            & (Document.kind == DocumentKind.PURCHASE_ORDER)
            & Document.order_number.in_({bill.order_number for bill in bills})
            & Document.company.in_({bill.company_id for bill in bills})
            & (DocumentStatus.realm_id == realm_id)
            & (DocumentStatus.state == DocumentState.SENT)
            & (DocumentStatus.sent_revision == Document.revision)
        )
        .order_by(Document.id.desc())
    )
    # the first purchase order of an order and supplier comes last and stays
    by_order = {(one.order_number, one.company_id): one for one in sent}
    ties = _ties(list(by_order.values()))
    return {
        bill.id: ties[by_order[key].id]
        for bill in bills
        if (key := (bill.order_number, bill.company_id)) in by_order
    }


def billed(workspace_id: int, realm_id: str, documents: Sequence[Document]) -> frozenset[str]:
    """The orders of the invoices among the documents whose costs went out, or are going out, as billable."""
    numbers = {one.order_number for one in documents if one.kind is DocumentKind.INVOICE and one.order_number}
    if not numbers:
        return frozenset()
    costs = (
        (Document.workspace == workspace_id) & Document.kind.in_(COSTS) & Document.order_number.in_(numbers)
    )
    sent = (
        Document.select(Document.order_number)
        .join(DocumentStatus)
        .where(costs & DocumentStatus.sent_billable & (DocumentStatus.realm_id == realm_id))
    )
    going = (
        Document.select(Document.order_number)
        .join(Delivery)
        .where(costs & (Delivery.billable == 1) & (Delivery.realm_id == realm_id) & Delivery.state.in_(OPEN))
    )
    return frozenset(row.order_number for row in sent.union(going))


def _ties(purchase_orders: Sequence[Document]) -> dict[int, PurchaseOrderTie]:
    lines = lines_of(one.id for one in purchase_orders)
    ties = {}
    for one in purchase_orders:
        line_ids: dict[tuple[str, str], str] = {}
        # a cost tax that was sent as a line of its own comes last and has no line of ours
        for line, line_id in zip(lines[one.id], one.status.remote_line_ids, strict=False):
            line_ids.setdefault(tie_key(source_line(line)), line_id)
        ties[one.id] = PurchaseOrderTie(one.status.remote_id, line_ids)
    return ties
