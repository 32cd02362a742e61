"""Turns parsed rows into candidates: one company or one whole document each, with all that is wrong in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from webapp.accounting.drafts import LineKind
from webapp.imports.columns import Column
from webapp.imports.kinds import COMPANY_TYPES, DOCUMENT_COLUMNS
from webapp.imports.numbers import LARGEST
from webapp.imports.problems import RowError
from webapp.imports.rows import Parsed

PRICE = Decimal("0.0000001")


@dataclass
class Candidate:
    """What would become one company or document: the fields its file has, its rows, its lines, its errors."""

    values: dict[str, Any]
    rows: list[int]
    lines: list[dict[str, Any]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def companies(parsed: Iterable[Parsed]) -> list[Candidate]:
    """One candidate per row; an ESP+ id may stand in one row only."""
    first_rows: dict[str, int] = {}
    candidates = []
    for row in parsed:
        values, errors = dict(row.values), list(row.errors)
        esp_id = values.get("esp_id", "")
        if esp_id and esp_id in first_rows:
            facts = {"row": first_rows[esp_id]}
            errors.append(RowError(row.row, "esp_id", "duplicate_id", esp_id, facts))
        first_rows.setdefault(esp_id, row.row)
        types = values.pop("types", frozenset())
        values |= {f"is_{one.value}": one in types for one in COMPANY_TYPES}
        _group_exemption(row.row, values, errors)
        candidates.append(Candidate(values, [row.row], errors=errors))
    return candidates


def _group_exemption(row: int, values: dict[str, Any], errors: list[RowError]) -> None:
    """Put a certificate's columns, as far as the file has them, under one key of their own."""
    found = {
        name: values.pop(f"exemption_{name}")
        for name in ("number", "regions", "expires_on")
        if f"exemption_{name}" in values
    }
    if found.get("number"):
        values["exemption"] = found
    elif any(found.values()) and not any(error.column == "exemption_number" for error in errors):
        errors.append(RowError(row, "exemption_number", "exemption_number"))


def documents(parsed: Iterable[Parsed]) -> list[Candidate]:
    """One candidate per document: the rows of one type and ESP+ id, whose document columns must agree."""
    candidates: dict[object, Candidate] = {}
    firsts: dict[object, Parsed] = {}
    for row in parsed:
        esp_id, kind = row.values.get("esp_id"), row.values.get("kind")
        # a row that does not say which document it belongs to stands for itself
        key = (esp_id, kind) if esp_id and kind else row.row
        candidate = candidates.setdefault(key, Candidate(_of_document(row), []))
        first = firsts.setdefault(key, row)
        candidate.rows.append(row.row)
        candidate.errors += row.errors
        candidate.errors += _disagreements(first, row)
        candidate.lines.append(_line(row, candidate.errors))
    found = list(candidates.values())
    _spread_unknown_kinds(found)
    return found


def _of_document(row: Parsed) -> dict[str, Any]:
    return {
        column.key: row.values[column.key]
        for column in DOCUMENT_COLUMNS
        if not column.of_line and column.key in row.values
    }


def _disagreements(first: Parsed, row: Parsed) -> list[RowError]:
    shared = (column for column in DOCUMENT_COLUMNS if not column.of_line)
    return [
        RowError(
            row.row, column.key, "differs_from_row", str(row.values[column.key] or ""), {"row": first.row}
        )
        for column in shared
        if column.key in row.values
        and column.key in first.values
        and row.values[column.key] != first.values[column.key]
    ]


def _line(row: Parsed, errors: list[RowError]) -> dict[str, Any]:
    """A line's fields; a discount is stored as a negative amount however the file writes it."""
    values = {_field(column): row.values.get(column.key, column.default) for column in _line_columns()}
    amount = values["amount"]
    if not isinstance(amount, Decimal):
        return values
    if values["kind"] is LineKind.DISCOUNT:
        values["amount"] = amount = -abs(amount)
        values["unit_price"] = None if values["unit_price"] is None else -abs(values["unit_price"])
    elif amount < 0:
        errors.append(RowError(row.row, "amount", "negative", str(amount)))
    elif (values["unit_price"] or 0) < 0:
        errors.append(RowError(row.row, "unit_price", "negative", str(values["unit_price"])))
    _fill_price(values)
    if abs(values["unit_price"]) >= LARGEST:
        errors.append(RowError(row.row, "unit_price", "number_too_large", f"{values['unit_price']:f}"))
    return values


def _fill_price(values: dict[str, Any]) -> None:
    """A quantity that is not given is one; a price that is not given follows from the amount."""
    amount = values["amount"]
    if values["quantity"] is None:
        values["quantity"] = Decimal(1)
    if values["unit_price"] is None:
        quantity = values["quantity"]
        values["unit_price"] = (amount / quantity).quantize(PRICE) if quantity else amount


def _line_columns() -> list[Column]:
    return [column for column in DOCUMENT_COLUMNS if column.of_line]


def _field(column: Column) -> str:
    return "kind" if column.key == "line_kind" else column.key


def _spread_unknown_kinds(candidates: list[Candidate]) -> None:
    """A row of an unreadable type may belong to any document of its ESP+ id: none of them is whole then."""
    unknown = {
        candidate.values["esp_id"]: candidate
        for candidate in candidates
        if "kind" not in candidate.values and candidate.values.get("esp_id")
    }
    for candidate in candidates:
        stray = unknown.get(candidate.values.get("esp_id", ""))
        if stray is not None and candidate is not stray and not candidate.errors:
            facts = {"row": stray.rows[0]}
            candidate.errors.append(RowError(candidate.rows[0], "kind", "line_unreadable", facts=facts))
