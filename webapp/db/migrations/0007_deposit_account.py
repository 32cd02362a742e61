"""The account that receives payments and deposits."""

from __future__ import annotations

from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db) -> None:
    """Add the column."""
    db.execute_sql('ALTER TABLE "preferences" ADD COLUMN "deposit_account_id" VARCHAR(32)')


def down(migrator: SchemaMigrator, db) -> None:
    """Take it away again."""
    db.execute_sql('ALTER TABLE "preferences" DROP COLUMN "deposit_account_id"')
