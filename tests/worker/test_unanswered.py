"""A document that QuickBooks never answers has an end that people see, and decide on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sendable
from tests.conftest import PanelClient
from tests.html import soup, text
from tests.sendable import delivery_of, in_sandbox, outcomes, status_of, work
from webapp.clock import now
from webapp.documents import service
from webapp.errors import Conflict, Forbidden
from webapp.integrations.connections import endpoints
from webapp.models import (
    Activity,
    Connection,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    Document,
    DocumentState,
    Preferences,
    TaxExemption,
)
from webapp.quickbooks.client import QuickBooksClient

DAY = timedelta(hours=25)


def make_due() -> None:
    Delivery.update(next_attempt_at=now()).where(Delivery.state == DeliveryState.QUEUED).execute()


def give_up(world: SimpleNamespace, document: Document, first: str = "drop_after") -> None:
    """Let eight tries end without an answer; with ``drop_after`` QuickBooks carries the first one out."""
    world.sandbox.control("faults", kind=first, method="POST", entity="invoice")
    world.sandbox.control("faults", kind="503", times=7, method="POST", entity="invoice")
    for _try in range(8):
        make_due()
        work()
    assert delivery_of(document).error["unknown"]


def a_day_ago(world: SimpleNamespace, document: Document, first: str = "drop_after") -> Document:
    """A document that was sent a day ago without an answer; the clocks of both sides agree on it."""
    service.send(world.owner, document.id)
    work_a_day_ago(world, lambda: give_up(world, document, first))
    return document


def work_a_day_ago(world: SimpleNamespace, do: Any) -> None:
    world.sandbox.control("clock", advance=-int(DAY.total_seconds()))
    fresh_token(world)
    do()
    world.sandbox.control("clock", advance=int(DAY.total_seconds()))
    fresh_token(world)
    for row in Delivery.select():
        ended = row.finished_at and row.finished_at - DAY
        Delivery.update(created_at=row.created_at - DAY, finished_at=ended).where(
            Delivery.id == row.id
        ).execute()
    for tried in DeliveryAttempt.select():
        DeliveryAttempt.update(started_at=tried.started_at - DAY).where(
            DeliveryAttempt.id == tried.id
        ).execute()


def fresh_token(world: SimpleNamespace) -> None:
    grant = world.sandbox.tokens("us")
    Connection.update(
        access_token=grant["access_token"],
        refresh_token=grant["refresh_token"],
        access_expires_at=now() + timedelta(hours=1),
    ).execute()


def check(world: SimpleNamespace, document: Document, **options: Any) -> None:
    service.send(world.owner, document.id, **options)
    make_due()
    work()


def of_customer(world: SimpleNamespace) -> list[dict[str, Any]]:
    return world.sandbox.query("select * from Invoice where TxnDate = '2026-11-20' and CustomerRef = '1'")


def change_in_quickbooks(world: SimpleNamespace, entity: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Change an invoice there as a person would; returns what it was."""
    grant = world.sandbox.tokens("us")
    with QuickBooksClient(endpoints(), grant["realmId"], grant["access_token"]) as client:
        newest = client.read("Invoice", entity["Id"])
        client.update("Invoice", {**newest, **changes}, f"change-{now().timestamp()}")
        return newest


@pytest.fixture
def numbered_there(ready: SimpleNamespace) -> SimpleNamespace:
    Preferences.update(use_our_numbers=False).execute()
    return ready


def test_page_says_since_when_and_how_often_without_an_answer(
    ready: SimpleNamespace, client: PanelClient
) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    give_up(ready, document)
    page = client.sign_in(ready.member).get(f"/documents/{document.id}")
    assert "Sending, no answer since" in text(page)
    assert "8 tries." in text(page)
    assert soup(page).select_one("form[action$='/send'] button").get_text(strip=True) == "Send again"


