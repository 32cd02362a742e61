"""QuickBooks' query language: conditions with safely quoted values. Pure.

https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/data-queries
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

Value = str | bool | int | Decimal | date | datetime

OPERATORS = frozenset({"=", "<", ">", "<=", ">=", "LIKE"})
FIELD = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*", re.ASCII)
INCLUDE_INACTIVE = "Active IN (true,false)"
LARGEST_PAGE = 1000


def quote(value: Value) -> str:
    """A value as the query language writes it: text and times in single quotes, ``'`` and ``\\`` escaped."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"'{value.isoformat(timespec='seconds')}'"
    if isinstance(value, date):
        return f"'{value.isoformat()}'"
    if isinstance(value, Decimal):
        return f"'{value:f}'"
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def condition(field: str, operator: str, value: Value) -> str:
    """One comparison, for example ``condition("TxnDate", ">=", day)``.

    Raises:
        ValueError: for a field or operator that the language does not know.
    """
    if operator not in OPERATORS:
        raise ValueError(f"no such operator in QuickBooks queries: {operator!r}")
    return f"{_field(field)} {operator} {quote(value)}"


def equals(field: str, value: Value) -> str:
    """The field has this value."""
    return condition(field, "=", value)


def one_of(field: str, values: Iterable[Value]) -> str:
    """The field has one of these values.

    Raises:
        ValueError: when there are none, since the language has no empty list.
    """
    quoted = ", ".join(quote(value) for value in values)
    if not quoted:
        raise ValueError("an IN condition needs at least one value")
    return f"{_field(field)} IN ({quoted})"


def all_of(*conditions: str | None) -> str | None:
    """All of these together (the language has no OR); None and empty ones are left out."""
    return " AND ".join(part for part in conditions if part) or None


def select(
    entity: str,
    where: str | None = None,
    order_by: str | None = "Id",
    start: int = 1,
    size: int = LARGEST_PAGE,
) -> str:
    """One page of an entity's objects; ``order_by`` may end in ``ASC`` or ``DESC``."""
    order = f" ORDERBY {_order(order_by)}" if order_by else ""
    return f"SELECT * FROM {_field(entity)}{_where(where)}{order} STARTPOSITION {start} MAXRESULTS {size}"


def count(entity: str, where: str | None = None) -> str:
    """How many objects an entity has."""
    return f"SELECT COUNT(*) FROM {_field(entity)}{_where(where)}"


def _where(where: str | None) -> str:
    return f" WHERE {where}" if where else ""


def _order(order_by: str) -> str:
    field, _space, direction = order_by.partition(" ")
    if direction not in {"", "ASC", "DESC"}:
        raise ValueError(f"no such direction in QuickBooks queries: {direction!r}")
    return _field(field) + (f" {direction}" if direction else "")


def _field(name: str) -> str:
    if not FIELD.fullmatch(name):
        raise ValueError(f"no such name in QuickBooks queries: {name!r}")
    return name
