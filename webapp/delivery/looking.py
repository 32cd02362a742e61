"""Looks in QuickBooks for a document that somebody typed in there, before ours is sent for the first time.

Only what is dated from the start date to the day on which QuickBooks was connected is looked for: what is
older is never sent, and what is younger was made in a time when sending went through us, so that it costs no
read. A connection that was made anew counts from then, since people type while there is none.

The look comes before the bytes of a delivery are kept, never after: once they are kept they may have been
sent, and what would be found could be their own doing. A repeat sends them again without looking.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from webapp.accounting.drafts import DocumentDraft, DocumentKind
from webapp.delivery.errors import Found, SeveralFound, UnclearFound
from webapp.delivery.identity import PARTIES, Entity, documents_behind, facts_of, facts_of_payload, is_same
from webapp.delivery.twins import unanswered_like
from webapp.models import Connection, Delivery, Document
from webapp.quickbooks import payloads, query
from webapp.quickbooks.client import QuickBooksClient

CANNOT_ASK_FOR_PARTY = frozenset({DocumentKind.PURCHASE_ORDER})
"""QuickBooks' query language knows no vendor of a purchase order."""


def may_be_there(document: Document, start_date: date | None, connection: Connection) -> bool:
    """Whether somebody may have typed the document in before documents went through us.

    The day of connecting is that of UTC, which North America's own days are never ahead of.
    """
    return start_date is not None and start_date <= document.date <= connection.connected_at.date()


def typed_in(
    delivery: Delivery, document: Document, draft: DocumentDraft, client: QuickBooksClient
) -> Entity | None:
    """The one document in QuickBooks that is ours: by number where ours goes out, party, date and total.

    Raises:
        SeveralFound: there are several, and none is taken by guess.
        UnclearFound: there is one, but it may as well be that of a document whose sending has no answer.
        QuickBooksError: see the client.
    """
    kind = document.kind
    body = json.loads(payloads.dump(payloads.document_payload(draft)), parse_float=Decimal)
    ours = facts_of_payload(kind, body, document.total)
    there = client.query(payloads.entity_for(kind), _condition(kind, body))
    same = {str(entity["Id"]): entity for entity in there if is_same(ours, facts_of(kind, entity))}
    if not same:
        return None
    owned = documents_behind(delivery, same)
    free = [entity for id_, entity in same.items() if id_ not in owned]
    if len(free) > 1:
        raise SeveralFound(found_in(free))
    if free and (other := unanswered_like(delivery, document, ours)) is not None:
        raise UnclearFound(found_in(free), other)
    return free[0] if free else None


def found_in(entities: Iterable[Entity]) -> list[Found]:
    """What people know documents in QuickBooks by."""
    return [{"id": str(one["Id"]), "number": str(one.get("DocNumber") or "")} for one in entities]


def _condition(kind: DocumentKind, body: dict[str, Any]) -> str | None:
    if "DocNumber" in body:
        return query.equals("DocNumber", body["DocNumber"])
    day = query.equals("TxnDate", body["TxnDate"])
    if kind in CANNOT_ASK_FOR_PARTY:
        return day
    return query.all_of(day, query.equals(PARTIES[kind], body[PARTIES[kind]]["value"]))