def test_within_a_day_sending_again_repeats_the_request_without_a_look(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    give_up(ready, document)
    failed = delivery_of(document)
    looked = sum(row["path"].endswith("/query") for row in ready.sandbox.requests())
    service.send(ready.member, document.id)
    work()
    assert delivery_of(document).request_id == failed.request_id
    assert status_of(document).state == DocumentState.SENT
    assert sum(row["path"].endswith("/query") for row in ready.sandbox.requests()) == looked


def test_after_a_day_an_owner_or_admin_is_offered_a_check(
    ready: SimpleNamespace, client: PanelClient
) -> None:
    document = a_day_ago(ready, sendable.invoice(ready))
    for person in (ready.owner, ready.admin):
        page = soup(client.sign_in(person).get(f"/documents/{document.id}"))
        buttons = [one.get_text(strip=True) for one in page.select("form[action$='/send'] button")]
        assert buttons == ["Check in QuickBooks"]
    page = client.sign_in(ready.member).get(f"/documents/{document.id}")
    assert soup(page).select("form[action$='/send']") == []
    assert "An owner or admin can check" in text(page)
    with pytest.raises(Forbidden):
        service.send(ready.member, document.id)
    assert client.post(f"/documents/{document.id}/send").status_code == 403
    assert Delivery.select().count() == 1


@pytest.mark.parametrize("ours", [True, False])
def test_check_adopts_what_quickbooks_made_of_it(
    ready: SimpleNamespace, client: PanelClient, ours: bool
) -> None:
    Preferences.update(use_our_numbers=ours).execute()
    document = a_day_ago(ready, sendable.invoice(ready))
    (there,) = of_customer(ready)
    answer = client.sign_in(ready.admin).post(f"/documents/{document.id}/send")
    assert answer.status_code == 303
    delivery = delivery_of(document)
    assert delivery.next_attempt_at <= now() + timedelta(minutes=1)  # the last try is long over
    work()
    status = status_of(document)
    assert (status.state, status.remote_id) == (DocumentState.SENT, there["Id"])
    assert [note["code"] for note in status.reasons] == ["adopted"]
    assert outcomes(document)[-1] == "adopted"
    assert len(of_customer(ready)) == 1
    looked = [row for row in Activity.select() if row.verb == "document.queued" and row.facts.get("look")]
    assert [row.user_id for row in looked] == [ready.admin.id]
    assert "is looked for in QuickBooks" in text(client.get("/activity"))


@pytest.mark.parametrize("ours", [True, False])
def test_check_sends_anew_what_quickbooks_surely_does_not_have(ready: SimpleNamespace, ours: bool) -> None:
    Preferences.update(use_our_numbers=ours).execute()
    document = a_day_ago(ready, sendable.invoice(ready), first="drop_before")
    lost = delivery_of(document)
    assert of_customer(ready) == []
    Document.update(memo="changed meanwhile", revision=Document.revision + 1).execute()
    check(ready, document)
    delivery = delivery_of(document)
    assert (delivery.state, outcomes(document)[-1]) == (DeliveryState.SENT, "sent")
    assert delivery.request_id not in {None, lost.request_id}
    assert status_of(document).state == DocumentState.SENT
    (there,) = of_customer(ready)
    assert "changed meanwhile" in str(there)


def test_check_of_a_document_that_is_blocked_by_now_adopts_it_all_the_same(ready: SimpleNamespace) -> None:
    document = a_day_ago(ready, sendable.invoice(ready, tax=Decimal("5.00")))
    TaxExemption.create(workspace=ready.workspace, company=ready.customer, number="X")
    check(ready, document)
    assert status_of(document).state == DocumentState.SENT


def test_check_that_finds_nothing_leaves_a_blocked_document_blocked(ready: SimpleNamespace) -> None:
    document = a_day_ago(ready, sendable.invoice(ready, tax=Decimal("5.00")), first="drop_before")
    TaxExemption.create(workspace=ready.workspace, company=ready.customer, number="X")
    check(ready, document)
    assert status_of(document).state == DocumentState.BLOCKED
    TaxExemption.delete().execute()
    service.send(ready.member, document.id)  # its outcome is known now, so anybody may send it
    work()
    assert outcomes(document)[-1] == "sent"


@pytest.mark.parametrize(
    "changes",
    [{"TxnDate": "2026-11-21"}, {"DocNumber": "OTHER"}, {"Line": None}],
    ids=["date", "number", "total"],
)
def test_one_that_somebody_changed_since_is_not_sent_a_second_time(
    numbered_there: SimpleNamespace, client: PanelClient, changes: dict[str, Any]
) -> None:
    world = numbered_there
    document = a_day_ago(world, sendable.invoice(world))
    (there,) = of_customer(world)
    if "Line" in changes:
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": 1,
            "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
        }
        changes = {"Line": [line]}
    before = change_in_quickbooks(world, there, **changes)
    check(world, document)
    if "DocNumber" in changes:
        assert status_of(document).remote_id == there["Id"]  # the number was never ours
        return
    error = delivery_of(document).error
    assert (error["code"], error["unknown"]) == ("changed_found", True)
    assert [one["id"] for one in error["found"]] == [there["Id"]]
    page = client.sign_in(world.owner).get(f"/documents/{document.id}")
    assert "none that is the same as this one" in text(page)
    buttons = [one.get_text(strip=True) for one in soup(page).select("form[action$='/send'] button")]
    assert buttons == ["Check in QuickBooks", "Send as a new one"]
    change_in_quickbooks(world, there, TxnDate="2026-11-20", Line=before["Line"])
    check(world, document)
    assert status_of(document).remote_id == there["Id"]


