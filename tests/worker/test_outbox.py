from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sendable
from tests.sendable import delivery_of, in_sandbox, outcomes, status_of, work
from webapp import db
from webapp.clock import now
from webapp.delivery import outbox, sending
from webapp.documents import service
from webapp.errors import Conflict, Invalid
from webapp.models import (
    Activity,
    Connection,
    ConnectionStatus,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    Document,
    DocumentState,
    DocumentStatus,
    Preferences,
)


def fault(world: SimpleNamespace, kind: str, **wish: Any) -> None:
    world.sandbox.control("faults", kind=kind, method="POST", **{"entity": "invoice", **wish})


def make_due(document: Document) -> None:
    """Let the time pass that a delivery waits."""
    Delivery.update(next_attempt_at=now()).where(Delivery.document == document).execute()


def end_pause(world: SimpleNamespace) -> None:
    Connection.update(paused_until=now() - timedelta(seconds=1)).where(
        Connection.id == world.connection.id
    ).execute()


def test_an_invoice_reaches_quickbooks_and_its_answer_is_kept(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready, terms="Net 30", memo="Deliver to branch 3")
    service.send(ready.member, document.id)
    assert status_of(document).state == DocumentState.QUEUED
    work()
    (entity,) = in_sandbox(ready, "Invoice", document.number)
    status, delivery = status_of(document), delivery_of(document)
    assert status.state == DocumentState.SENT
    assert (status.remote_id, status.remote_number) == (entity["Id"], document.number)
    assert status.remote_total == status.remote_balance == Decimal("1212.50")
    assert status.realm_id == ready.connection.realm_id
    assert status.sent_by_id == ready.member.id
    assert status.sent_revision == document.revision
    assert status.remote_line_ids == [entity["Line"][0]["Id"]]
    assert not status.sent_billable
    assert delivery.state == DeliveryState.SENT
    assert delivery.remote_id == entity["Id"]
    assert outcomes(document) == ["sent"]
    assert entity["CustomerRef"]["value"] == "1"
    assert entity["SalesTermRef"]["value"] == "3"
    assert Activity.select().where(Activity.verb == "document.sent").count() == 1


def test_a_missing_item_is_created_once_and_remembered(ready: SimpleNamespace) -> None:
    first, second = sendable.invoice(ready), sendable.invoice(ready)
    for document in (first, second):
        service.send(ready.owner, document.id)
    work()
    items = ready.sandbox.query("select * from Item where Name = 'BD-1140'")
    assert len(items) == 1
    created = [
        row for row in ready.sandbox.requests() if row["method"] == "POST" and row["path"].endswith("/item")
    ]
    assert len(created) == 1
    assert {status_of(document).state for document in (first, second)} == {DocumentState.SENT}


def test_an_item_that_somebody_made_meanwhile_is_adopted(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready, [{"product_number": "Late Arrival"}])
    grant = ready.sandbox.tokens("us")
    with _client(ready, grant) as client:
        item = {"Name": "LATE arrival", "Type": "NonInventory", "IncomeAccountRef": {"value": "2"}}
        made = client.create("Item", item, "made-by-hand")
    service.send(ready.owner, document.id)
    work()
    (entity,) = in_sandbox(ready, "Invoice", document.number)
    assert entity["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] == made["Id"]


def _client(world: SimpleNamespace, grant: dict[str, str]) -> Any:
    from webapp.integrations.connections import endpoints
    from webapp.quickbooks.client import QuickBooksClient

    return QuickBooksClient(endpoints(), grant["realmId"], grant["access_token"])


def test_two_clicks_make_one_delivery(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    first, second = (service.send(ready.owner, document.id) for _click in range(2))
    assert first.id == second.id
    work()
    with pytest.raises(Conflict):
        service.send(ready.owner, document.id)
    assert Delivery.select().count() == 1


def test_two_clicks_at_once_make_one_delivery(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    barrier = threading.Barrier(2)
    found: list[int] = []

    def click() -> None:
        with db.database.connection_context():
            barrier.wait(10)
            found.append(service.send(ready.owner, document.id).id)

    _run_both(click)
    assert len(found) == 2
    assert len(set(found)) == Delivery.select().count() == 1


def test_two_workers_send_everything_once(ready: SimpleNamespace) -> None:
    documents = [sendable.invoice(ready) for _number in range(8)]
    for document in documents:
        service.send(ready.owner, document.id)
    _run_both(work, rounds=lambda: Delivery.select().where(Delivery.state != DeliveryState.SENT).exists())
    assert {status_of(document).state for document in documents} == {DocumentState.SENT}
    for document in documents:
        assert len(in_sandbox(ready, "Invoice", document.number)) == 1
    assert DeliveryAttempt.select().count() == len(documents)


def _run_both(action: Any, rounds: Any = None) -> None:
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            action()
        except BaseException as error:
            failures.append(error)

    while True:
        threads = [threading.Thread(target=guarded) for _worker in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not failures
        if rounds is None or not rounds():
            return


def test_a_throttled_connection_pauses_and_loses_nothing(ready: SimpleNamespace) -> None:
    first, second = sendable.invoice(ready), sendable.invoice(ready)
    for document in (first, second):
        service.send(ready.owner, document.id)
    fault(ready, "429")
    work()
    connection = Connection.get_by_id(ready.connection.id)
    assert connection.status == ConnectionStatus.PAUSED
    assert connection.paused_until > now() + timedelta(seconds=30)
    delivery = delivery_of(first)
    assert (delivery.state, delivery.attempts) == (DeliveryState.QUEUED, 0)
    assert outcomes(first) == ["throttled"]
    assert outcomes(second) == []
    end_pause(ready)
    make_due(first)
    work()
    assert Connection.get_by_id(ready.connection.id).status == ConnectionStatus.CONNECTED
    assert {status_of(document).state for document in (first, second)} == {DocumentState.SENT}


def test_an_answer_that_never_came_makes_one_invoice(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    fault(ready, "drop_after")
    work()
    before = delivery_of(document)
    assert (before.state, before.attempts) == (DeliveryState.QUEUED, 1)
    assert before.next_attempt_at > now()
    make_due(document)
    work()
    after = delivery_of(document)
    assert outcomes(document) == ["unreachable", "sent"]
    assert (after.request_id, bytes(after.payload)) == (before.request_id, bytes(before.payload))
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1


@pytest.mark.parametrize(
    ("kind", "outcome"), [("500", "server_fault"), ("503", "server_fault"), ("drop_before", "unreachable")]
)
def test_a_fault_of_quickbooks_is_tried_again_with_the_same_bytes(
    ready: SimpleNamespace, kind: str, outcome: str
) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    fault(ready, kind)
    work()
    assert outcomes(document) == [outcome]
    Document.update(memo="changed since", revision=Document.revision + 1).where(
        Document.id == document.id
    ).execute()
    make_due(document)
    work()
    assert outcomes(document) == [outcome, "sent"]
    assert status_of(document).state == DocumentState.CHANGED
    (entity,) = in_sandbox(ready, "Invoice", document.number)
    assert "changed since" not in str(entity)


def test_eight_faults_are_enough_and_sending_again_repeats_the_same_request(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    fault(ready, "drop_after")
    fault(ready, "503", times=7)
    for _try in range(8):
        make_due(document)
        work()
    failed = delivery_of(document)
    assert (failed.state, failed.attempts) == (DeliveryState.FAILED, 8)
    assert failed.error["unknown"]
    assert status_of(document).state == DocumentState.FAILED
    service.send(ready.owner, document.id)
    work()
    again = delivery_of(document)
    assert again.id != failed.id
    assert again.request_id == failed.request_id
    assert status_of(document).state == DocumentState.SENT
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1


def test_an_unknown_outcome_is_repeated_even_after_a_time_with_another_company(
    ready: SimpleNamespace,
) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    fault(ready, "drop_after")
    work()
    connect_to(ready, "9130357766900001")
    work()
    unknown = delivery_of(document)
    assert unknown.error == {"code": "company_changed", "unknown": True}
    Delivery.create(
        workspace=ready.workspace,
        connection=ready.connection,
        realm_id="9130357766900001",
        document=document,
        revision=1,
        state=DeliveryState.FAILED,
        error={"code": "refused", "unknown": False},
    )
    connect_to(ready, ready.connection.realm_id)
    service.send(ready.owner, document.id)
    work()
    again = delivery_of(document)
    assert (again.request_id, again.state) == (unknown.request_id, DeliveryState.SENT)
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1


def connect_to(world: SimpleNamespace, realm_id: str) -> None:
    Connection.update(realm_id=realm_id).where(Connection.id == world.connection.id).execute()


def test_a_refused_token_is_renewed_once_without_a_failed_try(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    fault(ready, "401")
    work()
    assert outcomes(document) == ["sent"]


def test_a_dead_grant_needs_reconnecting_and_keeps_the_queue(ready: SimpleNamespace) -> None:
    document, waiting = sendable.invoice(ready), sendable.invoice(ready)
    for one in (document, waiting):
        service.send(ready.owner, one.id)
    Connection.update(refresh_token="gone", access_token="gone").where(
        Connection.id == ready.connection.id
    ).execute()
    work()
    assert Connection.get_by_id(ready.connection.id).status == ConnectionStatus.RECONNECT_NEEDED
    assert outcomes(document) == ["reconnect_needed"]
    assert {status_of(one).state for one in (document, waiting)} == {DocumentState.QUEUED}
    with pytest.raises(Invalid) as refused:
        service.send(ready.owner, sendable.invoice(ready).id)
    assert [reason.code for reason in refused.value.errors["document"]] == ["reconnect_needed"]
    grant = ready.sandbox.tokens("us")
    Connection.update(
        status=ConnectionStatus.CONNECTED,
        access_token=grant["access_token"],
        refresh_token=grant["refresh_token"],
        access_expires_at=now() + timedelta(hours=1),
    ).where(Connection.id == ready.connection.id).execute()
    make_due(document)
    work()
    assert {status_of(one).state for one in (document, waiting)} == {DocumentState.SENT}


def test_a_lapsed_subscription_pauses_the_connection(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    fault(ready, "subscription_ended")
    work()
    assert Connection.get_by_id(ready.connection.id).status == ConnectionStatus.PAUSED
    assert status_of(document).state == DocumentState.QUEUED


def test_closed_books_fail_the_document_with_words(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    fault(ready, "closed_books")
    work()
    delivery = delivery_of(document)
    assert (delivery.state, delivery.error["code"]) == (DeliveryState.FAILED, "closed_period")
    assert delivery.error["trace_id"]
    assert status_of(document).state == DocumentState.FAILED
    service.send(ready.owner, document.id)
    work()
    assert delivery_of(document).request_id != delivery.request_id
    assert status_of(document).state == DocumentState.SENT


def _typed_in_quickbooks(world: SimpleNamespace, document: Document, amount: str) -> dict[str, Any]:
    grant = world.sandbox.tokens("us")
    body = {
        "CustomerRef": {"value": "1"},
        "DocNumber": document.number,
        "TxnDate": document.date.isoformat(),
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal(amount),
                "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
            }
        ],
    }
    with _client(world, grant) as client:
        return client.create("Invoice", body, "typed-by-hand")


def test_the_same_document_under_its_number_is_adopted(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    typed = _typed_in_quickbooks(ready, document, "1212.50")
    service.send(ready.owner, document.id)
    work()
    status = status_of(document)
    assert (status.state, status.remote_id) == (DocumentState.SENT, typed["Id"])
    assert [note["code"] for note in status.reasons] == ["adopted"]
    assert outcomes(document) == ["adopted"]
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1


def test_what_was_sent_is_adopted_although_ours_has_changed_since(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    fault(ready, "drop_before")
    work()
    typed = _typed_in_quickbooks(ready, document, "1212.50")
    Document.update(total=Decimal("1300.00"), revision=Document.revision + 1).execute()
    make_due(document)
    work()
    status = status_of(document)
    assert outcomes(document) == ["unreachable", "adopted"]
    assert (status.state, status.remote_id) == (DocumentState.CHANGED, typed["Id"])


def test_another_document_under_our_number_fails_ours_with_both_shown(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    typed = _typed_in_quickbooks(ready, document, "99.00")
    service.send(ready.owner, document.id)
    work()
    error = delivery_of(document).error
    assert status_of(document).state == DocumentState.FAILED
    assert error["code"] == "duplicate_number"
    assert Decimal(error["ours"]["total"]) == Decimal("1212.50")
    assert Decimal(error["theirs"]["total"]) == Decimal("99.00")
    assert error["theirs"]["id"] == typed["Id"]


def test_one_invoice_in_quickbooks_is_not_adopted_twice(ready: SimpleNamespace) -> None:
    first = sendable.invoice(ready)
    second = sendable.invoice(ready, number=first.number)
    for document in (first, second):
        service.send(ready.owner, document.id)
    work()
    assert status_of(first).state == DocumentState.SENT
    assert status_of(second).state == DocumentState.FAILED
    assert delivery_of(second).error["theirs"]["document"] == first.number


def test_a_total_that_differs_is_kept_and_noted(ready: SimpleNamespace) -> None:
    ready.sandbox.control(
        "preferences", company="us", TaxPrefs={"UsingSalesTax": True, "PartnerTaxEnabled": True}
    )
    Connection.update(company={**ready.connection.company, "automated_sales_tax": True}).where(
        Connection.id == ready.connection.id
    ).execute()
    document = sendable.invoice(ready, ship_region="MD", ship_postal_code="21201", tax=Decimal("72.76"))
    service.send(ready.owner, document.id)
    work()
    status = status_of(document)
    assert status.state == DocumentState.SENT
    assert status.remote_total != document.total
    (note,) = status.reasons
    assert note["code"] == "total_differs"
    assert Decimal(note["facts"]["difference"]) == status.remote_total - document.total


def test_a_bill_waits_for_its_purchase_order_and_is_tied_to_it(ready: SimpleNamespace) -> None:
    lines = [
        {},
        {"kind": "setup", "product_number": "", "description": "Screen set-up", "quantity": Decimal(1),
         "unit_price": Decimal("45.00"), "amount": Decimal("45.00")},
    ]  # fmt: skip
    bill = sendable.cost(ready, "bill", lines, order_number="SO-7731", tax=Decimal("3.10"))
    order = sendable.cost(ready, "purchase_order", lines, order_number="SO-7731", tax=Decimal("3.10"))
    for document in (bill, order):
        service.send(ready.owner, document.id)
    work()
    (made,) = in_sandbox(ready, "PurchaseOrder", order.number)
    (billed,) = in_sandbox(ready, "Bill", bill.number)
    ties = [link for line in billed["Line"] for link in line.get("LinkedTxn", ())]
    assert [(tie["TxnId"], tie["TxnLineId"]) for tie in ties] == [
        (made["Id"], line["Id"]) for line in made["Line"][:2]
    ]
    assert status_of(bill).state == DocumentState.SENT
    assert status_of(bill).reasons == []


@pytest.mark.parametrize(
    ("amounts", "is_tied"), [(["587.50", "38.50"], True), (["38.50", "587.50"], False), (["626.00"], False)]
)
def test_a_bill_is_tied_to_an_adopted_purchase_order_whose_lines_are_ours(
    ready: SimpleNamespace, amounts: list[str], is_tied: bool
) -> None:
    freight = {"kind": "freight", "product_number": "", "description": "UPS", "quantity": Decimal(1)}
    lines = [
        {"unit_price": Decimal("2.35"), "amount": Decimal("587.50")},
        {**freight, "unit_price": Decimal("38.50"), "amount": Decimal("38.50")},
    ]
    order = sendable.cost(ready, "purchase_order", lines, order_number="SO-7733")
    body = {
        "VendorRef": {"value": "31"},
        "APAccountRef": {"value": "33"},
        "DocNumber": order.number,
        "TxnDate": order.date.isoformat(),
        "Line": [
            {
                "DetailType": "AccountBasedExpenseLineDetail",
                "Amount": Decimal(amount),
                "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "7"}},
            }
            for amount in amounts
        ],
    }
    with _client(ready, ready.sandbox.tokens("us")) as client:
        typed = client.create("PurchaseOrder", body, "order-typed-by-hand")
    bill = sendable.cost(ready, "bill", lines, order_number="SO-7733")
    for document in (order, bill):
        service.send(ready.owner, document.id)
    work()
    (billed,) = in_sandbox(ready, "Bill", bill.number)
    ties = [link["TxnId"] for line in billed["Line"] for link in line.get("LinkedTxn", ())]
    assert outcomes(order) == ["adopted"]
    assert ties == ([typed["Id"], typed["Id"]] if is_tied else [])


def test_a_purchase_order_whose_answer_was_lost_still_ties_its_bill(ready: SimpleNamespace) -> None:
    order = sendable.cost(ready, "purchase_order", order_number="SO-7734")
    service.send(ready.owner, order.id)
    fault(ready, "drop_after", entity="purchaseorder")
    work()
    connect_to(ready, "9130357766900001")
    work()
    connect_to(ready, ready.connection.realm_id)
    service.send(ready.owner, order.id)
    bill = sendable.cost(ready, "bill", order_number="SO-7734")
    service.send(ready.owner, bill.id)
    work()
    (made,) = in_sandbox(ready, "PurchaseOrder", order.number)
    (billed,) = in_sandbox(ready, "Bill", bill.number)
    assert delivery_of(order).line_keys == status_of(order).remote_line_keys == ["product:bd-1140"]
    assert [link["TxnId"] for link in billed["Line"][0]["LinkedTxn"]] == [made["Id"]]


def test_ties_that_quickbooks_drops_are_noted(ready: SimpleNamespace) -> None:
    order = sendable.cost(ready, "purchase_order", order_number="SO-7732")
    service.send(ready.owner, order.id)
    work()
    DocumentStatus.update(remote_line_ids=["999"]).where(DocumentStatus.document == order).execute()
    bill = sendable.cost(ready, "bill", order_number="SO-7732")
    service.send(ready.owner, bill.id)
    work()
    status = status_of(bill)
    assert status.state == DocumentState.SENT
    assert [(note["code"], note["facts"]) for note in status.reasons] == [("ties_lost", {"lines": "1"})]


def test_billable_costs_name_the_customer_and_block_the_invoice(ready: SimpleNamespace) -> None:
    Preferences.update(billable=True).execute()
    order = sendable.cost(ready, "purchase_order", order_number="SO-9001")
    document = sendable.invoice(ready, order_number="SO-9001")
    service.send(ready.owner, order.id)
    work()
    (made,) = in_sandbox(ready, "PurchaseOrder", order.number)
    detail = made["Line"][0]["ItemBasedExpenseLineDetail"]
    assert (detail["BillableStatus"], detail["CustomerRef"]["value"]) == ("Billable", "1")
    assert status_of(order).sent_billable
    with pytest.raises(Invalid) as refused:
        service.send(ready.owner, document.id)
    assert [reason.code for reason in refused.value.errors["document"]] == ["billable_conflict"]


def test_what_is_blocked_by_the_time_of_sending_goes_back_with_its_reasons(ready: SimpleNamespace) -> None:
    Preferences.update(billable=True).execute()
    document = sendable.invoice(ready, order_number="SO-9002")
    order = sendable.cost(ready, "purchase_order", order_number="SO-9002")
    service.send(ready.owner, order.id)
    service.send(ready.owner, document.id)
    work()
    assert status_of(order).state == DocumentState.SENT
    status = status_of(document)
    assert status.state == DocumentState.BLOCKED
    assert [reason["code"] for reason in status.reasons] == ["billable_conflict"]
    assert delivery_of(document).state == DeliveryState.FAILED
    assert outcomes(document) == ["blocked"]


def test_what_is_blocked_while_it_is_sent_is_checked_once_more(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    Document.update(terms="Net 77").execute()
    claim = outbox.claim("one", now())
    assert claim is not None
    sending.deliver(claim)
    status = status_of(document)
    assert (status.state, status.needs_check) == (DocumentState.BLOCKED, True)
    Document.update(terms="").execute()  # as an import does meanwhile, which marks nothing that is under way
    work()
    assert status_of(document).state == DocumentState.READY


@pytest.mark.parametrize(("region", "code"), [("ON", "5"), ("QC", "10")])
def test_a_canadian_invoice_carries_its_provinces_code(
    connected: SimpleNamespace, region: str, code: str
) -> None:
    world = sendable.prepare_canadian(connected)
    tax = {"ON": Decimal("157.63"), "QC": Decimal("181.57")}[region]
    document = sendable.invoice(world, currency="CAD", ship_region=region, ship_country="CA", tax=tax)
    bill = sendable.cost(world, "bill", currency="CAD", ship_region=region, ship_country="CA", tax=tax)
    for one in (document, bill):
        service.send(world.owner, one.id)
    work()
    status = status_of(document)
    assert status.state == DocumentState.SENT
    assert status.remote_number != document.number
    (made,) = world.sandbox.query(f"select * from Invoice where Id = '{status.remote_id}'", "ca")
    assert made["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]["value"] == code
    assert abs(status.remote_total - document.total) <= Decimal("0.05")
    assert status_of(bill).state == DocumentState.SENT


def test_only_usable_connections_are_served(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    moment = now()
    for status in (ConnectionStatus.RECONNECT_NEEDED, ConnectionStatus.DISCONNECTED):
        Connection.update(status=status).execute()
        assert outbox.claim("w", moment) is None
    Connection.update(status=ConnectionStatus.PAUSED, paused_until=moment + timedelta(minutes=1)).execute()
    assert outbox.claim("w", moment) is None
    assert outbox.claim("w", moment + timedelta(minutes=2)) is not None


def test_a_connection_has_one_delivery_under_way(ready: SimpleNamespace) -> None:
    for document in (sendable.invoice(ready), sendable.invoice(ready)):
        service.send(ready.owner, document.id)
    moment = now()
    first = outbox.claim("one", moment)
    assert first is not None
    assert outbox.claim("two", moment) is None
    again = outbox.claim("two", moment + timedelta(minutes=3))
    assert again is not None
    assert again.delivery.id == first.delivery.id
    assert outcomes(Document.get_by_id(first.delivery.document_id)) == ["interrupted", ""]
    with pytest.raises(outbox.LeaseLost):
        outbox.renew(first.delivery)


@pytest.mark.parametrize("to", [DeliveryState.SENDING, DeliveryState.QUEUED, DeliveryState.SENT])
def test_a_finished_delivery_does_not_move(ready: SimpleNamespace, to: DeliveryState) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    work()
    with pytest.raises(ValueError, match="does not go"):
        outbox.move(delivery_of(document), to)


def test_what_waits_for_a_company_that_is_connected_no_more_fails(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    Connection.update(realm_id="9130357766900001").execute()
    work()
    assert delivery_of(document).error == {"code": "company_changed", "unknown": False}
    assert status_of(document).state == DocumentState.FAILED
    assert ready.sandbox.query(f"select * from Invoice where DocNumber = '{document.number}'", "ca") == []
