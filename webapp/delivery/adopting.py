"""When QuickBooks has the document's number already: is it the same document, or another?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from webapp.accounting.drafts import DocumentKind
from webapp.delivery.errors import NumberTaken
from webapp.models import Delivery, Document, DocumentStatus
from webapp.quickbooks import payloads
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.errors import DuplicateNumber
from webapp.quickbooks.query import equals

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


def existing(
    delivery: Delivery, payload: bytes, client: QuickBooksClient, error: DuplicateNumber
) -> dict[str, Any]:
    """The document in QuickBooks that has our number, when it is the same document.

    Raises:
        NumberTaken: it is another one; with both in its ``detail``.
        DuplicateNumber: there is no such document to compare with.
        QuickBooksError: see the client.
    """
    kind = delivery.document.kind
    body = json.loads(payload, parse_float=Decimal)
    ours = _our_facts(kind, body, delivery)
    if not _is_type(error.existing_type, kind):
        raise _taken(error, ours, {"type": error.existing_type, "id": error.existing_id})
    entity = _read(client, kind, body, error)
    if entity is None:
        raise error
    theirs = facts_of(kind, entity)
    owner = _document_behind(delivery, str(entity["Id"]))
    compared = ours if _is_unchanged(delivery) else replace(ours, total=theirs.total)
    if owner is not None or not is_same(compared, theirs):
        party = entity.get(PARTIES[kind]) or {}
        shown = {**asdict(theirs), "id": str(entity["Id"]), "party": party.get("name", "")}
        raise _taken(error, ours, {**shown, "document": owner})
    return entity


def is_same(ours: Facts, theirs: Facts) -> bool:
    """Whether two documents of one number are one: party, date and amounts agree, tax but for rounding."""
    return (ours.party_id, ours.date, ours.net) == (theirs.party_id, theirs.date, theirs.net) and abs(
        ours.total - theirs.total
    ) <= TAX_TOLERANCE


def facts_of(kind: DocumentKind, entity: Entity) -> Facts:
    """The facts of a document as QuickBooks gives it."""
    total = Decimal(str(entity.get("TotalAmt") or 0))
    tax = Decimal(str((entity.get("TxnTaxDetail") or {}).get("TotalTax") or 0))
    return Facts(_party_id(kind, entity), str(entity.get("TxnDate", "")), total - tax, total)


def _our_facts(kind: DocumentKind, body: Entity, delivery: Delivery) -> Facts:
    """What was sent; its total is known only while the document is as it was then, else it is before tax."""
    net = Decimal(0)
    for line in body.get("Line", ()):
        amount = Decimal(str(line["Amount"]))
        net += -amount if line["DetailType"] == "DiscountLineDetail" else amount
    total = delivery.document.total if _is_unchanged(delivery) else net
    return Facts(_party_id(kind, body), str(body["TxnDate"]), net, total)


def _is_unchanged(delivery: Delivery) -> bool:
    return bool(delivery.document.revision == delivery.revision)


def _party_id(kind: DocumentKind, entity: Entity) -> str:
    return str((entity.get(PARTIES[kind]) or {}).get("value", ""))


def _is_type(existing_type: str | None, kind: DocumentKind) -> bool:
    """Whether the owner of the number, when QuickBooks names its type, is of our document's kind."""
    name = payloads.entity_for(kind)
    return existing_type is None or existing_type.replace(" ", "").casefold() == name.casefold()


def _read(
    client: QuickBooksClient, kind: DocumentKind, body: Entity, error: DuplicateNumber
) -> dict[str, Any] | None:
    name = payloads.entity_for(kind)
    if error.existing_id:
        return client.read(name, error.existing_id)
    return client.query_one(name, equals("DocNumber", str(body.get("DocNumber", ""))))


def _document_behind(delivery: Delivery, remote_id: str) -> str | None:
    """The number of another document of ours that is this one in QuickBooks already."""
    other = (
        DocumentStatus.select(Document.number)
        .join(Document)
        .where(
            (DocumentStatus.workspace == delivery.workspace_id)
            & (DocumentStatus.provider == delivery.provider)
            & (DocumentStatus.realm_id == delivery.realm_id)
            & (DocumentStatus.remote_id == remote_id)
            & (Document.kind == delivery.document.kind)
            & (Document.id != delivery.document_id)
        )
    )
    return other.scalar()


def _taken(error: DuplicateNumber, ours: Facts, theirs: dict[str, Any]) -> NumberTaken:
    return NumberTaken(
        str(error),
        provider_code=error.provider_code,
        trace_id=error.trace_id,
        http_status=error.http_status,
        ours=asdict(ours),
        theirs=theirs,
    )
