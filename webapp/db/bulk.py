"""Writing very many rows: one statement for all of them, composed once.

Peewee composes the SQL of ``insert_many`` value by value, which takes most of the time of a large import, and
on SQLite everybody else waits meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from peewee import AutoField, Field, Model, __exception_wrapper__

from webapp.db import database, is_sqlite


def insert_rows(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows of a model, each a mapping of its fields' names; what a row lacks gets its default."""
    fields = [field for field in model._meta.sorted_fields if not isinstance(field, AutoField)]
    values = [[_value(field, row) for field in fields] for row in rows]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join([_mark()] * len(fields))
    _run(f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks})', values)


def update_rows(model: type[Model], rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Update rows by their id, each to a mapping of its fields' names."""
    by_fields: dict[tuple[str, ...], list[list[Any]]] = {}
    for id_, row in rows.items():
        names = tuple(sorted(row))
        fields = [model._meta.fields[name] for name in names]
        values = [field.db_value(row[field.name]) for field in fields]
        by_fields.setdefault(names, []).append([*values, id_])
    for names, values_of_rows in by_fields.items():
        columns = ", ".join(f'"{model._meta.fields[name].column_name}" = {_mark()}' for name in names)
        _run(f'UPDATE "{model._meta.table_name}" SET {columns} WHERE "id" = {_mark()}', values_of_rows)


def _value(field: Field, row: Mapping[str, Any]) -> Any:
    if field.name in row:
        return field.db_value(row[field.name])
    default = field.default
    return field.db_value(default() if callable(default) else default)


def _mark() -> str:
    return "?" if is_sqlite() else "%s"


def _run(statement: str, values: list[list[Any]]) -> None:
    if values:
        with __exception_wrapper__:
            database.cursor().executemany(statement, values)
