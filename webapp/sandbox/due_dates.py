"""When a transaction is due: so many days after its date, or on a day of the month."""

from calendar import monthrange
from datetime import date, timedelta

from .books import Body

END_OF_TIME = date.max.isoformat()


def due_date(term: Body | None, day: str, days: int) -> str:
    """The ISO date on which something of this day is due; `days` counts when the term says nothing."""
    start = date.fromisoformat(day)
    try:
        if term and term.get("DayOfMonthDue"):
            return _on_day_of_month(start, int(term["DayOfMonthDue"]), int(term.get("DueNextMonthDays", 0)))
        return (start + timedelta(days=int((term or {}).get("DueDays", days)))).isoformat()
    except (OverflowError, ValueError):
        return END_OF_TIME


def _on_day_of_month(start: date, day: int, notice: int) -> str:
    """The next such day that is at least `notice` days away; a short month ends earlier."""
    year, month = start.year, start.month
    while True:
        due = date(year, month, min(day, monthrange(year, month)[1]))
        if (due - start).days >= notice:
            return due.isoformat()
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
