"""JSON text with exact decimals: what comes in stays Decimal and goes out in the same digits."""

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

import orjson

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
            json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except RecursionError as error:
        raise JsonError("nested too deeply") from error
    except ValueError as error:
        raise JsonError(str(error)) from error
    return value


def dumps(value: Any) -> str:
    """Write a value as compact JSON text in UTF-8 characters, decimals in plain digits.

    Raises RecursionError for what is nested more deeply than the writer goes.
    """
    try:
        return orjson.dumps(value, default=_decimal).decode()
    except TypeError as error:
        if "Recursion limit" in str(error):
            raise RecursionError(str(error)) from error
        raise


def plain(number: Decimal) -> str:
    """Write a decimal in digits without an exponent and without trailing zeros."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _decimal(value: Any) -> orjson.Fragment:
    if type(value) is not Decimal:
        raise TypeError(f"{type(value).__name__} has no place in a stored object")
    return orjson.Fragment(plain(value))
