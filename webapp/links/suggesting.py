"""The job that finds which customer or vendor each company may be, and keeps what it found.

It goes on until all that was touched is followed, for each member type by a matcher of its own. Only what
differs from what is stored is written, so it may begin anew at any time.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final

from webapp.clock import now
from webapp.db import rows, transaction
from webapp.db.bulk import insert_rows
from webapp.jobs import service as jobs
from webapp.links import matchers, standings, touches
from webapp.links.matching import Candidate
from webapp.links.party_reading import Scope
from webapp.links.scoring import Reason
from webapp.models import Connection, Job, MemberType, Suggestion, Touched

KIND: Final = touches.KIND
BATCH: Final = 200
# Touches are kept so long, which is longer than any matcher that has yet to follow them
KEPT: Final = timedelta(hours=1)
TOO_MANY: Final = "too_many"

Row = tuple[str, int, list[str], bool]


def step(job: Job) -> bool:
    """Do a little of what there is to do; returns whether this was the last of it."""
    connection = Connection.of(job.workspace_id)
    until = time.monotonic() + matchers.STEP
    while time.monotonic() < until:
        scope = _next(job, connection) if connection else None
        if scope is None:
            return _is_over(job, connection)
        kept = matchers.of(scope)
        if kept.is_filled:
            _follow(job, kept)
        else:
            _fill(job, kept)
    return False


def _follow(job: Job, kept: matchers.Kept) -> None:
    """Take in what was touched, or else write what is due."""
    has_followed = kept.follow()
    if kept.is_stale:
        return
    ids = kept.due(BATCH)
    with transaction():
        keep(kept.scope, {id_: kept.matcher.suggestions(id_) for id_ in ids}, are_touched=kept.has_unwritten)
        jobs.advance(job, **_progress(job, len(ids), None if ids or has_followed else kept))
    kept.wrote(ids)


def keep(scope: Scope, found: dict[int, tuple[Candidate, ...]], *, are_touched: bool) -> None:
    """Put what was found in the place of what was suggested, in the caller's transaction.

    Only what differs is written, and only of companies ``are_touched`` the rows are brought up to date else.
    """
    if not found:
        return
    standings.one_at_a_time(scope.workspace_id)
    stored, turned_down = _stored(scope, found)
    wanted = {id_: _rows(some, turned_down.get(id_, set())) for id_, some in found.items()}
    differing = [id_ for id_ in found if stored.get(id_, []) != wanted[id_]]
    Suggestion.delete().where(
        (Suggestion.realm_id == scope.realm_id)
        & (Suggestion.member_type == scope.member_type)
        & Suggestion.company.in_(differing)
        & ~Suggestion.dismissed
    ).execute()
    same = {
        "workspace": scope.workspace_id,
        "realm_id": scope.realm_id,
        "member_type": scope.member_type,
    }
    names = ("remote_id", "score", "reasons", "ambiguous")
    insert_rows(
        Suggestion,
        [
            {**same, "company": id_, "place": place, **dict(zip(names, row, strict=True))}
            for id_ in differing
            for place, row in enumerate(wanted[id_])
        ],
    )
    standings.sync(scope.workspace_id, list(found) if are_touched else differing)


def codes(candidate: Candidate) -> list[str]:
    """The reasons as they are stored, a name that is alike with how far."""
    return [
        f"{reason.value}:{candidate.name_percent}" if reason is Reason.LIKE_NAME else reason.value
        for reason in candidate.reasons
    ]


def _next(job: Job, connection: Connection) -> Scope | None:
    """The first member type for which something was touched since the job was done with it."""
    done: dict[str, int] = job.cursor.get("done", {})
    last = matchers.last_touch(job.workspace_id)
    for member_type in MemberType:
        if done.get(member_type.value, -1) < last:
            return Scope(job.workspace_id, connection.realm_id, member_type)
    return None


def _fill(job: Job, kept: matchers.Kept) -> None:
    """Read some more records; one member type after the other counts towards the whole."""
    total = job.total
    if not len(kept.matcher):
        ours, theirs = _sizes(kept.scope)
        if ours + theirs > matchers.MOST_RECORDS:
            with transaction():
                jobs.advance(job, **_progress(job, 0, kept), result={TOO_MANY: ours + theirs})
            return
        total += 2 * ours + theirs
    matchers.let_go(kept.scope)
    read = kept.fill()
    with transaction():
        jobs.advance(job, **_progress(job, read, None) | {"total": total})


def _progress(job: Job, number: int, done_with: matchers.Kept | None) -> dict[str, Any]:
    """How far the job is: so many more, and perhaps done with a member type up to what was seen."""
    done = dict(job.cursor.get("done", {}))
    if done_with is not None:
        done[done_with.scope.member_type.value] = done_with.seen
    return {"cursor": {**job.cursor, "done": done}, "done": job.done + number}


def _sizes(scope: Scope) -> tuple[int, int]:
    """How many records each side has, roughly."""
    theirs = rows(
        "SELECT count(*) FROM directory_entry WHERE workspace_id = ? AND realm_id = ? AND kind = ?",
        [scope.workspace_id, scope.realm_id, scope.member_type.remote_kind],
    )
    return sum(standings.counts(scope.workspace_id, scope.member_type).values()), int(theirs[0][0])


def _stored(scope: Scope, ids: Collection[int]) -> tuple[dict[int, list[Row]], dict[int, set[str]]]:
    """What is suggested for some companies, in order, and what was turned down for them."""
    query = (
        Suggestion.select()
        .where(
            (Suggestion.realm_id == scope.realm_id)
            & (Suggestion.member_type == scope.member_type)
            & Suggestion.company.in_(list(ids))
        )
        .order_by(Suggestion.company, Suggestion.place)
    )
    stored: dict[int, list[Row]] = {}
    turned_down: dict[int, set[str]] = {}
    for one in query:
        if one.dismissed:
            turned_down.setdefault(one.company_id, set()).add(one.remote_id)
        else:
            row = (one.remote_id, one.score, one.reasons, one.ambiguous)
            stored.setdefault(one.company_id, []).append(row)
    return stored, turned_down


def _rows(found: Collection[Candidate], turned_down: set[str]) -> list[Row]:
    return [
        (str(one.remote_id), one.percent, codes(one), one.ambiguous)
        for one in found
        if one.remote_id not in turned_down
    ]


def _is_over(job: Job, connection: Connection | None) -> bool:
    """Whether nothing was touched meanwhile; then what is over is forgotten, the jobs before this one too.

    Whoever touches something holds the lock until that can be seen, and starts a job unless one waits.
    """
    with transaction():
        standings.one_at_a_time(job.workspace_id)
        if connection is not None and _next(job, connection) is not None:
            return False
        last = matchers.last_touch(job.workspace_id)  # it stays, so that numbers never begin anew
        old = (Touched.workspace == job.workspace_id) & (Touched.id < last) & (Touched.at < now() - KEPT)
        Touched.delete().where(old).execute()
        jobs.forget_before(job)
    return True
