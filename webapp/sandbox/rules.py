"""What fields an object may have: a reader for `rules.json`.

The file gives, for each of Intuit's types, every field as words: its type (`[]` for a list), the
greatest length of a text, and `ro` for what the server computes itself. It was drawn from Intuit's XSD
and reference pages.
"""

import json
from functools import cache
from importlib import resources
from typing import Any, NamedTuple


class Field(NamedTuple):
    """One field of one type."""

    kind: str
    is_list: bool
    limit: int | None
    read_only: bool


@cache
def _document() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("rules.json").read_text("utf-8")
    return dict(json.loads(text))


@cache
def fields(type_name: str) -> dict[str, Field]:
    """All fields of a type by name."""
    return {name: _field(words) for name, words in _document()["types"][type_name].items()}


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
    return Field(kind.removesuffix("[]"), kind.endswith("[]"), limits[0] if limits else None, "ro" in marks)
