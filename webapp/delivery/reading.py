"""The worker's reading of QuickBooks' lists: what changed every few minutes, all of them daily or when asked.

A reading dates what it does ahead, which keeps other workers away and lets one of them try again should this
process die.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from webapp.clock import now
from webapp.db import transaction
from webapp.errors import AppError
from webapp.integrations import connections, preferences
from webapp.links import changes_feed, directory, runs
from webapp.models import Connection, ConnectionStatus

logger = logging.getLogger("webapp.delivery")

READING: Final = timedelta(minutes=10)  # more than the largest company's lists need
READING_CHANGES: Final = timedelta(minutes=3)
AFTER_FAILURE: Final = timedelta(minutes=1)
TOLD_AFTER: Final = timedelta(minutes=15)
"""A failure that may pass by itself is told people once the lists are as old as this."""
AGAIN: Final = timedelta(days=1)


def refresh_lists(moment: datetime) -> bool:
    """Read the lists of one company for which that was asked; returns whether there was one."""
    asked = (Connection.lists_requested_at <= moment) & _unread()
    connection = _first(asked & _usable(moment), Connection.lists_requested_at)
    if connection is None:
        return False
    lease = moment + READING
    if not _redate(connection, Connection.lists_requested_at, connection.lists_requested_at, lease):
        return True
    try:
        with connections.client_for(connection) as client:
            directory.refresh(connection, client)
        preferences.note_problems(Connection.get_by_id(connection.id))
    except AppError as error:
        logger.warning("lists of connection %s were not read: %s", connection.id, error.code)
        connections.note_failure(connection, error)
        # what cannot pass by itself waits for somebody to ask again
        again = now() + AFTER_FAILURE if error.retryable else None
        _redate(connection, Connection.lists_requested_at, lease, again)
    else:
        _redate(connection, Connection.lists_requested_at, lease, None)
    return True


def read_changes(moment: datetime) -> bool:
    """Read what changed in one company's lists, if that is due; returns whether there was one."""
    is_due = (Connection.changes_due_at <= moment) & Connection.changes_since.is_null(False)
    is_idle = Connection.lists_requested_at.is_null() | ~_unread()
    connection = _first(is_due & is_idle & _usable(moment), Connection.changes_due_at)
    if connection is None:
        return False
    lease = moment + READING_CHANGES
    if not _redate(connection, Connection.changes_due_at, connection.changes_due_at, lease):
        return True
    again = now() + changes_feed.EVERY
    try:
        with connections.client_for(connection) as client:
            outcome = changes_feed.read(connection, client)
    except AppError as error:
        logger.warning("changes of connection %s were not read: %s", connection.id, error.code)
        connections.note_failure(connection, error)
        _tell(connection, error)
        again = now() + AFTER_FAILURE if error.retryable else again
    else:
        if outcome.is_partial:
            directory.request_refresh(Connection.get_by_id(connection.id))
        if outcome.others:
            preferences.note_problems(Connection.get_by_id(connection.id))
    # an earlier date stays, since QuickBooks has told of more meanwhile
    _redate(connection, Connection.changes_due_at, lease, again)
    return True


def request_daily(moment: datetime) -> None:
    """Have all lists read anew of the companies for which that is due; again after a day at the soonest."""
    is_due = (Connection.lists_due_at <= moment) & Connection.lists_requested_at.is_null() & _usable(moment)
    if Connection.select(Connection.id).where(is_due).exists():
        with transaction():
            Connection.update(lists_requested_at=moment, lists_due_at=moment + AGAIN).where(is_due).execute()


def _tell(connection: Connection, error: AppError) -> None:
    """Keep an error for people to see, unless it is of a kind that comes and goes."""
    if not error.retryable or now() - connection.changes_since > TOLD_AFTER:
        with transaction():
            runs.update(connection, lists_error=error.code)


def _usable(moment: datetime) -> Any:
    return (Connection.status == ConnectionStatus.CONNECTED) | (
        (Connection.status == ConnectionStatus.PAUSED) & (Connection.paused_until <= moment)
    )


def _unread() -> Any:
    return Connection.lists_read_at.is_null() | (Connection.lists_read_at < Connection.lists_requested_at)


def _first(condition: Any, date: Any) -> Connection | None:
    found: Connection | None = Connection.select().where(condition).order_by(date).first()
    return found


def _redate(connection: Connection, date: Any, seen: datetime, to: datetime | None) -> bool:
    """Change a date unless somebody else has done so since."""
    with transaction():
        changed = (
            Connection.update({date: to}).where((Connection.id == connection.id) & (date == seen)).execute()
        )
    return bool(changed == 1)
