"""What the documents of one order know of each other: bills of purchase orders, costs and invoices."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.accounting.drafts import DocumentKind
from webapp.accounting.sources import PurchaseOrderTie
from webapp.models import OPEN_DELIVERIES, Delivery, Document, DocumentState, DocumentStatus

COSTS = (DocumentKind.BILL, DocumentKind.PURCHASE_ORDER)
SENT = (DocumentState.SENT, DocumentState.CHANGED)


def ties_for(workspace_id: int, realm_id: str, documents: Sequence[Document]) -> dict[int, PurchaseOrderTie]:
    """For each bill among the documents, the sent purchase order of the same order and supplier.

    Its lines are those that were sent, whatever became of the purchase order or of the layouts since.
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
            & DocumentStatus.state.in_(SENT)
        )
        .order_by(Document.id.desc())
    )
    # the first purchase order of an order and supplier comes last and stays
    ties = {(one.order_number, one.company_id): _tie(one.status) for one in sent}
    return {bill.id: ties[key] for bill in bills if (key := (bill.order_number, bill.company_id)) in ties}


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
        .where(
            costs
            & (Delivery.billable == 1)
            & (Delivery.realm_id == realm_id)
            & Delivery.state.in_(OPEN_DELIVERIES)
        )
    )
    return frozenset(row.order_number for row in sent.union(going))


def _tie(status: DocumentStatus) -> PurchaseOrderTie:
    """The lines as they were sent; none of a purchase order that was adopted with other lines than ours."""
    keys, ids = status.remote_line_keys, status.remote_line_ids
    return PurchaseOrderTie(
        status.remote_id, tuple(zip(keys, ids, strict=True)) if len(keys) == len(ids) else ()
    )
