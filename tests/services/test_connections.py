"""Connections: their status, their tokens refreshed once, their calls counted."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import responses

from tests import factories
from webapp import db
from webapp.clock import now
from webapp.integrations import connections
from webapp.integrations.status import NotConnected, ReconnectNeeded
from webapp.models import Activity, CallCount, Connection, ConnectionStatus, Delivery
from webapp.quickbooks.errors import (
    AuthExpired,
    NotAuthorised,
    QuickBooksError,
    SubscriptionEnded,
    Throttled,
)

TOKENS = "/oauth2/v1/tokens/bearer"
LONG_AGO = timedelta(hours=2)


@pytest.fixture
def granted(world: SimpleNamespace, sandbox: Any) -> SimpleNamespace:
    """The world with a real grant of the sandbox whose access token has run out."""
    grant = sandbox.tokens("us")
    world.sandbox = sandbox
    world.connection = factories.connection(
        world.workspace,
        realm_id=grant["realmId"],
        access_token=grant["access_token"],
        refresh_token=grant["refresh_token"],
        access_expires_at=now() - LONG_AGO,
    )
    return world


def refreshes(sandbox: Any) -> int:
    return sum(call["path"] == TOKENS for call in sandbox.requests())


def stored(connection: Connection) -> Connection:
    return Connection.get_by_id(connection.id)


def at_once(work: Any, count: int) -> list[Any]:
    """Run ``work`` in so many threads that start together, each with a database connection of its own."""
    barrier, answers = threading.Barrier(count), []

    def run() -> None:
        with db.database.connection_context():
            barrier.wait()
            try:
                answers.append(work())
            except Exception as error:
                answers.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_status_of_no_connection_is_not_connected() -> None:
    assert connections.status_of(None) == "not_connected"


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, "connected"),
        ({"status": "disconnected"}, "disconnected"),
        ({"status": "reconnect_needed"}, "reconnect_needed"),
        ({"refresh_expires_at": timedelta(days=13)}, "attention_needed"),
        ({"refresh_hard_expires_at": timedelta(days=13)}, "attention_needed"),
        ({"refresh_expires_at": timedelta(days=15)}, "connected"),
        ({"lists_error": "unreachable"}, "attention_needed"),
        ({"status": "paused", "paused_until": timedelta(minutes=1), "pause_reason": "throttled"}, "paused"),
        (
            {"status": "paused", "paused_until": timedelta(minutes=-1), "pause_reason": "throttled"},
            "connected",
        ),
        (
            {"status": "paused", "paused_until": timedelta(minutes=-1), "pause_reason": "subscription_ended"},
            "paused",
        ),
    ],
)
def test_status_tells_what_is_stored_and_what_follows(
    world: SimpleNamespace, values: dict[str, Any], status: str
) -> None:
    values = {
        name: now() + value if isinstance(value, timedelta) else value for name, value in values.items()
    }
    assert connections.status_of(factories.connection(world.workspace, **values)) == status


def test_living_leaves_out_a_disconnected_one(world: SimpleNamespace) -> None:
    connection = factories.connection(world.workspace)
    assert connections.living(world.workspace.id) == connection
    assert connections.living(world.other.id) is None
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    assert connections.living(world.workspace.id) is None


def test_a_token_that_serves_is_given_without_a_call(granted: SimpleNamespace) -> None:
    Connection.update(access_expires_at=now() + timedelta(minutes=5)).execute()
    assert connections.access_token(granted.connection.id) == granted.connection.access_token
    assert refreshes(granted.sandbox) == 0


def test_a_token_that_ran_out_is_refreshed_and_kept(granted: SimpleNamespace) -> None:
    token = connections.access_token(granted.connection.id)
    kept = stored(granted.connection)
    assert token == kept.access_token != granted.connection.access_token
    assert kept.access_expires_at > now() + timedelta(minutes=50)
    assert kept.refresh_hard_expires_at > now() + timedelta(days=1000)
    assert kept.refresh_lease_until is None


@responses.activate
def test_a_token_of_less_than_the_margin_is_used_and_not_refreshed_for_ever(world: SimpleNamespace) -> None:
    row = factories.connection(world.workspace, access_expires_at=now() - LONG_AGO)
    answer = {"access_token": "short", "refresh_token": "next", "expires_in": 60}
    refresh = responses.post(re.compile(f".*{TOKENS}"), json=answer)
    assert connections.access_token(row.id) == "short"
    assert refresh.call_count == 1


def test_a_rotated_refresh_token_is_kept(granted: SimpleNamespace) -> None:
    granted.sandbox.control("clock", advance=90_000)
    connections.access_token(granted.connection.id)
    assert stored(granted.connection).refresh_token != granted.connection.refresh_token


def test_many_at_once_refresh_once(granted: SimpleNamespace) -> None:
    granted.sandbox.control("faults", kind="slow", entity="token", seconds=0.5)
    tokens = at_once(lambda: connections.access_token(granted.connection.id), 6)
    assert set(tokens) == {stored(granted.connection).access_token}
    assert refreshes(granted.sandbox) == 1


def test_many_refused_at_once_refresh_once(granted: SimpleNamespace) -> None:
    Connection.update(access_expires_at=now() + timedelta(hours=1)).execute()
    granted.sandbox.control("faults", kind="slow", entity="token", seconds=0.5)
    old = granted.connection.access_token
    tokens = at_once(lambda: connections.access_token(granted.connection.id, refused=old), 4)
    assert set(tokens) == {stored(granted.connection).access_token} != {old}
    assert refreshes(granted.sandbox) == 1


def test_a_lease_that_its_holder_left_behind_is_taken_over(granted: SimpleNamespace) -> None:
    Connection.update(refresh_lease_until=now() - timedelta(seconds=1)).execute()
    assert connections.access_token(granted.connection.id)
    assert refreshes(granted.sandbox) == 1


def test_a_dead_refresh_token_asks_for_a_new_consent(granted: SimpleNamespace) -> None:
    Connection.update(refresh_token="AB11dead").execute()
    with pytest.raises(ReconnectNeeded):
        connections.access_token(granted.connection.id)
    assert connections.status_of(stored(granted.connection)) == "reconnect_needed"
    assert Activity.get().verb == "connection.reconnect_needed"
    with pytest.raises(ReconnectNeeded):
        connections.access_token(granted.connection.id)
    assert refreshes(granted.sandbox) == 1


def test_a_token_refused_because_another_process_replaced_it_is_tried_with_the_new_one(
    granted: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = granted.connection.refresh_token
    Connection.update(refresh_token="AB11replaced").execute()
    from webapp.quickbooks import oauth

    refresh = oauth.refresh

    def replaced_meanwhile(*args: Any) -> Any:
        if args[2] == "AB11replaced":
            Connection.update(refresh_token=good).execute()
        return refresh(*args)

    monkeypatch.setattr(oauth, "refresh", replaced_meanwhile)
    assert connections.access_token(granted.connection.id)
    assert connections.status_of(stored(granted.connection)) == "connected"


def test_no_answer_leaves_the_connection_as_it_was(granted: SimpleNamespace) -> None:
    granted.sandbox.control("faults", kind="500", entity="token")
    from webapp.quickbooks.errors import ServerError

    with pytest.raises(ServerError):
        connections.access_token(granted.connection.id)
    kept = stored(granted.connection)
    assert (kept.status, kept.refresh_lease_until) == (ConnectionStatus.CONNECTED, None)
    assert connections.access_token(granted.connection.id)


def test_a_refresh_that_ends_after_a_disconnect_brings_nothing_back(
    granted: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webapp.quickbooks import oauth

    refresh = oauth.refresh

    def disconnected_meanwhile(*args: Any) -> Any:
        tokens = refresh(*args)
        Connection.update(
            status=ConnectionStatus.DISCONNECTED,
            access_token=None,
            refresh_token=None,
            refresh_lease_until=None,
        ).execute()
        return tokens

    monkeypatch.setattr(oauth, "refresh", disconnected_meanwhile)
    with pytest.raises(NotConnected):
        connections.access_token(granted.connection.id)
    assert stored(granted.connection).refresh_token is None


def test_tokens_of_another_environment_are_not_used(granted: SimpleNamespace) -> None:
    Connection.update(environment="production").execute()
    with pytest.raises(ReconnectNeeded):
        connections.access_token(granted.connection.id)
    assert refreshes(granted.sandbox) == 0


def test_a_client_for_a_company_that_is_no_longer_connected_makes_no_call(granted: SimpleNamespace) -> None:
    client = connections.client_for(granted.connection)
    Connection.update(realm_id="99").execute()
    with pytest.raises(NotConnected):
        client.company_info()


def test_a_client_renews_a_refused_token_and_counts_its_calls(granted: SimpleNamespace) -> None:
    Connection.update(access_token="eyJrefused", access_expires_at=now() + timedelta(hours=1)).execute()
    with connections.client_for(granted.connection) as client:
        client.company_info()
        client.preferences()
        client.create("Customer", {"DisplayName": "Harbor Mills"}, "request-1")
    count = CallCount.get()
    assert (count.reads, count.writes, count.month) == (2, 1, now().strftime("%Y-%m"))
    assert stored(granted.connection).last_success_at is not None
    assert refreshes(granted.sandbox) == 1


def test_calls_counted_at_once_are_all_counted(granted: SimpleNamespace) -> None:
    at_once(lambda: connections.count_call(granted.connection.id, "read"), 8)
    assert CallCount.get().reads == 8


def test_tokens_are_stored_encrypted(granted: SimpleNamespace) -> None:
    connections.access_token(granted.connection.id)
    kept = stored(granted.connection)
    row = db.database.execute_sql("SELECT access_token, refresh_token FROM connection").fetchone()
    for raw, token in zip(row, (kept.access_token, kept.refresh_token), strict=True):
        assert raw.startswith("v1:")
        assert token not in raw


def test_a_pause_ends_with_the_first_success_after_its_time(world: SimpleNamespace) -> None:
    connection = factories.connection(world.workspace)
    connections.pause(connection, 60, "throttled")
    connections.pause(connection, 10, "throttled")
    paused = stored(connection)
    assert connections.status_of(paused) == "paused"
    assert paused.paused_until > now() + timedelta(seconds=50)
    connections.note_success(connection.id)
    assert connections.status_of(stored(connection)) == "paused"
    Connection.update(paused_until=now() - timedelta(seconds=1)).execute()
    connections.note_success(connection.id)
    ended = stored(connection)
    assert (ended.status, ended.paused_until, ended.pause_reason) == (ConnectionStatus.CONNECTED, None, "")


def test_a_pause_for_a_lapsed_subscription_ends_with_the_first_answer(world: SimpleNamespace) -> None:
    connection = factories.connection(world.workspace)
    connections.pause(connection, 3600, "subscription_ended")
    document = factories.document(world.workspace, factories.company(world.workspace))
    waiting = factories.delivery(connection, document, next_attempt_at=now() + timedelta(minutes=59))
    connections.note_success(connection.id)
    assert stored(connection).status == ConnectionStatus.CONNECTED
    assert Delivery.get_by_id(waiting.id).next_attempt_at <= now()


def renewed(connection: Connection) -> Connection:
    """The row after somebody consented anew."""
    Connection.update(connected_at=now(), access_token="new", refresh_token="new").execute()
    return stored(connection)


@pytest.mark.parametrize("kind", [AuthExpired, NotAuthorised, SubscriptionEnded, Throttled])
def test_a_late_answer_to_an_old_grant_leaves_the_new_one_alone(
    world: SimpleNamespace, kind: type[Exception]
) -> None:
    old = factories.connection(world.workspace)
    new = renewed(old)
    connections.note_failure(old, kind("too late"))
    assert connections.status_of(stored(old)) == "connected"
    assert Activity.select().count() == 0
    connections.note_failure(new, kind("in time"))
    assert connections.status_of(stored(old)) != "connected"


def test_a_late_refusal_of_an_old_refresh_token_leaves_the_new_grant_alone(granted: SimpleNamespace) -> None:

    def consented_meanwhile(_request: Any) -> tuple[int, dict[str, str], str]:
        renewed(granted.connection)
        return 400, {}, '{"error": "invalid_grant"}'

    with responses.RequestsMock() as refused:
        refused.add_callback(responses.POST, re.compile(f".*{TOKENS}"), consented_meanwhile)
        with pytest.raises(ReconnectNeeded):
            connections.access_token(granted.connection.id)
    assert connections.status_of(stored(granted.connection)) == "connected"


def test_a_call_begun_before_a_new_consent_does_not_undo_it(granted: SimpleNamespace) -> None:
    """A worker reads the connection, somebody consents anew, and the worker's call is refused late."""
    before = stored(granted.connection)
    Connection.update(access_expires_at=now() + timedelta(hours=1)).execute()
    granted.sandbox.control("faults", kind="no_rights", entity="companyinfo")
    with connections.client_for(before) as client, pytest.raises(QuickBooksError) as caught:
        client.company_info()
    renewed(before)
    connections.note_failure(before, caught.value)
    assert stored(before).status == ConnectionStatus.CONNECTED


