"""Making a company's customer or vendor in QuickBooks: what a click queues, and taking it back."""

from __future__ import annotations

from typing import Any, Final

from peewee import IntegrityError

from webapp.clock import now
from webapp.db import transaction
from webapp.documents import unanswered
from webapp.documents.queueing import SETTLED
from webapp.errors import Conflict, Invalid
from webapp.links import directory, party_names, service, standings
from webapp.links.asked import Asked
from webapp.links.changes import Place
from webapp.links.snapshots import Snapshot
from webapp.models import (
    OPEN_DELIVERIES,
    Company,
    Connection,
    Delivery,
    DeliveryState,
    DirectoryEntry,
    LinkState,
    MemberType,
    User,
    record,
)

REPEATED: Final = ("request_id", "payload", "payload_hash", "asked")
WITHDRAWN: Final = "withdrawn"


def create(
    user: User, connection: Connection, company_id: int, member_type: MemberType, asked: Asked
) -> Delivery:
    """Queue the making of a company's customer or vendor; one that is queued already is returned as it is.

    Bytes that went out without an answer are repeated as they were, whatever is asked now: QuickBooks may
    have made what they say.

    Args:
        user: who asks; everyone who sees the integration may, as for linking.
        connection: the workspace's living connection.
        company_id: a company of this member type that is not linked.
        member_type: what it is to us; decides on the list.
        asked: the name, the parent and the link as it was on the screen.

    Raises:
        NotFound: the integration is hidden, or there is no such company of this member type.
        Invalid: ``name`` is ``required``, too long, has ``characters`` that QuickBooks refuses, or is
            ``taken`` by an entry; ``parent_id`` is ``unknown``, ``inactive`` or too ``deep``; or the
            ``connection`` is not living.
        Conflict: somebody changed the link meanwhile, or it is linked.
    """
    service.require(user, connection)
    company = standings.company(user.workspace_id, company_id, member_type)
    waiting = open_delivery(company.id, member_type)
    if waiting is not None:
        return waiting
    _require_unlinked(Place(user.workspace_id, connection.realm_id, company, member_type), asked.seen)
    lost = unanswered.of_company(company.id, member_type.remote_kind, connection.realm_id)
    if lost is not None and not lost.is_unclear:
        kept = {name: getattr(lost.delivery, name) for name in REPEATED}
        kept["asked"] = {**kept["asked"], "seen": asked.seen}
        if lost.is_over:
            kept["next_attempt_at"] = max(now(), (lost.delivery.finished_at or now()) + SETTLED)
    else:
        kept = {"asked": check(connection, member_type, asked).kept()}
    try:
        with transaction():
            made = queue(user.id, connection, company, member_type, kept)
            _note(user, company, member_type, "company.queued", name=kept["asked"]["name"])
            return made
    except IntegrityError:
        # the second of two clicks: the first one's delivery is open
        waiting = open_delivery(company.id, member_type)
        if waiting is None:
            raise
        return waiting


def check(connection: Connection, member_type: MemberType, asked: Asked) -> Asked:
    """What was asked, as QuickBooks takes it; raises Invalid as ``create``."""
    errors: dict[str, list[object]] = {}
    home = (connection.workspace_id, connection.realm_id)
    parent = parent_of(connection, member_type, asked.parent_id)
    if asked.parent_id and (parent is None or not parent.active):
        errors["parent_id"] = ["inactive" if parent else "unknown"]
    elif parent is not None and party_names.is_too_deep(parent):
        errors["parent_id"] = [("deep", party_names.DEEPEST + 1)]
    name = " ".join(asked.name.split())
    wrong = party_names.faults(asked.name)
    if not wrong and not errors:
        owner = next(iter(party_names.owners(*home, [name], asked.parent_id).values()), None)
        wrong = [("taken", owner)] if owner else []
    if wrong:
        errors["name"] = wrong
    if errors:
        raise Invalid(errors)
    return Asked(name, asked.parent_id, asked.seen)


def queue(
    user_id: int | None,
    connection: Connection,
    company: Company,
    member_type: MemberType,
    kept: dict[str, Any],
    job_id: int | None = None,
) -> Delivery:
    """Write a delivery in the caller's transaction; raises IntegrityError when one is open."""
    return Delivery.create(
        workspace=connection.workspace_id,
        connection=connection.id,
        realm_id=connection.realm_id,
        company=company.id,
        member_type=member_type,
        remote_kind=member_type.remote_kind,
        created_by=user_id,
        job=job_id,
        **kept,
    )


def withdraw(user: User, connection: Connection, company_id: int, member_type: MemberType) -> None:
    """Take back what is queued and of which nothing was sent.

    Raises:
        NotFound: the integration is hidden, or there is no such company of this member type.
        Conflict: it is being sent, or nothing is queued.
    """
    service.require(user, connection)
    company = standings.company(user.workspace_id, company_id, member_type)
    waiting = open_delivery(company.id, member_type)
    with transaction():
        if waiting is None or take_back(Delivery.id == waiting.id) != 1:
            raise Conflict
        _note(user, company, member_type, "company.withdrawn")


def take_back(which: Any) -> int:
    """End the queued deliveries of companies of which nothing was sent yet, in the caller's transaction."""
    untouched = (Delivery.state == DeliveryState.QUEUED) & Delivery.payload.is_null()
    return int(
        Delivery.update(state=DeliveryState.FAILED, error={"code": WITHDRAWN}, finished_at=now())
        .where(which & untouched & Delivery.company.is_null(False))
        .execute()
    )


def open_delivery(company_id: int, member_type: MemberType) -> Delivery | None:
    """The delivery of a company to one list that is queued or under way."""
    return Delivery.get_or_none(
        (Delivery.company == company_id)
        & (Delivery.remote_kind == member_type.remote_kind)
        & Delivery.state.in_(OPEN_DELIVERIES)
    )


def parent_of(connection: Connection, member_type: MemberType, parent_id: str) -> DirectoryEntry | None:
    """The customer that another one is to be below; vendors have none."""
    if member_type is not MemberType.CUSTOMER or not parent_id:
        return None
    return directory.entry(connection.workspace_id, connection.realm_id, member_type.remote_kind, parent_id)


def _note(user: User, company: Company, member_type: MemberType, verb: str, **facts: object) -> None:
    facts |= {"company": company.name, "member_type": member_type.value}
    record(user.workspace_id, user.id, verb, ("company", company.id), **facts)


def _require_unlinked(place: Place, seen: str) -> None:
    current = place.link()
    is_linked = current is not None and current.state == LinkState.LINKED
    if Snapshot.of(current).token != seen:
        raise Conflict
    if current is not None and is_linked:
        entry = directory.entry(
            place.workspace_id, place.realm_id, place.member_type.remote_kind, current.remote_id
        )
        if entry is not None and entry.active:
            raise Conflict
