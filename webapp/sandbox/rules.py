"""What fields an object may have: a reader for `rules.json`.

The file gives, for each of Intuit's types, every field as words: its type (`[]` for a list), the
greatest length of a text, the range of a number as `0..999`, `req` for what a create must carry and `ro`
for what the server computes itself. `+` names the type whose fields it has besides. It was drawn from
Intuit's XSD and reference pages.
"""

import json
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, NamedTuple


class Field(NamedTuple):
    """One field of one type."""

    kind: str
    is_list: bool
    limit: int | None
    read_only: bool
    required: bool
    range: tuple[Decimal, Decimal] | None


@cache
def _document() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("rules.json").read_text("utf-8")
    return dict(json.loads(text))


@cache
def fields(type_name: str) -> dict[str, Field]:
    """All fields of a type by name."""
    words = dict(_document()["types"][type_name])
    inherited = fields(words.pop("+")) if "+" in words else {}
    return inherited | {name: _field(text) for name, text in words.items()}


@cache
def required(type_name: str) -> tuple[str, ...]:
    """The names of the fields that a create must carry."""
    return tuple(name for name, field in fields(type_name).items() if field.required)


@cache
def is_type(name: str) -> bool:
    """Whether the name is that of a type with fields."""
    return name in _document()["types"]


@cache
def enumeration(name: str) -> frozenset[str]:
    """The values of an enumeration; empty when there is none of that name."""
    return frozenset(_document()["enums"].get(name, ()))


def _field(words: str) -> Field:
    kind, *marks = words.split()
    limits = [int(mark) for mark in marks if mark.isdigit()]
    ranges = [mark.split("..") for mark in marks if ".." in mark]
    return Field(
        kind.removesuffix("[]"),
        kind.endswith("[]"),
        limits[0] if limits else None,
        "ro" in marks,
        "req" in marks,
        (Decimal(ranges[0][0]), Decimal(ranges[0][1])) if ranges else None,
    )
