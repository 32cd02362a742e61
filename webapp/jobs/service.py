"""Starting, following, cancelling and doing jobs.

A step does a little of the work in one transaction and calls ``advance`` in it, so that what was done and how
far the job is are one truth: a worker that dies in the middle leaves a job that goes on where it was, once
its lease is over. Steps are short; between two of them the worker sends documents and others may write.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from webapp.clock import now
from webapp.db import transaction
from webapp.errors import AppError, Conflict, NotFound
from webapp.models import OPEN_JOBS, Job, JobState

logger = logging.getLogger("webapp.jobs")

LEASE: Final = timedelta(minutes=2)
MOST_FAILURES: Final = 5
AFTER_FAILURE: Final = timedelta(seconds=20)
REST: Final = 2.0  # times as long as the step took

Step = Callable[[Job], bool | timedelta]
"""Returns whether the job is done, or for how long there is nothing to do."""


def start(
    workspace_id: int, user_id: int | None, kind: str, params: dict[str, Any] | None = None, total: int = 0
) -> Job:
    """Queue a job in the caller's transaction; ``params`` is what its step needs to know."""
    return Job.create(workspace=workspace_id, user=user_id, kind=kind, params=params or {}, total=total)


def start_once(workspace_id: int, kind: str, wait: timedelta = timedelta()) -> None:
    """Queue a job that does everything there is to do, unless one like it has yet to begin.

    With a ``wait`` it begins so much later, to do in one what is asked for in quick succession.
    """
    if not is_waiting(workspace_id, kind):
        Job.create(workspace=workspace_id, kind=kind, next_step_at=now() + wait)


def is_waiting(workspace_id: int, kind: str) -> bool:
    """Whether a job of a kind has yet to begin."""
    return bool(_open(workspace_id, kind).where(Job.state == JobState.QUEUED).exists())


def under_way(workspace_id: int, kind: str) -> Job | None:
    """The newest job of a kind that has not ended; None when there is none."""
    return _open(workspace_id, kind).order_by(Job.id.desc()).first()


def latest(workspace_id: int, kind: str) -> Job | None:
    """The newest job of a kind, ended or not."""
    jobs = Job.select().where((Job.workspace == workspace_id) & (Job.kind == kind))
    return jobs.order_by(Job.id.desc()).first()


def get(workspace_id: int, kinds: Sequence[str], job_id: int) -> Job:
    """One job of some kinds; raises NotFound."""
    found = Job.get_or_none((Job.id == job_id) & (Job.workspace == workspace_id) & Job.kind.in_(list(kinds)))
    if found is None:
        raise NotFound
    return found


def forget_before(job: Job) -> None:
    """Delete the ended jobs of a kind that came before this one, in the caller's transaction."""
    same = (Job.workspace == job.workspace_id) & (Job.kind == job.kind)
    Job.delete().where(same & (Job.id < job.id) & Job.state.not_in(OPEN_JOBS)).execute()


def cancel(job: Job) -> bool:
    """Ask a job to stop after the step under way; False when it has ended."""
    with transaction():
        asked = Job.update(cancel_asked=True).where((Job.id == job.id) & Job.state.in_(OPEN_JOBS))
        return bool(asked.execute() == 1)


def advance(job: Job, *, cursor: dict[str, Any], done: int, **values: Any) -> None:
    """Note how far a job is, within the step's transaction.

    Raises:
        Conflict: the lease was over and another worker has the job now; what the step did is to be undone.
    """
    values |= {"cursor": cursor, "done": done}
    mine = (Job.id == job.id) & (Job.lease_owner == job.lease_owner) & Job.state.in_(OPEN_JOBS)
    if Job.update(**values).where(mine).execute() != 1:
        raise Conflict
    for name, value in values.items():
        setattr(job, name, value)


def work(owner: str, steps: dict[str, Step]) -> bool:
    """Do one step of the job that has waited longest; returns whether there was one.

    Args:
        owner: who works, for the lease.
        steps: what does a step of each kind.
    """
    job = _claim(owner, now(), list(steps))
    if job is None:
        return False
    if job.cancel_asked:
        _end(job, JobState.CANCELLED)
        return True
    begun = time.monotonic()
    try:
        came_to = steps[job.kind](job)
    except AppError as error:
        _failed(job, error.code)
    except Exception:
        logger.exception("a step of job %s (%s) broke down", job.id, job.kind)
        _failed(job, "broke_down")
    else:
        if came_to is True:
            _end(job, JobState.DONE)
        else:
            pause = came_to.total_seconds() if isinstance(came_to, timedelta) else 0.0
            _release(job, max(pause, REST * (time.monotonic() - begun)))
    return True


def _open(workspace_id: int, kind: str) -> Any:
    return Job.select().where((Job.workspace == workspace_id) & (Job.kind == kind) & Job.state.in_(OPEN_JOBS))


def _claim(owner: str, moment: datetime, kinds: list[str]) -> Job | None:
    is_free = Job.lease_until.is_null() | (Job.lease_until < moment)
    due = Job.state.in_(OPEN_JOBS) & (Job.next_step_at <= moment) & is_free & Job.kind.in_(kinds)
    job = Job.select().where(due).order_by(Job.next_step_at, Job.id).first()
    if job is None:
        return None
    values = {"state": JobState.RUNNING, "lease_until": moment + LEASE, "lease_owner": owner}
    with transaction():
        if Job.update(**values).where((Job.id == job.id) & due).execute() != 1:
            return None
    return Job.get_by_id(job.id)


def _release(job: Job, rest: float) -> None:
    """Let others work, and people wait for nothing: a job rests a while after each step."""
    _write(job, lease_until=None, next_step_at=now() + timedelta(seconds=rest))


def _end(job: Job, state: JobState) -> None:
    _write(job, state=state, lease_until=None, finished_at=now())


def _failed(job: Job, code: str) -> None:
    """Try again a little later; a job that fails again and again is given up with its error."""
    failures = job.cursor.get("failures", 0) + 1
    if failures >= MOST_FAILURES:
        _write(job, state=JobState.FAILED, error=code, lease_until=None, finished_at=now())
        return
    cursor = {**job.cursor, "failures": failures}
    _write(job, cursor=cursor, error=code, lease_until=None, next_step_at=now() + AFTER_FAILURE)


def _write(job: Job, **values: Any) -> None:
    with transaction():
        Job.update(**values).where((Job.id == job.id) & (Job.lease_owner == job.lease_owner)).execute()
