"""Account Information: trying the connection out, and ending it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from webapp import config
from webapp.clock import now
from webapp.crypto import UnreadableSecret
from webapp.db import transaction
from webapp.errors import Conflict, ProviderError
from webapp.integrations import connections, permissions
from webapp.models import (
    Connection,
    ConnectionStatus,
    DocumentStatus,
    User,
    record,
)
from webapp.quickbooks import oauth
from webapp.quickbooks.errors import InvalidGrant

logger = logging.getLogger("webapp.integrations")

LONGEST_WORDS = 500
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
    """What a test of the connection found: ``ok`` or an error's code, in how many milliseconds.

    ``resumed`` says that a pause ended with it; ``message`` is what QuickBooks itself said.
    """

    code: str
    milliseconds: int
    company: str = ""
    trace_id: str = ""
    message: str = ""
    resumed: bool = False


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
        return Finding(error.code, _since(begun), trace_id=error.trace_id or "", message=_words(error))
    was_paused = connections.is_paused(connection)
    resumed = was_paused and not connections.is_paused(Connection.get_by_id(connection.id))
    return Finding("ok", _since(begun), company=str(company.get("CompanyName", "")), resumed=resumed)


def disconnect(user: User, realm_id: str | None = None) -> bool:
    """End the connection: wipe the tokens, then have Intuit revoke them; links and settings stay.

    Returns whether Intuit ended the grant; the connection is over either way.

    Args:
        user: who disconnects; an owner or admin.
        realm_id: the company that the person was asked about; None for whichever is connected.

    Raises:
        NotFound, Forbidden: the person does not see, or does not manage, the integration.
        Conflict: another company is connected by now.
    """
    permissions.require_manages(user)
    connection = connections.living(user.workspace_id)
    if connection is None:
        return True
    if realm_id is not None and realm_id != connection.realm_id:
        raise Conflict
    with transaction():
        ended = (
            Connection.update(status=ConnectionStatus.DISCONNECTED, status_since=now(), **WIPED)
            .where(
                (Connection.id == connection.id)
                & (Connection.realm_id == connection.realm_id)
                & (Connection.status != ConnectionStatus.DISCONNECTED)
            )
            .execute()
        )
        if ended:
            subject = ("connection", connection.id)
            facts = {"company": connection.company_name}
            record(user.workspace_id, user.id, "connection.disconnected", subject, **facts)
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


def _words(error: ProviderError) -> str:
    """What QuickBooks said; empty where the words are only ours."""
    text = str(error)
    return "" if text == error.code else text[:LONGEST_WORDS]


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
