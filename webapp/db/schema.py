"""The schema's state: migrations up, down, and whether all have run."""

from __future__ import annotations

from pathlib import Path

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from webapp.db import database

DIRECTORY = Path(__file__).parent / "migrations"


def _runner() -> Runner:
    return Runner(database.obj, directory=str(DIRECTORY))


def upgrade() -> list[str]:
    """Run every migration that has not run yet; returns their names."""
    if isinstance(database.obj, SqliteDatabase):
        Path(database.obj.database).parent.mkdir(parents=True, exist_ok=True)
    with database.connection_context():
        return list(_runner().up())


def downgrade(target: str | None = None) -> list[str]:
    """Undo the last migration, or all down to ``target``; returns their names."""
    with database.connection_context():
        return list(_runner().down(target))


def is_current() -> bool:
    """Whether every migration has run; needs an open connection."""
    return all(migration.applied for migration in _runner().status())
