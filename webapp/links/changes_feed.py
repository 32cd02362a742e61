"""Follows QuickBooks' lists by what changed since they were last read; one call for all of them.

The feed looks 30 days back, has 1,000 objects at most and does not know tax codes. What it may have left out,
and what it does not know, is read with all lists anew, daily anyhow.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/changedatacapture
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from webapp import config
from webapp.clock import now
from webapp.db import transaction
from webapp.integrations.webhooks import Event
from webapp.links import mirroring, runs
from webapp.links.refreshing import EVERY, tracked
from webapp.models import Connection, ConnectionStatus, DocumentStatus, ListKind
from webapp.quickbooks.changes import Changes
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.lists import LISTS

__all__ = ["EVERY", "Outcome", "expect", "read"]

OVERLAP: Final = timedelta(minutes=5)
"""What is asked for twice, since clocks differ and a change may be told late."""
LOOK_BACK: Final = timedelta(days=29)
NOT_TOLD: Final = frozenset({ListKind.TAX_CODE})
CLOSEST: Final = timedelta(seconds=15)
"""What webhooks bring about at the most: one reading in this time."""
MOST_EVENTS: Final = 1000


@dataclass(frozen=True)
class Outcome:
    """What a reading of changes found: how many entries differed, and whether all lists must be read anew."""

    parties: int = 0
    others: int = 0
    is_partial: bool = False


def read(connection: Connection, client: QuickBooksClient) -> Outcome:
    """Take over what changed since the lists were last read; twice the same does nothing the second time.

    Call it outside a transaction. What comes next begins where this reading did, by the earlier of our clock
    and QuickBooks'.

    Raises:
        AppError: what the client raised; the lists stay as they were.
    """
    begun = now()
    last: datetime = connection.changes_since
    since = last - OVERLAP
    if begun - since > LOOK_BACK:
        return Outcome(is_partial=True)
    kinds = [kind for kind in tracked(connection.company) if kind not in NOT_TOLD]
    names = [LISTS[kind.value] for kind in kinds]
    told = client.changes(names, since)
    if told.is_full:  # perhaps only because of what was asked for twice
        told = client.changes(names, last)
    told_at = told.told_at or begun
    if told.is_full or told_at - since > LOOK_BACK:
        return Outcome(is_partial=True)
    found = _take(connection, kinds, told)
    values: dict[str, Any] = {"changes_since": min(begun, told_at)}
    if not connection.lists_progress:  # else the last reading of all lists failed, which is still so
        values["lists_error"] = ""
    with transaction():
        runs.update(connection, **values)
    return found


def _take(connection: Connection, kinds: list[ListKind], told: Changes) -> Outcome:
    mirror = mirroring.Mirror.of(connection)
    parties = others = 0
    for kind in kinds:
        entities = told.objects.get(LISTS[kind.value], [])
        with transaction():
            number = mirror.take_changes(kind, entities)
            if number and kind not in mirroring.PARTIES:
                DocumentStatus.mark_for_check(connection.workspace_id)
        if kind in mirroring.PARTIES:
            parties += number
        else:
            others += number
    return Outcome(parties, others)


def expect(events: Iterable[Event]) -> None:
    """Have the changes that QuickBooks tells of read soon, and note what it says was merged.

    Events of companies that nobody is connected to are passed over, as are those that were told before.
    """
    by_company: dict[str, list[Event]] = {}
    for event in events:
        by_company.setdefault(event.realm_id, []).append(event)
    here = config.current().intuit_environment
    for realm_id, theirs in by_company.items():
        living = (Connection.realm_id == realm_id) & (Connection.environment == here)
        connection = Connection.get_or_none(living & (Connection.status != ConnectionStatus.DISCONNECTED))
        if connection is not None and connection.changes_since is not None:
            _expect(connection, theirs)


def _expect(connection: Connection, events: list[Event]) -> None:
    soon = max(now(), connection.changes_since + CLOSEST)
    mirror = mirroring.Mirror.of(connection)
    merged: dict[ListKind, dict[str, str]] = {}
    for event in events[:MOST_EVENTS]:
        if event.merged and event.merged != event.remote_id:
            merged.setdefault(event.kind, {})[event.merged] = event.remote_id
    with transaction():
        Connection.update(changes_due_at=soon).where(
            (Connection.id == connection.id) & (Connection.changes_due_at > soon)
        ).execute()
        for kind, pairs in merged.items():
            mirror.note_merged(kind, pairs)
