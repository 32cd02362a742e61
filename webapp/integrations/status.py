"""The state of a connection: what it is called, and what moves it from one state to another."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from webapp.clock import now
from webapp.db import transaction
from webapp.errors import ProviderError
from webapp.models import (
    Connection,
    ConnectionStatus,
    Delivery,
    DeliveryState,
    DocumentStatus,
    record,
)
from webapp.quickbooks.errors import AuthExpired, NotAuthorised, SubscriptionEnded, Throttled

logger = logging.getLogger("webapp.integrations")

CONSENT_WARNING = timedelta(days=14)
USABLE = (ConnectionStatus.CONNECTED, ConnectionStatus.PAUSED)
THROTTLED = "throttled"
SUBSCRIPTION_PAUSE = 3600  # seconds until a lapsed subscription is tried again


class NotConnected(ProviderError):
    """There is no connection, or no longer to this company."""

    code = "not_connected"


class ReconnectNeeded(ProviderError):
    """QuickBooks refuses our tokens: somebody has to consent again; the queue waits until then."""

    code = "reconnect_needed"


def status_of(connection: Connection | None) -> str:
    """A connection's status: a stored one, or derived as follows.

    ``not_connected`` without a row; ``paused`` until a pause for throttling is over by itself, or for
    another reason until a call succeeds; ``attention_needed`` when it works but ``attention`` has something.
    """
    if connection is None:
        return "not_connected"
    if connection.status in {ConnectionStatus.DISCONNECTED, ConnectionStatus.RECONNECT_NEEDED}:
        return str(connection.status)
    if is_paused(connection):
        return str(ConnectionStatus.PAUSED)
    return "attention_needed" if attention(connection) else str(ConnectionStatus.CONNECTED)


def is_paused(connection: Connection) -> bool:
    """Whether the connection waits: for a time, or until the reason is gone."""
    if connection.status != ConnectionStatus.PAUSED:
        return False
    over = connection.paused_until is not None and connection.paused_until <= now()
    return not (over and connection.pause_reason == THROTTLED)


def attention(connection: Connection) -> list[str]:
    """What must be done although the connection works.

    ``consent_ends``: within 14 days. ``lists_failed``: the last reading of QuickBooks' lists did.
    ``mappings_gone``: an account, item, code or term that was chosen is not there any more.
    """
    found = []
    ends = consent_ends_at(connection)
    if ends is not None and ends - now() <= CONSENT_WARNING:
        found.append("consent_ends")
    if connection.lists_error:
        found.append("lists_failed")
    if connection.mappings_gone:
        found.append("mappings_gone")
    return found


def consent_ends_at(connection: Connection) -> datetime | None:
    """When the consent ends if the connection is not used from now on; None when that is not known."""
    ends = [connection.refresh_expires_at, connection.refresh_hard_expires_at]
    return min((end for end in ends if end is not None), default=None)


def mark_reconnect_needed(connection: Connection, reason: str) -> None:
    """Stop using a grant that QuickBooks refuses; its queue waits and nothing is lost.

    ``connection`` is the row as it was before the call: what was connected anew since stays as it is.
    """
    with transaction():
        changed = (
            Connection.update(
                status=ConnectionStatus.RECONNECT_NEEDED, status_since=now(), refresh_lease_until=None
            )
            .where(_same_grant(connection) & Connection.status.in_(USABLE))
            .execute()
        )
        if changed:
            _record(connection.id, "connection.reconnect_needed", reason)
            logger.warning("connection %s needs reconnecting: %s", connection.id, reason)


def pause(connection: Connection, seconds: float, reason: str) -> None:
    """Make no calls for a while; a longer pause that is under way stays.

    ``connection`` is the row as it was before the call: what was connected anew since is not paused.
    """
    moment = now()
    until = moment + timedelta(seconds=seconds)
    with transaction():
        begun = (
            Connection.update(status=ConnectionStatus.PAUSED, status_since=moment)
            .where(_same_grant(connection) & (Connection.status == ConnectionStatus.CONNECTED))
            .execute()
        )
        longer = Connection.paused_until.is_null() | (Connection.paused_until < until)
        Connection.update(paused_until=until, pause_reason=reason).where(
            _same_grant(connection) & (Connection.status == ConnectionStatus.PAUSED) & longer
        ).execute()
        if begun and reason != THROTTLED:
            _record(connection.id, "connection.paused", reason)


def note_success(connection_id: int) -> None:
    """Remember that QuickBooks answered; a pause whose time is over ends, and one whose reason is gone.

    Throttling is not: an answer that was on its way says nothing of the calls that come next.
    """
    moment = now()
    over = (Connection.paused_until <= moment) | (Connection.pause_reason != THROTTLED)
    with transaction():
        Connection.update(last_success_at=moment).where(Connection.id == connection_id).execute()
        ended = (
            Connection.update(
                status=ConnectionStatus.CONNECTED, status_since=moment, paused_until=None, pause_reason=""
            )
            .where((Connection.id == connection_id) & (Connection.status == ConnectionStatus.PAUSED) & over)
            .execute()
        )
        if ended:
            wake_queue(connection_id)


def note_failure(connection: Connection, error: Exception) -> None:
    """Draw the consequence of a failed call for the whole connection, if it has one.

    ``connection`` is the row as it was before the call, so that the late answer to an old grant harms no
    new one.
    """
    if isinstance(error, (AuthExpired, NotAuthorised)):
        mark_reconnect_needed(connection, error.code)
    elif isinstance(error, Throttled):
        pause(connection, error.retry_after, THROTTLED)
    elif isinstance(error, SubscriptionEnded):
        pause(connection, SUBSCRIPTION_PAUSE, error.code)


def wake_queue(connection_id: int) -> None:
    """Have what waits in a connection's queue tried at once, in the caller's transaction."""
    moment = now()
    Delivery.update(next_attempt_at=moment).where(
        (Delivery.connection == connection_id)
        & (Delivery.state == DeliveryState.QUEUED)
        & (Delivery.next_attempt_at > moment)
    ).execute()


def _same_grant(connection: Connection) -> Any:
    """The row, as long as nobody has consented anew since it was read."""
    return (Connection.id == connection.id) & (Connection.connected_at == connection.connected_at)


def _record(connection_id: int, verb: str, reason: str) -> None:
    wanted = Connection.select(Connection.id, Connection.workspace, Connection.company_name)
    connection = wanted.where(Connection.id == connection_id).get()
    record(
        connection.workspace_id,
        None,
        verb,
        ("connection", connection_id),
        company=connection.company_name,
        reason=reason,
    )
    DocumentStatus.mark_for_check(connection.workspace_id)
