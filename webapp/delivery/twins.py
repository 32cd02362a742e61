"""Other documents of ours that look the same in QuickBooks and went out without an answer."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Final

from webapp.delivery.identity import Facts, facts_of_payload
from webapp.models import Delivery, DeliveryState, Document, DocumentState, DocumentStatus

IN_QUICKBOOKS: Final = (DocumentState.SENT, DocumentState.CHANGED, DocumentState.VOIDED)


def _is_unanswered(delivery: Delivery) -> bool:
    """Whether QuickBooks may have what a delivery sent, without our knowing."""
    if delivery.payload is None:
        return False
    error: dict[str, object] = delivery.error or {}
    return delivery.state in {DeliveryState.QUEUED, DeliveryState.SENDING} or bool(error.get("unknown"))


def unanswered_like(delivery: Delivery, document: Document, ours: Facts) -> str | None:
    """The number of another document that was sent with the same facts and has no answer, if there is one."""
    rows = (
        Delivery.select(Delivery, Document)
        .join(Document)
        .join(DocumentStatus, on=(DocumentStatus.document == Document.id))
        .where(
            (Document.company == document.company_id)
            & (Document.kind == document.kind)
            & (Document.id != document.id)
            & (Delivery.provider == delivery.provider)
            & (Delivery.realm_id == delivery.realm_id)
            & (DocumentStatus.provider == delivery.provider)
            & DocumentStatus.state.not_in(IN_QUICKBOOKS)
        )
        .order_by(Delivery.id)
    )
    newest = {row.document_id: row for row in rows}
    return next((row.document.number for row in newest.values() if _is_like(row, ours)), None)


def _is_like(delivery: Delivery, ours: Facts) -> bool:
    """Compare what was sent, which the document may not say any more; tax may not stand in the bytes."""
    if not _is_unanswered(delivery):
        return False
    body = json.loads(bytes(delivery.payload), parse_float=Decimal)
    sent = facts_of_payload(delivery.document.kind, body, None)
    return (sent.party_id, sent.date, sent.net) == (ours.party_id, ours.date, ours.net)
