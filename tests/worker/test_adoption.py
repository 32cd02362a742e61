"""What somebody typed into QuickBooks before documents went through us is adopted, not sent a second time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sendable
from tests.conftest import PanelClient
from tests.html import text
from tests.sendable import delivery_of, in_sandbox, outcomes, status_of, work
from webapp.clock import now
from webapp.delivery import exchanging, outbox, records, sending
from webapp.documents import service
from webapp.integrations.connections import endpoints
from webapp.models import (
    Activity,
    Connection,
    Delivery,
    DeliveryState,
    Document,
    DocumentState,
    Preferences,
)
from webapp.quickbooks import payloads
from webapp.quickbooks.client import QuickBooksClient

ENTITIES = {"invoice": "Invoice", "bill": "Bill", "purchase_order": "PurchaseOrder"}
KINDS = tuple(ENTITIES)


@pytest.fixture
def cutover(ready: SimpleNamespace) -> SimpleNamespace:
    """A world that starts on 2026-11-01 and was connected on 2026-11-20, the day of its documents."""
    Preferences.update(start_date=date(2026, 11, 1)).execute()
    Connection.update(connected_at=datetime(2026, 11, 20, 9, tzinfo=UTC)).execute()
    return ready


def number_by_quickbooks() -> None:
    Preferences.update(use_our_numbers=False).execute()


def make(world: SimpleNamespace, kind: str, **values: Any) -> Document:
    return sendable.invoice(world, **values) if kind == "invoice" else sendable.cost(world, kind, **values)


def typed(
    world: SimpleNamespace, document: Document, include: str | None = None, **changes: Any
) -> dict[str, Any]:
    """Type the document into QuickBooks as a person does there, but for ``changes``."""
    kind = str(document.kind)
    line = {
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "7"}},
    }
    if kind == "invoice":
        line = {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    body = {
        "CustomerRef" if kind == "invoice" else "VendorRef": {"value": "1" if kind == "invoice" else "31"},
        "DocNumber": document.number,
        "TxnDate": document.date.isoformat(),
        "Line": [{**line, "Amount": changes.pop("amount", document.total)}],
        **changes,
    }
    body = {name: value for name, value in body.items() if value is not None}
    grant = world.sandbox.tokens("us")
    with QuickBooksClient(endpoints(), grant["realmId"], grant["access_token"]) as client:
        payload = payloads.dump(body)
        request_id = f"typed-{now().timestamp()}"
        return client.post_bytes(ENTITIES[kind], payload, request_id, include=include)


def all_of(world: SimpleNamespace, kind: str) -> int:
    return len(world.sandbox.query(f"select * from {ENTITIES[kind]} maxresults 1000"))


def send(world: SimpleNamespace, *documents: Document) -> None:
    for document in documents:
        service.send(world.owner, document.id)
    work()


def looks(world: SimpleNamespace) -> int:
    """How often the panel asked QuickBooks a query since the world was made."""
    return sum(row["path"].endswith("/query") for row in world.sandbox.requests())


def posts(world: SimpleNamespace, *entities: str) -> int:
    paths = [row["path"].rpartition("/")[2] for row in world.sandbox.requests() if row["method"] == "POST"]
    return sum(path in entities for path in paths)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ours", [True, False])
def test_the_same_document_is_adopted_whoever_numbers(
    cutover: SimpleNamespace, kind: str, ours: bool
) -> None:
    if not ours:
        number_by_quickbooks()
    document = make(cutover, kind)
    is_numbered = ours or kind == "bill"  # a bill always has its supplier's number
    there = typed(cutover, document, **({} if is_numbered else {"DocNumber": "HAND-7"}))
    before = all_of(cutover, kind)
    send(cutover, document)
    status = status_of(document)
    assert (status.state, status.remote_id) == (DocumentState.SENT, there["Id"])
    assert status.remote_number == (document.number if is_numbered else "HAND-7")
    assert status.remote_total == document.total
    assert status.remote_balance == (None if kind == "purchase_order" else document.total)
    assert (status.sent_revision, status.sent_by_id) == (document.revision, cutover.owner.id)
    (note,) = status.reasons
    assert (note["code"], note["facts"]["by"]) == ("adopted", "number" if is_numbered else "party")
    assert outcomes(document) == ["adopted"]
    assert delivery_of(document).payload is None
    activity = Activity.get(Activity.verb == "document.sent")
    assert activity.facts["adopted"]
    assert all_of(cutover, kind) == before
    assert posts(cutover, "item") == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal("99.00")},
        {"TxnDate": "2026-11-19"},
        {"CustomerRef": {"value": "2"}, "VendorRef": {"value": "32"}},
    ],
    ids=["total", "date", "party"],
)
def test_another_document_is_not_adopted(
    cutover: SimpleNamespace, kind: str, changes: dict[str, Any]
) -> None:
    if kind == "bill":
        changes = {**changes, "DocNumber": "OTHER"}
    number_by_quickbooks()
    document = make(cutover, kind)
    other = {"invoice": "VendorRef"}.get(kind, "CustomerRef")
    there = typed(cutover, document, **{name: value for name, value in changes.items() if name != other})
    before = all_of(cutover, kind)
    send(cutover, document)
    assert status_of(document).state == DocumentState.SENT
    assert status_of(document).remote_id != there["Id"]
    assert outcomes(document) == ["sent"]
    assert all_of(cutover, kind) == before + 1


def test_our_number_on_another_total_fails_with_both_shown(cutover: SimpleNamespace) -> None:
    document = sendable.invoice(cutover)
    typed(cutover, document, amount=Decimal("99.00"))
    send(cutover, document)
    error = delivery_of(document).error
    assert status_of(document).state == DocumentState.FAILED
    assert (error["code"], Decimal(error["theirs"]["total"])) == ("duplicate_number", Decimal("99.00"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ours", [True, False])
def test_one_of_several_is_not_guessed(
    cutover: SimpleNamespace, client: PanelClient, kind: str, ours: bool
) -> None:
    if not ours:
        number_by_quickbooks()
    document = make(cutover, kind)
    numbers = ["HAND-1", "HAND-2"] if not ours and kind != "bill" else [document.number] * 2
    there = [typed(cutover, document, "allowduplicatedocnum", DocNumber=number) for number in numbers]
    before = all_of(cutover, kind)
    send(cutover, document)
    error = delivery_of(document).error
    assert status_of(document).state == DocumentState.FAILED
    assert (error["code"], error["unknown"]) == ("several_found", False)
    assert [(one["id"], one["number"]) for one in error["found"]] == [
        (one["Id"], one["DocNumber"]) for one in there
    ]
    assert outcomes(document) == ["several_found"]
    page = text(client.sign_in(cutover.owner).get(f"/documents/{document.id}"))
    assert "several documents that could be this one" in page
    assert ", ".join(numbers) in page
    assert all_of(cutover, kind) == before


def test_after_the_extra_one_is_gone_sending_again_adopts_the_other(cutover: SimpleNamespace) -> None:
    number_by_quickbooks()
    document = sendable.invoice(cutover)
    kept, extra = (typed(cutover, document, DocNumber=number) for number in ("HAND-1", "HAND-2"))
    send(cutover, document)
    grant = cutover.sandbox.tokens("us")
    with QuickBooksClient(endpoints(), grant["realmId"], grant["access_token"]) as client:
        client.delete("Invoice", {"Id": extra["Id"], "SyncToken": extra["SyncToken"]}, "delete-extra")
    send(cutover, document)
    assert status_of(document).remote_id == kept["Id"]
    assert outcomes(document) == ["several_found", "adopted"]


def test_one_that_is_another_document_of_ours_is_left_to_it(cutover: SimpleNamespace) -> None:
    number_by_quickbooks()
    first, second, third = (sendable.invoice(cutover) for _number in range(3))
    there = typed(cutover, first, DocNumber="HAND-1")
    send(cutover, first, second)
    assert status_of(first).remote_id == there["Id"]
    assert outcomes(second) == ["sent"]
    also = typed(cutover, first, DocNumber="HAND-2")
    send(cutover, third)
    assert status_of(third).remote_id == also["Id"]


@pytest.mark.parametrize(
    ("start", "since", "day"),
    [
        (None, datetime(2026, 11, 20, 9, tzinfo=UTC), date(2026, 11, 20)),
        (date(2026, 11, 1), datetime(2026, 11, 19, 9, tzinfo=UTC), date(2026, 11, 20)),
    ],
    ids=["no start date", "made since"],
)
def test_ordinary_sending_costs_no_look(
    cutover: SimpleNamespace, start: date | None, since: datetime, day: date
) -> None:
    Preferences.update(start_date=start).execute()
    Connection.update(connected_at=since).execute()
    first, document = (sendable.invoice(cutover, date=day) for _number in range(2))
    send(cutover, first)  # makes the item that both need
    before = looks(cutover)
    send(cutover, document)
    assert outcomes(document) == ["sent"]
    assert looks(cutover) == before


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 11, 20)])
def test_first_and_last_day_of_the_cutover_are_looked_at(cutover: SimpleNamespace, day: date) -> None:
    document = sendable.invoice(cutover, date=day)
    there = typed(cutover, document)
    send(cutover, document)
    assert status_of(document).remote_id == there["Id"]


def test_tax_that_quickbooks_rounded_otherwise_is_adopted_and_noted(cutover: SimpleNamespace) -> None:
    document = sendable.invoice(cutover, tax=Decimal("72.75"))
    tax = {"TotalTax": Decimal("72.74")}
    there = typed(cutover, document, amount=Decimal("1212.50"), TxnTaxDetail=tax)
    send(cutover, document)
    status = status_of(document)
    assert status.remote_id == there["Id"]
    assert [note["code"] for note in status.reasons] == ["adopted", "total_differs"]


@pytest.mark.parametrize("billable", [True, False])
def test_adopted_costs_are_billable_as_they_are_in_quickbooks(
    cutover: SimpleNamespace, billable: bool
) -> None:
    document = sendable.cost(cutover, "bill")
    detail: dict[str, Any] = {"AccountRef": {"value": "7"}}
    if billable:
        detail |= {"CustomerRef": {"value": "1"}, "BillableStatus": "Billable"}
    line = {"DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": detail}
    typed(cutover, document, Line=[{**line, "Amount": document.total}])
    Preferences.update(billable=not billable).execute()
    send(cutover, document)
    assert status_of(document).sent_billable == billable


def test_bill_of_an_adopted_order_with_other_lines_is_sent_untied(cutover: SimpleNamespace) -> None:
    lines = [
        {"amount": Decimal("1000.00"), "unit_price": Decimal("4.00")},
        {"amount": Decimal("212.50"), "unit_price": Decimal("0.85")},
    ]
    order = sendable.cost(cutover, "purchase_order", lines, order_number="SO-1")
    typed(cutover, order)
    bill = sendable.cost(cutover, "bill", lines, order_number="SO-1")
    send(cutover, order, bill)
    assert status_of(order).remote_line_keys == []
    (entity,) = in_sandbox(cutover, "Bill", bill.number)
    assert [link for line in entity["Line"] for link in line.get("LinkedTxn", ())] == []


# a look that is cut off, and what it must not stand between


class Died(BaseException):
    """The process ends in the middle."""


def die_in(patch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """End the process where it would do this; the delivery is left as a killed worker leaves it."""

    def die(*_arguments: Any, **_options: Any) -> None:
        raise Died

    patch.setattr(module, name, die)
    patch.setattr(records, "record_wait", die)


def killed(world: SimpleNamespace, document: Document, module: Any, name: str) -> Delivery:
    service.send(world.owner, document.id)
    with pytest.MonkeyPatch.context() as patch:
        die_in(patch, module, name)
        with pytest.raises(Died):
            work()
    delivery = delivery_of(document)
    assert delivery.state == DeliveryState.SENDING
    Delivery.update(lease_until=now().replace(year=2020)).where(Delivery.id == delivery.id).execute()
    return delivery


@pytest.mark.parametrize("ours", [True, False])
def test_worker_that_dies_before_it_records_the_find_adopts_it_the_next_time(
    cutover: SimpleNamespace, ours: bool
) -> None:
    if not ours:
        number_by_quickbooks()
    document = sendable.invoice(cutover)
    there = typed(cutover, document)
    before = all_of(cutover, "invoice")
    assert killed(cutover, document, records, "record_sent").payload is None
    work()
    assert status_of(document).remote_id == there["Id"]
    assert outcomes(document) == ["interrupted", "adopted"]
    assert all_of(cutover, "invoice") == before


def test_worker_that_dies_between_look_and_bytes_looks_again(cutover: SimpleNamespace) -> None:
    number_by_quickbooks()
    document = sendable.invoice(cutover)
    assert killed(cutover, document, exchanging, "prepare").payload is None
    there = typed(cutover, document, DocNumber="HAND-1")
    work()
    assert status_of(document).remote_id == there["Id"]


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "500"])
def test_no_look_stands_between_an_unknown_outcome_and_its_repeat(
    cutover: SimpleNamespace, fault: str
) -> None:
    number_by_quickbooks()
    document = sendable.invoice(cutover)
    cutover.sandbox.control("faults", kind=fault, method="POST", entity="invoice")
    send(cutover, document)
    before = delivery_of(document)
    assert before.payload is not None
    looked = looks(cutover)
    Delivery.update(next_attempt_at=now()).execute()
    work()
    after = delivery_of(document)
    assert (after.request_id, bytes(after.payload)) == (before.request_id, bytes(before.payload))
    assert outcomes(document)[-1] == "sent"
    assert looks(cutover) == looked
    assert sum(entity["TotalAmt"] == 1212.5 for entity in todays(cutover)) == 1


def todays(world: SimpleNamespace) -> list[dict[str, Any]]:
    return world.sandbox.query("select * from Invoice where TxnDate = '2026-11-20' and CustomerRef = '1'")


def test_worker_that_dies_between_bytes_and_call_sends_them_without_a_look(cutover: SimpleNamespace) -> None:
    number_by_quickbooks()
    document = sendable.invoice(cutover)
    kept = killed(cutover, document, exchanging, "_post")
    assert kept.payload is not None
    looked = looks(cutover)
    work()
    assert outcomes(document) == ["interrupted", "sent"]
    assert looks(cutover) == looked
    assert delivery_of(document).request_id == kept.request_id


def test_what_another_document_sent_without_an_answer_is_not_adopted(cutover: SimpleNamespace) -> None:
    number_by_quickbooks()
    first, twin = sendable.invoice(cutover), sendable.invoice(cutover)
    cutover.sandbox.control("faults", kind="drop_after", method="POST", entity="invoice")
    send(cutover, first)
    assert delivery_of(first).state == DeliveryState.QUEUED
    Delivery.update(next_attempt_at=now().replace(year=2100)).execute()
    send(cutover, twin)
    error = delivery_of(twin).error
    assert (error["code"], error["document"]) == ("unclear_found", first.number)
    Delivery.update(next_attempt_at=now()).where(Delivery.document == first).execute()
    work()
    assert outcomes(first) == ["unreachable", "sent"]
    send(cutover, twin)
    assert outcomes(twin) == ["unclear_found", "sent"]
    assert {status_of(one).remote_id for one in (first, twin)} == {entity["Id"] for entity in todays(cutover)}


@pytest.mark.parametrize("fault", ["500", "drop_before", "429"])
def test_look_that_fails_sends_nothing_and_is_repeated(cutover: SimpleNamespace, fault: str) -> None:
    document = sendable.invoice(cutover)
    there = typed(cutover, document)
    cutover.sandbox.control("faults", kind=fault, entity="query")
    send(cutover, document)
    assert posts(cutover, "invoice") == 1  # the one that was typed
    assert delivery_of(document).payload is None
    assert delivery_of(document).state == DeliveryState.QUEUED
    Delivery.update(next_attempt_at=now()).execute()
    Connection.update(paused_until=now().replace(year=2020)).execute()
    work()
    assert status_of(document).remote_id == there["Id"]


def test_lease_that_ran_out_during_the_look_records_nothing(cutover: SimpleNamespace) -> None:
    document = sendable.invoice(cutover)
    typed(cutover, document)
    service.send(cutover.owner, document.id)
    claim = outbox.claim("first", now())
    assert claim is not None
    Delivery.update(lease_owner="second").execute()
    sending.deliver(claim)
    assert status_of(document).state == DocumentState.SENDING
    assert status_of(document).remote_id in {"", None}
