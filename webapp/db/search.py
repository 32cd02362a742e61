"""Search by any part of a word: FTS5 trigrams on SQLite, pg_trgm on Postgres, over one folded column."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from peewee import SQL, Database, Expression, Field, Model, SqliteDatabase

from webapp.db import is_sqlite

M = TypeVar("M", bound=type[Model])

SEARCHED: list[tuple[str, str]] = []
MAX_TERM = 200
MAX_WORDS = 8


def fold(text: str) -> str:
    """Lower case without accents and with single spaces, so that "quebec" finds "Québec".

    A NUL, which Postgres does not take, counts as a space.
    """
    if text.isascii():
        return " ".join(text.replace("\0", " ").lower().split())
    plain = text.replace("\0", " ").replace("œ", "oe").replace("Œ", "oe")
    expanded = unicodedata.normalize("NFKD", plain)
    plain = "".join(char for char in expanded if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())


def searched(column: str) -> Callable[[M], M]:
    """Mark a model's folded column as searchable; its index is made by ``create_search``."""

    def mark(model: M) -> M:
        SEARCHED.append((model._meta.table_name, column))
        return model

    return mark


def create_search(database: Database, table: str, column: str) -> None:
    """Create the trigram index of a table's folded column, and on SQLite the triggers that keep it."""
    statements = _sqlite(table, column) if isinstance(database, SqliteDatabase) else _postgres(table, column)
    for statement in statements:
        database.execute_sql(statement)


def drop_search(database: Database, table: str, column: str) -> None:
    """Undo ``create_search``."""
    if isinstance(database, SqliteDatabase):
        for suffix in ("insert", "update", "delete"):
            database.execute_sql(f"DROP TRIGGER IF EXISTS {table}_search_{suffix}")
        database.execute_sql(f"DROP TABLE IF EXISTS {table}_search")
    else:
        database.execute_sql(f"DROP INDEX IF EXISTS {table}_{column}_trgm")


def _sqlite(table: str, column: str) -> list[str]:
    remove = (
        f"INSERT INTO {table}_search({table}_search, rowid, {column}) VALUES('delete', old.id, old.{column});"
    )
    add = f"INSERT INTO {table}_search(rowid, {column}) VALUES (new.id, new.{column});"
    return [
        f"CREATE VIRTUAL TABLE {table}_search USING fts5({column}, content='{table}', content_rowid='id',"
        " tokenize='trigram')",
        f"CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {remove} END",
        f"CREATE TRIGGER {table}_search_update AFTER UPDATE OF {column} ON {table}"
        f" WHEN old.{column} IS NOT new.{column} BEGIN {remove} {add} END",
    ]


def _postgres(table: str, column: str) -> list[str]:
    return [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        f"CREATE INDEX {table}_{column}_trgm ON {table} USING gin ({column} gin_trgm_ops)",
    ]


def matches(model: type[Model], text: str, column: str = "folded") -> Expression | None:
    """A condition: every word of ``text`` occurs in the column; None when there is nothing to look for.

    Words under three characters cannot use trigrams and must begin the column's text.
    """
    words = fold(text[:MAX_TERM]).split()[:MAX_WORDS]
    condition: Any = None
    for part in _conditions(model, column, words):
        condition = part if condition is None else condition & part
    return condition


def _conditions(model: type[Model], column: str, words: list[str]) -> list[Any]:
    field = getattr(model, column)
    short = [word for word in words if len(word) < 3]
    long = [word for word in words if len(word) >= 3]
    parts: list[Any] = [begins_with(field, word) for word in short]
    if not long:
        return parts
    if is_sqlite():
        table = model._meta.table_name
        query = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        return [
            *parts,
            model.id.in_(SQL(f"(SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?)", (query,))),
        ]
    return [*parts, *(field % f"%{escaped(word)}%" for word in long)]


def begins_with(field: Field, text: str) -> Expression:
    """A condition: the folded column begins with folded text.

    SQLite compares by code point, so a range uses its index; Postgres compares by the database's collation,
    in which a range would miss hits, and its trigram index serves the pattern.
    """
    if is_sqlite():
        return (field >= text) & (field < text + "\U0010ffff")
    return field % f"{escaped(text)}%"


def escaped(text: str) -> str:
    """Text as it stands in a pattern of LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
