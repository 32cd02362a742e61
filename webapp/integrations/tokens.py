"""Access tokens, refreshed by one caller at a time per connection, over all threads and processes.

A refresh token serves one call: a second, concurrent one is refused, and Intuit may take the reuse for theft.
So whoever wants to refresh first takes the connection's lease, in a short transaction, and only then calls
Intuit; the others wait for what that call brings.
https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/faq
"""

from __future__ import annotations

import logging
import random
import time
from datetime import datetime, timedelta
from typing import NoReturn

from webapp import config
from webapp.clock import now
from webapp.crypto import UnreadableSecret
from webapp.db import NO_KEY_UPDATE, durable_transaction, is_postgres, transaction
from webapp.errors import ProviderError
from webapp.integrations.status import USABLE, NotConnected, ReconnectNeeded, mark_reconnect_needed
from webapp.models import Connection
from webapp.quickbooks import oauth
from webapp.quickbooks.endpoints import Endpoints, endpoints_for
from webapp.quickbooks.errors import InvalidGrant

logger = logging.getLogger("webapp.integrations")

LEASE = timedelta(seconds=60)  # longer than the token endpoint's timeouts
MARGIN = timedelta(minutes=2)  # a token that ends sooner would end during a call
LONGEST_WAIT = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0


class RefreshBusy(ProviderError):
    """Another process refreshes the token and has not finished in time; try again."""

    code = "refresh_busy"
    retryable = True


def endpoints() -> Endpoints:
    """Where the QuickBooks of this host's environment is."""
    settings = config.current()
    return endpoints_for(settings.intuit_environment, settings.sandbox_url)


def credentials() -> oauth.AppCredentials:
    """This host's identity at Intuit."""
    settings = config.current()
    return oauth.AppCredentials(
        settings.intuit_client_id, settings.intuit_client_secret, settings.redirect_uri
    )


def access_token(connection_id: int, *, realm_id: str | None = None, refused: str | None = None) -> str:
    """A token that serves now; refreshed when it is about to end or is the one that was ``refused``.

    Must not be called inside a transaction, since it may call Intuit.

    Args:
        connection_id: whose token.
        realm_id: the company that the caller means to call; another one meanwhile counts as not connected.
        refused: the token that QuickBooks refused just now.

    Raises:
        NotConnected: disconnected, or connected to another company by now.
        ReconnectNeeded: somebody has to consent again.
        RefreshBusy: another process did not finish its refresh in time.
        InvalidClient, Unreachable, ServerError, Throttled, UnexpectedAnswer: see ``oauth.refresh``.
    """
    deadline = time.monotonic() + LONGEST_WAIT
    pause, margin = FIRST_PAUSE, MARGIN
    while True:
        connection = _usable(connection_id, realm_id)
        if _serves(connection, refused, margin):
            return str(connection.access_token)
        lease = _take_lease(connection_id)
        if lease is not None:
            _refresh_if_needed(connection_id, realm_id, refused, lease)
            refused, margin = None, timedelta(0)  # what is stored now is as new as can be
            continue
        if time.monotonic() > deadline:
            raise RefreshBusy
        time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads the waiting, no secret
        pause = min(pause * 2, LONGEST_PAUSE)


def _usable(connection_id: int, realm_id: str | None) -> Connection:
    connection = Connection.get_or_none(Connection.id == connection_id)
    if connection is None or (realm_id is not None and connection.realm_id != realm_id):
        raise NotConnected
    try:
        _access, refresh = connection.access_token, connection.refresh_token  # reading decrypts
    except UnreadableSecret as error:
        mark_reconnect_needed(connection, error.code)
        raise ReconnectNeeded from error
    if connection.status not in USABLE:
        raise ReconnectNeeded if refresh else NotConnected
    if connection.environment != config.current().intuit_environment:
        mark_reconnect_needed(connection, "environment")
        raise ReconnectNeeded
    return connection


