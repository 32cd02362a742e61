"""Reads numbers and dates as people in the United States and Canada write them, refusing what is unclear.

Numbers: the decimal mark is a point or a comma; groups of three are parted by one kind of space, comma, point
or apostrophe. When point and comma both occur, the last one is the decimal mark. A mark that occurs more than
once parts groups. A single comma before exactly three digits ("1,250") means 1250 in an amount of money,
which has no thousandths; where three decimals are possible (quantities, unit prices) it is refused as
ambiguous. A minus sign or parentheses make a number negative; "$", "CA$", "US$" and "C$" may stand before or
after it.

Dates: 2026-11-24 (also with / or .), or day and month in either order before the year when only one reading
is possible: 24/11/2026 and 11/24/2026 are the same day, 05/05/2026 is clear, 05/11/2026 is refused.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from webapp.imports.problems import ValueProblem

LARGEST: Final = Decimal(10) ** 11
"""QuickBooks takes amounts up to 99,999,999,999."""

_CURRENCY: Final = re.compile(r"^(?:CA|US|C)?\$|\$(?:\s?(?:CA|US))?$", re.IGNORECASE)
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:([\s\u2019',.])[0-9]{3}(?:\1[0-9]{3})*)?|[0-9]{1,40}")
_ISO: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")


def decimal(text: str, places: int) -> Decimal:
    """Read a number with at most ``places`` decimals.

    Raises:
        ValueProblem: ``number``, ``ambiguous_number``, ``too_many_decimals`` or ``number_too_large``.
    """
    digits, negative = _unsigned(text.strip())
    value = Decimal(_plain(digits, places))
    if value >= LARGEST:
        raise ValueProblem("number_too_large")
    if value != value.quantize(Decimal(1).scaleb(-places)):
        raise ValueProblem("too_many_decimals", places=places)
    return -value if negative and value else value


def _unsigned(text: str) -> tuple[str, bool]:
    negative = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if negative else text.replace("\u2212", "-")
    text = _CURRENCY.sub("", text, count=1).strip()
    if text.startswith("-") or text.endswith("-"):
        if negative:
            raise ValueProblem("number")
        negative = True
        text = _CURRENCY.sub("", text.removeprefix("-").removesuffix("-").strip(), count=1).strip()
    return text, negative


def _plain(text: str, places: int) -> str:
    """The number with a point as its only mark."""
    whole, decimals = _parts(text, places)
    if not _GROUPED.fullmatch(whole) or not re.fullmatch(r"[0-9]{0,40}", decimals):
        raise ValueProblem("number")
    return f"{re.sub('[^0-9]', '', whole)}.{decimals or 0}"


def _parts(text: str, places: int) -> tuple[str, str]:
    """What stands before and after the decimal mark."""
    marks = {mark: text.count(mark) for mark in ".," if mark in text}
    last = max(marks, key=text.rfind, default="")
    if not last:
        return text, ""
    if marks[last] > 1:
        # a mark that occurs twice parts groups, and the other mark cannot stand before it
        return text, ""
    whole, _, decimals = text.rpartition(last)
    if last == "," and _could_be_group(whole, decimals):
        if places > 2:
            raise ValueProblem("ambiguous_number")
        return text, ""
    return whole or ("0" if decimals else ""), decimals


def _could_be_group(whole: str, decimals: str) -> bool:
    return len(decimals) == 3 and re.fullmatch(r"[1-9][0-9]{0,2}", whole) is not None


def day(text: str) -> date:
    """Read a date; raises ValueProblem ``date`` or ``ambiguous_date``."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _date(int(found[1]), int(found[3]), int(found[4]))
    found = _DAY_FIRST.fullmatch(text)
    if found is None:
        raise ValueProblem("date")
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if first <= 12 and second <= 12 and first != second:
        raise ValueProblem("ambiguous_date")
    return _date(year, second, first) if first > 12 else _date(year, first, second)


def _date(year: int, month: int, day_: int) -> date:
    try:
        found = date(year, month, day_)
    except ValueError as error:
        raise ValueProblem("date") from error
    if not 1990 <= year <= 2100:
        raise ValueProblem("date")
    return found
