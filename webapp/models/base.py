"""What every model shares."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from peewee import AutoField, CharField, Check, Field, IntegerField, Model, TextField

from webapp.db import database, rows, write

AS_READ = (AutoField, CharField, IntegerField, TextField)
"""Fields whose values are what both databases give."""

Selection = tuple[str, list[tuple[str, Any]]]
_SELECTIONS: dict[tuple[Any, tuple[str, ...]], Selection] = {}


class BaseModel(Model):
    """A model bound to the program's one database."""

    @classmethod
    def by(cls, **values: Any) -> Self | None:
        """The row whose fields have these values, or None; for what every page reads."""
        fields = [cls._meta.fields[name] for name in values]
        given = [field.db_value(value) for field, value in zip(fields, values.values(), strict=True)]
        where = " AND ".join(f'"{field.column_name}" = ?' for field in fields)
        return next(iter(cls.read(f"WHERE {where} LIMIT 1", *given)), None)

    @classmethod
    def read(cls, tail: str, *values: Any, names: tuple[str, ...] = ()) -> list[Self]:
        """Rows by a statement composed by hand, which peewee would do anew for each query.

        Args:
            tail: what follows the table's name, from WHERE on; question marks stand for values.
            values: as the database takes them.
            names: the fields that are read, all when none is named; the rows do not have the others.
        """
        return cls.made(cls.raw(tail, *values, names=names), names)

    @classmethod
    def raw(cls, tail: str, *values: Any, names: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        """The same rows as the database gives them; ``made`` makes rows of the model of them."""
        head, _makers = _selection(cls, names)
        return rows(f"{head} {tail}", values)

    @classmethod
    def made(cls, found: list[tuple[Any, ...]], names: tuple[str, ...] = ()) -> list[Self]:
        """Rows of what ``raw`` read with the same names."""
        _head, makers = _selection(cls, names)
        return [_row(cls, makers, values) for values in found]

    @classmethod
    def change(cls, values: Mapping[str, Any], where: str, *given: Any) -> int:
        """Change rows by a statement composed by hand; returns how many there were.

        Args:
            values: by the fields' names.
            where: the condition; question marks stand for ``given``, which is as the database takes it.
        """
        fields = [cls._meta.fields[name] for name in values]
        columns = ", ".join(f'"{field.column_name}" = ?' for field in fields)
        new = [field.db_value(value) for field, value in zip(fields, values.values(), strict=True)]
        return write(f'UPDATE "{cls._meta.table_name}" SET {columns} WHERE {where}', [*new, *given])

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True


def _selection(model: Any, names: tuple[str, ...]) -> Selection:
    """How a statement begins; and per column the field's name and what makes its value, if anything."""
    if (model, names) not in _SELECTIONS:
        fields: list[Field] = [model._meta.fields[name] for name in names] or model._meta.sorted_fields
        columns = ", ".join(f'"{field.column_name}"' for field in fields)
        makers = [(field.name, None if type(field) in AS_READ else field.python_value) for field in fields]
        _SELECTIONS[model, names] = f'SELECT {columns} FROM "{model._meta.table_name}"', makers
    return _SELECTIONS[model, names]


def _row(model: Any, makers: list[tuple[str, Any]], values: tuple[Any, ...]) -> Any:
    """A row as it was read; peewee's constructor would set each attribute by itself, which takes longer."""
    row = model.__new__(model)
    row.__data__ = {
        name: value if make is None else make(value)
        for (name, make), value in zip(makers, values, strict=True)
    }
    row.__rel__, row._dirty = {}, set()
    return row


def one_of(column: str, enum: type[StrEnum]) -> Check:
    """A CHECK that a column holds one of an enum's values."""
    values = ", ".join(f"'{member.value}'" for member in enum)
    return Check(f"{column} IN ({values})")
