"""Everything in the sandbox that outlives a request."""

from collections import deque
from typing import Any, cast

from flask import current_app

from . import choices, sample
from .clock import Clock
from .failures import Failures
from .grants import Grants
from .identity import SigningKey
from .store import Store
from .throttling import Throttle
from .webhooks import Webhooks

LOG_LENGTH = 1000


class Sandbox:
    """The parts of one running sandbox.

    path: the store's SQLite file, or None for memory. rotate_after: see Grants. throttle: whether calls
    are counted and refused as Intuit does.
    """

    def __init__(self, path: str | None, rotate_after: int, throttle: bool = False):
        self.store = Store(path)
        self.clock = Clock(self.store)
        self.grants = Grants(self.store, self.clock, rotate_after)
        self.signing_key = SigningKey(self.store)
        self.failures = Failures()
        self.webhooks = Webhooks()
        self.throttle = Throttle() if throttle else None
        self.request_log: deque[dict[str, Any]] = deque(maxlen=LOG_LENGTH)
        sample.restore_if_empty(self.store, self.clock.now())

    def reset(self) -> None:
        """Restore sample data and real time and forget everything but the tokens."""
        self.clock.reset()
        sample.restore(self.store, self.clock.now())
        with self.store.writing() as db:
            choices.forget(db)
        self.failures.clear()
        self.request_log.clear()
        self.webhooks.forget()
        if self.throttle:
            self.throttle.clear()


def sandbox() -> Sandbox:
    """The sandbox that serves the running request."""
    return cast(Sandbox, current_app.extensions["sandbox"])
