"""Collects the reasons why a document cannot be sent, all at once and each only once."""

from __future__ import annotations

from webapp.accounting.sources import Reason


class Reasons:
    """An ordered list of reasons without repeats."""

    def __init__(self) -> None:
        self._found: list[Reason] = []

    def add(self, code: str, fix: str, **facts: str) -> None:
        """Note a reason: its stable code, the place to fix it and the facts for the sentence."""
        self.note(Reason(code, fix, facts))

    def note(self, reason: Reason | None) -> None:
        """Note a reason made elsewhere; None and repeats are passed over."""
        if reason is not None and reason not in self._found:
            self._found.append(reason)

    def all(self) -> tuple[Reason, ...]:
        """The reasons in the order in which they were found."""
        return tuple(self._found)
