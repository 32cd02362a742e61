"""What the worker does beside sending: states computed anew, lists read, what is over thrown away."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from webapp.clock import now
from webapp.db import transaction
from webapp.delivery import outbox
from webapp.documents import service as documents
from webapp.errors import AppError
from webapp.integrations import connections, preferences
from webapp.jobs import service as jobs
from webapp.links import directory, rebuilding, suggesting
from webapp.models import Connection, ConnectionStatus, OAuthState

logger = logging.getLogger("webapp.delivery")

BATCH: Final = 50
READING: Final = timedelta(minutes=10)  # more than the largest company's lists need
AFTER_FAILURE: Final = timedelta(minutes=1)
TIDY_EVERY: Final = timedelta(minutes=1)


class Housekeeping:
    """The worker's other duties; an object only to remember when it tidied up last."""

    def __init__(self) -> None:
        self._tidied_at: datetime | None = None

    def round(self) -> bool:
        """Do what is due; returns whether there may be more at once."""
        checked = documents.recheck(BATCH)
        read = refresh_lists(now())
        self._tidy(now())
        return checked == BATCH or read

    def _tidy(self, moment: datetime) -> None:
        if self._tidied_at is not None and moment - self._tidied_at < TIDY_EVERY:
            return
        self._tidied_at = moment
        outbox.fail_strays(moment)
        if OAuthState.select().where(OAuthState.expires_at < moment).exists():
            OAuthState.delete().where(OAuthState.expires_at < moment).execute()


def refresh_lists(moment: datetime) -> bool:
    """Read the lists of one company for which that was asked; returns whether there was one.

    While they are read the request is dated ahead, which keeps other workers away and lets one of them try
    again should this process die.
    """
    connection = _wanted(moment)
    if connection is None:
        return False
    lease = moment + READING
    if not _redate(connection.id, connection.lists_requested_at, lease):
        return True
    try:
        with connections.client_for(connection) as client:
            directory.refresh(connection, client)
        preferences.note_problems(Connection.get_by_id(connection.id))
        for kind in (rebuilding.KIND, suggesting.KIND):
            jobs.start_once(connection.workspace_id, kind)
    except AppError as error:
        logger.warning("lists of connection %s were not read: %s", connection.id, error.code)
        connections.note_failure(connection, error)
        # what cannot pass by itself waits for somebody to ask again
        _redate(connection.id, lease, now() + AFTER_FAILURE if error.retryable else None)
    else:
        _redate(connection.id, lease, None)
    return True


def _wanted(moment: datetime) -> Connection | None:
    usable = (Connection.status == ConnectionStatus.CONNECTED) | (
        (Connection.status == ConnectionStatus.PAUSED) & (Connection.paused_until <= moment)
    )
    asked = Connection.lists_requested_at <= moment
    unread = Connection.lists_read_at.is_null() | (Connection.lists_read_at < Connection.lists_requested_at)
    return Connection.select().where(usable & asked & unread).order_by(Connection.lists_requested_at).first()


def _redate(connection_id: int, seen: datetime, to: datetime | None) -> bool:
    """Change a request's date unless somebody else has done so since."""
    with transaction():
        changed = (
            Connection.update(lists_requested_at=to)
            .where((Connection.id == connection_id) & (Connection.lists_requested_at == seen))
            .execute()
        )
    return changed == 1
