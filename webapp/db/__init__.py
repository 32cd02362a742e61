"""The database: one proxy, opened per request, SQLite or Postgres by address."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, request
from peewee import Database, DatabaseProxy, PostgresqlDatabase, SqliteDatabase
from playhouse.pool import PooledPostgresqlDatabase

from webapp.config import Settings

database = DatabaseProxy()

NO_KEY_UPDATE = "FOR NO KEY UPDATE"
"""Locks a row on Postgres against changes, but lets others write rows that refer to it."""

BUSY_SECONDS = 30  # longer than the largest import writes
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "normal",
    "foreign_keys": 1,
    "busy_timeout": BUSY_SECONDS * 1000,
}


WITHOUT_DATABASE = {"static", "support.healthz", None}
"""Endpoints that open no connection, the health address because it is to tell when none can be opened."""


def database_for(url: str) -> Database:
    """Make (not open) the database that ``url`` names: ``sqlite:///path`` or ``postgresql://…``.

    Postgres connections are pooled; SQLite ones are not, since a pooled connection that moves between
    threads fails SQLite's thread check.
    """
    if urlsplit(url).scheme == "sqlite":
        return SqliteDatabase(url.removeprefix("sqlite:///"), pragmas=SQLITE_PRAGMAS, timeout=BUSY_SECONDS)
    return PooledPostgresqlDatabase(
        url, max_connections=20, stale_timeout=300, timeout=10, prefer_psycopg3=True
    )


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the proxy and open a connection for each request that may need one."""
    database.initialize(database_for(settings.database_url))

    @app.before_request
    def open_connection() -> None:
        if request.endpoint not in WITHOUT_DATABASE:
            g.opened_database = database.connect(reuse_if_open=True)

    @app.teardown_request
    def close_connection(_error: BaseException | None) -> None:
        # An SQLite connection stays with its thread: to open one anew, and to compose each statement for it
        # anew, would cost more than most pages do. Postgres' go back to their pool.
        if g.pop("opened_database", False) and not is_sqlite():
            database.close()


@contextmanager
def connection() -> Iterator[None]:
    """An open connection: a caller's own, or a fresh one that is given back."""
    if not database.is_closed():
        yield
        return
    with database.connection_context():
        yield


def transaction() -> AbstractContextManager[Any]:
    """A writing transaction (a savepoint when nested).

    On SQLite it takes the write lock at once: a deferred one that upgrades fails with "locked" whatever
    the timeout (https://www.sqlite.org/lang_transaction.html).
    """
    return database.atomic("IMMEDIATE") if is_sqlite() else database.atomic()


@contextmanager
def durable_transaction() -> Iterator[None]:
    """A transaction that not even a power failure undoes; not within another one.

    SQLite's WAL at ``synchronous=NORMAL`` may lose the last commits then, which is too little for what must
    be known before somebody else is told (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    if not is_sqlite():
        with transaction():
            yield
        return
    database.execute_sql("PRAGMA synchronous=full")
    try:
        with transaction():
            yield
    finally:
        database.execute_sql(f"PRAGMA synchronous={SQLITE_PRAGMAS['synchronous']}")


def rows(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a query composed by hand, for pages that must be quick; question marks stand for values."""
    found: list[tuple[Any, ...]] = _run(statement, values).fetchall()
    return found


def write(statement: str, values: Sequence[Any] = ()) -> int:
    """Run a change composed by hand, within the caller's transaction; returns how many rows it changed."""
    return int(_run(statement, values).rowcount)


def marks(values: Collection[object]) -> str:
    """A question mark for each value, as ``IN (…)`` takes them."""
    return ", ".join("?" * len(values))


def _run(statement: str, values: Sequence[Any]) -> Any:
    text = statement if is_sqlite() else statement.replace("%", "%%").replace("?", "%s")
    return database.execute_sql(text, tuple(values))


def is_sqlite() -> bool:
    """Whether the bound database is SQLite."""
    return isinstance(database.obj, SqliteDatabase)


def is_postgres() -> bool:
    """Whether the bound database is Postgres."""
    return isinstance(database.obj, PostgresqlDatabase)
