"""From a request's JSON to clean values: unknown keys, wrong types and over-long texts are refused here.

A clean value holds only text, bool, int, Decimal, lists and dicts. `None` stands for a field that was
sent empty, which a create ignores and an update takes as "clear it".
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from . import clock, entities, faults, rules
from .books import Body

# Intuit documents amounts as 10.5 digits and prices up to 99999999999.
MOST_DIGITS = 11
MOST_DECIMALS = 12
LONGEST_ADDRESS = 2000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EMPTY = ("", None)
# References that name objects of several kinds, and say which.
_TYPED = ("EntityRef", "Entity")


def clean_object(type_name: str, value: Any, name: str) -> Body:
    """Check an object against its type and return its clean fields.

    name: how the object is called in a refusal. Raises Fault 2010, 2040, 2050 or 2080.
    """
    if not isinstance(value, dict):
        raise faults.bad_property(f"{name} must be an object;")
    known = rules.fields(type_name)
    clean: Body = {}
    for key, item in value.items():
        field = known.get(key)
        if field is None:
            raise faults.unknown_property(key, type_name, known)
        if not field.read_only:
            clean[key] = _clean_field(field, item, key)
    _check_whole(type_name, clean, name)
    return clean


def _check_whole(type_name: str, clean: Body, name: str) -> None:
    """Apply the rules that concern an object as a whole rather than one field."""
    if type_name == "PhysicalAddress":
        total = sum(len(clean.get(f"Line{number}") or "") for number in range(1, 6))
        if total > LONGEST_ADDRESS:
            raise faults.too_long(name, LONGEST_ADDRESS)
    if type_name == "EmailAddress" and clean.get("Address"):
        for address in clean["Address"].split(","):
            if not _EMAIL.fullmatch(address.strip()):
                raise faults.business(f"{clean['Address']} is not an e-mail address", name)


def _clean_field(field: rules.Field, value: Any, name: str) -> Any:
    if field.is_list:
        if value in _EMPTY:
            return []
        if not isinstance(value, list):
            raise faults.bad_property(f"{name} must be a list;")
        items = (_clean_value(field, item, name) for item in value)
        return [item for item in items if item is not None]
    return _clean_value(field, value, name)


def _clean_value(field: rules.Field, value: Any, name: str) -> Any:
    if value is None or value == "":
        return None
    if rules.is_type(field.kind):
        return _clean_inner(field.kind, value, name)
    if isinstance(value, dict | list):
        if field.kind == "any":
            return None
        _refuse(name, "a single value")
    if field.kind in _SCALARS:
        return _SCALARS[field.kind](value, field, name)
    return _enumerated(value, field, name)


def _clean_inner(type_name: str, value: Any, name: str) -> Body | None:
    """A nested object without its empty fields; a reference to nothing is nothing."""
    clean = {key: item for key, item in clean_object(type_name, value, name).items() if item is not None}
    if type_name == "ReferenceType":
        kept = ("value", "type") if name in _TYPED else ("value",)
        return {key: clean[key] for key in kept if key in clean} if "value" in clean else None
    if type_name not in entities.BY_NAME:
        for wanted in rules.required(type_name):
            if wanted not in clean:
                raise faults.required(wanted)
    # An empty line detail still says what kind of line it is; any other empty object says nothing.
    return clean if clean or type_name.endswith("Detail") else None


def _refuse(name: str, wanted: str) -> NoReturn:
    raise faults.bad_property(f"{name} must be {wanted};")


def _text(value: Any, field: rules.Field, name: str) -> str:
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    if field.limit and len(text) > field.limit:
        raise faults.too_long(name, field.limit)
    if _CONTROL.search(text):
        raise faults.bad_text(name)
    return text


def _decimal(value: Any, field: rules.Field, name: str) -> Decimal:
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except (InvalidOperation, TypeError, ValueError):
        raise faults.bad_number(name) from None
    if isinstance(value, bool) or not number.is_finite():
        raise faults.bad_number(name)
    if number and (number.adjusted() >= MOST_DIGITS or int(number.as_tuple().exponent) < -MOST_DECIMALS):
        raise faults.bad_number(name)
    if field.range and not field.range[0] <= number <= field.range[1]:
        raise faults.bad_number(name)
    return number if number else Decimal(0)


def _integer(value: Any, field: rules.Field, name: str) -> int:
    number = _decimal(value, field, name)
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


def _anything(value: Any, field: rules.Field, name: str) -> None:
    """Fields that Intuit's schema keeps for itself are accepted and dropped."""


def _enumerated(value: Any, field: rules.Field, name: str) -> str:
    if not isinstance(value, str) or value not in rules.enumeration(field.kind):
        _refuse(name, "one of " + ", ".join(sorted(rules.enumeration(field.kind))))
    return str(value)


_SCALARS: dict[str, Callable[[Any, rules.Field, str], Any]] = {
    "string": _text,
    "id": _text,
    "decimal": _decimal,
    "int": _integer,
    "boolean": _boolean,
    "date": _date,
    "dateTime": _moment,
    "any": _anything,
}
