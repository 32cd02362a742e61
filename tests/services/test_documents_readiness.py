from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories, sendable
from tests.sendable import status_of
from webapp import db
from webapp.documents import orders, service, sources
from webapp.models import (
    Connection,
    ConnectionStatus,
    Delivery,
    DeliveryState,
    Document,
    DocumentLine,
    DocumentState,
    DocumentStatus,
    Link,
    Preferences,
)


@pytest.fixture
def ready(connected: SimpleNamespace) -> SimpleNamespace:
    return sendable.prepare(connected)


def checked(*documents: Document) -> None:
    assert service.recheck(100) == len(documents)


def codes(document: Document) -> list[str]:
    return [reason["code"] for reason in status_of(document).reasons]


def sent(document: Document, world: SimpleNamespace, **values: Any) -> Document:
    """A document as it stands after sending."""
    defaults = {
        "state": DocumentState.SENT,
        "realm_id": world.connection.realm_id,
        "remote_id": "77",
        "remote_line_ids": ["1"],
        "remote_line_keys": ["product:bd-1140"],
        "sent_revision": document.revision,
        "needs_check": False,
    }
    DocumentStatus.update(**{**defaults, **values}).where(DocumentStatus.document == document).execute()
    return document


def test_a_document_without_obstacles_is_ready(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    checked(document)
    assert status_of(document).state == DocumentState.READY
    assert codes(document) == []
    assert service.recheck(100) == 0


def test_all_reasons_are_found_at_once(ready: SimpleNamespace) -> None:
    Link.delete().execute()
    line = {"kind": "decoration", "product_number": "", "quantity": Decimal(1), "amount": Decimal("20.00")}
    Preferences.update(decoration=None).execute()
    Connection.update(company={**ready.connection.company, "multicurrency": False}).execute()
    document = sendable.invoice(ready, [line], terms="Net 77", currency="CAD")
    checked(document)
    assert set(codes(document)) == {
        "party_not_linked",
        "term_not_mapped",
        "currency_mismatch",
        "line_kind_not_mapped",
    }


def test_without_a_connection_everything_is_blocked(world: SimpleNamespace) -> None:
    document = factories.document(world.workspace, factories.company(world.workspace))
    checked(document)
    assert status_of(document).state == DocumentState.BLOCKED
    assert status_of(document).reasons == [{"code": "not_connected", "fix": "connection", "facts": {}}]


def test_a_connection_that_needs_reconnecting_is_one_more_reason(ready: SimpleNamespace) -> None:
    Connection.update(status=ConnectionStatus.RECONNECT_NEEDED).execute()
    document = sendable.invoice(ready, terms="Net 77")
    checked(document)
    assert codes(document) == ["reconnect_needed", "term_not_mapped"]


def test_a_paused_connection_is_no_reason(ready: SimpleNamespace) -> None:
    Connection.update(status=ConnectionStatus.PAUSED).execute()
    document = sendable.invoice(ready)
    checked(document)
    assert status_of(document).state == DocumentState.READY


@pytest.mark.parametrize(
    "state", [state for state in DocumentState if state not in {DocumentState.READY, DocumentState.BLOCKED}]
)
def test_a_check_leaves_what_is_sent_or_on_its_way(ready: SimpleNamespace, state: DocumentState) -> None:
    document = sendable.invoice(ready, terms="Net 77")
    DocumentStatus.update(state=state).execute()
    checked(document)
    status = status_of(document)
    assert (status.state, status.reasons, status.needs_check) == (state, [], False)


def test_a_check_takes_no_more_than_its_limit(ready: SimpleNamespace) -> None:
    for _number in range(3):
        sendable.invoice(ready)
    assert [service.recheck(2), service.recheck(2), service.recheck(2)] == [2, 1, 0]


def test_a_check_of_many_takes_as_many_queries_as_of_few(
    ready: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries(count: int) -> int:
        for number in range(count):
            sendable.invoice(ready, order_number=f"SO-{number}")
            sendable.cost(ready, "bill", order_number=f"SO-{number}")
        seen: list[str] = []
        execute = db.database.obj.execute_sql

        def counted(sql: str, *arguments: Any) -> Any:
            # each state that changes is written on its own; reading must not grow
            seen.extend([sql] if not sql.startswith("UPDATE") else [])
            return execute(sql, *arguments)

        with monkeypatch.context() as patch:
            patch.setattr(db.database.obj, "execute_sql", counted)
            checked(*range(2 * count))
        return len(seen)

    Preferences.update(billable=True).execute()
    assert queries(1) == queries(12) < 25


def test_workspaces_are_checked_with_their_own_connection(ready: SimpleNamespace) -> None:
    ours = sendable.invoice(ready)
    theirs = factories.document(ready.other, factories.company(ready.other))
    checked(ours, theirs)
    assert status_of(ours).state == DocumentState.READY
    assert codes(theirs) == ["not_connected"]


@pytest.mark.parametrize(
    ("billable", "values", "expected"),
    [
        (True, {"sent_billable": True}, ["billable_conflict"]),
        (False, {"sent_billable": True}, []),
        (True, {"sent_billable": False}, []),
        (True, {"sent_billable": True, "realm_id": "another"}, []),
    ],
)
def test_an_invoice_is_blocked_once_its_orders_costs_went_out_billable(
    ready: SimpleNamespace, billable: bool, values: dict[str, Any], expected: list[str]
) -> None:
    Preferences.update(billable=billable).execute()
    sent(sendable.cost(ready, "bill", order_number="SO-1"), ready, **values)
    document, other = sendable.invoice(ready, order_number="SO-1"), sendable.invoice(ready, order_number="")
    checked(document, other)
    assert codes(document) == expected
    assert codes(other) == []


def test_costs_that_are_going_out_billable_count_too(ready: SimpleNamespace) -> None:
    Preferences.update(billable=True).execute()
    bill = sendable.cost(ready, "bill", order_number="SO-1")
    Delivery.create(
        workspace=ready.workspace,
        connection=ready.connection,
        realm_id=ready.connection.realm_id,
        document=bill,
        revision=1,
        state=DeliveryState.QUEUED,
        billable=1,
    )
    document = sendable.invoice(ready, order_number="SO-1")
    service.recheck()
    assert codes(document) == ["billable_conflict"]


def ties(world: SimpleNamespace, bill: Document) -> dict[int, Any]:
    return orders.ties_for(world.workspace.id, world.connection.realm_id, sources.load([bill.id]))


def test_a_bill_finds_the_sent_purchase_order_of_its_order_and_supplier(ready: SimpleNamespace) -> None:
    sent(sendable.cost(ready, "purchase_order", order_number="SO-2"), ready, remote_id="99")
    order = sent(sendable.cost(ready, "purchase_order", order_number="SO-1"), ready)
    bill = sendable.cost(ready, "bill", order_number=order.order_number)
    tie = ties(ready, bill)[bill.id]
    assert tie.remote_id == "77"
    assert tie.lines == (("product:bd-1140", "1"),)


@pytest.mark.parametrize(
    "values",
    [
        {"realm_id": "another"},
        {"state": DocumentState.QUEUED, "remote_id": None},
        {"state": DocumentState.VOIDED},
    ],
)
def test_a_bill_is_not_tied_to_what_is_not_there(ready: SimpleNamespace, values: dict[str, Any]) -> None:
    sent(sendable.cost(ready, "purchase_order", order_number="SO-1"), ready, **values)
    assert ties(ready, sendable.cost(ready, "bill", order_number="SO-1")) == {}


@pytest.mark.parametrize("values", [{"state": DocumentState.CHANGED}, {"sent_revision": 0}])
def test_a_bill_is_tied_to_the_lines_as_they_were_sent(
    ready: SimpleNamespace, values: dict[str, Any]
) -> None:
    order = sent(sendable.cost(ready, "purchase_order", order_number="SO-1"), ready, **values)
    DocumentLine.update(product_number="PEN-9").where(DocumentLine.document == order).execute()
    bill = sendable.cost(ready, "bill", order_number="SO-1")
    assert ties(ready, bill)[bill.id].lines == (("product:bd-1140", "1"),)


@pytest.mark.parametrize("keys", [[], ["product:bd-1140", "freight:ups ground"]])
def test_lines_that_are_not_known_one_by_one_are_not_tied(ready: SimpleNamespace, keys: list[str]) -> None:
    sent(sendable.cost(ready, "purchase_order", order_number="SO-1"), ready, remote_line_keys=keys)
    bill = sendable.cost(ready, "bill", order_number="SO-1")
    assert ties(ready, bill)[bill.id].lines == ()


def test_a_bill_without_an_order_is_not_tied(ready: SimpleNamespace) -> None:
    sent(sendable.cost(ready, "purchase_order", order_number=""), ready)
    assert ties(ready, sendable.cost(ready, "bill", order_number="")) == {}


def test_a_bill_of_another_supplier_is_not_tied(ready: SimpleNamespace) -> None:
    sent(sendable.cost(ready, "purchase_order", order_number="SO-1"), ready)
    ready.supplier = sendable.supplier(ready, "Summit Bag Company", "34")
    assert ties(ready, sendable.cost(ready, "bill", order_number="SO-1")) == {}
