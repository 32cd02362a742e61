"""What every model shares."""

from __future__ import annotations

from enum import StrEnum

from peewee import Check, Model

from webapp.db import database


class BaseModel(Model):
    """A model bound to the program's one database."""

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True


def one_of(column: str, enum: type[StrEnum]) -> Check:
    """A CHECK that a column holds one of an enum's values."""
    values = ", ".join(f"'{member.value}'" for member in enum)
    return Check(f"{column} IN ({values})")
