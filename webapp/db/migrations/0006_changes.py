"""Changes of QuickBooks' lists as they come, and the links that they make a conflict."""

from __future__ import annotations

from peewee import CharField, Check, Field, ForeignKeyField, Model, SqliteDatabase
from playhouse.migrate import SchemaMigrator


class Moment(Field):
    """A time column."""

    field_type = "TIMESTAMPTZ"


class Workspace(Model):
    class Meta:
        table_name = "workspace"


class Company(Model):
    class Meta:
        table_name = "company"


class LinkConflict(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    company = ForeignKeyField(Company, on_delete="CASCADE", backref="+")
    member_type = CharField(max_length=24)
    kind = CharField(max_length=24)
    remote_id = CharField(max_length=32)
    successor_id = CharField(max_length=32, null=True)
    noticed_at = Moment()

    class Meta:
        legacy_table_names = False
        table_name = "link_conflict"
        indexes = (
            (("company", "member_type"), True),
            (("workspace", "id"), False),
            (("workspace", "kind", "id"), False),
        )
        constraints = [
            Check("member_type IN ('customer', 'supplier', 'decorator')"),
            Check("kind IN ('merged', 'deleted', 'inactive', 'not_member', 'renamed', 'shared')"),
        ]


# A boolean is an INTEGER to SQLite, as peewee makes it there.
COLUMNS = [
    ("connection", "changes_since", "TIMESTAMPTZ"),
    ("connection", "changes_due_at", "TIMESTAMPTZ"),
    ("connection", "lists_due_at", "TIMESTAMPTZ"),
    ("directory_entry", "deleted", "{boolean} NOT NULL DEFAULT false"),
    ("directory_entry", "merged_into", "VARCHAR(32) NOT NULL DEFAULT ''"),
    ("link", "known_name", "VARCHAR(1024) NOT NULL DEFAULT ''"),
    ("link", "shared_meant", "{boolean} NOT NULL DEFAULT false"),
    ("link", "role_meant", "{boolean} NOT NULL DEFAULT false"),
]
# What links led to until now is what people knew; what was renamed before is not told.
KNOWN = """
UPDATE link SET known_name = COALESCE((
  SELECT e.name FROM directory_entry e WHERE e.workspace_id = link.workspace_id AND e.realm_id = link.realm_id
  AND e.kind = CASE link.member_type WHEN 'customer' THEN 'customer' ELSE 'vendor' END
  AND e.remote_id = link.remote_id AND e.active), '')
WHERE link.remote_id IS NOT NULL
"""
# The lists are as new as their last reading, and the worker looks for conflicts in the links that are there.
SINCE = (
    "UPDATE connection SET changes_since = lists_read_at, changes_due_at = lists_read_at, "
    "lists_due_at = lists_read_at"
)
FILL = (
    "INSERT INTO job (workspace_id, kind, state, params, cursor, result, done, total, error, cancel_asked, "
    "lease_owner, next_step_at, created_at) "
    "SELECT id, 'rebuild_standings', 'queued', '{}', '{}', '{}', 0, 0, '', false, '', created_at, created_at "
    "FROM workspace"
)


def up(migrator: SchemaMigrator, db) -> None:
    """Add the columns and the table, and fill them from what is there."""
    boolean = "INTEGER" if isinstance(db, SqliteDatabase) else "BOOLEAN"
    for table, column, pattern in COLUMNS:
        definition = pattern.format(boolean=boolean)
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {definition}')
    with db.bind_ctx([LinkConflict]):
        db.create_tables([LinkConflict], safe=False)
    for statement in (KNOWN, SINCE, FILL):
        db.execute_sql(statement)


def down(migrator: SchemaMigrator, db) -> None:
    """Take the table and the columns away again."""
    with db.bind_ctx([LinkConflict]):
        db.drop_tables([LinkConflict])
    for table, column, _pattern in reversed(COLUMNS):
        db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
