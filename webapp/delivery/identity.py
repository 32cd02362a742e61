"""What tells whether a document in QuickBooks is one of ours: party, date and amounts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from webapp.accounting.drafts import DocumentKind
from webapp.models import Delivery, Document, DocumentStatus

PARTIES = {
    DocumentKind.INVOICE: "CustomerRef",
    DocumentKind.BILL: "VendorRef",
    DocumentKind.PURCHASE_ORDER: "VendorRef",
}
TAX_TOLERANCE = Decimal("0.05")  # QuickBooks may have rounded the tax on each line

Entity = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """What tells whether two documents are one; ``net`` is before tax."""

    party_id: str
    date: str
    net: Decimal
    total: Decimal


def is_same(ours: Facts, theirs: Facts) -> bool:
    """Whether two documents are one: party, date and amounts agree, tax but for rounding."""
    return (ours.party_id, ours.date, ours.net) == (theirs.party_id, theirs.date, theirs.net) and abs(
        ours.total - theirs.total
    ) <= TAX_TOLERANCE


def facts_of(kind: DocumentKind, entity: Entity) -> Facts:
    """The facts of a document as QuickBooks gives it."""
    total = Decimal(str(entity.get("TotalAmt") or 0))
    tax = Decimal(str((entity.get("TxnTaxDetail") or {}).get("TotalTax") or 0))
    return Facts(party_id(kind, entity), str(entity.get("TxnDate", "")), total - tax, total)


@dataclass(frozen=True)
class Sent:
    """What the bytes of a delivery say; the total is known only while the document is as it was then."""

    facts: Facts
    is_total_known: bool

    def is_same(self, theirs: Facts) -> bool:
        """Whether a document in QuickBooks is what was sent."""
        ours = self.facts if self.is_total_known else replace(self.facts, total=theirs.total)
        return is_same(ours, theirs)


def sent_by(delivery: Delivery, payload: bytes) -> Sent:
    """What a delivery sends or has sent with these bytes."""
    body = json.loads(payload, parse_float=Decimal)
    is_known = delivery.document.revision == delivery.revision
    total = delivery.document.total if is_known else None
    return Sent(facts_of_payload(delivery.document.kind, body, total), is_known)


def facts_of_payload(kind: DocumentKind, body: Entity, total: Decimal | None) -> Facts:
    """The facts of what we send; without a ``total`` of ours it is what the lines come to, before tax."""
    net = Decimal(0)
    for line in body.get("Line", ()):
        amount = Decimal(str(line["Amount"]))
        net += -amount if line["DetailType"] == "DiscountLineDetail" else amount
    return Facts(party_id(kind, body), str(body["TxnDate"]), net, net if total is None else total)


def party_id(kind: DocumentKind, entity: Entity) -> str:
    """The customer's or vendor's id."""
    return str((entity.get(PARTIES[kind]) or {}).get("value", ""))


def documents_behind(delivery: Delivery, remote_ids: Collection[str]) -> dict[str, str]:
    """The numbers of other documents of ours that are these in QuickBooks already, by their ids."""
    others = (
        DocumentStatus.select(DocumentStatus.remote_id, Document.number)
        .join(Document)
        .where(
            (DocumentStatus.workspace == delivery.workspace_id)
            & (DocumentStatus.provider == delivery.provider)
            & (DocumentStatus.realm_id == delivery.realm_id)
            & DocumentStatus.remote_id.in_(list(remote_ids))
            & (Document.kind == delivery.document.kind)
            & (Document.id != delivery.document_id)
        )
    )
    return dict(others.tuples())
