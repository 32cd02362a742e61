"""JSON text with exact decimals: what comes in stays Decimal, what goes out is never a float."""

import json
from collections.abc import Callable
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, NoReturn

_TEXT = encode_basestring


class JsonError(ValueError):
    """The text is not JSON that the server is willing to read."""


def loads(text: bytes | str) -> Any:
    """Read JSON text, with every number as Decimal.

    Raises JsonError for wrong JSON, for NaN and Infinity, and for text that is not UTF-8 or holds half a
    surrogate pair, since neither could be stored or sent back.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant)
        _TEXT(text).encode("utf-8")
    except RecursionError as error:
        raise JsonError("nested too deeply") from error
    except ValueError as error:
        raise JsonError(str(error)) from error
    return value


def dumps(value: Any) -> str:
    """Write a value as compact JSON text in UTF-8 characters, decimals in plain digits."""
    write = _WRITERS.get(type(value))
    if write is None:
        raise TypeError(f"{type(value).__name__} has no place in a stored object")
    return write(value)


def plain(number: Decimal) -> str:
    """Write a decimal in digits without an exponent and without trailing zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not a JSON number")


def _object(value: dict[str, Any]) -> str:
    return "{" + ",".join([f"{_TEXT(key)}:{dumps(item)}" for key, item in value.items()]) + "}"


def _list(value: list[Any] | tuple[Any, ...]) -> str:
    return "[" + ",".join([dumps(item) for item in value]) + "]"


# By the very type, since a busy server writes nothing so often as these.
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _TEXT,
    dict: _object,
    list: _list,
    tuple: _list,
    Decimal: plain,
    int: str,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
}
