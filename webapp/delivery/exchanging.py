"""Brings a document to QuickBooks: make its bytes, or take those that are kept, and call."""

from __future__ import annotations

from webapp.delivery import adopting, checking, looking, outbox, records
from webapp.delivery.answer import Answer, read_answer
from webapp.delivery.preparing import Ready, map_now, prepare
from webapp.documents import unanswered
from webapp.models import Delivery
from webapp.quickbooks import errors as quickbooks
from webapp.quickbooks import payloads
from webapp.quickbooks.client import QuickBooksClient


def send(claim: outbox.Claim, client: QuickBooksClient) -> None:
    """Send the document of a claimed delivery and record the answer.

    Raises:
        AppError: what came up instead; the caller draws the consequence.
    """
    answer = _exchange(claim.delivery, client)
    records.record_sent(claim, answer, client.last_trace_id)


def _exchange(delivery: Delivery, client: QuickBooksClient) -> Answer:
    if delivery.payload is not None:
        return _repeat(delivery, bytes(delivery.payload), client)
    ready = map_now(delivery)
    return _typed_in(delivery, ready, client) or _post(delivery, prepare(delivery, ready, client), client)


def _repeat(delivery: Delivery, payload: bytes, client: QuickBooksClient) -> Answer:
    """Send the bytes again; after a day without an answer look what became of them, and only then anew."""
    lost = unanswered.of_repeat(delivery)
    if lost is None or not lost.is_over:
        return _post(delivery, payload, client)
    outbox.renew(delivery)  # the look may take several calls
    entity = checking.made_of(delivery, lost, client)
    if entity is not None:
        return read_answer(delivery.document.kind, entity, payload, is_adopted=True)
    outbox.renew(delivery, payload=None, payload_hash=None, request_id=None)
    return _exchange(delivery, client)


def _typed_in(delivery: Delivery, ready: Ready, client: QuickBooksClient) -> Answer | None:
    if not looking.may_be_there(ready.document, ready.start_date, delivery.connection):
        return None
    outbox.renew(delivery)  # the look may take several calls
    entity = looking.typed_in(delivery, ready.document, ready.draft, client)
    if entity is None:
        return None
    outbox.renew(delivery, **ready.columns)
    payload = payloads.dump(payloads.document_payload(ready.draft))
    return read_answer(delivery.document.kind, entity, payload, is_adopted=True)


def _post(delivery: Delivery, payload: bytes, client: QuickBooksClient) -> Answer:
    kind = delivery.document.kind
    try:
        entity = client.post_bytes(payloads.entity_for(kind), payload, str(delivery.request_id))
    except quickbooks.DuplicateNumber as error:
        entity = adopting.existing(delivery, payload, client, error)
        return read_answer(kind, entity, payload, is_adopted=True)
    return read_answer(kind, entity, payload)
