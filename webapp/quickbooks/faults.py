"""Reading fault bodies: which of our errors an answer of QuickBooks is. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from webapp.quickbooks import errors

# https://developer.intuit.com/app/developer/qbo/docs/develop/troubleshooting/error-codes
BY_CODE: dict[str, type[errors.QuickBooksError]] = {
    "120": errors.NotAuthorised,
    "610": errors.ObjectNotFound,
    "2500": errors.InvalidReference,
    "3001": errors.Throttled,
    "3100": errors.NotAuthorised,
    "3200": errors.AuthExpired,
    "5010": errors.StaleObject,
    "5020": errors.FeatureMissing,
    "6140": errors.DuplicateNumber,
    "6190": errors.SubscriptionEnded,
    "6200": errors.ClosedPeriod,
    "6210": errors.ClosedPeriod,
    "6240": errors.DuplicateName,
}
FIRST_SEVERE_CODE = 10_000
NUMBER_OWNER = re.compile(
    r"DocNumber=.* is assigned to TxnType=(?P<type>.+?) with TxnId=(?P<id>\w+)", re.DOTALL
)
LONGEST_MESSAGE = 500


def parse_fault(http_status: int, headers: Mapping[str, str], body_text: str) -> errors.QuickBooksError:
    """The error that an answer of the accounting API stands for; never raises.

    Reads the usual fault, the lower-case one of status 401, and bodies that are no fault at all.
    """
    found = read_errors(body_text)
    chosen = next((error for error in found if error.code in BY_CODE), found[0] if found else None)
    kind = _kind(http_status, found, chosen)
    facts: dict[str, Any] = {
        "provider_code": (chosen.code or None) if chosen else None,
        "trace_id": header(headers, "intuit_tid"),
        "http_status": http_status,
        "errors": found,
    }
    if kind is errors.Throttled:
        facts["retry_after"] = _retry_after(headers)
    if kind is errors.DuplicateNumber and chosen and (owner := NUMBER_OWNER.search(chosen.detail)):
        facts |= {"existing_id": owner["id"], "existing_type": owner["type"]}
    return kind(_message(http_status, chosen), **facts)


def read_errors(body_text: str) -> tuple[errors.FaultError, ...]:
    """The entries of a fault body in either of Intuit's spellings; empty when it is no fault."""
    try:
        body = json.loads(body_text)
    except (ValueError, RecursionError):
        return ()
    fault = _get(body, "Fault")
    entries = _get(fault, "Error")
    if not isinstance(entries, list):
        # A fault without a list still says what type it is
        return (errors.FaultError(message=_text(fault, "type")),) if isinstance(fault, dict) else ()
    return tuple(
        errors.FaultError(
            _text(entry, "Message"),
            _text(entry, "Detail"),
            _text(entry, "code").lstrip("0"),
            _text(entry, "element"),
        )
        for entry in entries
    )


def header(headers: Mapping[str, str], name: str) -> str | None:
    """A header by its name, whatever the case of its letters; None when missing."""
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _kind(
    status: int, found: tuple[errors.FaultError, ...], chosen: errors.FaultError | None
) -> type[errors.QuickBooksError]:
    if status == 429:
        return errors.Throttled
    if chosen and chosen.code in BY_CODE:
        return BY_CODE[chosen.code]
    if status >= 500 or any(_is_severe(error.code) for error in found):
        return errors.ServerFault
    if status == 401:
        return errors.AuthExpired
    if not found:
        return errors.UnexpectedAnswer
    return errors.NotAuthorised if status == 403 else errors.Refused


def _is_severe(code: str) -> bool:
    return code.isdecimal() and int(code) >= FIRST_SEVERE_CODE


def _retry_after(headers: Mapping[str, str]) -> int:
    value = header(headers, "retry-after") or ""
    return int(value) if re.fullmatch(r"[1-9]\d{0,3}", value) else errors.THROTTLE_PAUSE


def _message(status: int, chosen: errors.FaultError | None) -> str:
    if chosen is None:
        return f"HTTP {status} without a fault that can be read"
    words = ": ".join(part for part in (chosen.code, chosen.message, chosen.detail) if part)
    return words[:LONGEST_MESSAGE] or f"HTTP {status}"


def _get(value: object, key: str) -> object:
    """A member under its usual name or, as in answers of status 401, with a small first letter."""
    if not isinstance(value, dict):
        return None
    return value.get(key, value.get(key[0].lower() + key[1:]))


def _text(value: object, key: str) -> str:
    found = _get(value, key)
    return "" if found is None else str(found)
