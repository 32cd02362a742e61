"""What a report was asked for: period, method, columns and filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from .. import faults
from ..books import Books
from . import period
from .period import MONTHS, Period

_FILTERS = {
    "customer": "party_kind = 'Customer' AND party IN ({})",
    "vendor": "party_kind = 'Vendor' AND party IN ({})",
    "class": "class IN ({})",
    "department": "department IN ({})",
    "account": "account IN ({})",
}
_COLUMNS = ("Total", "Month", "Quarter", "Year", "Customers", "Vendors", "Classes", "Departments")
LONGEST_SPLIT = 400
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class Request:
    """One report as it was asked for.

    basis: Accrual or Cash. columns: by what the columns are split. where and values: an SQL condition over
    ledger rows for the filters. macro: the words that chose the period, empty when dates did. due: aged
    reports, see parties.
    """

    name: str
    period: Period
    macro: str
    basis: str
    columns: str
    where: str
    values: tuple[str, ...]
    wishes: Mapping[str, str]
    today: date
    first_month: int

    @classmethod
    def of(cls, books: Books, name: str, wishes: Mapping[str, str], usual: str) -> "Request":
        """Read the parameters of the address; raises Fault 2010."""
        preferences = books.preferences()
        today = date.fromisoformat(books.today())
        month = preferences.get("AccountingInfoPrefs", {}).get("FirstMonthOfFiscalYear", MONTHS[0])
        first_month = MONTHS.index(month) + 1 if month in MONTHS else 1
        chosen, macro = _period(wishes, usual, today, first_month)
        basis = wishes.get("accounting_method") or preferences.get("ReportPrefs", {}).get("ReportBasis")
        columns = _choice(wishes, "summarize_column_by", _COLUMNS)
        where, values = _where(wishes)
        basis = "Cash" if str(basis).lower() == "cash" else "Accrual"
        return cls(name, chosen, macro, basis, columns, where, values, wishes, today, first_month)

    def day(self, name: str, usual: date) -> date:
        """A date among the parameters; raises Fault 2010."""
        return _date(self.wishes, name) or usual

    def count(self, name: str, usual: int, most: int) -> int:
        """A positive whole number among the parameters; raises Fault 2010."""
        text = self.wishes.get(name) or str(usual)
        if not text.isdigit() or not 1 <= int(text[:9]) <= most:
            refuse(f"{name} must be a whole number from 1 to {most}")
        return int(text)


def refuse(problem: str) -> NoReturn:
    """Refuse a parameter of a report."""
    raise faults.bad_property(f"{problem};")


def _period(wishes: Mapping[str, str], usual: str, today: date, first_month: int) -> tuple[Period, str]:
    start, end = _date(wishes, "start_date"), _date(wishes, "end_date")
    if start or end:
        end = end or max(today, start or today)
        start = start or date(end.year, 1, 1)
        if start > end:
            refuse("start_date must not be after end_date")
        return Period(start, end), ""
    macro = wishes.get("date_macro") or usual
    found = period.from_words(macro, today, first_month)
    if found is None:
        refuse("date_macro must be one of the known periods")
    return found, macro.lower()


def _date(wishes: Mapping[str, str], name: str) -> date | None:
    text = wishes.get(name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        refuse(f"{name} must be a date")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        refuse(f"{name} must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return found


def _choice(wishes: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    text = wishes.get(name) or known[0]
    found = {choice.lower(): choice for choice in known}.get(text.lower())
    if found is None:
        refuse(f"{name} must be one of {', '.join(known)}")
    return found


def _where(wishes: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """An SQL condition for the filters that are lists of ids."""
    parts, values = [], []
    for name, condition in _FILTERS.items():
        ids = [text.strip() for text in wishes.get(name, "").split(",") if text.strip()][:LONGEST_SPLIT]
        if ids:
            parts.append(" AND " + condition.format(",".join("?" * len(ids))))
            values += ids
    return "".join(parts), tuple(values)
