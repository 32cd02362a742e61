"""How the database is used: no call to anybody inside a transaction, no query per row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from tests import factories, sendable
from tests.conftest import PanelClient
from webapp import db
from webapp.delivery import outbox
from webapp.documents import service
from webapp.models import Delivery, DeliveryAttempt, DocumentStatus, record

LINKS = "/settings/integrations/quickbooks/links/customers"


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    statements: list[str] = []
    run = db.database.obj.execute_sql

    def noted(sql: str, *arguments: Any, **options: Any) -> Any:
        statements.append(sql)
        return run(sql, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(db.database.obj, "execute_sql", noted)
        yield statements


def test_a_call_inside_a_transaction_is_found(
    connected: SimpleNamespace, calls_in_transactions: list[str]
) -> None:
    address = f"{connected.sandbox.url}/control/faults"
    requests.get(address, timeout=10)
    assert calls_in_transactions == []
    with db.transaction():
        requests.get(address, timeout=10)
    assert calls_in_transactions == [f"GET {address}"]
    calls_in_transactions.clear()


def fill(world: SimpleNamespace, count: int) -> None:
    """So many companies (half of them linked), documents, deliveries, activities."""
    for number in range(count):
        company = factories.company(
            world.workspace, f"Harbor Company {number}", email=f"a@harbor{number}.test"
        )
        if number % 2:
            factories.link(world.workspace, world.connection.realm_id, company, "1")
        factories.document(world.workspace, company)
        record(world.workspace.id, world.member.id, "document.sent", ("document", number), number="1")


@pytest.mark.parametrize(
    "address",
    [
        "/companies",
        "/companies?q=harbor",
        "/documents",
        "/documents?q=harbor&state=blocked",
        "/activity",
        LINKS,
        f"{LINKS}?q=harbor",
        "/settings/integrations",
        "/settings/integrations/quickbooks",
    ],
)
def test_a_page_of_many_rows_takes_no_more_queries_than_one_of_few(
    connected: SimpleNamespace, client: PanelClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    client.sign_in(connected.owner)
    counts = []
    for rows in (3, 50):
        fill(connected, rows)
        with counted(monkeypatch) as statements:
            assert client.get(address).status_code == 200
        counts.append(len(statements))
    assert counts[1] <= counts[0], statements
    assert counts[1] <= 40


def test_a_page_of_support_takes_no_query_per_workspace(
    connected: SimpleNamespace, client: PanelClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(connected.support)
    counts = []
    for rows in (2, 30):
        for _row in range(rows):
            home = factories.workspace()
            factories.connection(home, realm_id=str(home.id))
        with counted(monkeypatch) as statements:
            assert client.get("/support/connections").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_document_with_many_lines_and_tries_takes_as_few_queries(
    connected: SimpleNamespace, client: PanelClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sendable.prepare(connected)
    client.sign_in(world.owner)
    counts = []
    for size in (1, 40):
        document = sendable.invoice(world, [{}] * size)
        service.send(world.owner, document.id)
        delivery = outbox.get(sendable.delivery_of(document).id)
        for number in range(size):
            DeliveryAttempt.create(delivery=delivery, number=number + 1, outcome="unreachable")
        Delivery.update(state="failed", error={"code": "unreachable"}).execute()
        DocumentStatus.update(state="failed").execute()
        with counted(monkeypatch) as statements:
            assert client.get(f"/documents/{document.id}").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_checking_many_documents_takes_as_few_reads(
    connected: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sendable.prepare(connected)
    counts = []
    for rows in (2, 50):
        for _row in range(rows):
            sendable.invoice(world)
        with counted(monkeypatch) as statements:
            assert service.recheck(50) == rows
        counts.append(sum(statement.startswith("SELECT") for statement in statements))
    assert counts[0] == counts[1]
