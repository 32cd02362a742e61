"""What Intuit's documents leave open can be decided over /control/choices."""

import pytest
import requests

from tests.sandbox.conftest import code_of, error_of
from tests.sandbox.documents import invoice
from tests.sandbox.test_oauth import CLIENT, refresh


def test_choices_can_be_listed_made_and_reset(server):
    assert server.control("choices")["batch_items"] == "30"
    assert server.control("choices", {"batch_items": "50"})["batch_items"] == "50"
    server.control("reset")
    assert server.control("choices")["batch_items"] == "30"


@pytest.mark.parametrize(
    "wish", [{"colour": "red"}, {"batch_items": "1000"}, {"from_customer": "BillAddr Shoes"}]
)
def test_choice_that_is_unknown_is_refused_in_words(server, wish):
    answer = requests.post(f"{server.base}/control/choices", json=wish, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_forbidden_characters_can_be_business_faults(server, us):
    server.control("choices", {"forbidden_text": "6000"})
    answer = us.post("customer", {"DisplayName": "A:B"})
    assert (code_of(answer), error_of(answer)["element"]) == ("6000", "DisplayName")


def test_batch_limit_can_be_raised(server, us):
    items = [{"bId": str(number), "Query": "SELECT * FROM Term"} for number in range(31)]
    assert code_of(us.post("batch", {"BatchItemRequest": items})) == "1040"
    server.control("choices", {"batch_items": "50"})
    assert len(us.post("batch", {"BatchItemRequest": items}).json()["BatchItemResponse"]) == 31


def test_a_refusal_for_too_many_calls_can_say_how_long_to_wait(server, us):
    server.control("faults", {"kind": "429"})
    assert "Retry-After" not in us.get("customer/1").headers
    server.control("choices", {"retry_after": "60"})
    server.control("faults", {"kind": "429"})
    assert us.get("customer/1").headers["Retry-After"] == "60"


def test_sales_form_takes_over_what_was_chosen(server, us):
    assert not {"SalesTermRef", "BillEmail"} & set(us.made("invoice", invoice()))
    server.control("choices", {"from_customer": "BillAddr BillEmail SalesTermRef"})
    made = us.made("invoice", invoice(TxnDate="2026-03-01"))
    assert (made["BillEmail"]["Address"], made["SalesTermRef"]["name"]) == (
        "hello@alderfinch.example",
        "Net 30",
    )
    assert made["DueDate"] == "2026-03-31"


def test_closed_period_can_have_the_other_code(server, us):
    server.control("preferences", {"AccountingInfoPrefs": {"BookCloseDate": "2025-12-31"}})
    closed = invoice(TxnDate="2025-12-31")
    assert code_of(us.post("invoice", closed)) == "6210"
    server.control("choices", {"closed_books": "6200"})
    assert code_of(us.post("invoice", closed)) == "6200"


@pytest.mark.parametrize("choice", ["answered", "refused"])
def test_requestid_with_another_request_is_answered_or_refused(server, us, choice):
    server.control("choices", {"changed_request": choice})
    first = us.post("invoice", invoice(), requestid="once")
    again, other = us.post("invoice", invoice(), requestid="once"), {"DisplayName": "Somebody"}
    assert again.content == first.content
    answer = us.post("customer", other, requestid="once")
    assert (code_of(answer) == "600") if choice == "refused" else (answer.content == first.content)
    assert us.rows("SELECT * FROM Customer WHERE DisplayName = 'Somebody'") == []


def test_item_of_a_batch_that_is_another_one_is_refused_by_choice(server, us):
    server.control("choices", {"changed_request": "refused"})

    def send(name):
        item = {"bId": "1", "operation": "create", "Customer": {"DisplayName": name}}
        return us.post("batch", {"BatchItemRequest": [item]}, requestid="b").json()["BatchItemResponse"][0]

    assert send("Ash")["Customer"] == send("Ash")["Customer"]
    assert send("Birch")["Fault"]["Error"][0]["code"] == "600"


def test_refresh_token_can_be_made_to_change_and_its_old_value_to_live_on(server):
    first = server.control("tokens")["refresh_token"]
    assert refresh(server, first).json()["refresh_token"] == first
    server.control("choices", {"rotate_after": "0", "old_refresh": "60"})
    second = refresh(server, first).json()["refresh_token"]
    assert second != first
    server.control("choices", {"rotate_after": "86400"})
    assert refresh(server, first).json()["refresh_token"] == second
    server.control("clock", {"advance": 61})
    assert refresh(server, first).json()["error"] == "invalid_grant"
    assert refresh(server, second).json()["refresh_token"] == second


def test_access_token_can_be_revoked_alone(server, us):
    server.control("choices", {"revoked_access": "token"})
    revoke = {"token": us.tokens["access_token"]}
    answer = requests.post(f"{server.base}/v2/oauth2/tokens/revoke", json=revoke, auth=CLIENT, timeout=10)
    assert answer.status_code == 200
    assert us.get("customer/1").status_code == 401
    assert refresh(server, us.tokens["refresh_token"]).status_code == 200
