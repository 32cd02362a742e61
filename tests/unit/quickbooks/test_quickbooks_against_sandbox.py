"""The client over real HTTP against the local QuickBooks-compatible server."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from werkzeug.serving import make_server

from webapp.accounting.drafts import (
    AddressDraft,
    DocumentDraft,
    DocumentKind,
    ItemDraft,
    LineDraft,
    LineKind,
    PartyDraft,
    TaxMode,
)
from webapp.clock import now
from webapp.quickbooks import errors, lists, oauth, payloads, query
from webapp.quickbooks.answers import dropped_links, sent_document
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.endpoints import endpoints_for
from webapp.sandbox import create_sandbox

APP = oauth.AppCredentials("sandbox-client", "sandbox-secret", "http://localhost:8000/callback")
SHIP_TO = AddressDraft("18 Harbor Lane", "", "Baltimore", "MD", "21230", "US")


@pytest.fixture
def connect(sandbox):
    clients = []

    def make(company="us", **options):
        grant = sandbox.tokens(company)
        options.setdefault("access_token", grant["access_token"])
        clients.append(QuickBooksClient(endpoints_for("demo", sandbox.url), grant["realmId"], **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def rotating():
    """A server that changes the refresh token on every use."""
    server = make_server("127.0.0.1", 0, create_sandbox(rotate_after=0), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield endpoints_for("demo", f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()


def request_id():
    return str(uuid.uuid4())


def consent(endpoints, company="us"):
    """What the user's browser does: read the consent page's address, choose a company, come back."""
    url = urlsplit(oauth.authorize_url(endpoints, APP, "state-1"))
    fields = {name: values[0] for name, values in parse_qs(url.query).items()}
    answer = requests.post(
        endpoints.authorize_url,
        data={**fields, "decision": "allow", "company": company},
        allow_redirects=False,
        timeout=10,
    )
    back = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    assert back["state"] == "state-1"
    return back["code"], back["realmId"]


def product(**changes):
    line = LineDraft(
        LineKind.PRODUCT, "Ceramic mug", Decimal("118.80"), Decimal(72), Decimal("1.65"), item_id="4"
    )
    return replace(line, **changes)


def document(kind=DocumentKind.INVOICE, *lines, **changes):
    draft = DocumentDraft(
        kind,
        "LB-1001",
        date(2026, 3, 2),
        "USD",
        "1" if kind is DocumentKind.INVOICE else "31",
        lines or (product(),),
        TaxMode.US if kind is DocumentKind.INVOICE else TaxMode.NONE,
        term_id="3",
        ap_account_id=None if kind is DocumentKind.INVOICE else "33",
    )
    return replace(draft, **changes)


def send(client, draft, id=None):
    return client.post_bytes(
        payloads.entity_for(draft.kind), payloads.dump(payloads.document_payload(draft)), id or request_id()
    )


def test_a_consent_becomes_tokens_that_work(sandbox):
    endpoints = endpoints_for("demo", sandbox.url)
    code, realm = consent(endpoints)
    before = now()
    tokens = oauth.exchange_code(endpoints, APP, code, before)
    assert tokens.access_expires_at == before + timedelta(hours=1)
    assert tokens.refresh_expires_at == before + timedelta(days=101)
    assert tokens.refresh_hard_expires_at is not None
    with QuickBooksClient(endpoints, realm, tokens.access_token) as client:
        assert client.company_info()["CompanyName"] == "Northgate Promo Co."


def test_a_proxy_for_the_internet_is_not_asked_for_the_local_server(sandbox, monkeypatch):
    grant = sandbox.tokens("us")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    endpoints = endpoints_for("demo", sandbox.url)
    with pytest.raises(errors.InvalidGrant):
        oauth.refresh(endpoints, APP, "unknown", now())
    with QuickBooksClient(endpoints, grant["realmId"], grant["access_token"]) as client:
        assert client.preferences()["Id"] == "1"


def test_a_code_serves_once(sandbox):
    endpoints = endpoints_for("demo", sandbox.url)
    code, _realm = consent(endpoints)
    oauth.exchange_code(endpoints, APP, code, now())
    with pytest.raises(errors.InvalidGrant) as caught:
        oauth.exchange_code(endpoints, APP, code, now())
    assert caught.value.trace_id


def test_a_rotated_refresh_token_replaces_the_old_one(rotating):
    code, _realm = consent(rotating)
    first = oauth.exchange_code(rotating, APP, code, now())
    second = oauth.refresh(rotating, APP, first.refresh_token, now())
    assert second.refresh_token != first.refresh_token
    assert second.access_token != first.access_token
    with pytest.raises(errors.InvalidGrant):
        oauth.refresh(rotating, APP, first.refresh_token, now())


def test_a_revoked_grant_is_dead_for_calls_refreshes_and_revocations(sandbox):
    endpoints = endpoints_for("demo", sandbox.url)
    code, realm = consent(endpoints)
    tokens = oauth.exchange_code(endpoints, APP, code, now())
    oauth.revoke(endpoints, APP, tokens.refresh_token)
    with QuickBooksClient(endpoints, realm, tokens.access_token) as client, pytest.raises(errors.AuthExpired):
        client.company_info()
    with pytest.raises(errors.InvalidGrant):
        oauth.refresh(endpoints, APP, tokens.refresh_token, now())
    with pytest.raises(errors.InvalidGrant):
        oauth.revoke(endpoints, APP, tokens.refresh_token)


def test_wrong_credentials_are_told_apart_from_a_dead_token(sandbox):
    endpoints = endpoints_for("demo", sandbox.url)
    with pytest.raises(errors.InvalidClient):
        oauth.refresh(endpoints, replace(APP, client_secret="wrong"), "any", now())


def test_an_expired_access_token_is_renewed_in_the_middle_of_a_call(sandbox, connect):
    fresh = sandbox.tokens("us")["access_token"]
    client = connect(access_token="expired", on_unauthorized=lambda: fresh)
    assert client.preferences()["CurrencyPrefs"]["HomeCurrency"]["value"] == "USD"


def test_a_token_of_another_company_is_not_authorised(sandbox, connect):
    client = connect("us", access_token=sandbox.tokens("ca")["access_token"])
    with pytest.raises(errors.NotAuthorised) as caught:
        client.company_info()
    assert caught.value.provider_code == "3100"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("429", errors.Throttled),
        ("500", errors.ServerFault),
        ("503", errors.ServerFault),
        ("401", errors.AuthExpired),
        ("drop_before", errors.Unreachable),
        ("closed_books", errors.ClosedPeriod),
        ("subscription_ended", errors.SubscriptionEnded),
    ],
)
def test_each_failure_of_the_server_becomes_its_error(sandbox, connect, kind, expected):
    client = connect()
    sandbox.control("faults", kind=kind, times=1, entity="preferences")
    with pytest.raises(expected) as caught:
        client.preferences()
    assert (caught.value.trace_id is None) == (kind == "drop_before")
    assert client.preferences()["Id"] == "1"


def test_an_answer_that_comes_too_late_is_unreachable(sandbox, connect):
    client = connect(timeout=(5, 0.1))
    sandbox.control("faults", kind="slow", seconds=1, entity="preferences")
    with pytest.raises(errors.Unreachable):
        client.preferences()


def test_a_write_whose_answer_was_lost_is_done_once_when_repeated(sandbox, connect):
    client = connect()
    payload, id = payloads.dump(payloads.document_payload(document())), request_id()
    sandbox.control("faults", kind="drop_after", method="POST", entity="invoice")
    with pytest.raises(errors.Unreachable):
        client.post_bytes("Invoice", payload, id)
    answer = client.post_bytes("Invoice", payload, id)
    assert client.count("Invoice", query.equals("DocNumber", "LB-1001")) == 1
    assert client.post_bytes("Invoice", payload, id) == answer


def test_every_list_is_read_as_rows_inactive_ones_too(connect):
    client = connect()
    for kind, entity in lists.LISTS.items():
        rows = [lists.row_for(kind, found) for found in client.query(entity, include_inactive=True)]
        assert rows, kind
        assert (
            len({row.remote_id for row in rows}) == len(rows) == client.count(entity, include_inactive=True)
        )
        assert all(row.name and row.full_name for row in rows)
    accounts = [lists.row_for("account", found) for found in client.query("Account", include_inactive=True)]
    assert any(not row.active for row in accounts)
    assert {row.type for row in accounts} >= {"Income", "Accounts Payable", "Cost of Goods Sold"}


def test_paging_gives_the_same_objects_as_one_page(connect):
    client = connect()
    whole = [row["Id"] for row in client.query("Customer")]
    paged = [row["Id"] for row in client.query("Customer", page_size=7)]
    assert paged == whole
    assert len(whole) > 14


def test_names_with_quotes_and_backslashes_are_found(connect):
    client = connect()
    name = r"O'Neil \ Sons' 100%"
    made = client.create("Customer", payloads.customer(PartyDraft(name)), request_id())
    found = client.query_one("Customer", query.equals("DisplayName", name))
    assert found is not None
    assert found["Id"] == made["Id"]


def test_a_long_query_is_answered_too(connect):
    client = connect()
    where = query.one_of("Id", [str(number) for number in range(1, 500)])
    assert len(list(client.query("Customer", where))) == client.count("Customer")


@pytest.mark.parametrize(
    ("company", "currency", "custom_numbers"), [("us", "USD", True), ("ca", "CAD", False)]
)
def test_company_facts_are_those_of_the_company(connect, company, currency, custom_numbers):
    client = connect(company)
    facts = lists.company_facts(client.company_info(), client.preferences())
    assert (facts["country"], facts["home_currency"]) == (company.upper(), currency)
    assert facts["custom_sales_numbers"] is facts["custom_purchase_numbers"] is custom_numbers
    assert facts["allow_discount"] and facts["location_tracking"] and facts["class_tracking"]
    assert facts["multicurrency"] is (company == "us")


def test_an_invoice_with_discount_in_the_middle_arrives_whole(connect):
    draft = document(
        DocumentKind.INVOICE,
        product(tax_code_id="TAX"),
        LineDraft(LineKind.DISCOUNT, "Loyalty", Decimal("-10.00"), account_id="86"),
        LineDraft(LineKind.FREIGHT, "Freight", Decimal("15.00"), item_id="13", tax_code_id="NON"),
        tax_amount=Decimal("6.53"),
        due_date=date(2026, 4, 1),
        memo="Thank you",
        email="ap@client.example",
        bill_to=SHIP_TO,
        ship_to=SHIP_TO,
    )
    answer = send(connect(), draft)
    sent = sent_document(draft.kind, answer, draft.lines)
    assert (sent.number, sent.sync_token, sent.currency) == ("LB-1001", "0", "USD")
    assert (sent.tax, sent.total, sent.balance) == (Decimal("6.53"), Decimal("130.33"), Decimal("130.33"))
    by_id = {line["Id"]: line for line in answer["Line"] if "Id" in line}
    assert [by_id[id]["Amount"] for id in sent.line_ids] == [Decimal("118.80"), Decimal(10), Decimal(15)]
    assert answer["BillEmail"] == {"Address": "ap@client.example"}
    assert answer["CustomerMemo"] == {"value": "Thank you"}


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_canadian_documents_are_taxed_by_code(connect, kind):
    party = "1" if kind is DocumentKind.INVOICE else "21"
    line = product(amount=Decimal("100.00"), quantity=None, unit_price=None, tax_code_id="5")
    draft = document(
        kind, line, party_id=party, currency="CAD", tax_mode=TaxMode.CODES, number=None, ship_to=None
    )
    sent = sent_document(kind, send(connect("ca"), draft))
    assert (sent.tax, sent.total, sent.currency) == (Decimal(13), Decimal(113), "CAD")


def test_a_canadian_discount_goes_out_with_its_code(connect):
    line = product(amount=Decimal("100.00"), quantity=None, unit_price=None, tax_code_id="5")
    discount = LineDraft(LineKind.DISCOUNT, "Loyalty", Decimal(10), account_id="86", tax_code_id="5")
    draft = document(
        DocumentKind.INVOICE, line, discount, currency="CAD", tax_mode=TaxMode.CODES, number=None
    )
    answer = send(connect("ca"), draft)
    detail = next(line for line in answer["Line"] if line["DetailType"] == "DiscountLineDetail")
    assert detail["DiscountLineDetail"]["TaxCodeRef"]["value"] == "5"


def test_a_bill_is_tied_to_its_purchase_order_line_by_line(connect):
    client = connect()
    order_draft = document(
        DocumentKind.PURCHASE_ORDER, product(), product(description="More"), ship_to=SHIP_TO
    )
    order = sent_document(order_draft.kind, send(client, order_draft))
    assert order.balance is None
    lines = tuple(
        product(purchase_order_id=order.remote_id, purchase_order_line_id=line_id, billable_customer_id="1")
        for line_id in order.line_ids
    )
    bill_draft = document(DocumentKind.BILL, *lines, number="V-77")
    bill = send(client, bill_draft)
    assert dropped_links(bill, lines) == ()
    assert bill["Line"][0]["ItemBasedExpenseLineDetail"]["BillableStatus"] == "Billable"
    assert client.read("PurchaseOrder", order.remote_id)["POStatus"] == "Closed"


def test_a_tie_to_a_line_that_is_not_there_is_noticed(connect):
    lines = (product(purchase_order_id="999999", purchase_order_line_id="1"),)
    draft = document(DocumentKind.BILL, *lines)
    assert dropped_links(send(connect(), draft), lines) == (0,)


def test_a_taken_number_says_which_document_has_it(connect):
    client = connect()
    first = send(client, document())
    with pytest.raises(errors.DuplicateNumber) as caught:
        send(client, document())
    assert (caught.value.existing_id, caught.value.existing_type) == (first["Id"], "Invoice")


def test_update_needs_the_newest_version(connect):
    client = connect()
    draft = document()
    sent = sent_document(draft.kind, send(client, draft))
    changed = replace(draft, memo="Changed", lines=(product(description="Mug, blue"),))
    body = payloads.update_payload(changed, sent.remote_id, sent.sync_token, sent.line_ids)
    answer = client.update("Invoice", body, request_id())
    assert (answer["SyncToken"], answer["CustomerMemo"]["value"]) == ("1", "Changed")
    assert answer["Line"][0]["Id"] == sent.line_ids[0]
    with pytest.raises(errors.StaleObject):
        client.update("Invoice", body, request_id())


@pytest.mark.parametrize("kind", [DocumentKind.BILL, DocumentKind.PURCHASE_ORDER])
def test_update_of_cost_documents_keeps_the_lines_ids(connect, kind):
    client = connect()
    draft = document(kind)
    sent = sent_document(kind, send(client, draft))
    changed = replace(draft, lines=(product(description="Blue"),))
    body = payloads.update_payload(changed, sent.remote_id, sent.sync_token, sent.line_ids)
    answer = client.update(payloads.entity_for(kind), body, request_id())
    assert sent_document(kind, answer).line_ids == sent.line_ids
    assert answer["Line"][0]["Description"] == "Blue"


def test_a_voided_invoice_stays_with_nothing_and_a_deleted_bill_goes(connect):
    client = connect()
    invoice = send(client, document())
    voided = client.void("Invoice", payloads.reference_payload(invoice["Id"], "0"), request_id())
    assert (voided["TotalAmt"], voided["SyncToken"]) == (0, "1")
    bill = send(client, document(DocumentKind.BILL))
    gone = client.delete("Bill", payloads.reference_payload(bill["Id"], "0"), request_id())
    assert gone["status"] == "Deleted"
    with pytest.raises(errors.ObjectNotFound):
        client.read("Bill", bill["Id"])


def test_parties_and_items_are_made_and_a_taken_name_is_told(connect):
    client = connect()
    party = PartyDraft(
        "Quill & Co: East",
        "Quill & Co",
        "ap@quill.example",
        "410-555-0199",
        "https://quill.example",
        None,
        SHIP_TO,
        SHIP_TO,
    )
    customer = lists.row_for("customer", client.create("Customer", payloads.customer(party), request_id()))
    assert (customer.name, customer.email, customer.region) == ("Quill & Co- East", "ap@quill.example", "MD")
    with pytest.raises(errors.DuplicateName):
        client.create("Vendor", payloads.vendor(party), request_id())
    draft = ItemDraft("LB-MUG", "non_inventory", "Mug", income_account_id="2", expense_account_id="7")
    item = lists.row_for("item", client.create("Item", payloads.item(draft), request_id()))
    assert (item.type, item.income_account_id, item.expense_account_id) == ("NonInventory", "2", "7")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"party_id": "999999"}, errors.InvalidReference),
        ({"lines": (product(amount=Decimal("118.79")),)}, errors.Refused),
    ],
)
def test_a_refused_document_says_why(connect, changes, expected):
    with pytest.raises(expected) as caught:
        send(connect(), document(**changes))
    assert caught.value.errors[0].detail
    assert caught.value.trace_id


def test_a_date_in_closed_books_is_told(sandbox, connect):
    sandbox.control("preferences", company="us", AccountingInfoPrefs={"BookCloseDate": "2026-12-31"})
    client = connect()
    with pytest.raises(errors.ClosedPeriod):
        send(client, document())
    assert lists.company_facts({}, client.preferences())["books_closed_until"] == "2026-12-31"
