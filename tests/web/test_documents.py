from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories, sendable
from tests.conftest import HTMX, PanelClient
from tests.html import soup, text
from tests.sendable import status_of, work
from webapp.clock import now
from webapp.models import (
    Connection,
    ConnectionStatus,
    Delivery,
    Document,
    DocumentState,
    DocumentStatus,
    Permission,
    Preferences,
    Visibility,
)


@pytest.fixture
def ready(connected: SimpleNamespace) -> SimpleNamespace:
    return sendable.prepare(connected)


def page(client: PanelClient, document: Document, **headers: str) -> Any:
    return client.get(f"/documents/{document.id}", headers=headers)


def send_form(response: Any) -> Any:
    return soup(response).find("form", action=lambda action: action and action.endswith("/send"))


def toast(response: Any) -> str:
    return json.loads(response.headers["HX-Trigger"])["toast"]["message"]


def hide(world: SimpleNamespace) -> None:
    Permission.create(workspace=world.workspace, visible_to=Visibility.SELECTED)


def test_an_empty_list_says_what_it_is_for_and_how_to_begin(
    world: SimpleNamespace, client: PanelClient
) -> None:
    answer = client.sign_in(world.member).get("/documents")
    assert "No documents yet" in text(answer)
    assert soup(answer).find("a", href="/documents/import")
    assert not soup(answer).find("form", role="search")


def test_the_list_shows_its_documents_with_their_state(ready: SimpleNamespace, client: PanelClient) -> None:
    document = sendable.invoice(ready, order_number="SO-7731", currency="CAD")
    client.sign_in(ready.member)
    row = soup(client.get("/documents")).find("tbody").get_text(" ", strip=True)
    for words in (document.number, "Invoice", "Alder & Finch Events", "SO-7731", "CA$1,212.50", "Blocked"):
        assert words in row


def test_the_list_is_searched_and_filtered(ready: SimpleNamespace, client: PanelClient) -> None:
    invoice, bill = sendable.invoice(ready), sendable.cost(ready, "bill")
    client.sign_in(ready.member)
    assert invoice.number in text(client.get("/documents?kind=invoice"))
    assert bill.number not in text(client.get("/documents?kind=invoice"))
    found = client.get(f"/documents?q={bill.number}", headers=HTMX)
    assert soup(found).find(id="document-list")
    assert not soup(found).find("h1")
    assert invoice.number not in text(found)
    assert "No document matches" in text(client.get("/documents?q=nobody&state=sent"))
    assert client.get("/documents?kind=poem&state=odd&after=x&before=99999999999").status_code == 200


