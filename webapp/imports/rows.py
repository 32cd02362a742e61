"""Parses a table's rows into typed values, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.imports.columns import Column, Matching
from webapp.imports.places import region_code
from webapp.imports.problems import RowError, ValueProblem
from webapp.imports.reading import Row, Table


@dataclass(frozen=True)
class Parsed:
    """A row's typed values (of the file's columns only) and what is wrong in it."""

    row: int
    values: dict[str, Any]
    errors: tuple[RowError, ...]


def parse(table: Table, matching: Matching, columns: Sequence[Column]) -> list[Parsed]:
    """Parse every row; columns that the file lacks are absent from the values."""
    present = [(column, matching.places[column.key]) for column in columns if column.key in matching.places]
    return [_parse(row, len(table.header), present) for row in table.rows]


def _parse(row: Row, width: int, present: list[tuple[Column, int]]) -> Parsed:
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    if any(cell.strip() for cell in row.cells[width:]):
        errors.append(RowError(row.number, "", "too_many_cells", facts={"limit": width}))
    for column, place in present:
        cell = row.cells[place].strip() if place < len(row.cells) else ""
        try:
            values[column.key] = _value(column, cell)
        except ValueProblem as problem:
            errors.append(RowError(row.number, column.key, problem.code, cell, problem.facts))
    _code_regions(row.number, values, errors)
    return Parsed(row.number, values, tuple(errors))


def _value(column: Column, cell: str) -> Any:
    if cell:
        return column.parse(cell)
    if column.required:
        raise ValueProblem("required")
    return column.default


def _code_regions(row: int, values: dict[str, Any], errors: list[RowError]) -> None:
    """Turn states and provinces into codes, which their country decides."""
    for prefix in ("bill", "ship"):
        region = values.get(f"{prefix}_region")
        if not region or any(error.column == f"{prefix}_country" for error in errors):
            continue
        code = region_code(region, values.get(f"{prefix}_country", ""))
        if code is None:
            errors.append(RowError(row, f"{prefix}_region", "region", region))
        else:
            values[f"{prefix}_region"] = code
