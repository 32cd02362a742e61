"""Single values of a request, each by its kind: texts, numbers, dates, truth and words of an enumeration.

A value that was sent empty is None.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from . import clock, faults, rules
from .books import Body

# Intuit documents amounts as 10.5 digits and prices up to 99999999999.
MOST_DIGITS = 11
MOST_DECIMALS = 12
EMPTY = ("", None)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ZERO = Decimal(0)
# The references of an object, each with the name of its field.
References = list[tuple[str, Body]]
# From a sent value to the clean one; references are noted on the way.
Reader = Callable[[Any, References], Any]


def reader(field: rules.Field, name: str) -> Reader:
    """What reads a field that holds a single value; it raises Fault 2010, 2040, 2050 or 2080."""
    if field.kind in ("string", "id"):
        return _text(field.limit, name)
    if field.kind == "decimal":
        return _decimal(field, name)
    return _single(_SCALARS.get(field.kind, _enumerated), field, name)


def _text(limit: int | None, name: str) -> Reader:
    def read(value: Any, found: References) -> Any:
        if type(value) is not str:
            if value is None:
                return None
            _refuse_structure(value, name)
            value = str(value).lower() if isinstance(value, bool) else str(value)
        if not value:
            return None
        if limit and len(value) > limit:
            raise faults.too_long(name, limit)
        if not value.isprintable() and _CONTROL.search(value):
            raise faults.bad_text(name)
        return value

    return read


def _decimal(field: rules.Field, name: str) -> Reader:
    def read(value: Any, found: References) -> Any:
        if type(value) is not Decimal:
            if value in EMPTY:
                return None
            _refuse_structure(value, name)
        return _number(value, field, name)

    return read


def _single(read_value: Callable[[Any, rules.Field, str], Any], field: rules.Field, name: str) -> Reader:
    def read(value: Any, found: References) -> Any:
        if value is None or value == "":
            return None
        _refuse_structure(value, name)
        return read_value(value, field, name)

    return read


def _refuse_structure(value: Any, name: str) -> None:
    if isinstance(value, dict | list):
        _refuse(name, "a single value")


def _refuse(name: str, wanted: str) -> NoReturn:
    raise faults.bad_property(f"{name} must be {wanted};")


def _number(value: Any, field: rules.Field, name: str) -> Decimal:
    number = value if type(value) is Decimal else _parsed(value, name)
    # What is written in so few characters is within both limits; counting digits takes much longer.
    text = str(number)
    if number and (len(text) > MOST_DIGITS or "E" in text) and _is_beyond(number):
        raise faults.bad_number(name)
    if field.range and not field.range[0] <= number <= field.range[1]:
        raise faults.bad_number(name)
    return number if number else _ZERO


def _is_beyond(number: Decimal) -> bool:
    return number.adjusted() >= MOST_DIGITS or int(number.as_tuple().exponent) < -MOST_DECIMALS


def _parsed(value: Any, name: str) -> Decimal:
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except (InvalidOperation, TypeError, ValueError):
        raise faults.bad_number(name) from None
    if isinstance(value, bool) or not number.is_finite():
        raise faults.bad_number(name)
    return number


def _integer(value: Any, field: rules.Field, name: str) -> int:
    number = _number(value, field, name)
    if number != number.to_integral_value():
        raise faults.bad_number(name)
    return int(number)


def _boolean(value: Any, field: rules.Field, name: str) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    _refuse(name, "true or false")


def _date(value: Any, field: rules.Field, name: str) -> str:
    text = str(value)
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        _refuse(name, "a date")
    if len(text) > 10 and text[10] not in "T-+Z":
        _refuse(name, "a date")
    return day.isoformat()


def _moment(value: Any, field: rules.Field, name: str) -> str:
    try:
        clock.instant(str(value))
    except (ValueError, OverflowError):
        _refuse(name, "a date and time")
    return str(value)


def _enumerated(value: Any, field: rules.Field, name: str) -> str:
    if not isinstance(value, str) or value not in rules.enumeration(field.kind):
        _refuse(name, "one of " + ", ".join(sorted(rules.enumeration(field.kind))))
    return str(value)


_SCALARS: dict[str, Callable[[Any, rules.Field, str], Any]] = {
    "int": _integer,
    "boolean": _boolean,
    "date": _date,
    "dateTime": _moment,
}
