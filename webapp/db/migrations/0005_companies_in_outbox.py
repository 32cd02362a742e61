"""Deliveries of companies: a customer or vendor is made in QuickBooks through the same outbox as documents."""

from __future__ import annotations

from collections.abc import Callable

from peewee import SqliteDatabase
from playhouse.migrate import SchemaMigrator

COLUMNS = [
    ("company_id", 'INTEGER REFERENCES "company" ("id") ON DELETE CASCADE'),
    ("member_type", "VARCHAR(24) CHECK (member_type IN ('customer', 'supplier', 'decorator'))"),
    ("remote_kind", "VARCHAR(24)"),
    ("asked", "TEXT NOT NULL DEFAULT '{}'"),
    ("job_id", 'INTEGER REFERENCES "job" ("id") ON DELETE SET NULL'),
]
CHECKS = [
    "(document_id IS NULL) <> (company_id IS NULL)",
    "(company_id IS NULL) = (member_type IS NULL)",
    "(company_id IS NULL) = (remote_kind IS NULL)",
]
INDEXES = {
    "delivery_job_id": 'CREATE INDEX "delivery_job_id" ON "delivery" ("job_id")',
    "delivery_one_open_per_company": (
        'CREATE UNIQUE INDEX "delivery_one_open_per_company" ON "delivery" '
        '("company_id", "remote_kind", "provider") WHERE ("state" IN (\'queued\', \'sending\'))'
    ),
    "delivery_of_company": (
        'CREATE INDEX "delivery_of_company" ON "delivery" ("company_id", "remote_kind", "id") '
        'WHERE ("company_id" IS NOT NULL)'
    ),
}
NEEDED, FREE = '"document_id" INTEGER NOT NULL', '"document_id" INTEGER'
# The attempts first, which refer to the deliveries
TABLES = ("delivery_attempt", "delivery")


def up(migrator: SchemaMigrator, db) -> None:
    """Let a delivery have a company in place of a document."""
    for column, definition in COLUMNS:
        db.execute_sql(f'ALTER TABLE "delivery" ADD COLUMN "{column}" {definition}')
    if isinstance(db, SqliteDatabase):
        checks = "".join(f", CHECK ({check})" for check in CHECKS)
        _rebuild(db, lambda sql: sql.replace(NEEDED, FREE).removesuffix(")") + f"{checks})")
    else:
        db.execute_sql('ALTER TABLE "delivery" ALTER COLUMN "document_id" DROP NOT NULL')
        for number, check in enumerate(CHECKS):
            name = f"delivery_subject_{number}"
            db.execute_sql(f'ALTER TABLE "delivery" ADD CONSTRAINT "{name}" CHECK ({check})')
    for statement in INDEXES.values():
        db.execute_sql(statement)


def down(migrator: SchemaMigrator, db) -> None:
    """Leave the documents' deliveries alone; what the companies' did is forgotten."""
    of_companies = 'SELECT "id" FROM "delivery" WHERE "document_id" IS NULL'
    db.execute_sql(f'DELETE FROM "delivery_attempt" WHERE "delivery_id" IN ({of_companies})')
    db.execute_sql('DELETE FROM "delivery" WHERE "document_id" IS NULL')
    for name in INDEXES:
        db.execute_sql(f'DROP INDEX "{name}"')
    if isinstance(db, SqliteDatabase):
        checks = "".join(f", CHECK ({check})" for check in CHECKS)
        _rebuild(db, lambda sql: sql.replace(FREE, NEEDED).replace(checks, ""))
    else:
        for number in range(len(CHECKS)):
            db.execute_sql(f'ALTER TABLE "delivery" DROP CONSTRAINT "delivery_subject_{number}"')
        db.execute_sql('ALTER TABLE "delivery" ALTER COLUMN "document_id" SET NOT NULL')
    for column, _definition in reversed(COLUMNS):
        db.execute_sql(f'ALTER TABLE "delivery" DROP COLUMN "{column}"')


def _rebuild(db, change: Callable[[str], str]) -> None:
    """Make the table anew with another definition, which SQLite has no statement for.

    Its attempts are put aside too: to drop the table that they refer to would drop them.
    """
    made = {}
    for table in TABLES:
        made[table] = db.execute_sql(
            "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'table' DESC",
            (table,),
        ).fetchall()
        db.execute_sql(f'CREATE TEMP TABLE "old_{table}" AS SELECT * FROM main."{table}"')
    for table in TABLES:
        db.execute_sql(f'DROP TABLE main."{table}"')
    for table in reversed(TABLES):
        (sql,), *indexes = made[table]
        db.execute_sql(change(sql) if table == "delivery" else sql)
        db.execute_sql(f'INSERT INTO main."{table}" SELECT * FROM temp."old_{table}"')
        for (index,) in indexes:
            db.execute_sql(index)
        db.execute_sql(f'DROP TABLE temp."old_{table}"')
