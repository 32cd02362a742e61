"""Linking at any size: where each company stands, how many do, suggestions that are kept, and long jobs."""

from __future__ import annotations

from peewee import BooleanField, CharField, Check, Field, ForeignKeyField, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator

MEMBER_TYPES = Check("member_type IN ('customer', 'supplier', 'decorator')")
STATES = Check("state IN ('linked', 'suggested', 'not_linked', 'conflict', 'do_not_link')")


class Moment(Field):
    """A time column."""

    field_type = "TIMESTAMPTZ"


class Workspace(Model):
    class Meta:
        table_name = "workspace"


class User(Model):
    class Meta:
        table_name = "users"


class Company(Model):
    class Meta:
        table_name = "company"


class Standing(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    company = ForeignKeyField(Company, on_delete="CASCADE", backref="+")
    member_type = CharField(max_length=24)
    state = CharField(max_length=24)
    sort_name = CharField(max_length=300)
    remote_id = CharField(max_length=32, null=True)
    score = IntegerField(null=True)
    reasons = TextField()

    class Meta:
        legacy_table_names = False
        table_name = "link_standing"
        indexes = (
            (("company", "member_type"), True),
            (("workspace", "member_type", "sort_name", "company"), False),
            (("workspace", "member_type", "state", "sort_name", "company"), False),
            (("workspace", "member_type", "state", "score", "company"), False),
            (("workspace", "remote_id"), False),
        )
        constraints = [MEMBER_TYPES, STATES]


class StandingCount(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    member_type = CharField(max_length=24)
    state = CharField(max_length=24)
    companies = IntegerField()

    class Meta:
        legacy_table_names = False
        table_name = "link_standing_count"
        indexes = ((("workspace", "member_type", "state"), True),)
        constraints = [MEMBER_TYPES, STATES]


class Suggestion(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    realm_id = CharField(max_length=32)
    member_type = CharField(max_length=24)
    company = ForeignKeyField(Company, on_delete="CASCADE", backref="+")
    place = IntegerField()
    remote_id = CharField(max_length=32)
    score = IntegerField()
    reasons = TextField()
    ambiguous = BooleanField()

    class Meta:
        legacy_table_names = False
        table_name = "link_suggestion"
        indexes = (
            (("company", "realm_id", "member_type", "place"), True),
            (("workspace", "realm_id", "member_type", "remote_id"), False),
        )
        constraints = [MEMBER_TYPES]


class Job(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    user = ForeignKeyField(User, null=True, on_delete="SET NULL", backref="+")
    kind = CharField(max_length=40)
    state = CharField(max_length=24)
    params = TextField()
    cursor = TextField()
    result = TextField()
    done = IntegerField()
    total = IntegerField()
    error = CharField(max_length=60)
    cancel_asked = BooleanField()
    lease_until = Moment(null=True)
    lease_owner = CharField(max_length=64)
    next_step_at = Moment()
    created_at = Moment()
    finished_at = Moment(null=True)

    class Meta:
        legacy_table_names = False
        table_name = "job"
        indexes = ((("workspace", "kind", "id"), False),)
        constraints = [Check("state IN ('queued', 'running', 'done', 'failed', 'cancelled')")]


class JobItem(Model):
    job = ForeignKeyField(Job, on_delete="CASCADE", backref="+")
    subject_id = IntegerField()
    outcome = CharField(max_length=40)
    facts = TextField()

    class Meta:
        legacy_table_names = False
        table_name = "job_item"
        indexes = ((("job", "subject_id"), True), (("job", "outcome", "id"), False))


MODELS = [Standing, StandingCount, Suggestion, Job, JobItem]
OPEN_JOBS = (
    'CREATE INDEX "job_open" ON "job" ("next_step_at", "id") WHERE ("state" IN (\'queued\', \'running\'))'
)
# The worker goes through the companies that are there already.
FILL = (
    "INSERT INTO job (workspace_id, kind, state, params, cursor, result, done, total, error, cancel_asked, "
    "lease_owner, next_step_at, created_at) "
    "SELECT id, 'rebuild_standings', 'queued', '{}', '{}', '{}', 0, 0, '', false, '', created_at, created_at "
    "FROM workspace"
)


def up(migrator: SchemaMigrator, db) -> None:
    """Create the tables, and have the worker find out where companies stand."""
    with db.bind_ctx(MODELS):
        db.create_tables(MODELS, safe=False)
    db.execute_sql(OPEN_JOBS)
    db.execute_sql(FILL)


def down(migrator: SchemaMigrator, db) -> None:
    """Drop the tables."""
    with db.bind_ctx(MODELS):
        db.drop_tables(MODELS)
