"""Makes the bytes that a delivery sends, once: whatever happens later, a repeat sends the same."""

from __future__ import annotations

import hashlib
import uuid

from webapp.accounting.drafts import DocumentDraft, DocumentKind
from webapp.accounting.mapping import Mapped, with_created_items
from webapp.delivery import items, outbox
from webapp.delivery.errors import Blocked
from webapp.documents import readiness, sources
from webapp.models import Delivery, Document
from webapp.quickbooks import payloads
from webapp.quickbooks.client import QuickBooksClient


def prepare(delivery: Delivery, client: QuickBooksClient) -> bytes:
    """The delivery's bytes: those kept from an earlier try, else made from the document as it is now.

    New bytes are committed together with their request id before this returns.

    Raises:
        Blocked: something stands in the way of sending by now.
        Invalid: QuickBooks could not take what the document holds.
        LeaseLost: another worker has the delivery.
        QuickBooksError: creating a missing item failed.
    """
    if delivery.payload is not None:
        return bytes(delivery.payload)
    document, mapped = _map(delivery)
    if mapped.missing_items:
        created = items.ensure(delivery, mapped.missing_items, client)
        # an item that was found may post elsewhere than one that we would have made: map anew
        document, mapped = _map(delivery)
        draft = with_created_items(_draft(mapped), created)
    else:
        draft = _draft(mapped)
    payload = payloads.dump(payloads.document_payload(draft))
    outbox.renew(
        delivery,
        payload=payload,
        payload_hash=hashlib.sha256(payload).hexdigest(),
        request_id=str(uuid.uuid4()),
        revision=document.revision,
        billable=int(any(line.billable_customer_id for line in draft.lines)),
        line_keys=[line.tie_key for line in draft.lines] if draft.kind is DocumentKind.PURCHASE_ORDER else [],
    )
    return payload


def _map(delivery: Delivery) -> tuple[Document, Mapped]:
    (document,) = sources.load([delivery.document_id])
    around = readiness.surroundings(delivery.connection, [document])
    mapped = readiness.map_in(document, around)
    reasons = readiness.mapping_reasons(document, around, mapped)
    if reasons:
        raise Blocked(reasons)
    return document, mapped


def _draft(mapped: Mapped) -> DocumentDraft:
    if mapped.draft is None:
        raise Blocked(mapped.reasons)
    return mapped.draft
