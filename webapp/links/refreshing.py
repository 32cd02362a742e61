"""Reads QuickBooks' lists into our mirror, list by list, and says how far it is.

A run has a number, which every entry that it sees gets. A run that was cut off goes on under its number with
the list that it was at, a page before the entry that it was at, so that what it saw before the cut still
counts as seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, TypeVar

from webapp.clock import now
from webapp.db import transaction
from webapp.errors import AppError
from webapp.jobs import service as jobs
from webapp.links import conflict_rows, mirroring, rebuilding, runs
from webapp.links.runs import Progress, Run
from webapp.models import Connection, DirectoryEntry, DocumentStatus, ListKind
from webapp.quickbooks import query
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.lists import LISTS, company_facts, row_for

__all__ = ["Progress", "progress", "refresh", "refresh_pending", "request_refresh", "tracked"]

BATCH: Final = 500
PAGE: Final = query.LARGEST_PAGE
"""What is read again after a cut, in case that some of what was read before was deleted meanwhile."""
DOUBTED: Final = 200
"""How many ids are asked for at once of what was not seen; pages miss what moves between them."""
EVERY: Final = timedelta(minutes=5)
"""How often changes are asked for after that."""
DAY: Final = timedelta(days=1)
QUIET_HOUR: Final = 8
"""By UTC, which is in the night of the United States and Canada."""
NEAR: Final = timedelta(hours=6)
TRACKED: Final = {ListKind.CLASS: "class_tracking", ListKind.LOCATION: "location_tracking"}

Row = TypeVar("Row")


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
    return runs.progress(runs.noted(connection)) if refresh_pending(connection) else None


def refresh(connection: Connection, client: QuickBooksClient) -> dict[str, int]:
    """Read every list of the company, inactive entries included; what is not there any more is deleted.

    Call it outside a transaction: the lists are fetched page by page and written in short transactions.
    ``lists_read_at`` becomes the moment of the start; the request itself is the worker's to take back.

    Returns:
        How many entries each list has, by kind.

    Raises:
        AppError: what the client raised; its code is kept as ``lists_error``, the old lists stay in use.
    """
    run = Run.of(connection)
    try:
        facts = company_facts(client.company_info(), client.preferences())
        kinds = tracked(facts)
        first = kinds.index(ListKind(run.reached)) if run.reached in kinds else 0
        for place in range(first, len(kinds)):
            _mirror(connection, client, run, kinds, place)
    except AppError as error:
        with transaction():
            runs.update(connection, lists_error=error.code)
        raise
    with transaction():
        _end(connection, run, facts)
    return {kind.value: run.counts[kind.value] for kind in kinds if kind.value in run.counts}


def tracked(facts: Mapping[str, Any]) -> list[ListKind]:
    """The lists that a company has."""
    return [kind for kind in ListKind if kind not in TRACKED or facts.get(TRACKED[kind])]


def _mirror(
    connection: Connection, client: QuickBooksClient, run: Run, kinds: list[ListKind], place: int
) -> None:
    """Read one list; an entry that this run did not see is deleted, unless it was made meanwhile."""
    kind, mirror = kinds[place], mirroring.Mirror.of(connection)
    seen = run.counts.get(kind.value, 0) if kind.value == run.reached else 0
    run.counts[kind.value] = max(seen - PAGE, 0)
    start = run.counts[kind.value] + 1
    with transaction():
        run.note(connection, kinds, place)
    entities = client.query(LISTS[kind.value], include_inactive=True, start=start)
    for batch in _batches((row_for(kind.value, entity) for entity in entities), BATCH):
        run.counts[kind.value] += len(batch)
        with transaction():
            mirror.take(kind, batch, run.number)
            run.note(connection, kinds, place)
    for unseen in _batches(_unseen(connection, run, kind), DOUBTED):
        where = query.one_of("Id", unseen)
        found = client.query(LISTS[kind.value], where, include_inactive=True)
        there = {row.remote_id: row for row in (row_for(kind.value, entity) for entity in found)}
        gone = [remote_id for remote_id in unseen if remote_id not in there]
        with transaction():
            mirror.take(kind, there.values(), run.number)
            mirror.lose(kind, gone)
            run.note(connection, kinds, place)


def _unseen(connection: Connection, run: Run, kind: ListKind) -> list[str]:
    """The entries of a list that this run did not come across, but for those that were made meanwhile."""
    is_unseen = (DirectoryEntry.seen_in < run.number) & (DirectoryEntry.updated_at < run.started)
    listed = runs.of_company(connection) & (DirectoryEntry.kind == kind) & ~DirectoryEntry.deleted
    found = DirectoryEntry.select(DirectoryEntry.remote_id).where(listed & is_unseen)
    return [remote_id for (remote_id,) in found.tuples()]


def _end(connection: Connection, run: Run, facts: Mapping[str, Any]) -> None:
    """Note that all lists were read, and have done what follows from it."""
    runs.update(
        connection,
        company=facts,
        company_name=facts["company_name"] or connection.company_name,
        lists_read_at=run.started,
        lists_error="",
        lists_progress={},
        lists_due_at=_next(run.started),
        changes_since=run.started,
        changes_due_at=run.started + EVERY,
    )
    DocumentStatus.mark_for_check(connection.workspace_id)
    jobs.start_once(connection.workspace_id, rebuilding.KIND)
    conflict_rows.look_again(connection.workspace_id)


def _next(started: datetime) -> datetime:
    """When to read all lists anew: at the next quiet hour that is not too near, after a day at the latest."""
    quiet = started.replace(hour=QUIET_HOUR, minute=0, second=0, microsecond=0)
    while quiet < started + NEAR:
        quiet += DAY
    return min(quiet, started + DAY)


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch
