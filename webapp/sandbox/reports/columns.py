"""The columns of profit and loss and balance sheet: one, or one per month, customer, class and so on."""

from datetime import date
from typing import NamedTuple

from ..books import Body, Books
from . import period, shape
from .request import LONGEST_SPLIT, Request, refuse

_TIMES = ("Month", "Quarter", "Year")
# How rows are told apart, and the entity and property with the column's title.
_DIMENSIONS = {
    "Customers": ("CASE party_kind WHEN 'Customer' THEN party ELSE '' END", "Customer", "DisplayName"),
    "Vendors": ("CASE party_kind WHEN 'Vendor' THEN party ELSE '' END", "Vendor", "DisplayName"),
    "Classes": ("class", "Class", "FullyQualifiedName"),
    "Departments": ("department", "Department", "FullyQualifiedName"),
}
# Sums in cents by account and column.
Sums = dict[str, dict[str, int]]


class Column(NamedTuple):
    """One column of figures: the key of its rows, its title, and the days that it covers."""

    key: str
    title: str
    start: date
    end: date


def between(books: Books, request: Request, table: str) -> tuple[list[Column], Sums]:
    """The columns of a report over a period, with the sums of each."""
    start, end = request.period
    if request.columns in _TIMES:
        columns = _times(request)
        return columns, _by_time(books, request, table, [(one.key, one.start, one.end) for one in columns])
    expression, entity, title = _DIMENSIONS.get(request.columns, ("''", "", ""))
    sums = _sums(books, request, table, expression, start.isoformat(), end.isoformat())
    keys = sorted({key for row in sums.values() for key in row}, key=lambda key: (key == "", key.zfill(18)))
    if request.columns == "Total":
        return [Column("", "Total", start, end)], sums
    names = {key: _name(books, entity, title, key) for key in keys}
    return [Column(key, names[key], start, end) for key in keys], sums


def until(books: Books, request: Request, table: str, since: date | None = None) -> tuple[list[Column], Sums]:
    """The columns of a report of balances: everything up to the end of each, from `since` if given."""
    first = since or date.min
    columns = _times(request) if request.columns in _TIMES else [Column("", "Total", *request.period)]
    return columns, _by_time(books, request, table, [(one.key, first, one.end) for one in columns])


def heads(columns: list[Column], first: str, totalled: bool) -> list[Body]:
    """The columns as the report lists them: the accounts, the figures and, for several, their total."""
    found = [shape.column("", first, ColKey="account")]
    for one in columns:
        key = one.key or "total"
        dates = {"StartDate": one.start.isoformat(), "EndDate": one.end.isoformat()} if totalled else {}
        found.append(shape.column(one.title, "Money", **dates, ColKey=key))
    if totalled and len(columns) != 1:
        found.append(shape.column("TOTAL", "Money", ColKey="total"))
    return found


def _times(request: Request) -> list[Column]:
    parts = period.split(request.period, request.columns.lower())
    if len(parts) > LONGEST_SPLIT:
        refuse(f"the period must have at most {LONGEST_SPLIT} columns")
    titles = {"Month": "%b %Y", "Quarter": "%b %Y", "Year": "%Y"}
    return [
        Column(part.start.isoformat(), part.start.strftime(titles[request.columns]), *part) for part in parts
    ]


def _by_time(books: Books, request: Request, table: str, parts: list[tuple[str, date, date]]) -> Sums:
    sums: Sums = {}
    for key, start, end in parts:
        for account, row in _sums(books, request, table, "''", start.isoformat(), end.isoformat()).items():
            sums.setdefault(account, {})[key] = row[""]
    return sums


def _sums(books: Books, request: Request, table: str, expression: str, start: str, end: str) -> Sums:
    rows = books.db.execute(
        f"SELECT account, {expression}, sum(cents) FROM {table} "
        f"WHERE realm = ? AND day BETWEEN ? AND ?{request.where} GROUP BY 1, 2",
        (books.realm, start, end, *request.values),
    )
    sums: Sums = {}
    for account, key, cents in rows:
        sums.setdefault(account, {})[key] = cents
    return sums


def _name(books: Books, entity: str, title: str, key: str) -> str:
    found = books.find(entity, key) if key else None
    return str(found[title]) if found else "Not Specified"
