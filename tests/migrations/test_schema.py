"""The migrations and the models describe the same database."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from peewee import SqliteDatabase

from tests.conftest import POSTGRES, close_database
from webapp import db
from webapp.db import schema
from webapp.db.search import SEARCHED, create_search
from webapp.models import ALL

SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
POSTGRES_QUERIES = {
    "columns": """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
                         column_default
                  FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass::text, contype, pg_get_constraintdef(oid)
                      FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT event_object_table, trigger_name FROM information_schema.triggers",
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    request.getfixturevalue("postgres_url")
    name = f"ledgerbridge_schema_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    close_database()
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def catalogue() -> dict[str, list[Any]]:
    """Everything the database knows of its own structure, the migration history left out."""
    database = db.database.obj
    if isinstance(database, SqliteDatabase):
        found = {"objects": database.execute_sql(SQLITE).fetchall()}
    else:
        found = {name: database.execute_sql(query).fetchall() for name, query in POSTGRES_QUERIES.items()}
    return {
        name: sorted(str(row) for row in rows if "schema_migration" not in str(row))
        for name, rows in found.items()
    }


def test_migrations_give_what_the_models_describe(empty_url: str) -> None:
    db.database.initialize(db.database_for(empty_url))
    schema.upgrade()
    with db.database.connection_context():
        migrated = catalogue()
    schema.downgrade()
    with db.database.connection_context():
        assert [row for rows in catalogue().values() for row in rows] == []
        db.database.create_tables(ALL, safe=False)
        for table, column in SEARCHED:
            create_search(db.database.obj, table, column)
        assert catalogue() == migrated


def test_migrations_go_up_again_after_going_down(empty_url: str) -> None:
    db.database.initialize(db.database_for(empty_url))
    applied = schema.upgrade()
    assert schema.downgrade() == applied[-1:]
    assert schema.upgrade() == applied[-1:]
    with db.database.connection_context():
        assert schema.is_current()
