"""Accepting many suggestions at once, as a job: told before, done in steps, taken back as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from webapp.db import rows, transaction
from webapp.db.bulk import insert_rows
from webapp.errors import Conflict, Invalid, NotFound
from webapp.integrations import permissions
from webapp.jobs import service as jobs
from webapp.links import changes, standings, touches
from webapp.links.snapshots import Snapshot
from webapp.models import (
    Company,
    Connection,
    ConnectionStatus,
    DirectoryEntry,
    DocumentStatus,
    Job,
    JobItem,
    JobState,
    LinkState,
    MemberType,
    User,
    record,
)

ACCEPT: Final = "accept_suggestions"
TAKE_BACK: Final = "take_links_back"
LOWEST, USUAL, HIGHEST = 60, 95, 100
BATCH: Final = 50
MOST: Final = 100_000
SAMPLE: Final = 10
WAITING, LINKED, TAKEN_BACK = "waiting", "linked", "taken_back"
# Why one was passed over
OVERTAKEN, GONE, SHARED = "overtaken", "gone", "shared"

SUGGESTED: Final = """
FROM link_standing s JOIN company c ON c.id = s.company_id
LEFT JOIN directory_entry e ON e.workspace_id = s.workspace_id AND e.realm_id = ? AND e.kind = ?
  AND e.remote_id = s.remote_id