def test_a_disconnected_connection_is_neither_paused_nor_marked(world: SimpleNamespace) -> None:
    connection = factories.connection(world.workspace, status="disconnected")
    connections.pause(connection, 60, "throttled")
    connections.mark_reconnect_needed(connection, "invalid_grant")
    connections.note_success(connection.id)
    assert connections.status_of(stored(connection)) == "disconnected"
    assert Activity.select().count() == 0


@pytest.mark.parametrize(("kind", "status"), [("429", "paused"), ("subscription_ended", "paused")])
def test_a_failure_has_its_consequence_for_the_connection(
    granted: SimpleNamespace, kind: str, status: str
) -> None:
    granted.sandbox.control("faults", kind=kind, entity="companyinfo")
    with connections.client_for(granted.connection) as client, pytest.raises(Exception) as caught:
        client.company_info()
    connections.note_failure(granted.connection, caught.value)
    assert connections.status_of(stored(granted.connection)) == status


def test_a_grant_revoked_at_quickbooks_needs_reconnecting(granted: SimpleNamespace) -> None:
    requests.post(
        f"{granted.sandbox.url}/v2/oauth2/tokens/revoke",
        json={"token": granted.connection.refresh_token},
        auth=("sandbox-client", "sandbox-secret"),
        timeout=10,
    ).raise_for_status()
    Connection.update(access_expires_at=now() + timedelta(hours=1)).execute()
    with connections.client_for(granted.connection) as client, pytest.raises(ReconnectNeeded):
        client.company_info()
    assert connections.status_of(stored(granted.connection)) == "reconnect_needed"
