"""Making many customers or vendors in QuickBooks, as a job that feeds the outbox a few at a time.

Documents that people send meanwhile wait for those few at most. What became of each is written by the outbox
in the transaction that ends its delivery, so that the job can be told, stopped and gone on with.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from peewee import IntegrityError

from webapp.db import rows, transaction
from webapp.db.bulk import insert_rows
from webapp.errors import Conflict, Invalid
from webapp.jobs import service as jobs
from webapp.links import creating, party_names, service, standings
from webapp.links.accepting import LOWEST, outcomes
from webapp.links.asked import Asked
from webapp.links.changes import Place
from webapp.links.mirror_rows import name_key
from webapp.models import (
    OPEN_DELIVERIES,
    Company,
    Connection,
    Delivery,
    DeliveryState,
    Job,
    JobItem,
    MemberType,
    User,
    record,
)
from webapp.quickbooks.payloads.names import party_name

KIND: Final = "create_in_quickbooks"
MOST: Final = 10_000
SAMPLE: Final = 10
WINDOW: Final = 20
PAUSE: Final = timedelta(seconds=1)
WAITING, QUEUED, CREATED = "waiting", "queued", DeliveryState.SENT.value
# Why one was left out
TAKEN, TWIN, OPEN, CHANGED, GONE = "duplicate_name", "twin", "open", "link_changed", "not_member"

CANDIDATES: Final = """
SELECT s.company_id, c.name, d.state, d.error FROM link_standing s JOIN company c ON c.id = s.company_id
LEFT JOIN delivery d ON d.id = (
  SELECT max(n.id) FROM delivery n WHERE n.company_id = s.company_id AND n.remote_kind = ? AND n.realm_id = ?
)
WHERE s.workspace_id = ? AND s.member_type = ?
  AND (s.state = 'not_linked' OR (s.state = 'suggested' AND s.score < ?))
ORDER BY s.sort_name, s.company_id LIMIT ?
"""


@dataclass(frozen=True)
class Candidate:
    """A company that nothing likely was found for, the name that it would have, and why it is left out."""

    company_id: int
    name: str
    why_not: str = ""


def candidates(connection: Connection, member_type: MemberType) -> list[Candidate]:
    """The companies without a link and without a suggestion that can be accepted, ``MOST`` at most."""
    values = [member_type.remote_kind, connection.realm_id, connection.workspace_id, member_type.value]
    read = rows(CANDIDATES, [*values, LOWEST, MOST])
    names = {id_: party_name(name) for id_, name, _state, _error in read}
    taken = party_names.owners(connection.workspace_id, connection.realm_id, names.values())
    seen: set[str] = set()
    found = []
    for id_, _name, state, error in read:
        key = name_key(names[id_])
        why_not = ""
        if state in set(OPEN_DELIVERIES) or (error and json.loads(error).get("unknown")):
            why_not = OPEN
        elif key in taken:
            why_not = TAKEN
        elif key in seen:
            why_not = TWIN
        else:
            seen.add(key)
        found.append(Candidate(id_, names[id_], why_not))
    return found


def create(user: User, connection: Connection, member_type: MemberType) -> Job:
    """Queue the making of every candidate, as they are now; those left out are kept with why.

    Raises:
        NotFound: the integration is hidden.
        Invalid: there is nothing to make (``companies``), or no QuickBooks company is connected.
        Conflict: a job of this kind is under way.
    """
    service.require(user, connection)
    with transaction():
        if jobs.under_way(user.workspace_id, KIND):
            raise Conflict
        found = candidates(connection, member_type)
        number = sum(not one.why_not for one in found)
        if not number:
            raise Invalid({"companies": ["nothing"]})
        params = {"member_type": member_type.value, "realm_id": connection.realm_id}
        job = jobs.start(user.workspace_id, user.id, KIND, params, total=number)
        insert_rows(
            JobItem,
            [
                {
                    "job": job.id,
                    "subject_id": one.company_id,
                    "outcome": one.why_not or WAITING,
                    "facts": {"name": one.name},
                }
                for one in found
            ],
        )
        record(
            user.workspace_id,
            user.id,
            "companies.queued",
            ("job", job.id),
            number=number,
            member_type=member_type.value,
        )
    return job


def stop(user: User, connection: Connection, job: Job) -> bool:
    """Take back what is not yet sent and begin no more; False when the job has ended.

    Raises:
        NotFound: the integration is hidden.
    """
    service.require(user, connection)
    with transaction():
        if not jobs.cancel(job):
            return False
        creating.take_back(Delivery.job == job.id)
        still_open = Delivery.select(Delivery.company).where(
            (Delivery.job == job.id) & Delivery.state.in_(OPEN_DELIVERIES)
        )
        JobItem.update(outcome=creating.WITHDRAWN).where(
            (JobItem.job == job.id) & (JobItem.outcome == QUEUED) & JobItem.subject_id.not_in(still_open)
        ).execute()
    return True


def step(job: Job) -> bool | timedelta:
    """Queue the next few; returns whether all have come to their end."""
    member_type = MemberType(job.params["member_type"])
    connection = Connection.of(job.workspace_id)
    if connection is None or connection.realm_id != job.params["realm_id"]:
        raise Conflict
    with transaction():
        under_way = (Delivery.job == job.id) & Delivery.state.in_(OPEN_DELIVERIES)
        room = WINDOW - Delivery.select(Delivery.id).where(under_way).count()
        items = list(
            JobItem.select()
            .where((JobItem.job == job.id) & (JobItem.outcome == WAITING))
            .order_by(JobItem.id)
            .limit(max(room, 0))
        )
        names = [item.facts["name"] for item in items]
        taken = party_names.owners(job.workspace_id, connection.realm_id, names)
        for item in items:
            is_taken = name_key(item.facts["name"]) in taken
            item.outcome = TAKEN if is_taken else _queue(job, connection, member_type, item)
            item.save()
        found = outcomes(job)
        left = found.get(WAITING, 0) + found.get(QUEUED, 0)
        jobs.advance(job, cursor={}, done=max(job.total - left, 0))
    return True if not left else PAUSE


def _queue(job: Job, connection: Connection, member_type: MemberType, item: JobItem) -> str:
    company = Company.get_or_none((Company.workspace == job.workspace_id) & (Company.id == item.subject_id))
    if company is None or not getattr(company, standings.FLAGS[member_type]):
        return GONE
    if Place(job.workspace_id, connection.realm_id, company, member_type).link() is not None:
        return CHANGED
    kept: dict[str, Any] = {"asked": Asked(item.facts["name"]).kept()}
    try:
        with transaction():
            creating.queue(job.user_id, connection, company, member_type, kept, job.id)
    except IntegrityError:
        return OPEN
    return QUEUED


def left_over(job: Job, limit: int = 100) -> list[tuple[str, str]]:
    """The companies that were not made, or not linked, each with why: name and outcome."""
    query = (
        JobItem.select(Company.name, JobItem.outcome)
        .join(Company, on=(Company.id == JobItem.subject_id))
        .where((JobItem.job == job.id) & JobItem.outcome.not_in([WAITING, QUEUED, CREATED]))
        .order_by(JobItem.outcome, JobItem.id)
        .limit(limit)
    )
    return list(query.tuples())
