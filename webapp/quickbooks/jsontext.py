"""JSON with exact money: Decimals out as plain numbers, and in again as Decimals. Pure."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any


def dump(payload: dict[str, Any]) -> bytes:
    """The payload as UTF-8 JSON with its keys sorted, so that equal payloads are equal bytes.

    Raises:
        TypeError: for a value that JSON or money does not have, floats among them.
        ValueError: for a Decimal that is no number.
    """
    return _text(payload).encode()


def load(text: str) -> Any:
    """What a JSON text says, with every fraction as an exact Decimal.

    Raises:
        ValueError: when the text is not JSON.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None


def _text(value: object) -> str:
    if isinstance(value, dict):
        members = (f"{_string(key)}:{_text(value[key])}" for key in sorted(value))
        return "{" + ",".join(members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(member) for member in value) + "]"
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("not a number")
        return f"{value:f}"
    if isinstance(value, date):
        return _string(value.isoformat())
    if value is None or isinstance(value, bool | int | str):
        return _string(value)
    raise TypeError(f"{type(value).__name__} cannot be sent to QuickBooks")


def _string(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