WHERE s.workspace_id = ? AND s.member_type = ? AND s.state = 'suggested' AND s.alike = 0 AND s.score >= ?
ORDER BY s.score DESC, s.company_id DESC LIMIT ?
"""


def candidates(
    connection: Connection, member_type: MemberType, score: int, limit: int
) -> list[tuple[Any, ...]]:
    """The suggestions from a score up that stand out, the likeliest first.

    Each is company id, name, remote id, name, score.
    """
    values = [connection.realm_id, member_type.remote_kind, connection.workspace_id, member_type.value, score]
    return rows(f"SELECT s.company_id, c.name, s.remote_id, e.name, s.score {SUGGESTED}", [*values, limit])


def count(workspace_id: int, member_type: MemberType, score: int) -> int:
    """How many suggestions that stand out there are from a score up, ``MOST`` at most."""
    statement = (
        "SELECT count(*) FROM (SELECT 1 FROM link_standing WHERE workspace_id = ? AND member_type = ?"
        f" AND state = 'suggested' AND alike = 0 AND score >= ? LIMIT {MOST}) AS found"
    )
    return int(rows(statement, [workspace_id, member_type.value, score])[0][0])


def left_out(workspace_id: int, member_type: MemberType) -> int:
    """For how many companies a person has to choose, so that nothing is accepted; ``MOST`` at most."""
    statement = (
        "SELECT count(*) FROM (SELECT 1 FROM link_standing WHERE workspace_id = ? AND member_type = ?"
        f" AND state = 'suggested' AND alike > 0 LIMIT {MOST}) AS found"
    )
    return int(rows(statement, [workspace_id, member_type.value])[0][0])


def accept(user: User, connection: Connection, member_type: MemberType, score: int) -> Job:
    """Queue the accepting of every suggestion from a score up, as they are now.

    Raises:
        NotFound: the integration is hidden.
        Invalid: the score is out of bounds, or nothing is suggested from it up (``score``).
        Conflict: no QuickBooks company is connected, or an accepting is under way.
    """
    _require(user, connection)
    if not LOWEST <= score <= HIGHEST:
        raise Invalid({"score": ["bounds"]})
    with transaction():
        if jobs.under_way(user.workspace_id, ACCEPT) or jobs.under_way(user.workspace_id, TAKE_BACK):
            raise Conflict
        found = candidates(connection, member_type, score, MOST)
        if not found:
            raise Invalid({"score": ["nothing"]})
        params = {"member_type": member_type.value, "score": score, "realm_id": connection.realm_id}
        job = jobs.start(user.workspace_id, user.id, ACCEPT, params, total=len(found))
        insert_rows(
            JobItem,
            [
                {"job": job.id, "subject_id": id_, "outcome": WAITING, "facts": {"remote_id": remote_id}}
                for id_, _name, remote_id, _remote_name, _score in found
            ],
        )
        record(user.workspace_id, user.id, "links.accepted", ("job", job.id), score=score, number=len(found))
    return job


def take_back(user: User, connection: Connection, job: Job) -> Job:
    """Queue the taking back of everything that an accepting linked and nobody changed since.

    Raises:
        NotFound: the integration is hidden.
        Conflict: the accepting is under way or was taken back already, or another company is connected.
    """
    _require(user, connection)
    with transaction():
        is_open = job.state in {JobState.QUEUED, JobState.RUNNING}
        if (
            is_open
            or job.params["realm_id"] != connection.realm_id
            or jobs.under_way(job.workspace_id, TAKE_BACK)
        ):
            raise Conflict
        total = outcomes(job).get(LINKED, 0)
        if not total:
            raise Conflict
        params = {**job.params, "job": job.id}
        undo = jobs.start(user.workspace_id, user.id, TAKE_BACK, params, total=total)
        record(user.workspace_id, user.id, "links.accept_undone", ("job", job.id), number=total)
    return undo


def outcomes(job: Job) -> dict[str, int]:
    """How many companies had each outcome."""
    found = rows("SELECT outcome, count(*) FROM job_item WHERE job_id = ? GROUP BY outcome", [job.id])
    return {str(outcome): int(number) for outcome, number in found}


def passed_over(job: Job, limit: int = 100) -> list[tuple[str, str]]:
    """The companies that were not linked, or not taken back, each with why: name and outcome."""
    query = (
        JobItem.select(Company.name, JobItem.outcome)
        .join(Company, on=(Company.id == JobItem.subject_id))
        .where((JobItem.job == job.id) & JobItem.outcome.not_in([WAITING, LINKED, TAKEN_BACK]))
        .order_by(JobItem.id)
        .limit(limit)
    )
    return [(name, outcome) for name, outcome in query.tuples()]


def accept_step(job: Job) -> bool:
    """Link the next companies; returns whether these were the last."""
    return _step(job, job.id, WAITING, _link)


def take_back_step(job: Job) -> bool:
    """Take the next links back; returns whether these were the last."""
    return _step(job, job.params["job"], LINKED, _unlink)


def _step(job: Job, items_of: int, outcome: str, do: Callable[[changes.Place, JobItem, Job], str]) -> bool:
    member_type, realm_id = MemberType(job.params["member_type"]), job.params["realm_id"]
    with transaction():
        items = list(
            JobItem.select()
            .where((JobItem.job == items_of) & (JobItem.outcome == outcome))
            .order_by(JobItem.id)
            .limit(BATCH)
        )
        companies = {
            company.id: company
            for company in Company.select().where(
                (Company.workspace == job.workspace_id) & Company.id.in_([item.subject_id for item in items])
            )
        }
        remote_ids = set()
        for item in items:
            company = companies.get(item.subject_id)
            item.outcome = GONE
            if company is not None and getattr(company, standings.FLAGS[member_type]):
                item.outcome = do(changes.Place(job.workspace_id, realm_id, company, member_type), item, job)
            item.save()
            remote_ids.add(item.facts["remote_id"])
        ids = {item.subject_id for item in items}
        kind = member_type.remote_kind
        touches.links(job.workspace_id, kind, ids, remote_ids)
        DocumentStatus.mark_for_check(job.workspace_id, *ids)
        others = standings.companies_on(job.workspace_id, realm_id, kind, remote_ids)
        standings.sync(job.workspace_id, ids | others)
        jobs.advance(job, cursor={}, done=job.done + len(items))
    return len(items) < BATCH


def _link(place: changes.Place, item: JobItem, job: Job) -> str:
    """Link one company as it was suggested, unless somebody decided about it or about the entry meanwhile."""
    current = place.link()
    if current is not None:
        return OVERTAKEN
    entry = DirectoryEntry.get_or_none(
        (DirectoryEntry.workspace == place.workspace_id)
        & (DirectoryEntry.realm_id == place.realm_id)
        & (DirectoryEntry.kind == place.member_type.remote_kind)
        & (DirectoryEntry.remote_id == item.facts["remote_id"])
        & DirectoryEntry.active
    )
    if entry is None:
        return GONE
    if place.is_taken(entry.remote_id):
        return SHARED
    after = place.write(None, Snapshot(LinkState.LINKED, entry.remote_id), job.user_id)
    item.facts = {**item.facts, "after": after.facts(entry.name)}  # type: ignore[assignment]
    return LINKED


def _unlink(place: changes.Place, item: JobItem, _job: Job) -> str:
    """Take one link back, unless it was changed since."""
    current = place.link()
    if Snapshot.of(current).token != Snapshot.from_facts(item.facts["after"]).token:
        return OVERTAKEN
    place.write(current, Snapshot(), None)
    return TAKEN_BACK


def _require(user: User, connection: Connection) -> None:
    permissions.require_visible(user)
    if connection.workspace_id != user.workspace_id:
        raise NotFound
    if connection.status == ConnectionStatus.DISCONNECTED:
        raise Conflict
