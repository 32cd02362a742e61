"""JSON text with exact decimals: what comes in stays Decimal, what goes out is never a float."""

import json
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
    if isinstance(value, str):
        return _TEXT(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_TEXT(key)}:{dumps(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(dumps, value)) + "]"
    if isinstance(value, Decimal):
        return plain(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a stored object")


def plain(number: Decimal) -> str:
    """Write a decimal in digits without an exponent and without trailing zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not a JSON number")