def test_after_an_unclear_check_a_person_may_send_it_as_a_new_one(
    numbered_there: SimpleNamespace, client: PanelClient
) -> None:
    world = numbered_there
    document = sendable.invoice(world)
    other = sendable.invoice(
        world, [{"amount": Decimal("7.00"), "quantity": Decimal(1), "unit_price": Decimal(7)}]
    )

    def without_an_answer() -> None:
        give_up(world, document, "drop_before")
        typed(world, other)

    service.send(world.owner, document.id)
    work_a_day_ago(world, without_an_answer)
    lost = delivery_of(document)
    check(world, document)
    assert delivery_of(document).error["code"] == "changed_found"
    client.sign_in(world.member)
    assert client.post(f"/documents/{document.id}/send", data={"anew": "1"}).status_code == 403
    client.sign_in(world.owner)
    assert client.post(f"/documents/{document.id}/send", data={"anew": "1"}).status_code == 303
    work()
    assert status_of(document).state == DocumentState.SENT
    assert delivery_of(document).request_id != lost.request_id
    assert len(of_customer(world)) == 2


def typed(world: SimpleNamespace, document: Document) -> None:
    """Another invoice of the same customer, made by hand meanwhile."""
    grant = world.sandbox.tokens("us")
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": document.total,
        "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
    }
    body = {"CustomerRef": {"value": "1"}, "TxnDate": "2026-11-20", "DocNumber": "HAND-1", "Line": [line]}
    with QuickBooksClient(endpoints(), grant["realmId"], grant["access_token"]) as client:
        client.create("Invoice", body, "typed-by-hand")


@pytest.mark.parametrize("when", ["never sent", "within a day", "not looked for"])
def test_sending_as_a_new_one_needs_an_unclear_check(ready: SimpleNamespace, when: str) -> None:
    document = sendable.invoice(ready)
    if when == "within a day":
        service.send(ready.owner, document.id)
        give_up(ready, document)
    if when == "not looked for":
        a_day_ago(ready, document)
    count = Delivery.select().count()
    with pytest.raises(Conflict):
        service.send(ready.owner, document.id, anew=True)
    assert Delivery.select().count() == count


def test_check_does_not_take_what_is_another_document_of_ours(numbered_there: SimpleNamespace) -> None:
    world = numbered_there
    document, twin = sendable.invoice(world), sendable.invoice(world)

    def send_both() -> None:
        give_up(world, document, "drop_before")
        service.send(world.owner, twin.id)
        work()

    service.send(world.owner, document.id)
    work_a_day_ago(world, send_both)
    assert status_of(twin).state == DocumentState.SENT
    check(world, document)
    assert outcomes(document)[-1] == "sent"
    assert {status_of(one).remote_id for one in (document, twin)} == {one["Id"] for one in of_customer(world)}


def test_check_that_is_not_answered_itself_is_repeated_and_sends_nothing(ready: SimpleNamespace) -> None:
    document = a_day_ago(ready, sendable.invoice(ready), first="drop_before")
    posts = sum(row["path"].endswith("/invoice") for row in ready.sandbox.requests())
    ready.sandbox.control("faults", kind="500", times=8, entity="query")
    service.send(ready.owner, document.id)
    for _try in range(8):
        make_due()
        work()
    assert sum(row["path"].endswith("/invoice") for row in ready.sandbox.requests()) == posts
    assert delivery_of(document).error["unknown"]
    check(ready, document)
    assert status_of(document).state == DocumentState.SENT
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1


def test_check_waits_until_the_last_try_is_surely_over(ready: SimpleNamespace) -> None:
    document = a_day_ago(ready, sendable.invoice(ready))
    ended = now() - timedelta(minutes=1)
    Delivery.create(
        **{
            name: getattr(delivery_of(document), name)
            for name in (
                "workspace",
                "connection",
                "realm_id",
                "document",
                "revision",
                "request_id",
                "payload",
            )
        },
        state=DeliveryState.FAILED,
        error={"code": "server_fault", "unknown": True},
        finished_at=ended,
    )
    delivery = service.send(ready.owner, document.id)
    assert delivery.next_attempt_at == ended + timedelta(minutes=10)


def test_new_bytes_without_an_answer_are_repeated_without_a_look(ready: SimpleNamespace) -> None:
    document = a_day_ago(ready, sendable.invoice(ready), first="drop_before")
    ready.sandbox.control("faults", kind="drop_after", method="POST", entity="invoice")
    check(ready, document)
    sent = delivery_of(document)
    assert sent.state == DeliveryState.QUEUED
    make_due()
    work()
    assert delivery_of(document).request_id == sent.request_id
    assert outcomes(document)[-2:] == ["unreachable", "sent"]
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1
