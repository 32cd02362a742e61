from __future__ import annotations

import json
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from webapp.quickbooks import errors
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.endpoints import endpoints_for

BASE = "https://quickbooks.api.intuit.com/v3/company/9130"
EXPIRED = {
    "fault": {"error": [{"message": "AuthenticationFailed", "code": "3200"}], "type": "AUTHENTICATION"}
}


@pytest.fixture
def intuit():
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def connect():
    clients = []

    def make(access_token="token-1", **options):
        clients.append(QuickBooksClient(endpoints_for("production"), "9130", access_token, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def params_of(call):
    return {name: values[0] for name, values in parse_qs(urlsplit(call.request.url).query).items()}


def bearer_of(call):
    return call.request.headers["Authorization"].removeprefix("Bearer ")


def page(*ids, entity="Customer"):
    return (
        {"QueryResponse": {entity: [{"Id": id} for id in ids], "startPosition": 1}}
        if ids
        else {"QueryResponse": {}}
    )


def test_a_read_asks_for_json_of_the_current_version(intuit, connect):
    intuit.get(f"{BASE}/invoice/130", json={"Invoice": {"Id": "130"}}, headers={"intuit_tid": "t-1"})
    client = connect()
    assert client.read("Invoice", "130") == {"Id": "130"}
    request = intuit.calls[0].request
    assert params_of(intuit.calls[0]) == {"minorversion": "75"}
    assert (request.headers["Accept"], request.headers["Content-Type"]) == ("application/json",) * 2
    assert bearer_of(intuit.calls[0]) == "token-1"
    assert request.req_kwargs["timeout"] == (5, 60)
    assert client.last_trace_id == "t-1"


def test_company_and_preferences_are_read_at_their_own_addresses(intuit, connect):
    intuit.get(f"{BASE}/companyinfo/9130", json={"CompanyInfo": {"CompanyName": "Ours"}})
    intuit.get(f"{BASE}/preferences", json={"Preferences": {"Id": "1"}})
    assert connect().company_info() == {"CompanyName": "Ours"}
    assert connect().preferences() == {"Id": "1"}


def test_amounts_are_read_exactly(intuit, connect):
    intuit.get(f"{BASE}/bill/1", body='{"Bill": {"TotalAmt": 1234567890.10}}')
    assert connect().read("Bill", "1")["TotalAmt"] == Decimal("1234567890.10")


def test_ids_cannot_leave_their_place_in_the_address(intuit, connect):
    intuit.get(f"{BASE}/invoice/..%2Fbill%2F1%3Fx", json={"Invoice": {}})
    assert connect().read("Invoice", "../bill/1?x") == {}


@pytest.mark.parametrize(
    ("method", "extra"),
    [
        ("create", {}),
        ("update", {}),
        ("void", {"operation": "void"}),
        ("delete", {"operation": "delete"}),
    ],
)
def test_writes_carry_their_request_id_and_operation(intuit, connect, method, extra):
    intuit.post(f"{BASE}/invoice", json={"Invoice": {"Id": "1", "status": "Deleted"}})
    answer = getattr(connect(), method)("Invoice", {"Id": "1", "SyncToken": "0"}, "req-1")
    assert answer["Id"] == "1"
    assert params_of(intuit.calls[0]) == {"requestid": "req-1", "minorversion": "75", **extra}
    assert json.loads(intuit.calls[0].request.body) == {"Id": "1", "SyncToken": "0"}


def test_payments_are_voided_by_an_update(intuit, connect):
    intuit.post(f"{BASE}/payment", json={"Payment": {"Id": "1"}})
    connect().void("Payment", {"Id": "1", "SyncToken": "0"}, "req-1")
    params = params_of(intuit.calls[0])
    assert (params["operation"], params["include"]) == ("update", "void")


def test_stored_bytes_are_sent_as_they_are(intuit, connect):
    stored = b'{ "Line":[ {"Amount":10.00} ],"DocNumber":"\xc3\x89-1" }'
    intuit.post(f"{BASE}/purchaseorder", json={"PurchaseOrder": {"Id": "7"}})
    intuit.post(f"{BASE}/purchaseorder", json={"PurchaseOrder": {"Id": "7"}})
    client = connect()
    client.post_bytes("PurchaseOrder", stored, "req-1")
    client.create("PurchaseOrder", stored, "req-1")
    assert [call.request.body for call in intuit.calls] == [stored, stored]


def test_money_in_a_payload_is_sent_exactly(intuit, connect):
    intuit.post(f"{BASE}/bill", json={"Bill": {}})
    connect().create("Bill", {"Amount": Decimal("0.10")}, "req-1")
    assert intuit.calls[0].request.body == b'{"Amount":0.10}'


def test_an_expired_token_is_renewed_once_and_the_call_repeated_as_it_was(intuit, connect):
    intuit.post(f"{BASE}/bill", status=401, json=EXPIRED)
    intuit.post(f"{BASE}/bill", json={"Bill": {"Id": "5"}})
    intuit.get(f"{BASE}/bill/5", json={"Bill": {"Id": "5"}})
    client = connect(on_unauthorized=lambda: "token-2")
    assert client.create("Bill", b'{"a":1}', "req-1") == {"Id": "5"}
    client.read("Bill", "5")
    first, second, third = intuit.calls
    assert [bearer_of(call) for call in intuit.calls] == ["token-1", "token-2", "token-2"]
    assert first.request.body == second.request.body
    assert params_of(first)["requestid"] == params_of(second)["requestid"] == "req-1"
    assert third.request.method == "GET"


def test_a_token_that_is_refused_again_is_expired(intuit, connect):
    intuit.get(f"{BASE}/bill/5", status=401, json=EXPIRED, headers={"intuit_tid": "t-4"})
    renewals = []
    client = connect(on_unauthorized=lambda: renewals.append(1) or "token-2")
    with pytest.raises(errors.AuthExpired) as caught:
        client.read("Bill", "5")
    assert (len(renewals), len(intuit.calls), caught.value.trace_id) == (1, 2, "t-4")


def test_without_a_way_to_renew_an_expired_token_is_expired_at_once(intuit, connect):
    intuit.get(f"{BASE}/bill/5", status=401, json=EXPIRED)
    with pytest.raises(errors.AuthExpired):
        connect().read("Bill", "5")
    assert len(intuit.calls) == 1


def test_what_goes_wrong_while_renewing_is_passed_on(intuit, connect):
    intuit.get(f"{BASE}/bill/5", status=401, json=EXPIRED)

    def renew():
        raise errors.InvalidGrant("dead")

    with pytest.raises(errors.InvalidGrant):
        connect(on_unauthorized=renew).read("Bill", "5")


def test_the_newest_token_is_asked_for_before_every_call(intuit, connect):
    intuit.get(f"{BASE}/bill/5", json={"Bill": {}})
    tokens = iter(["token-a", "token-b"])
    client = connect(lambda: next(tokens))
    client.read("Bill", "5")
    client.read("Bill", "5")
    assert [bearer_of(call) for call in intuit.calls] == ["token-a", "token-b"]


def test_calls_that_succeed_are_counted_by_kind(intuit, connect):
    intuit.get(f"{BASE}/bill/5", json={"Bill": {}})
    intuit.get(f"{BASE}/bill/6", status=400, json={"Fault": {"Error": [{"code": "610"}]}})
    intuit.get(f"{BASE}/query", json={"QueryResponse": {"totalCount": 41}})
    intuit.post(f"{BASE}/bill", json={"Bill": {}})
    counted = []
    client = connect(on_call=counted.append)
    client.read("Bill", "5")
    with pytest.raises(errors.ObjectNotFound):
        client.read("Bill", "6")
    assert client.count("Bill") == 41
    client.create("Bill", {}, "req-1")
    assert counted == ["read", "read", "write"]


def test_a_query_gives_all_pages_and_each_object_once(intuit, connect):
    for answer in (page("1", "2"), page("2", "3"), page("4")):
        intuit.get(f"{BASE}/query", json=answer)
    rows = list(connect().query("Customer", "Active = true", page_size=2))
    assert [row["Id"] for row in rows] == ["1", "2", "3", "4"]
    assert [params_of(call)["query"] for call in intuit.calls] == [
        f"SELECT * FROM Customer WHERE Active = true ORDERBY Id STARTPOSITION {start} MAXRESULTS 2"
        for start in (1, 3, 5)
    ]


def test_a_query_ends_when_the_server_keeps_giving_the_same_page(intuit, connect):
    intuit.get(f"{BASE}/query", json=page("1", "2"))
    assert [row["Id"] for row in connect().query("Customer", page_size=2)] == ["1", "2"]
    assert len(intuit.calls) == 2


def test_a_page_is_never_larger_than_quickbooks_gives(intuit, connect):
    intuit.get(f"{BASE}/query", json=page("1"))
    assert len(list(connect().query("Customer", page_size=5000))) == 1
    assert params_of(intuit.calls[0])["query"].endswith("MAXRESULTS 1000")


def test_a_query_without_a_result_gives_nothing(intuit, connect):
    intuit.get(f"{BASE}/query", json=page())
    assert list(connect().query("Customer")) == []
    assert connect().query_one("Customer", "DisplayName = 'x'") is None
    assert connect().count("Customer") == 0


def test_a_query_can_include_the_inactive(intuit, connect):
    intuit.get(f"{BASE}/query", json=page("1"))
    client = connect()
    assert client.query_one("Customer", "DisplayName = 'x'", include_inactive=True) == {"Id": "1"}
    assert params_of(intuit.calls[0])["query"] == (
        "SELECT * FROM Customer WHERE DisplayName = 'x' AND Active IN (true,false) "
        "ORDERBY Id STARTPOSITION 1 MAXRESULTS 1"
    )


def test_a_long_query_is_posted_as_text(intuit, connect):
    intuit.post(f"{BASE}/query", json=page("1"))
    where = "Id IN (" + ", ".join(f"'{number}'" for number in range(1000)) + ")"
    assert len(list(connect().query("Customer", where))) == 1
    request = intuit.calls[0].request
    assert request.headers["Content-Type"] == "application/text"
    assert where.encode() in request.body
    assert params_of(intuit.calls[0]) == {"minorversion": "75"}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<html>Sign in to the hotel network</html>"),
        (200, ""),
        (200, "[]"),
        (200, '{"time":"2026"}'),
        (200, '{"Invoice":"odd"}'),
        (302, ""),
        (204, ""),
        (404, "<html>not found</html>"),
    ],
)
def test_an_answer_that_is_not_quickbooks_leaves_the_outcome_unknown(intuit, connect, status, body):
    intuit.post(
        f"{BASE}/invoice",
        status=status,
        body=body,
        headers={"intuit_tid": "t-3", "Location": "https://elsewhere.example/"},
    )
    with pytest.raises(errors.UnexpectedAnswer) as caught:
        connect().create("Invoice", {}, "req-1")
    assert caught.value.retryable
    assert (caught.value.trace_id, caught.value.http_status) == ("t-3", status)
    assert len(intuit.calls) == 1


