"""The time that a report covers: two dates, or words such as "last month"."""

import re
from datetime import date, timedelta
from typing import NamedTuple

_UNITS = {"month": 1, "quarter": 3, "year": 12}
_MACRO = re.compile(r"(this|last) (?:(fiscal|calendar) )?(week|month|quarter|year)(-to-date)?")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


class Period(NamedTuple):
    """A time from one day to another, both included."""

    start: date
    end: date


def from_words(words: str, today: date, first_month: int) -> Period | None:
    """The period that a date macro names, or None; first_month is that of the fiscal year."""
    text = words.strip().lower()
    if text in ("today", "yesterday"):
        day = today - timedelta(days=text == "yesterday")
        return Period(day, day)
    if text == "all":
        return Period(date(1970, 1, 1), today)
    found = _MACRO.fullmatch(text)
    if not found:
        return None
    which, kind, unit, to_date = found.groups()
    first = first_month if kind == "fiscal" or (unit != "year" and kind is None) else 1
    start, end = _week(today) if unit == "week" else _months(today, _UNITS[unit], first)
    if which == "last":
        length = end - start
        end = start - timedelta(days=1)
        start = end - length if unit == "week" else _months(end, _UNITS[unit], first).start
    return Period(start, _same_place(start, end, today, unit, which) if to_date else end)


def split(period: Period, unit: str) -> list[Period]:
    """The calendar months, quarters or years of a period, cut at both ends."""
    parts, day = [], period.start
    while day <= period.end:
        last = _months(day, _UNITS[unit], 1).end
        parts.append(Period(day, min(last, period.end)))
        day = last + timedelta(days=1)
    return parts


def fiscal_year_start(day: date, first_month: int) -> date:
    """The first day of the fiscal year that a day lies in."""
    return _months(day, 12, first_month).start


def _same_place(start: date, end: date, today: date, unit: str, which: str) -> date:
    """How far a period to date reaches: until today, or last time until then."""
    if which == "this":
        return today
    current = _week(today) if unit == "week" else _months(today, _UNITS[unit], 1)
    return min(end, start + (today - current.start))


def _week(day: date) -> Period:
    start = day - timedelta(days=(day.weekday() + 1) % 7)
    return Period(start, start + timedelta(days=6))


def _months(day: date, length: int, first_month: int) -> Period:
    """The period of so many months that a day lies in, when one of them begins in first_month."""
    count = day.year * 12 + day.month - 1
    start = count - (count - (first_month - 1)) % length
    return Period(_first_day(start), _first_day(start + length) - timedelta(days=1))


def _first_day(count: int) -> date:
    return date(count // 12, count % 12 + 1, 1)
