"""JSON text with exact decimals: what comes in stays Decimal, what goes out is never a float."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NoReturn

_TEXT = encode_basestring
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class JsonError(ValueError):
    """The text is not JSON that the server is willing to read."""


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not a JSON number")


_READER = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant)


def loads(text: bytes | str) -> Any:
    """Read JSON text, with every number as Decimal.

    Raises JsonError for wrong JSON, for NaN and Infinity, and for text that is not UTF-8 or holds half a
    surrogate pair, since neither could be stored or sent back.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value = _READER.decode(text)
        if _SURROGATE.search(text):
            dumps(value).encode("utf-8")
    except RecursionError as error:
        raise JsonError("nested too deeply") from error
    except ValueError as error:
        raise JsonError(str(error)) from error
    return value


def dumps(value: Any) -> str:
    """Write a value as compact JSON text in UTF-8 characters, decimals in plain digits.

    By the very type, and texts without a call of their own, since a busy server does little else so often.
    """
    kind = type(value)
    if kind is dict:
        parts = [
            _key(key) + (_TEXT(item) if type(item) is str else dumps(item)) for key, item in value.items()
        ]
        return "{" + ",".join(parts) + "}"
    write = _WRITERS.get(kind)
    if write is None:
        raise TypeError(f"{kind.__name__} has no place in a stored object")
    return write(value)


def plain(number: Decimal) -> str:
    """Write a decimal in digits without an exponent and without trailing zeros."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@lru_cache(4096)
def _key(name: str) -> str:
    return f"{_TEXT(name)}:"


def _list(value: list[Any] | tuple[Any, ...]) -> str:
    return "[" + ",".join([dumps(item) for item in value]) + "]"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _TEXT,
    list: _list,
    tuple: _list,
    Decimal: plain,
    int: str,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
}
