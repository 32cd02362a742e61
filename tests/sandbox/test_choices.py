"""What Intuit's documents leave open can be decided over /control/choices."""

import pytest
import requests

from tests.sandbox.conftest import code_of, error_of
from tests.sandbox.documents import invoice


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
