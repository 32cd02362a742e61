"""Throttling as Intuit publishes it: calls per company, per company and app, and batches.

https://developer.intuit.com/app/developer/qbo/docs/learn/limits-and-throttles
"""

import threading
from collections import deque
from typing import NamedTuple

from . import faults


class Limit(NamedTuple):
    """At most `calls` in any `seconds`, counted for the company or for each app in it.

    kind: the calls that are counted; empty for all of them.
    """

    calls: int
    seconds: float
    per_app: bool
    kind: str = ""


LIMITS = (
    Limit(500, 60, per_app=False),
    Limit(10, 1, per_app=True),
    Limit(40, 60, per_app=True, kind="batch"),
    Limit(120, 60, per_app=False, kind="batch"),
    Limit(40, 86_400, per_app=False, kind="e-mail"),
)


class Throttle:
    """Counts the calls that were let in; a call that is refused does not count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: dict[tuple[Limit, str, str], deque[float]] = {}

    def admit(self, realm: str, app: str, kind: str, now: float) -> None:
        """Count a call at the time `now` in seconds; raises Fault 3001 when a limit is reached.

        kind: "batch", "e-mail", or empty for any other call.
        """
        limits = [limit for limit in LIMITS if limit.kind in ("", kind)]
        with self._lock:
            counted = [self._recent(limit, realm, app if limit.per_app else "", now) for limit in limits]
            if any(len(times) >= limit.calls for limit, times in zip(limits, counted, strict=True)):
                raise faults.throttled()
            for times in counted:
                times.append(now)

    def clear(self) -> None:
        """Forget every call."""
        with self._lock:
            self._times.clear()

    def _recent(self, limit: Limit, realm: str, app: str, now: float) -> deque[float]:
        """The times of the calls that still count; a clock that was set back makes all of them forgotten."""
        times = self._times.setdefault((limit, realm, app), deque())
        if times and times[-1] > now:
            times.clear()
        while times and times[0] <= now - limit.seconds:
            times.popleft()
        return times
