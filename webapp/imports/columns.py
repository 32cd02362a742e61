"""Columns as data, and the matching of a file's header to them, in English or French.

One list of columns per kind of file gives the template, the header matching, the parsing of cells and the
description on the import page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.imports.folding import fold_key
from webapp.imports.problems import ImportProblem

Parser = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """One column of a kind of file.

    ``key`` is the model's field, ``also`` are further headings, ``holds`` names what a cell holds (for the
    page's description), ``default`` is what an empty cell means, ``of_line`` marks what may differ between
    the rows of one document.
    """

    key: str
    en: str
    fr: str
    parse: Parser
    holds: str = "text"
    required: bool = False
    default: Any = ""
    of_line: bool = False
    limit: int | None = None
    also: tuple[str, ...] = ()

    def header(self, language: str) -> str:
        """The column's heading in a language."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True)
class Matching:
    """Which cell of a row belongs to which column; ``ignored`` are headings that no column has."""

    places: Mapping[str, int]
    ignored: tuple[str, ...]


def match(header: Sequence[str], columns: Sequence[Column]) -> Matching:
    """Find each column in a header, whatever the order, case, accents and spaces.

    Raises:
        ImportProblem: ``duplicate_column`` with the heading, or ``missing_columns`` with the columns' keys.
    """
    known = {
        fold_key(name): column.key
        for column in columns
        for name in (column.en, column.fr, column.key, *column.also)
    }
    places: dict[str, int] = {}
    ignored: list[str] = []
    for place, heading in enumerate(header):
        key = known.get(fold_key(heading))
        if key is None:
            ignored += [heading] if heading else []
        elif key in places:
            raise ImportProblem("duplicate_column", heading=heading)
        else:
            places[key] = place
    missing = tuple(column.key for column in columns if column.required and column.key not in places)
    if missing:
        raise ImportProblem("missing_columns", columns=missing)
    return Matching(places, tuple(ignored))