def test_the_list_pages_both_ways(
    ready: SimpleNamespace, client: PanelClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.documents.queries.PAGE", 2)
    for _number in range(3):
        sendable.invoice(ready)
    client.sign_in(ready.member)
    older = soup(client.get("/documents")).find("a", rel="next")["href"]
    assert soup(client.get(older)).find("a", rel="prev")


def test_the_document_page_shows_lines_preview_and_the_send_button(
    ready: SimpleNamespace, client: PanelClient
) -> None:
    document = sendable.invoice(ready, terms="Net 30", in_hands_date=now().date())
    answer = page(client.sign_in(ready.member), document)
    words = text(answer)
    assert soup(answer).find("h1").get_text() == f"Invoice {document.number}"
    for expected in (
        "What QuickBooks will get",
        "Customer Alder & Finch Events",
        "Net 30",
        "1,212.50",
        "Ready",
    ):
        assert expected in words
    assert "New item, created with this document" in words
    assert send_form(answer)["method"] == "post"
    assert not Delivery.select().exists()


def test_the_preview_names_class_location_custom_fields_memo_and_the_rule(
    ready: SimpleNamespace, client: PanelClient
) -> None:
    Preferences.update(
        class_id="1",
        location_id="1",
        custom_fields={"invoice:customer_po": "1", "invoice:in_hands_date": "2"},
    ).execute()
    sendable.rule(ready, "category", "drinkware", class_id="2", target="item:10")
    sendable.rule(ready, "sales_rep", "dana reyes", location_id="2")
    mugs = {"category": "Drinkware"}
    document = sendable.invoice(
        ready, [mugs, {}], sales_rep="Dana Reyes", customer_po="AF-2291", in_hands_date=date(2026, 10, 2)
    )
    preview = soup(page(client.sign_in(ready.member), document)).find(
        "section", {"aria-labelledby": "h-preview"}
    )
    facts = {
        row.dt.get_text(" ", strip=True): row.dd.get_text(" ", strip=True)
        for row in preview.dl.find_all("div")
    }
    assert facts == {
        "Location": "Richmond Rule: sales rep dana reyes",
        "Customer PO": "AF-2291",
        "In-hands date": "2026-10-02",
        "Memo": f"Order {document.order_number} · PO AF-2291",
    }
    lines = [row.th.get_text(" ", strip=True) for row in preview.tbody.find_all("tr")]
    assert "class Education Rule: category drinkware" in lines[0]
    assert "class Corporate" in lines[1]
    assert "Rule" not in lines[1]
    words = text(client.get(f"/documents/{document.id}"))
    assert "sales rep Dana Reyes" in words
    assert "Product · BD-1140 · Drinkware" in words


def test_sending_inline_queues_polls_and_shows_the_result(
    ready: SimpleNamespace, client: PanelClient
) -> None:
    document = sendable.invoice(ready)
    client.sign_in(ready.member)
    answer = client.post(f"/documents/{document.id}/send", headers=HTMX)
    root = soup(answer).find(id="document")
    assert answer.status_code == 200
    assert toast(answer) == f"Invoice {document.number} is queued for QuickBooks."
    assert (root["hx-trigger"], root["hx-target"], root["hx-swap"]) == ("every 1s", "this", "outerHTML")
    assert soup(answer).find(autofocus=True)["id"] == "document-state"
    waiting = client.get(root["hx-get"], headers=HTMX)
    assert soup(waiting).find(id="document").has_attr("hx-get")
    assert "HX-Trigger" not in waiting.headers
    work()
    done = client.get(root["hx-get"], headers=HTMX)
    assert not soup(done).find(id="document").has_attr("hx-get")
    assert toast(done) == f"Invoice {document.number} is in QuickBooks."
    words = text(done)
    assert f"QuickBooks ID {status_of(document).remote_id}" in words
    assert "Sent by Rowan Tessel" in words
    assert "$1,212.50 of $1,212.50" in words
    assert "Sent, attempt 1" in words
    link = soup(done).find("a", target="_blank")
    assert link["href"].endswith(f"/app/invoice?txnId={status_of(document).remote_id}")


def test_sending_without_htmx_leads_back_to_the_page(ready: SimpleNamespace, client: PanelClient) -> None:
    document = sendable.invoice(ready)
    answer = client.sign_in(ready.member).post(f"/documents/{document.id}/send")
    assert (answer.status_code, answer.location) == (303, f"/documents/{document.id}")
    shown = client.get(answer.location)
    assert "is queued for QuickBooks" in text(shown)
    assert "Reload to see the result." in text(shown)
    assert send_form(shown) is None


def test_a_second_click_changes_nothing(ready: SimpleNamespace, client: PanelClient) -> None:
    document = sendable.invoice(ready)
    client.sign_in(ready.member)
    for _click in range(2):
        assert client.post(f"/documents/{document.id}/send", headers=HTMX).status_code == 200
    work()
    late = client.post(f"/documents/{document.id}/send", headers=HTMX)
    assert toast(late) == f"Invoice {document.number} is in QuickBooks already."
    assert Delivery.select().count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_blocked_document_is_not_sent_and_says_why(
    ready: SimpleNamespace, client: PanelClient, headers: dict[str, str]
) -> None:
    document = sendable.invoice(ready, terms="Net 77")
    client.sign_in(ready.admin)
    shown = page(client, document)
    button = soup(shown).find("button", {"aria-disabled": "true"})
    assert soup(shown).find(id=button["aria-describedby"]).get_text() == "1 thing blocks sending"
    assert "Net 77" in soup(shown).find("ul", class_="reasons").get_text()
    assert soup(shown).find("ul", class_="reasons").find("a")
    answer = client.post(f"/documents/{document.id}/send", headers=headers)
    assert answer.status_code == 422
    assert "Net 77" in text(answer)
    assert bool(soup(answer).find("h1")) and bool(soup(answer).find("title")) == (not headers)
    assert not Delivery.select().exists()


@pytest.mark.parametrize("kind", ["invoice", "bill"])
def test_a_company_that_cannot_be_linked_yet_leads_to_its_import(
    ready: SimpleNamespace, client: PanelClient, kind: str
) -> None:
    prospect = factories.company(ready.workspace, "Bramble & Thorn", is_customer=False, is_prospect=True)
    document = factories.document(ready.workspace, prospect, kind=kind)
    answer = page(client.sign_in(ready.owner), document)
    assert "Bramble & Thorn cannot be linked to QuickBooks yet." in text(answer)
    assert soup(answer).select_one(".reasons a[href='/companies/import']")
    assert not soup(answer).select(".reasons a[href*='/links/']")


@pytest.mark.parametrize(
    ("person", "hidden", "kinds", "shown", "status", "sent"),
    [
        ("owner", False, True, 200, 200, 303),
        ("member", False, True, 200, 200, 303),
        ("member", False, False, 200, 200, 403),
        ("owner", False, False, 200, 200, 403),
        ("member", True, True, 200, 404, 404),
        ("admin", True, True, 200, 200, 303),
        ("outsider", False, True, 404, 404, 404),
        ("support", False, True, 404, 404, 404),
    ],
)
def test_permissions_decide_what_each_person_may_do(
    ready: SimpleNamespace,
    client: PanelClient,
    person: str,
    hidden: bool,
    kinds: bool,
    shown: int,
    status: int,
    sent: int,
) -> None:
    Permission.create(
        workspace=ready.workspace,
        visible_to=Visibility.SELECTED if hidden else Visibility.ALL,
        send_invoices=kinds,
    )
    document = sendable.invoice(ready)
    client.sign_in(getattr(ready, person))
    assert page(client, document).status_code == shown
    assert client.get(f"/documents/{document.id}/status").status_code == status
    assert client.post(f"/documents/{document.id}/send").status_code == sent
    assert Delivery.select().exists() == (sent == 303)


def test_whom_the_integration_is_hidden_from_sees_no_trace_of_it(
    ready: SimpleNamespace, client: PanelClient
) -> None:
    hide(ready)
    document = sendable.invoice(ready)
    DocumentStatus.update(state=DocumentState.SENT, remote_id="4711").execute()
    client.sign_in(ready.member)
    for address in ("/documents", "/documents?state=sent", f"/documents/{document.id}"):
        answer = client.get(address)
        main = soup(answer).find("main").get_text(" ", strip=True)
        assert document.number in main
        for trace in ("QuickBooks", "4711", "Sent", "Send"):
            assert trace not in main, (address, trace)


def test_who_may_not_send_this_kind_reads_why(ready: SimpleNamespace, client: PanelClient) -> None:
    Permission.create(workspace=ready.workspace, send_invoices=False)
    document, bill = sendable.invoice(ready), sendable.cost(ready, "bill")
    client.sign_in(ready.member)
    assert "Invoices may not be sent to QuickBooks." in text(page(client, document))
    assert send_form(page(client, document)) is None
    assert send_form(page(client, bill)) is not None


def test_a_document_that_waits_for_reconnecting_says_so(ready: SimpleNamespace, client: PanelClient) -> None:
    document = sendable.invoice(ready)
    client.sign_in(ready.member).post(f"/documents/{document.id}/send")
    Connection.update(status=ConnectionStatus.RECONNECT_NEEDED).execute()
    assert "Nothing is lost" in text(page(client, document))


def test_a_failed_document_says_what_happened_and_what_to_do(
    ready: SimpleNamespace, client: PanelClient
) -> None:
    document = sendable.invoice(ready)
    client.sign_in(ready.member).post(f"/documents/{document.id}/send")
    ready.sandbox.control("faults", kind="closed_books", method="POST", entity="invoice")
    work()
    answer = client.get(f"/documents/{document.id}/status", headers=HTMX)
    assert toast(answer) == f"Invoice {document.number} was not sent. This page says why."
    words = text(answer)
    assert "The books are closed for this date in QuickBooks." in words
    assert "reopen the period in QuickBooks" in words
    assert "intuit_tid" in words
    assert send_form(answer).get_text(strip=True) == "Send again"


def test_another_document_with_our_number_is_shown_beside_ours(
    ready: SimpleNamespace, client: PanelClient
) -> None:
    first = sendable.invoice(ready)
    second = sendable.invoice(
        ready, [{"amount": Decimal("9.70"), "quantity": Decimal(2)}], number=first.number
    )
    client.sign_in(ready.member)
    for document in (first, second):
        client.post(f"/documents/{document.id}/send")
    work()
    words = text(page(client, second))
    assert "QuickBooks has another document with this number." in words
    assert "Total $9.70 $1,212.50 Differs" in words


def test_a_document_that_changed_after_sending_says_so(ready: SimpleNamespace, client: PanelClient) -> None:
    document = sendable.invoice(ready)
    client.sign_in(ready.member).post(f"/documents/{document.id}/send")
    Document.update(revision=Document.revision + 1).execute()
    DocumentStatus.update(state=DocumentState.SENDING).execute()
    Delivery.update(lease_until=now() - timedelta(seconds=1)).execute()
    work()
    document = Document.get_by_id(document.id)
    DocumentStatus.update(state=DocumentState.CHANGED).execute()
    assert "QuickBooks still has the earlier version." in text(page(client, document))


def test_totals_that_differ_are_flagged(ready: SimpleNamespace, client: PanelClient) -> None:
    document = sendable.invoice(ready)
    note = {
        "code": "total_differs",
        "fix": "document",
        "facts": {"ours": "1212.50", "theirs": "1212.51", "difference": "0.01"},
    }
    DocumentStatus.update(
        state=DocumentState.SENT, remote_id="7", remote_total=Decimal("1212.51"), reasons=[note]
    ).execute()
    words = text(page(client.sign_in(ready.member), document))
    assert "Difference +$0.01" in words
    assert "QuickBooks has another total." in words


@pytest.mark.parametrize(
    "address", ["/documents/0", "/documents/999", "/documents/99999999999999999999", "/documents/x"]
)
def test_what_is_no_document_is_not_found(world: SimpleNamespace, client: PanelClient, address: str) -> None:
    assert client.sign_in(world.owner).get(address).status_code == 404


def test_the_page_speaks_canadian_french(ready: SimpleNamespace, client: PanelClient) -> None:
    bill, order = sendable.cost(ready, "bill"), sendable.cost(ready, "purchase_order")
    document = sendable.invoice(ready)
    ready.member.language = "fr"
    ready.member.save()
    client.sign_in(ready.member)
    assert f"Facture client {document.number}" in text(page(client, document))
    assert f"Facture fournisseur {bill.number}" in text(page(client, bill))
    assert f"Bon de commande {order.number}" in text(page(client, order))
    assert "Envoyer à QuickBooks" in text(page(client, document))
    assert "Bloqué" in text(client.get("/documents"))
    client.post(f"/documents/{document.id}/send")
    work()
    assert "Envoyé" in text(page(client, document))
