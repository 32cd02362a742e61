"""Webhooks of QuickBooks: signed or refused, answered at once, harmless whatever they hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import PanelClient
from webapp.clock import now
from webapp.integrations.routes_webhooks import LARGEST
from webapp.links import changes_feed, directory
from webapp.models import ALL, Connection, ConnectionStatus, DirectoryEntry
from webapp.sandbox.webhooks import signature

URL = "/webhooks/quickbooks"
VERIFIER = "a verifier token ✓"
REALM = "4620816365213508"


@pytest.fixture
def settings(settings: Any) -> Any:
    return replace(settings, intuit_webhook_verifier=VERIFIER)


@pytest.fixture
def told(world: SimpleNamespace) -> SimpleNamespace:
    """Two workspaces, connected to a company each, with the lists read and nothing due."""
    for home, realm in ((world.workspace, REALM), (world.other, "777")):
        moment = now()
        factories.connection(
            home, realm_id=realm, changes_since=moment - timedelta(hours=1),
            changes_due_at=moment + timedelta(minutes=4), lists_read_at=moment,
        )  # fmt: skip
        for remote_id in ("58", "59"):
            directory.remember(
                home.id, realm, "customer", {"Id": remote_id, "DisplayName": f"Customer {remote_id}"}
            )
    return world


def legacy(name: str = "Customer", realm: str = REALM, remote_id: Any = "58", **more: Any) -> dict[str, Any]:
    entity = {"name": name, "id": remote_id, "operation": "Update", "lastUpdated": "2026-11-25T00:00:00Z"}
    entities = [{**entity, **more}]
    return {"eventNotifications": [{"realmId": realm, "dataChangeEvent": {"entities": entities}}]}


def cloud(kind: str = "customer.updated", realm: str = REALM, **more: Any) -> list[dict[str, Any]]:
    event = {"specversion": "1.0", "id": "1", "source": "intuit", "type": f"qbo.{kind}.v1"}
    return [{**event, "intuitentityid": "58", "intuitaccountid": realm, **more}]


def post(client: PanelClient, body: Any, signed: str | None = None) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sign = signature(VERIFIER, data) if signed is None else signed
    answer = client.post(URL, data=data, headers={"intuit-signature": sign}, csrf=False)
    assert answer.get_data() == b""
    return answer.status_code


def due() -> list[str]:
    """The companies whose changes are to be read at once."""
    rows = Connection.select().where(Connection.changes_due_at <= now())
    return [row.realm_id for row in rows]


def everything() -> dict[str, list[Any]]:
    return {model._meta.table_name: sorted(map(repr, model.select().tuples())) for model in ALL}


@pytest.mark.parametrize(
    "body", [legacy(), cloud(), cloud("vendor.created"), legacy("Item"), legacy("Class")]
)
def test_a_change_of_a_list_is_read_soon_by_the_company_it_is_of(told, client, body):
    assert post(client, body) == 200
    assert due() == [REALM]
    assert post(client, body) == 200
    assert due() == [REALM]


@pytest.mark.parametrize(
    "body", [legacy("Invoice"), cloud("invoice.created"), legacy(realm="1"), cloud(realm="")]
)
def test_what_concerns_no_list_of_ours_changes_nothing(told, client, body):
    before = everything()
    assert post(client, body) == 200
    assert everything() == before


def test_a_delivery_may_be_for_several_companies(told, client):
    assert post(client, [*cloud(), *cloud(realm="777")]) == 200
    assert sorted(due()) == [REALM, "777"]


@pytest.mark.parametrize("body", [legacy(deletedId="59"), cloud("customer.merged", data={"deletedid": "59"})])
def test_a_merger_is_noted_with_who_is_left(told, client, body):
    assert post(client, body) == 200
    merged = DirectoryEntry.select().where(DirectoryEntry.merged_into != "")
    assert [(row.workspace_id, row.remote_id, row.merged_into) for row in merged] == [
        (told.workspace.id, "59", "58")
    ]
    before = everything()
    assert post(client, body) == 200
    assert everything() == before


@pytest.mark.parametrize(
    "signed", ["", "x", "é", "0" * 10_000, signature("other", json.dumps(legacy()).encode())]
)
def test_what_is_not_signed_is_refused_before_it_is_looked_at(told, client, signed):
    before = everything()
    assert post(client, legacy(), signed) == 401
    assert client.post(URL, data=b"junk", csrf=False).status_code == 401
    assert everything() == before


def test_a_signature_holds_for_its_body_alone(told, client):
    assert post(client, cloud(), signature(VERIFIER, json.dumps(legacy()).encode())) == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"junk",
        b"\xff\xfe",
        b"{",
        b"{}",
        b"1",
        b'"text"',
        b"null",
        b"[" * 100_000,
        b'{"eventNotifications": 1}',
    ],
)
def test_junk_is_said_to_be_junk(told, client, body):
    before = everything()
    assert post(client, body) == 400
    assert everything() == before


@pytest.mark.parametrize(
    "body",
    [
        [],
        [None, 1, "x", [], {}],
        {"eventNotifications": [None, 1, {"dataChangeEvent": 1}, {"dataChangeEvent": {"entities": [1, {}]}}]},
        legacy(remote_id=None),
        legacy(remote_id=["58"]),
        legacy(remote_id="58\0"),
        legacy(remote_id="' OR 1=1 --"),
        legacy(remote_id="9" * 10_000),
        legacy(realm="%"),
        legacy(realm="46208163_5213508"),
        legacy(name={"x": 1}),
        cloud("customer"[::-1]),
        [{"type": "qbo", "intuitaccountid": REALM, "intuitentityid": "1"}],
        [{"type": "evil.customer.updated.v1", "intuitaccountid": REALM, "intuitentityid": "1"}],
    ],
)
def test_strange_events_are_passed_over(told, client, body):
    before = everything()
    assert post(client, body) == 200
    assert everything() == before


@pytest.mark.parametrize("merged", [None, 1.5, {"x": 1}, "59\0", "58", "💥", "x" * 40])
def test_a_strange_merger_is_a_plain_change(told, client, merged):
    assert post(client, cloud(data={"deletedid": merged})) == 200
    assert due() == [REALM]
    assert not DirectoryEntry.select().where(DirectoryEntry.merged_into != "").exists()


def test_too_large_a_body_is_not_read(told, client):
    assert post(client, b"[" + b" " * LARGEST + b"]") == 413
    assert post(client, json.dumps(legacy()).encode() + b" " * (LARGEST // 2)) == 200


@pytest.mark.parametrize(
    "values",
    [
        {"status": ConnectionStatus.DISCONNECTED},
        {"environment": "production"},
        {"changes_since": None},
    ],
)
def test_a_connection_that_reads_nothing_is_left_alone(told, client, values):
    Connection.update(values).execute()
    before = everything()
    assert post(client, cloud()) == 200
    assert everything() == before


def test_many_webhooks_do_not_make_many_readings(told, client):
    Connection.update(changes_since=now()).execute()
    assert post(client, cloud()) == 200
    assert due() == []
    row = Connection.get(Connection.realm_id == REALM)
    assert row.changes_due_at - row.changes_since == changes_feed.CLOSEST


def test_only_post_is_answered_and_without_a_verifier_nothing_is(app, told, client, monkeypatch):
    assert client.get(URL).status_code == 405
    monkeypatch.setattr(
        "webapp.config._current", replace(app.extensions["settings"], intuit_webhook_verifier="")
    )
    assert post(client, cloud()) == 404
    assert due() == []