def _serves(connection: Connection, refused: str | None, margin: timedelta) -> bool:
    ends = connection.access_expires_at
    if not connection.access_token or connection.access_token == refused:
        return False
    return ends is not None and ends - now() > margin


def _take_lease(connection_id: int) -> datetime | None:
    """The end of the lease, which also proves whose it is; None while somebody else holds it."""
    moment = now()
    free = Connection.refresh_lease_until.is_null() | (Connection.refresh_lease_until < moment)
    with transaction():
        taken = (
            Connection.update(refresh_lease_until=moment + LEASE)
            .where((Connection.id == connection_id) & Connection.status.in_(USABLE) & free)
            .execute()
        )
    return moment + LEASE if taken == 1 else None


def _refresh_if_needed(
    connection_id: int, realm_id: str | None, refused: str | None, lease: datetime
) -> None:
    try:
        connection = _usable(connection_id, realm_id)
        if not _serves(connection, refused, MARGIN):
            _refresh(connection, lease)
    finally:
        _end_lease(connection_id, lease)


def _refresh(connection: Connection, lease: datetime) -> None:
    try:
        tokens = oauth.refresh(endpoints(), credentials(), str(connection.refresh_token), now())
    except InvalidGrant:
        latest = _usable(connection.id, connection.realm_id)
        if latest.refresh_token == connection.refresh_token:
            _give_up(connection, lease)
        try:
            tokens = oauth.refresh(endpoints(), credentials(), str(latest.refresh_token), now())
        except InvalidGrant:
            _give_up(connection, lease)
    _store(connection.id, tokens, lease)


def _store(connection_id: int, tokens: oauth.TokenSet, lease: datetime) -> None:
    """Keep the new tokens, unless the lease was lost: then somebody stored, or wiped, newer ones."""
    values: dict[str, object] = token_columns(tokens)
    with durable_transaction():
        stored = Connection.update(**values).where(_leased(connection_id, lease)).execute()
    logger.info("token of connection %s refreshed%s", connection_id, "" if stored else ", but too late")


def rekey() -> int:
    """Encrypt every stored token anew, under the newest key; returns how many connections were read.

    Raises:
        UnreadableSecret: one was written with a key that this host does not have; nothing has changed then.
    """
    with transaction():
        query = Connection.select(Connection.id, Connection.access_token, Connection.refresh_token)
        rows = list(query.for_update(NO_KEY_UPDATE) if is_postgres() else query)
        for row in rows:
            tokens = {"access_token": row.access_token, "refresh_token": row.refresh_token}
            Connection.update(**tokens).where(Connection.id == row.id).execute()
    return len(rows)


def token_columns(tokens: oauth.TokenSet) -> dict[str, object]:
    """The connection's columns for a set of tokens; an end that was not told stays as it is."""
    columns: dict[str, object] = {
        "access_token": tokens.access_token,
        "access_expires_at": tokens.access_expires_at,
        "refresh_token": tokens.refresh_token,
        "refresh_expires_at": tokens.refresh_expires_at,
    }
    if tokens.refresh_hard_expires_at is not None:
        columns["refresh_hard_expires_at"] = tokens.refresh_hard_expires_at
    return columns


def _give_up(connection: Connection, lease: datetime) -> NoReturn:
    """Say that a consent is needed, unless somebody consented while we asked; raises ReconnectNeeded."""
    with transaction():
        if Connection.select().where(_leased(connection.id, lease)).exists():
            mark_reconnect_needed(connection, InvalidGrant.code)
    raise ReconnectNeeded


def _end_lease(connection_id: int, lease: datetime) -> None:
    with transaction():
        Connection.update(refresh_lease_until=None).where(_leased(connection_id, lease)).execute()


def _leased(connection_id: int, lease: datetime) -> object:
    return (Connection.id == connection_id) & (Connection.refresh_lease_until == lease)
