"""The queue over an interruption of the connection: it waits, and goes on where it stopped."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import requests

from tests import sendable
from tests.sendable import delivery_of, in_sandbox, outcomes, status_of, work
from tests.web.test_integrations_connect import CA, PAGE, US, connect
from webapp.documents import service
from webapp.models import Connection, ConnectionStatus, DeliveryState, DocumentState, Link, Preferences


@pytest.fixture
def owner(ready: SimpleNamespace, client: Any) -> Any:
    return client.sign_in(ready.owner)


def queued(world: SimpleNamespace) -> Any:
    document = sendable.invoice(world)
    service.send(world.owner, document.id)
    return document


def test_what_was_queued_is_sent_after_the_same_company_is_connected_again(
    owner: Any, ready: SimpleNamespace
) -> None:
    document = queued(ready)
    owner.post(f"{PAGE}/disconnect")
    work()
    assert delivery_of(document).state == DeliveryState.QUEUED
    assert in_sandbox(ready, "Invoice", document.number) == []
    assert connect(owner, US).status_code == 303
    work()
    assert status_of(document).state == DocumentState.SENT
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1
    assert Link.select().count() == 2
    assert Preferences.select().count() == 1


def test_a_revoked_grant_holds_the_queue_until_somebody_consents_again(
    owner: Any, ready: SimpleNamespace
) -> None:
    document = queued(ready)
    requests.post(
        f"{ready.sandbox.url}/v2/oauth2/tokens/revoke",
        json={"token": ready.connection.refresh_token},
        auth=("sandbox-client", "sandbox-secret"),
        timeout=10,
    ).raise_for_status()
    work()
    assert Connection.get().status == ConnectionStatus.RECONNECT_NEEDED
    assert delivery_of(document).state == DeliveryState.QUEUED
    connect(owner, US)
    work()
    assert outcomes(document) == ["reconnect_needed", "sent"]


def test_a_lapsed_subscription_holds_the_queue_no_longer_than_until_the_new_consent(
    owner: Any, ready: SimpleNamespace
) -> None:
    document = queued(ready)
    ready.sandbox.control("faults", kind="subscription_ended", entity="invoice")
    work()
    assert Connection.get().status == ConnectionStatus.PAUSED
    connect(owner, US)
    work()
    assert outcomes(document) == ["subscription_ended", "sent"]


def test_what_waits_for_one_company_never_goes_to_another(owner: Any, ready: SimpleNamespace) -> None:
    document = queued(ready)
    realm = ready.sandbox.tokens(CA)["realmId"]
    assert connect(owner, CA, expect=realm).status_code == 303
    work()
    assert delivery_of(document).error["code"] == "company_changed"
    assert in_sandbox(ready, "Invoice", document.number, CA) == []
    assert connect(owner, US, expect=ready.connection.realm_id).status_code == 303
    work()
    service.send(ready.owner, document.id)
    work()
    assert status_of(document).state == DocumentState.SENT
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1
