"""Makes a customer or vendor of a company in QuickBooks: its bytes are made, or kept ones taken, and sent."""

from __future__ import annotations

import json
from typing import Any

from webapp.delivery import outbox, party_looking, party_records
from webapp.delivery.errors import NameTaken, NotWanted
from webapp.delivery.party_records import Made
from webapp.documents import unanswered
from webapp.links import creating, standings
from webapp.links.asked import Asked
from webapp.links.changes import Place
from webapp.links.party_drafts import Planner
from webapp.links.snapshots import Snapshot
from webapp.models import Company, Delivery, Job
from webapp.quickbooks import payloads
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.errors import DuplicateName


def send(claim: outbox.Claim, client: QuickBooksClient) -> None:
    """Make the customer or vendor of a claimed delivery and record the answer.

    Raises:
        AppError: what came up instead; the caller draws the consequence.
    """
    made = _exchange(claim.delivery, client)
    party_records.record_made(claim, made, client.last_trace_id)


def _exchange(delivery: Delivery, client: QuickBooksClient) -> Made:
    if delivery.payload is None:
        return _post(delivery, _prepare(delivery), client, is_repeat=False)
    lost = unanswered.of_repeat(delivery)
    payload = bytes(delivery.payload)
    if lost is None or not lost.is_over:
        return _post(delivery, payload, client, is_repeat=True)
    outbox.renew(delivery)  # the look may take several calls
    found = party_looking.made_of(delivery, json.loads(payload), lost.since, client)
    if found is not None:
        return Made(found, is_adopted=True)
    outbox.renew(delivery, payload=None, payload_hash=None, request_id=None)
    return _exchange(delivery, client)


def _prepare(delivery: Delivery) -> bytes:
    """Make the bytes from the company as it is now and commit them together with a request id.

    Raises:
        NotWanted: it is not to be made, or cannot be, by now.
        Invalid: QuickBooks could not take its name.
        LeaseLost: another worker has the delivery.
    """
    company, asked = Company.get_by_id(delivery.company_id), Asked.of(delivery.asked)
    _require_wanted(delivery, company, asked)
    plan = Planner(delivery.connection).plan(company, delivery.member_type, asked)
    return outbox.keep_bytes(delivery, payloads.dump(plan.payload))


def _require_wanted(delivery: Delivery, company: Company, asked: Asked) -> None:
    if delivery.job_id and Job.get_by_id(delivery.job_id).cancel_asked:
        raise NotWanted(creating.WITHDRAWN)
    if not getattr(company, standings.FLAGS[delivery.member_type]):
        raise NotWanted("not_member")
    place = Place(delivery.workspace_id, delivery.realm_id, company, delivery.member_type)
    if Snapshot.of(place.link()).token != asked.seen:
        raise NotWanted("link_changed")
    if asked.parent_id:
        parent = creating.parent_of(delivery.connection, delivery.member_type, asked.parent_id)
        if parent is None or not parent.active:
            raise NotWanted("parent_gone")


def _post(delivery: Delivery, payload: bytes, client: QuickBooksClient, *, is_repeat: bool) -> Made:
    entity = party_looking.ENTITIES[delivery.remote_kind]
    try:
        return Made(client.post_bytes(entity, payload, str(delivery.request_id)))
    except DuplicateName as error:
        outbox.renew(delivery)
        body: dict[str, Any] = json.loads(payload)
        # QuickBooks may have forgotten the request and refuse what it made of it itself
        since = party_looking.first_try(delivery) if is_repeat else None
        mine = party_looking.made_of(delivery, body, since, client) if since else None
        if mine is not None:
            return Made(mine, is_adopted=True)
        raise NameTaken(
            str(error),
            provider_code=error.provider_code,
            trace_id=error.trace_id,
            http_status=error.http_status,
            found=party_looking.owners(delivery, body, client),
        ) from error
