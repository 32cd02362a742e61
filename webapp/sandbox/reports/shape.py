"""Intuit's shape of a report: a header, columns, and rows within sections."""

from collections.abc import Sequence

from .. import clock
from ..books import Body, Books
from .request import Request

Cells = Sequence[str | Body]


def money(cents: int | None) -> str:
    """Whole cents as a cell's text; nothing at all is an empty cell."""
    return "" if cents is None else f"{cents / 100:.2f}" if abs(cents) < 10**12 else _long(cents)


def cells(values: Cells) -> Body:
    """A row of cells; a dict among them brings its own value and id."""
    return {"ColData": [value if isinstance(value, dict) else {"value": value} for value in values]}


def data(values: Cells) -> Body:
    """A row of figures."""
    return {**cells(values), "type": "Data"}


def section(head: Cells | None, rows: list[Body], summary: Cells | None, group: str = "") -> Body:
    """A section: its head, the rows in it and what they come to."""
    found: Body = {}
    if head is not None:
        found["Header"] = cells(head)
    if rows:
        found["Rows"] = {"Row": rows}
    if summary is not None:
        found["Summary"] = cells(summary)
    found["type"] = "Section"
    if group:
        found["group"] = group
    return found


def column(title: str, kind: str, **meta: str) -> Body:
    """A column; meta is what its MetaData says."""
    found: Body = {"ColTitle": title, "ColType": kind}
    if meta:
        found["MetaData"] = [{"Name": name, "Value": value} for name, value in meta.items()]
    return found


def report(books: Books, request: Request, columns: list[Body], rows: list[Body], **header: str) -> Body:
    """A whole report; header: what it says besides name, time and currency."""
    currency = books.preferences()["CurrencyPrefs"]["HomeCurrency"]["value"]
    filters = {name.capitalize(): request.wishes[name] for name in ("customer", "vendor", "department")
               if request.wishes.get(name)}  # fmt: skip
    options = [
        {"Name": "AccountingStandard", "Value": "GAAP"},
        {"Name": "NoReportData", "Value": _empty(rows)},
    ]
    return {
        "Header": {
            "Time": clock.stamp(books.now),
            "ReportName": request.name,
            **({"DateMacro": request.macro} if request.macro and "StartPeriod" in header else {}),
            **header,
            "Currency": currency,
            **filters,
            "Option": options,
        },
        "Columns": {"Column": columns},
        "Rows": {"Row": rows},
    }


def _empty(rows: list[Body]) -> str:
    return "false" if any(_has_data(row) for row in rows) else "true"


def _has_data(row: Body) -> bool:
    inner = row.get("Rows", {}).get("Row", ())
    return row.get("type") == "Data" or any(_has_data(one) for one in inner)


def _long(cents: int) -> str:
    sign, digits = ("-" if cents < 0 else ""), str(abs(cents))
    return f"{sign}{digits[:-2]}.{digits[-2:]}"
