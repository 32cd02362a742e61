"""Work that takes longer than a click: done in steps by the worker, with progress, cancel and undo."""

from __future__ import annotations

from enum import StrEnum

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField

from webapp.clock import now
from webapp.db.fields import EnumField, JsonField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.user import User
from webapp.models.workspace import Workspace


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_JOBS = (JobState.QUEUED, JobState.RUNNING)


class Job(BaseModel):
    """One piece of long work. Each step commits what it did together with ``cursor``, so that a job whose
    worker died goes on where it was.

    ``kind`` names the function that does it (see ``webapp.jobs``); ``params`` is what was asked for,
    ``result`` what came of it. ``done`` of ``total`` is the progress; ``total`` is 0 while it is not known.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    user = ForeignKeyField(User, null=True, on_delete="SET NULL")
    kind = CharField(max_length=40)
    state = EnumField(JobState, default=JobState.QUEUED)
    params = JsonField(default=dict)
    cursor = JsonField(default=dict)
    result = JsonField(default=dict)
    done = IntegerField(default=0)
    total = IntegerField(default=0)
    error = CharField(max_length=60, default="")
    cancel_asked = BooleanField(default=False)
    lease_until = UtcDateTimeField(null=True)
    lease_owner = CharField(max_length=64, default="")
    next_step_at = UtcDateTimeField(default=now)
    created_at = UtcDateTimeField(default=now)
    finished_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("workspace", "kind", "id"), False),)
        constraints = [one_of("state", JobState)]


Job.add_index(
    Job.index(
        Job.next_step_at, Job.id, where=Job.state.in_([state.value for state in OPEN_JOBS]), name="job_open"
    )
)


class JobItem(BaseModel):
    """What a job did to one thing, so that it can be told and taken back; ``outcome`` is a stable code."""

    job = ForeignKeyField(Job, backref="items", on_delete="CASCADE")
    subject_id = IntegerField()
    outcome = CharField(max_length=40)
    facts = JsonField(default=dict)

    class Meta:
        indexes = ((("job", "subject_id"), True), (("job", "outcome", "id"), False))
