"""When QuickBooks refuses the document's number as taken: is it the same document there, or another?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from webapp.accounting.drafts import DocumentKind
from webapp.delivery.errors import NumberTaken
from webapp.delivery.identity import PARTIES, Entity, Facts, documents_behind, facts_of, sent_by
from webapp.models import Delivery
from webapp.quickbooks import payloads
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.errors import DuplicateNumber
from webapp.quickbooks.query import equals


def existing(
    delivery: Delivery, payload: bytes, client: QuickBooksClient, error: DuplicateNumber
) -> dict[str, Any]:
    """The document in QuickBooks that has our number, when it is the same document.

    Raises:
        NumberTaken: it is another one; with both in its ``detail``.
        DuplicateNumber: there is no such document to compare with.
        QuickBooksError: see the client.
    """
    kind, sent = delivery.document.kind, sent_by(delivery, payload)
    ours = sent.facts
    if not _is_type(error.existing_type, kind):
        raise _taken(error, ours, {"type": error.existing_type, "id": error.existing_id})
    entity = _read(client, kind, json.loads(payload), error)
    if entity is None:
        raise error
    theirs, id_ = facts_of(kind, entity), str(entity["Id"])
    owner = documents_behind(delivery, [id_]).get(id_)
    if owner is not None or not sent.is_same(theirs):
        party = entity.get(PARTIES[kind]) or {}
        shown = {**asdict(theirs), "id": id_, "party": party.get("name", "")}
        raise _taken(error, ours, {**shown, "document": owner})
    return entity


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


def _taken(error: DuplicateNumber, ours: Facts, theirs: dict[str, Any]) -> NumberTaken:
    return NumberTaken(
        str(error),
        provider_code=error.provider_code,
        trace_id=error.trace_id,
        http_status=error.http_status,
        ours=asdict(ours),
        theirs=theirs,
    )