def test_a_fault_in_an_answer_of_status_200_is_raised(intuit, connect):
    body = {"Fault": {"Error": [{"code": "5010", "Detail": "Stale"}], "type": "ValidationFault"}}
    intuit.post(f"{BASE}/invoice", json=body)
    with pytest.raises(errors.StaleObject):
        connect().update("Invoice", {}, "req-1")


@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectTimeout("x"),
        requests.ReadTimeout("x"),
        requests.ConnectionError("x"),
        requests.exceptions.ChunkedEncodingError("x"),
    ],
)
def test_no_answer_is_unreachable_and_not_repeated_by_itself(intuit, connect, failure):
    intuit.post(f"{BASE}/invoice", body=failure)
    counted = []
    client = connect(on_call=counted.append)
    with pytest.raises(errors.Unreachable) as caught:
        client.create("Invoice", {}, "req-1")
    assert caught.value.retryable
    assert caught.value.http_status is None
    assert (len(intuit.calls), counted, client.last_trace_id) == (1, [], None)


def test_tokens_do_not_show_in_logs_or_errors(intuit, connect, caplog):
    caplog.set_level("DEBUG")
    intuit.get(f"{BASE}/bill/5", status=500, body="<html>")
    with pytest.raises(errors.ServerFault) as caught:
        connect("secret-token").read("Bill", "5")
    assert "secret-token" not in caplog.text + repr(caught.value) + str(caught.value.detail)


def test_a_netrc_file_does_not_take_the_tokens_place(intuit, connect, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine quickbooks.api.intuit.com login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    intuit.get(f"{BASE}/bill/5", json={"Bill": {}})
    connect().read("Bill", "5")
    assert intuit.calls[0].request.headers["Authorization"] == "Bearer token-1"


def test_a_client_closes_its_connections_after_with(intuit):
    intuit.get(f"{BASE}/bill/5", json={"Bill": {"Id": "5"}})
    with QuickBooksClient(endpoints_for("production"), "9130", "token-1") as client:
        assert client.read("Bill", "5") == {"Id": "5"}
