"""Connections for the rest of the program: find one, get a client for it, count its calls."""

from __future__ import annotations

from datetime import date, timedelta

from webapp.clock import now
from webapp.db import transaction
from webapp.integrations import pacing
from webapp.integrations.status import (
    CONSENT_WARNING,
    NotConnected,
    ReconnectNeeded,
    attention,
    consent_ends_at,
    is_paused,
    mark_reconnect_needed,
    note_failure,
    note_success,
    pause,
    status_of,
    wake_queue,
)
from webapp.integrations.tokens import RefreshBusy, access_token, credentials, endpoints
from webapp.models import CallCount, Connection, ConnectionStatus
from webapp.quickbooks.client import QuickBooksClient

READ_LIMIT = 500_000  # reads a month that Intuit's free tier has; writes are free

__all__ = [
    "CONSENT_WARNING",
    "READ_LIMIT",
    "NotConnected",
    "ReconnectNeeded",
    "RefreshBusy",
    "access_token",
    "attention",
    "calls_this_month",
    "client_for",
    "consent_ends_at",
    "count_call",
    "credentials",
    "endpoints",
    "is_paused",
    "living",
    "mark_reconnect_needed",
    "next_month",
    "note_failure",
    "note_success",
    "pause",
    "status_of",
    "wake_queue",
]


def living(workspace_id: int) -> Connection | None:
    """The workspace's QuickBooks connection, unless it is disconnected or never was."""
    connection = Connection.of(workspace_id)
    return None if connection is None or connection.status == ConnectionStatus.DISCONNECTED else connection


def client_for(connection: Connection) -> QuickBooksClient:
    """A client for the connection's company, with tokens that renew themselves and calls that are counted.

    Its calls raise, besides ``webapp.quickbooks.errors``, what ``access_token`` raises; hand failures to
    ``note_failure``. Not inside a transaction.
    """
    connection_id, realm_id = connection.id, connection.realm_id
    given = ""

    def newest() -> str:
        nonlocal given
        given = access_token(connection_id, realm_id=realm_id)
        return given

    def renewed() -> str:
        nonlocal given
        given = access_token(connection_id, realm_id=realm_id, refused=given)
        return given

    def answered(kind: str) -> None:
        with transaction():
            count_call(connection_id, kind)
            note_success(connection_id)

    return QuickBooksClient(
        endpoints(),
        realm_id,
        newest,
        on_unauthorized=renewed,
        before_call=lambda: pacing.take_turn(connection_id),
        on_call=answered,
    )


def count_call(connection_id: int, kind: str) -> None:
    """Count one ``read`` (which Intuit meters) or ``write`` in the current month."""
    column = CallCount.reads if kind == "read" else CallCount.writes
    CallCount.insert(
        connection=connection_id, month=_month(), reads=int(kind == "read"), writes=int(kind != "read")
    ).on_conflict(
        conflict_target=[CallCount.connection, CallCount.month], update={column: column + 1}
    ).execute()


def calls_this_month(connection_id: int) -> CallCount | None:
    """This month's counts, None before the first call."""
    return CallCount.get_or_none((CallCount.connection == connection_id) & (CallCount.month == _month()))


def next_month() -> date:
    """The first day of the next month, from which calls are counted anew."""
    return (now().replace(day=1) + timedelta(days=32)).replace(day=1).date()


def _month() -> str:
    return now().strftime("%Y-%m")
