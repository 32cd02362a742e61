"""From a request's JSON to clean values: unknown keys, wrong types and over-long texts are refused here.

A clean value holds only text, bool, int, Decimal, lists and dicts. `None` stands for a field that was
sent empty, which a create ignores and an update takes as "clear it". Every field of every type gets a reader
of its own on first use: which rules it has to keep is decided then, not at every call.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from . import entities, faults, rules, values
from .books import Body
from .values import EMPTY, Reader, References

LONGEST_ADDRESS = 2000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
REFERENCE = "ReferenceType"
# References that name objects of several kinds, and say which.
TYPED = ("EntityRef", "Entity")


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
    elif field.kind == "any":
        # Fields that Intuit's schema keeps for itself are accepted and dropped.
        read = _nothing
    else:
        read = values.reader(field, name)
    return _several(read, name) if field.is_list else read


def _nothing(value: Any, found: References) -> None:
    return None


def _several(read_one: Reader, name: str) -> Reader:
    def read(value: Any, found: References) -> Any:
        if value in EMPTY:
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
        if value in EMPTY:
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
    read_value = values.reader(rules.fields(REFERENCE)["value"], "value")

    def read(value: Any, found: References) -> Any:
        if value in EMPTY:
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
