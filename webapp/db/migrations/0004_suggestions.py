"""Suggestions that follow every change, name several alike and can be turned down."""

from __future__ import annotations

from peewee import CharField, Check, Field, ForeignKeyField, Model, SqliteDatabase
from playhouse.migrate import SchemaMigrator


class Moment(Field):
    """A time column."""

    field_type = "TIMESTAMPTZ"


class Workspace(Model):
    class Meta:
        table_name = "workspace"


class Touched(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    side = CharField(max_length=24)
    ref = CharField(max_length=32)
    at = Moment()

    class Meta:
        legacy_table_names = False
        table_name = "link_touched"
        indexes = ((("workspace", "id"), False),)
        constraints = [Check("side IN ('company', 'customer', 'vendor', 'all')")]


COLUMNS = [
    ("link_standing", "alike", "INTEGER NOT NULL DEFAULT 0"),
    ("link_suggestion", "dismissed", "{flag} NOT NULL DEFAULT false"),
]
# The worker goes through the companies that are there already: what they are found by, what they may be.
FILL = (
    "INSERT INTO job (workspace_id, kind, state, params, cursor, result, done, total, error, cancel_asked, "
    "lease_owner, next_step_at, created_at) "
    "SELECT id, '{}', 'queued', '{{}}', '{{}}', '{{}}', 0, 0, '', false, '', created_at, created_at "
    "FROM workspace"
)


def up(migrator: SchemaMigrator, db) -> None:
    """Create the table and the columns, and have the worker make everything anew."""
    with db.bind_ctx([Touched]):
        db.create_tables([Touched], safe=False)
    flag = "INTEGER" if isinstance(db, SqliteDatabase) else "BOOLEAN"
    for table, column, definition in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {definition.format(flag=flag)}')
    for kind in ("rebuild_standings", "find_suggestions"):
        db.execute_sql(FILL.format(kind))


def down(migrator: SchemaMigrator, db) -> None:
    """Drop them."""
    for table, column, _definition in reversed(COLUMNS):
        db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
    with db.bind_ctx([Touched]):
        db.drop_tables([Touched])
