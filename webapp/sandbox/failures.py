"""Failures on order: what the control page asks to go wrong, and how it then goes wrong."""

import socket
import threading
import time
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from . import authfaults, bookfaults, clock, faults

KINDS = (
    "429",
    "500",
    "500_html",
    "503",
    "401",
    "slow",
    "drop_before",
    "drop_after",
    "closed_books",
    "subscription_ended",
    "closed_without_password",
    "no_rights",
    "duplicate_request",
)
_FAULTS = {
    "429": faults.throttled,
    "500": faults.system_fault,
    "closed_books": faults.closed_books,
    "subscription_ended": faults.subscription_ended,
    "closed_without_password": bookfaults.closed_without_password,
    "no_rights": authfaults.no_rights,
    "duplicate_request": bookfaults.duplicate_request,
}
_PAGES = {"500_html": (500, "Internal Server Error"), "503": (503, "Service Unavailable")}
_OAUTH_ENTITIES = {"/oauth2/v1/tokens/bearer": "token", "/v2/oauth2/tokens/revoke": "revoke"}
LONGEST_WAIT = 600
INVALID_TOKEN = {"WWW-Authenticate": 'Bearer realm="Intuit", error="invalid_token"'}


class FailureError(ValueError):
    """The order for a failure cannot be understood."""


@dataclass
class Failure:
    """The next `times` calls that match fail in one way."""

    kind: str
    times: int = 1
    method: str | None = None
    entity: str | None = None
    seconds: float = 1.0

    def matches(self, method: str, entity: str) -> bool:
        """Whether a call is meant; without an entity every accounting call is, but no OAuth call."""
        meant = self.entity == entity if self.entity else entity not in _OAUTH_ENTITIES.values()
        return meant and self.method in (None, method)


class Failures:
    """The failures still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Failure] = []

    def order(self, wish: dict[str, Any]) -> None:
        """Take an order; raises FailureError for one that cannot be understood."""
        failure = _read_order(wish)
        with self._lock:
            self._waiting.append(failure)

    def clear(self) -> None:
        """Forget every failure that has not happened yet."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[dict[str, Any]]:
        """The failures still to come."""
        with self._lock:
            return [vars(failure).copy() for failure in self._waiting]

    def take(self, method: str, entity: str) -> Failure | None:
        """Use up one failure that matches a call."""
        with self._lock:
            for failure in self._waiting:
                if failure.matches(method, entity):
                    failure.times -= 1
                    if not failure.times:
                        self._waiting.remove(failure)
                    return failure
        return None


def entity_of(path: str) -> str | None:
    """What a failure calls the address: an entity's path, "query", "token" or "revoke"; None for all else."""
    parts = path.split("/")
    if path.startswith("/v3/company/"):
        return parts[4].lower() if len(parts) > 4 else ""
    return _OAUTH_ENTITIES.get(path)


def begin(failure: Failure, now: int) -> Response | None:
    """Let a call fail before it does anything; None lets it go on."""
    if failure.kind == "slow":
        time.sleep(failure.seconds)
    if failure.kind in ("drop_before", "drop_after"):
        g.drop = True
    if failure.kind == "drop_before":
        return Response(status=503)
    if failure.kind == "401":
        return unauthorized(now)
    if failure.kind in _PAGES:
        status, words = _PAGES[failure.kind]
        return Response(f"<html><body><h1>{words}</h1></body></html>", status, mimetype="text/html")
    if failure.kind in _FAULTS:
        fault = _FAULTS[failure.kind]()
        return Response(fault.body(clock.answer_time(now)), fault.status, mimetype="application/json")
    return None


def unauthorized(now: int) -> Response:
    """The answer to a call without a good token."""
    return Response(authfaults.unauthorized_body(now), 401, INVALID_TOKEN, mimetype="application/json")


def cut_connection() -> None:
    """Close the client's connection so that no answer arrives."""
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _read_order(wish: dict[str, Any]) -> Failure:
    unknown = set(wish) - {"kind", "times", "method", "entity", "seconds"}
    if unknown:
        raise FailureError(f"unknown: {', '.join(sorted(unknown))}")
    kind, times, seconds = str(wish.get("kind")), wish.get("times", 1), wish.get("seconds", 1.0)
    if kind not in KINDS:
        raise FailureError(f"kind must be one of {', '.join(KINDS)}")
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise FailureError("times must be a whole number from 1")
    if not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_WAIT:
        raise FailureError(f"seconds must lie between 0 and {LONGEST_WAIT}")
    method, entity = wish.get("method"), wish.get("entity")
    return Failure(kind, times, method and str(method).upper(), entity and str(entity).lower(), seconds)
