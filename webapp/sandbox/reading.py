"""From a request's JSON to clean values: unknown keys, wrong types and over-long texts are refused here.

A clean value holds only text, bool, int, Decimal, lists and dicts. `None` stands for a field that was
sent empty, which a create ignores and an update takes as "clear it". Every field of every type gets a reader
of its own on first use: which rules it has to keep is decided then, not at every call.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
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
_ZERO = Decimal(0)
REFERENCE = "ReferenceType"
# References that name objects of several kinds, and say which.
TYPED = ("EntityRef", "Entity")
# The references of an object, each with the name of its field.
References = list[tuple[str, Body]]
# From a sent value to the clean one; references are noted on the way.
Reader = Callable[[Any, References], Any]


def clean_object(type_name: str, value: Any, name: str, found: References) -> Body:
    """Check an object against its type and return its clean fields.

    name: how the object is called in a refusal. found: takes its references, which are not looked up here.
    Raises Fault 2010, 2040, 2050 or 2080.
    """
    if not isinstance(value, dict):
        raise faults.bad_property(f"{name} must be an object;")
    readers = _readers(type_name)
    clean: Body = {}
    for key, item in value.items():
        try:
            read = readers[key]
        except KeyError:
            raise faults.unknown_property(key, type_name, readers) from None
        if read is not None:
            clean[key] = read(item, found)
    if type_name in _WHOLE:
        _WHOLE[type_name](clean, name)
    return clean


def is_reference(name: str) -> bool:
    """Whether a field of this name refers to an object that must exist."""
    return name in TYPED or name.endswith("Ref") or name in entities.REFERENCES


@cache
def _readers(type_name: str) -> dict[str, Reader | None]:
    """The reader of each field of a type; None for what only the server writes."""
    return {
        name: None if field.read_only else _reader(field, name)
        for name, field in rules.fields(type_name).items()
    }


def _reader(field: rules.Field, name: str) -> Reader:
    if field.kind == REFERENCE:
        read = _reference(name)
    elif rules.is_type(field.kind):
        read = _inner(field.kind, name)
    elif field.kind in ("string", "id"):
        read = _text(field.limit, name)
    elif field.kind == "decimal":
        read = _decimal(field, name)
    elif field.kind == "any":
        # Fields that Intuit's schema keeps for itself are accepted and dropped.
        read = _nothing
    else:
        read = _single(_SCALARS.get(field.kind, _enumerated), field, name)
    return _several(read, name) if field.is_list else read


def _nothing(value: Any, found: References) -> None:
    return None


def _several(read_one: Reader, name: str) -> Reader:
    def read(value: Any, found: References) -> Any:
        if value in _EMPTY:
            return []
        if not isinstance(value, list):
            raise faults.bad_property(f"{name} must be a list;")
        return [clean for item in value if (clean := read_one(item, found)) is not None]

    return read


def _inner(type_name: str, name: str) -> Reader:
    """A nested object without its empty fields."""
    required = () if type_name in entities.BY_NAME else rules.required(type_name)
    # An empty line detail still says what kind of line it is; any other empty object says nothing.
    means_something = type_name.endswith("Detail")

    def read(value: Any, found: References) -> Any:
        if value in _EMPTY:
            return None
        clean = clean_object(type_name, value, name, found)
        for empty in [key for key, item in clean.items() if item is None]:
            del clean[empty]
        for wanted in required:
            if wanted not in clean:
                raise faults.required(wanted)
        return clean if clean or means_something else None

    return read


def _reference(name: str) -> Reader:
    """A reference; one to nothing is nothing."""
    kept = ("value", "type") if name in TYPED else ("value",)
    noted = is_reference(name)
    read_value = _text(rules.fields(REFERENCE)["value"].limit, "value")

    def read(value: Any, found: References) -> Any:
        if value in _EMPTY:
            return None
        if type(value) is dict and len(value) == 1 and "value" in value:
            # As most are: no need to walk over one field.
            reference = {"value": read_value(value["value"], found)}
        else:
            clean = clean_object(REFERENCE, value, name, found)
            reference = {key: clean[key] for key in kept if clean.get(key)}
        if not reference.get("value"):
            return None
        if noted:
            found.append((name, reference))
        return reference

    return read


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
            if value in _EMPTY:
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


def _check_address(clean: Body, name: str) -> None:
    if sum(len(clean.get(f"Line{number}") or "") for number in range(1, 6)) > LONGEST_ADDRESS:
        raise faults.too_long(name, LONGEST_ADDRESS)


def _check_email(clean: Body, name: str) -> None:
    for address in clean["Address"].split(",") if clean.get("Address") else ():
        if not _EMAIL.fullmatch(address.strip()):
            raise faults.business(f"{clean['Address']} is not an e-mail address", name)


# The rules that concern an object as a whole rather than one field.
_WHOLE: dict[str, Callable[[Body, str], None]] = {
    "PhysicalAddress": _check_address,
    "EmailAddress": _check_email,
}
