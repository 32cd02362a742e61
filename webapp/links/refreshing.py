"""Reads QuickBooks' lists into our mirror, list by list, and says how far it is.

A run has a number, which every entry that it sees gets. A run that was cut off goes on under its number with
the list that it was at, so that an entry of that list seen before the cut still counts as seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, TypeVar

from peewee import Expression, fn

from webapp.clock import now
from webapp.db import transaction
from webapp.errors import AppError
from webapp.links.mirror_rows import columns_of, upsert
from webapp.models import Connection, DirectoryEntry, DocumentStatus, ListKind
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.lists import LISTS, company_facts, row_for

BATCH: Final = 500
RESUMABLE: Final = timedelta(hours=1)
"""How old a run that was cut off may be; what was read before that is read anew."""
TRACKED: Final = {ListKind.CLASS: "class_tracking", ListKind.LOCATION: "location_tracking"}

Row = TypeVar("Row")


@dataclass(frozen=True)
class Progress:
    """How far a refresh is: ``done`` lists ``of`` all, and the ``entries`` so far of the one being read."""

    list: ListKind
    done: int
    of: int
    entries: int


@dataclass
class _Run:
    """One reading of all lists; ``counts`` has the entries of each list that was begun."""

    number: int
    started: datetime
    reached: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def refresh_pending(connection: Connection) -> bool:
    """Whether a refresh was asked for that has neither ended nor failed yet."""
    asked, read = connection.lists_requested_at, connection.lists_read_at
    return asked is not None and (read is None or asked > read)


def request_refresh(connection: Connection) -> None:
    """Have the worker read the lists anew; a request that still waits is left as it is."""
    if refresh_pending(connection):
        return
    with transaction():
        Connection.update(lists_requested_at=now(), lists_error="", lists_progress={}).where(
            Connection.id == connection.id
        ).execute()


def progress(connection: Connection) -> Progress | None:
    """How far the refresh under way is; None when none is, or its first list is yet to come."""
    kept = _kept(connection) if refresh_pending(connection) else None
    if kept is None:
        return None
    return Progress(ListKind(kept["list"]), kept["done"], kept["of"], kept["entries"])


def refresh(connection: Connection, client: QuickBooksClient) -> dict[str, int]:
    """Read every list of the company, inactive entries included; what is not there any more is inactive.

    Call it outside a transaction: the lists are fetched page by page and written in short transactions.
    ``lists_read_at`` becomes the moment of the start; the request itself is the worker's to take back.

    Returns:
        How many entries each list has, by kind.

    Raises:
        AppError: what the client raised; its code is kept as ``lists_error``, the old lists stay in use.
    """
    run = _cut_off(connection) or _Run(_next_number(connection), now())
    try:
        facts = company_facts(client.company_info(), client.preferences())
        kinds = _kinds(facts)
        first = kinds.index(ListKind(run.reached)) if run.reached in kinds else 0
        for place in range(first, len(kinds)):
            _mirror(connection, client, run, kinds, place)
    except AppError as error:
        with transaction():
            _update(connection, lists_error=error.code)
        raise
    with transaction():
        name = facts["company_name"] or connection.company_name
        ended = {"lists_read_at": run.started, "lists_error": "", "lists_progress": {}}
        _update(connection, company=facts, company_name=name, **ended)
        DocumentStatus.mark_for_check(connection.workspace_id)
    return {kind.value: run.counts[kind.value] for kind in kinds if kind.value in run.counts}


def _kept(connection: Connection) -> dict[str, Any] | None:
    """What a refresh of this company has noted of itself."""
    kept: dict[str, Any] = connection.lists_progress
    return kept if kept.get("realm_id") == connection.realm_id else None


def _cut_off(connection: Connection) -> _Run | None:
    """The run that did not come to its end, if it is young enough to go on."""
    kept = _kept(connection)
    if kept is None:
        return None
    started = datetime.fromisoformat(kept["started"])
    if not started <= now() < started + RESUMABLE:
        return None
    return _Run(kept["run"], started, kept["list"], kept["counts"])


def _next_number(connection: Connection) -> int:
    last = DirectoryEntry.select(fn.MAX(DirectoryEntry.seen_in)).where(_company(connection)).scalar()
    return (last or 0) + 1


def _kinds(facts: Mapping[str, Any]) -> list[ListKind]:
    return [kind for kind in ListKind if kind not in TRACKED or facts[TRACKED[kind]]]


def _mirror(
    connection: Connection, client: QuickBooksClient, run: _Run, kinds: list[ListKind], place: int
) -> None:
    """Read one list; an entry that this run did not see is inactive, unless it was made meanwhile."""
    kind = kinds[place]
    run.counts[kind.value] = 0
    with transaction():
        _note(connection, run, kinds, place)
    entities = client.query(LISTS[kind.value], include_inactive=True)
    for batch in _batches(row_for(kind.value, entity) for entity in entities):
        rows = [columns_of(connection.workspace_id, connection.realm_id, row) for row in batch]
        run.counts[kind.value] += len(batch)
        with transaction():
            _note(connection, run, kinds, place)
            upsert([{**row, "seen_in": run.number} for row in rows])
    unseen = (DirectoryEntry.seen_in < run.number) & (DirectoryEntry.updated_at < run.started)
    with transaction():
        DirectoryEntry.update(active=False).where(
            _company(connection) & (DirectoryEntry.kind == kind) & DirectoryEntry.active & unseen
        ).execute()


def _note(connection: Connection, run: _Run, kinds: list[ListKind], place: int) -> None:
    """Write down how far the run is, for people to see and for another worker to go on from."""
    kind = kinds[place].value
    shown = {"list": kind, "done": place, "of": len(kinds), "entries": run.counts[kind]}
    kept = {"run": run.number, "started": run.started.isoformat(), "realm_id": connection.realm_id}
    _update(connection, lists_progress={**shown, **kept, "counts": run.counts})


def _company(connection: Connection) -> Expression:
    return (DirectoryEntry.workspace == connection.workspace_id) & (
        DirectoryEntry.realm_id == connection.realm_id
    )


def _update(connection: Connection, **values: object) -> None:
    """Write to the connection unless it was tied to another company meanwhile."""
    same = (Connection.id == connection.id) & (Connection.realm_id == connection.realm_id)
    Connection.update(**values).where(same).execute()


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch
