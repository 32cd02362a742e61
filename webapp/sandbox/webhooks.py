"""Webhooks: what was written is told to one address on this computer, signed, and again when it fails.

https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks
"""

import base64
import hashlib
import heapq
import hmac
import http.client
import itertools
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from . import notifications
from .notifications import Event

# The wait before each further try, and how many seconds one of these minutes lasts here by default.
RETRY_MINUTES = (20, 30, 50)
MINUTE_SECONDS = 1.0
RETRIED = frozenset({408, 500, 502, 503, 504})
ANSWER_SECONDS = 3.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Published on purpose, as the client secret is.
VERIFIER = "sandbox-verifier"
LOG_LENGTH = 200


class WebhookError(ValueError):
    """The wish for webhooks cannot be understood."""


@dataclass(frozen=True)
class Target:
    """Where notifications go, and how."""

    url: str
    format: str = "cloudevents"
    verifier: str = VERIFIER
    minute_seconds: float = MINUTE_SECONDS


@dataclass
class Delivery:
    """One notification on its way: its statuses so far, None for a try without an answer."""

    target: Target
    body: bytes
    statuses: list[int | None] = field(default_factory=list)
    state: str = "waiting"

    def shown(self) -> dict[str, Any]:
        """What the control address tells about it."""
        return {"state": self.state, "statuses": list(self.statuses), "body": self.body.decode()}


class Webhooks:
    """The sender: a thread that starts with the first notification and sends each when it is due."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Delivery]] = []
        self._order = itertools.count()
        self._log: deque[Delivery] = deque(maxlen=LOG_LENGTH)
        self._thread: threading.Thread | None = None
        self.target: Target | None = None

    def aim(self, wish: dict[str, Any]) -> None:
        """Send from now on as wished; raises WebhookError for what cannot be understood."""
        target = _read_target(wish)
        with self._changed:
            self.target = target

    def forget(self) -> None:
        """Send nothing more, not even what is waiting."""
        with self._changed:
            self.target = None
            self._due.clear()
            self._log.clear()

    def deliveries(self) -> list[dict[str, Any]]:
        """What was sent and what is waiting, oldest first."""
        with self._changed:
            return [delivery.shown() for delivery in self._log]

    def publish(self, realm: str, events: Iterable[Event], now: int) -> None:
        """Tell the target what a write did; without a target or events nothing happens."""
        told = list(dict.fromkeys(events))
        with self._changed:
            if self.target is None or not told:
                return
            body = notifications.FORMATS[self.target.format](realm, told, now)
            delivery = Delivery(self.target, body)
            self._log.append(delivery)
            self._queue(delivery, 0)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()

    def _queue(self, delivery: Delivery, seconds: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), delivery))
        self._changed.notify()

    def _run(self) -> None:
        while True:
            delivery = self._next()
            status = _send(delivery.target, delivery.body)
            with self._changed:
                self._settle(delivery, status)

    def _next(self) -> Delivery:
        """Wait for the next delivery that is due."""
        with self._changed:
            while True:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)

    def _settle(self, delivery: Delivery, status: int | None) -> None:
        delivery.statuses.append(status)
        tries = len(delivery.statuses)
        if status is not None and 200 <= status < 300:
            delivery.state = "delivered"
        elif (status is None or status in RETRIED) and tries <= len(RETRY_MINUTES):
            if self.target is not None:
                self._queue(delivery, RETRY_MINUTES[tries - 1] * delivery.target.minute_seconds)
        else:
            delivery.state = "dropped"


def signature(verifier: str, body: bytes) -> str:
    """The value of the header intuit-signature."""
    return base64.b64encode(hmac.digest(verifier.encode(), body, hashlib.sha256)).decode()


def _send(target: Target, body: bytes) -> int | None:
    """Try once; the status, or None when no answer came in time. Redirects are not followed."""
    parts = urlsplit(target.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    headers = {"Content-Type": "application/json", "intuit-signature": signature(target.verifier, body)}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _read_target(wish: dict[str, Any]) -> Target:
    url, form = wish.get("url"), wish.get("format", Target.format)
    verifier, minute = wish.get("verifier", VERIFIER), wish.get("minute_seconds", MINUTE_SECONDS)
    if not isinstance(url, str) or not _is_loopback(url):
        raise WebhookError("url must be an http address on this computer")
    if form not in notifications.FORMATS:
        raise WebhookError(f"format must be one of {', '.join(notifications.FORMATS)}")
    if not isinstance(verifier, str) or not verifier:
        raise WebhookError("verifier must be a text")
    if not isinstance(minute, int | float) or isinstance(minute, bool) or not 0 < minute <= 60:
        raise WebhookError("minute_seconds must lie between 0 and 60")
    return Target(url, form, verifier, float(minute))


def _is_loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
        safe = address.isascii() and address.isprintable() and " " not in address
        return safe and parts.scheme == "http" and parts.hostname in LOOPBACK and parts.port != 0
    except ValueError:
        return False
