"""One reading of all lists: how far it is, for people to see and for another worker to go on from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from peewee import Expression, fn

from webapp.clock import now
from webapp.models import Connection, DirectoryEntry, ListKind

RESUMABLE: Final = timedelta(hours=1)
"""How old a run that was cut off may be; what was read before that is read anew."""


@dataclass(frozen=True)
class Progress:
    """How far a refresh is: ``done`` lists ``of`` all, and the ``entries`` so far of the one being read."""

    list: ListKind
    done: int
    of: int
    entries: int


@dataclass
class Run:
    """One reading of all lists.

    ``reached`` is the list that it was cut off in, ``counts`` has the entries of each list that was begun.
    """

    number: int
    started: datetime
    reached: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection) -> Run:
        """The run that did not come to its end, if it is young enough to go on; else a new one."""
        kept = noted(connection)
        if kept is not None:
            started = datetime.fromisoformat(kept["started"])
            if started <= now() < started + RESUMABLE:
                return cls(kept["run"], started, kept["list"], kept["counts"])
        return cls(_last_number(connection) + 1, now())

    def note(self, connection: Connection, kinds: list[ListKind], place: int) -> None:
        """Write down how far it is, in the caller's transaction."""
        kind = kinds[place].value
        shown = {"list": kind, "done": place, "of": len(kinds), "entries": self.counts[kind]}
        kept = {"run": self.number, "started": self.started.isoformat(), "realm_id": connection.realm_id}
        update(connection, lists_progress={**shown, **kept, "counts": self.counts})


def progress(kept: dict[str, Any] | None) -> Progress | None:
    """How far the run is that was noted; None when none was."""
    return Progress(ListKind(kept["list"]), kept["done"], kept["of"], kept["entries"]) if kept else None


def noted(connection: Connection) -> dict[str, Any] | None:
    """What a reading of this company has noted of itself."""
    kept: dict[str, Any] = connection.lists_progress
    return kept if kept.get("realm_id") == connection.realm_id else None


def of_company(connection: Connection) -> Expression:
    """The condition of the entries of a connection's company."""
    return (DirectoryEntry.workspace == connection.workspace_id) & (
        DirectoryEntry.realm_id == connection.realm_id
    )


def update(connection: Connection, **values: object) -> None:
    """Write to the connection unless it was tied to another company meanwhile."""
    same = (Connection.id == connection.id) & (Connection.realm_id == connection.realm_id)
    Connection.update(**values).where(same).execute()


def _last_number(connection: Connection) -> int:
    return DirectoryEntry.select(fn.MAX(DirectoryEntry.seen_in)).where(of_company(connection)).scalar() or 0
