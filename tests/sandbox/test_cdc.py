"""Change data capture: what changed, what was deleted, and how far back the answer goes."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from .conftest import code_of
from .documents import invoice

DAY = 86_400


def changes(company, entities, since):
    answer = company.call("GET", "cdc", params={"entities": entities, "changedSince": since})
    assert answer.status_code == 200, answer.text
    assert answer.json()["time"]
    (response,) = answer.json()["CDCResponse"]
    return response["QueryResponse"]


def at(**ahead):
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat(timespec="seconds")


def test_changes_come_whole_and_oldest_first(server, us):
    server.control("clock", {"advance": 1800})
    made = [us.made("invoice", invoice()) for _ in range(2)]
    server.control("clock", {"advance": 60})
    us.made("invoice", {"Id": made[0]["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "late"})
    customers, invoices, terms = changes(us, "Customer,invoice, Term", at(minutes=15))
    assert [row["Id"] for row in invoices["Invoice"]] == [made[1]["Id"], made[0]["Id"]]
    assert invoices["Invoice"][0] == made[1]
    assert (invoices["startPosition"], invoices["maxResults"]) == (1, 2)
    assert [row["Id"] for row in customers["Customer"]] == ["1"]
    assert terms == {}


def test_deleted_object_leaves_its_id_and_the_time(us):
    made = us.made("invoice", invoice())
    us.made("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    (invoices,) = changes(us, "Invoice", at(minutes=-5))
    (gone,) = invoices["Invoice"]
    assert (gone["status"], gone["domain"], gone["Id"]) == ("Deleted", "QBO", made["Id"])
    assert set(gone) == {"domain", "status", "Id", "MetaData"}
    assert gone["MetaData"]["LastUpdatedTime"]


def test_deactivated_customer_is_a_change(us):
    us.made("customer", {"Id": "3", "SyncToken": "0", "sparse": True, "Active": False})
    (customers,) = changes(us, "Customer", at(minutes=-5))
    assert {row["Id"]: row["Active"] for row in customers["Customer"]}["3"] is False


def test_nothing_older_than_30_days_is_answered(server, us):
    made = us.made("invoice", invoice())
    server.control("clock", {"advance": 30 * DAY - 60})
    us.tokens = server.control("tokens")
    assert [row["Id"] for row in changes(us, "Invoice", "2011-01-01")[0]["Invoice"]] == [made["Id"]]
    server.control("clock", {"advance": 120})
    assert changes(us, "Invoice", "2011-01-01") == [{}]


def test_one_answer_has_at_most_1000_objects(start):
    server = start()
    us = server.company()
    names = [{"DisplayName": f"Customer {n}"} for n in range(1020)]
    for at_once in (names[n : n + 30] for n in range(0, len(names), 30)):
        items = [{"bId": str(n), "operation": "create", "Customer": body} for n, body in enumerate(at_once)]
        us.made("batch", {"BatchItemRequest": items})
    customers, vendors = changes(us, "Customer,Vendor", at(hours=-1))
    assert customers["maxResults"] == len(customers["Customer"]) == 1000
    assert vendors == {}


@pytest.mark.parametrize(
    ("entities", "since", "code"),
    [
        ("", "2026-01-01", "2020"),
        ("Invoice", "", "2020"),
        ("Invoice", "yesterday", "4001"),
        ("Spaceship", "2026-01-01", "4001"),
        ("TaxCode", "2026-01-01", "4001"),
        ("Invoice,TaxRate", "2026-01-01", "4001"),
    ],
)
def test_question_that_cannot_be_answered_is_refused(us, entities, since, code):
    answer = us.call("GET", "cdc", params={"entities": entities, "changedSince": since})
    assert (answer.status_code, code_of(answer)) == (400, code)


def test_thousand_changes_are_answered_in_a_moment(us):
    began = time.monotonic()
    changes(us, "Account,Bill,Class,Customer,Department,Invoice,Item,PaymentMethod,Vendor", "2011-01-01")
    assert time.monotonic() - began < 2
