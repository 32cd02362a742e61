"""The job that goes through all companies and brings their rows of Link companies up to date."""

from __future__ import annotations

from typing import Final

from webapp.db import transaction
from webapp.jobs import service as jobs
from webapp.links import standings
from webapp.models import Job

KIND: Final = "rebuild_standings"
BATCH: Final = 1000


def step(job: Job) -> bool:
    """Bring the next companies up to date; returns whether these were the last."""
    after = job.cursor.get("company", 0)
    ids = standings.ids_after(job.workspace_id, after, BATCH)
    with transaction():
        standings.sync(job.workspace_id, ids)
        jobs.advance(job, cursor={"company": max(ids, default=after)}, done=job.done + len(ids))
    return len(ids) < BATCH
