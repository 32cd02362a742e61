"""What every model shares."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from peewee import Check, Model

from webapp.db import database, is_sqlite

_STATEMENTS: dict[tuple[type[Model], tuple[str, ...], bool], str] = {}


class BaseModel(Model):
    """A model bound to the program's one database."""

    @classmethod
    def by(cls, **values: Any) -> Any:
        """The row whose fields have these values, or None.

        For what every page reads: the statement is composed once, which peewee would do for each query.
        """
        fields = [cls._meta.fields[name] for name in values]
        key = (cls, tuple(values), is_sqlite())
        if key not in _STATEMENTS:
            mark = "?" if is_sqlite() else "%s"
            names = ", ".join(f'"{field.column_name}"' for field in cls._meta.sorted_fields)
            where = " AND ".join(f'"{field.column_name}" = {mark}' for field in fields)
            _STATEMENTS[key] = f'SELECT {names} FROM "{cls._meta.table_name}" WHERE {where} LIMIT 1'
        given = [field.db_value(value) for field, value in zip(fields, values.values(), strict=True)]
        row = database.execute_sql(_STATEMENTS[key], given).fetchone()
        if row is None:
            return None
        columns = zip(cls._meta.sorted_fields, row, strict=True)
        found = cls(
            __no_default__=True, **{field.name: field.python_value(value) for field, value in columns}
        )
        found._dirty.clear()
        return found

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True


def one_of(column: str, enum: type[StrEnum]) -> Check:
    """A CHECK that a column holds one of an enum's values."""
    values = ", ".join(f"'{member.value}'" for member in enum)
    return Check(f"{column} IN ({values})")
