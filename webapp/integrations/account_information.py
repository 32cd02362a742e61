"""Account Information: what is known of the connection, trying it out, and ending it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from webapp import config
from webapp.clock import now
from webapp.crypto import UnreadableSecret
from webapp.db import transaction
from webapp.errors import ProviderError
from webapp.integrations import connections, permissions
from webapp.models import (
    Connection,
    ConnectionStatus,
    Delivery,
    DeliveryState,
    DocumentStatus,
    Link,
    LinkState,
    Provider,
    User,
    record,
)
from webapp.quickbooks import oauth
from webapp.quickbooks.errors import InvalidGrant

logger = logging.getLogger("webapp.integrations")

MOST_COUNTED = 10_000  # a card need not count further
WIPED: dict[str, Any] = {
    "access_token": None,
    "access_expires_at": None,
    "refresh_token": None,
    "refresh_expires_at": None,
    "refresh_hard_expires_at": None,
    "refresh_lease_until": None,
    "paused_until": None,
    "pause_reason": "",
    "lists_requested_at": None,
    "lists_error": "",
}


@dataclass(frozen=True)
class Finding:
    """What a test of the connection found: ``ok`` or an error's code, in how many milliseconds."""

    code: str
    milliseconds: int
    company: str = ""
    trace_id: str = ""


def read_context(user: User, connection: Connection | None) -> dict[str, Any]:
    """What the section shows to a person."""
    calls = connections.calls_this_month(connection.id) if connection else None
    return {
        "connection": connection,
        "is_living": connection is not None and connection.status != ConnectionStatus.DISCONNECTED,
        "may_edit": user.manages,
        "calls": calls.reads if calls else 0,
        "limit": connections.READ_LIMIT,
    }


def head_context(user: User, connection: Connection | None) -> dict[str, Any]:
    """What stands above the sections: the status, and what it asks of the reader."""
    return {
        "connection": connection,
        "status": connections.status_of(connection),
        "attention": connections.attention(connection) if connection else [],
        "consent_ends_at": connections.consent_ends_at(connection) if connection else None,
        "waiting": waiting(connection) if connection else 0,
        "may_edit": user.manages,
        "address": connections.endpoints().web_base,
    }


def card_context(user: User, connection: Connection | None) -> dict[str, Any]:
    """What the provider's card shows to a person; the counts end at ``MOST_COUNTED``."""
    context = head_context(user, connection)
    if connection is not None:
        context["counts"] = {
            state: _capped(
                DocumentStatus.select(DocumentStatus.id).where(
                    (DocumentStatus.workspace == connection.workspace_id)
                    & (DocumentStatus.provider == Provider.QUICKBOOKS)
                    & (DocumentStatus.state == state)
                )
            )
            for state in ("sent", "blocked", "queued", "failed")
        }
        context["linked"] = _capped(
            Link.select(Link.id).where(
                (Link.workspace == connection.workspace_id)
                & (Link.realm_id == connection.realm_id)
                & (Link.state == LinkState.LINKED)
            )
        )
    return context


def waiting(connection: Connection) -> int:
    """How many documents wait in the connection's queue."""
    open_states = [DeliveryState.QUEUED, DeliveryState.SENDING]
    wanted = (Delivery.connection == connection.id) & Delivery.state.in_(open_states)
    return _capped(Delivery.select(Delivery.id).where(wanted))


def test_connection(user: User) -> Finding:
    """Make one call and say what came of it; raises NotFound or Forbidden for whom it is not."""
    permissions.require_manages(user)
    connection = connections.living(user.workspace_id)
    if connection is None:
        return Finding("not_connected", 0)
    begun = time.monotonic()
    try:
        with connections.client_for(connection) as client:
            company = client.company_info()
    except ProviderError as error:
        connections.note_failure(connection, error)
        return Finding(error.code, _since(begun), trace_id=error.trace_id or "")
    return Finding("ok", _since(begun), company=str(company.get("CompanyName", "")))


def disconnect(user: User) -> bool:
    """End the connection: wipe the tokens, then have Intuit revoke them; links and settings stay.

    Returns whether Intuit ended the grant; the connection is over either way.
    """
    permissions.require_manages(user)
    connection = connections.living(user.workspace_id)
    if connection is None:
        return True
    with transaction():
        ended = (
            Connection.update(status=ConnectionStatus.DISCONNECTED, status_since=now(), **WIPED)
            .where((Connection.id == connection.id) & (Connection.status != ConnectionStatus.DISCONNECTED))
            .execute()
        )
        if ended:
            subject = ("connection", connection.id)
            record(
                user.workspace_id,
                user.id,
                "connection.disconnected",
                subject,
                company=connection.company_name,
            )
            DocumentStatus.mark_for_check(user.workspace_id)
    return revoke(connection)


def revoke(connection: Connection) -> bool:
    """Have Intuit end the grant that ``connection`` still carries in memory; False when it did not."""
    if connection.environment != config.current().intuit_environment:
        return False
    try:
        token = connection.refresh_token
    except UnreadableSecret:
        return False
    return give_back(token)


def give_back(token: str | None) -> bool:
    """Revoke a token; False when Intuit did not do it. One that Intuit does not know needs no revoking."""
    if token is None:
        return True
    try:
        oauth.revoke(connections.endpoints(), connections.credentials(), token)
    except InvalidGrant:
        return True
    except ProviderError as error:
        logger.warning("a grant was not revoked: %s, intuit_tid %s", error.code, error.trace_id)
        return False
    return True


def _capped(rows: Any) -> int:
    return int(rows.limit(MOST_COUNTED).count())


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
