"""Looks in QuickBooks for what it made of bytes that it never answered.

Whatever it made of them it made while they were being sent, so the party's documents of that time are looked
through. Only when there is none at all does QuickBooks surely not have ours: one that differs may be ours,
changed by somebody since.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from webapp.delivery.errors import ChangedFound, SeveralFound, UnclearFound
from webapp.delivery.identity import PARTIES, Entity, documents_behind, facts_of, sent_by
from webapp.delivery.looking import CANNOT_ASK_FOR_PARTY, found_in
from webapp.delivery.twins import unanswered_like
from webapp.documents.unanswered import Unanswered
from webapp.models import Delivery
from webapp.quickbooks import payloads, query
from webapp.quickbooks.client import QuickBooksClient

SLACK: Final = timedelta(minutes=10)
"""How far Intuit's clock may be from ours, and how long a call may have gone on after we gave up."""


def made_of(delivery: Delivery, lost: Unanswered, client: QuickBooksClient) -> Entity | None:
    """The document that QuickBooks made of a delivery's bytes; None when it surely made none.

    Raises:
        SeveralFound: several documents of that time are the same as ours.
        ChangedFound: there are documents of that time, and none is the same as ours.
        UnclearFound: the one that is the same may be that of another document without an answer.
        QuickBooksError: see the client.
    """
    kind = delivery.document.kind
    sent = sent_by(delivery, bytes(delivery.payload))
    there = list(client.query(payloads.entity_for(kind), _condition(delivery, lost, sent.facts.party_id)))
    party = [one for one in there if facts_of(kind, one).party_id == sent.facts.party_id]
    owned = documents_behind(delivery, [str(one["Id"]) for one in party])
    free = [one for one in party if str(one["Id"]) not in owned]
    same = [one for one in free if sent.is_same(facts_of(kind, one))]
    if len(same) > 1:
        raise SeveralFound(found_in(same))
    if same and (other := unanswered_like(delivery, delivery.document, sent.facts)) is not None:
        raise UnclearFound(found_in(same), other)
    if free and not same:
        raise ChangedFound(found_in(free))
    return same[0] if same else None


def _condition(delivery: Delivery, lost: Unanswered, party_id: str) -> str | None:
    kind = delivery.document.kind
    end: datetime = lost.delivery.finished_at or lost.since
    return query.all_of(
        query.condition("MetaData.CreateTime", ">=", lost.since - SLACK),
        query.condition("MetaData.CreateTime", "<=", end + SLACK),
        None if kind in CANNOT_ASK_FOR_PARTY else query.equals(PARTIES[kind], party_id),
    )
