"""Batches: items that stand for themselves, queries among them, and repeats under one requestid."""

import pytest

from .conftest import code_of
from .documents import invoice


def send(company, *items, **params):
    answer = company.post("batch", {"BatchItemRequest": list(items)}, **params)
    assert answer.status_code == 200, answer.text
    return {item["bId"]: item for item in answer.json()["BatchItemResponse"]}


def create(bid, entity="Customer", **body):
    return {"bId": bid, "operation": "create", entity: body}


def fault(item):
    return item["Fault"]["Error"][0]["code"]


def count(company, entity="Customer"):
    return company.query(f"SELECT COUNT(*) FROM {entity}").json()["QueryResponse"]["totalCount"]


def test_each_item_is_carried_out_or_refused_for_itself(us):
    made = us.made("invoice", invoice())
    answers = send(
        us,
        create("a", DisplayName="Brand New"),
        create("b", DisplayName="Kestrel Dental"),
        create("c", DisplayName="x" * 501),
        {"bId": "d", "Query": "SELECT * FROM Term WHERE Name = 'Net 30'"},
        {"bId": "e", "Query": "SELECT * FROM Spaceship"},
        {"bId": "f", "operation": "delete", "Invoice": {"Id": made["Id"], "SyncToken": "0"}},
        {"bId": "g", "operation": "explode", "Invoice": {"Id": made["Id"], "SyncToken": "0"}},
        {"bId": "h", "operation": "update", "Customer": {"Id": "1", "SyncToken": "9", "sparse": True}},
    )
    assert answers["a"]["Customer"]["DisplayName"] == "Brand New"
    assert [fault(answers[bid]) for bid in "bcegh"] == ["6240", "2050", "4001", "500", "5010"]
    assert answers["d"]["QueryResponse"]["Term"][0]["Id"] == "3"
    assert answers["f"]["Invoice"] == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    assert us.rows("SELECT * FROM Customer WHERE DisplayName = 'Brand New'")


def test_update_with_the_option_void_voids(us):
    made = us.made("invoice", invoice())
    item = {"bId": "1", "operation": "update", "optionsData": "void"}
    answers = send(us, {**item, "Invoice": {"Id": made["Id"], "SyncToken": "0", "sparse": True}})
    assert (answers["1"]["Invoice"]["TotalAmt"], answers["1"]["Invoice"]["PrivateNote"]) == (0, "Voided")


def test_query_without_a_row_gives_an_empty_answer(us):
    assert send(us, {"bId": "1", "Query": "SELECT * FROM Invoice"})["1"]["QueryResponse"] == {}


def test_thirty_items_pass_and_one_more_refuses_all(us):
    queries = [{"bId": str(n), "Query": "SELECT COUNT(*) FROM Term"} for n in range(29)]
    assert len(send(us, *queries, create("x", DisplayName="The 30th"))) == 30
    answer = us.post("batch", {"BatchItemRequest": [*queries, create("a", DisplayName="A"), create("b")]})
    assert (answer.status_code, code_of(answer)) == (400, "1040")
    assert not us.rows("SELECT * FROM Customer WHERE DisplayName = 'A'")


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({}, "2010", "Batch Request is Empty"),
        ({"BatchItemRequest": []}, "2010", "Batch Request is Empty"),
        ({"BatchItemRequest": "x"}, "2010", "list of objects"),
        ({"BatchItemRequest": [1]}, "2010", "list of objects"),
        ({"BatchItemRequest": [{"bId": "1"}], "Other": 1}, "2010", "Other"),
    ],
)
def test_batch_that_is_none_is_refused(us, body, code, words):
    answer = us.post("batch", body)
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert words in answer.text


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"Query": "SELECT * FROM Term"}, "2020"),
        ({"bId": 5, "Query": "SELECT * FROM Term"}, "2130"),
        ({"bId": "1", "Query": 5}, "2010"),
        ({"bId": "1", "Query": "SELECT * FROM Term", "operation": "create"}, "2010"),
        ({"bId": "1", "Customer": {"DisplayName": "N"}}, "2020"),
        ({"bId": "1", "operation": "create"}, "2010"),
        ({"bId": "1", "operation": "create", "Spaceship": {}}, "2010"),
        ({"bId": "1", "operation": "create", "Customer": {"DisplayName": "N"}, "Vendor": {}}, "2010"),
        ({"bId": "1", "operation": "create", "Customer": "N"}, "2010"),
        ({"bId": "1", "operation": "create", "Customer": {"DisplayName": "N", "Id": "1"}}, "2010"),
        ({"bId": "1", "operation": "create", "Customer": {"DisplayName": "N", "Nope": 1}}, "2010"),
    ],
)
def test_item_that_cannot_be_understood_gets_a_fault_of_its_own(us, item, code):
    before = count(us)
    answer = us.post("batch", {"BatchItemRequest": [item]})
    assert answer.status_code == 200
    assert fault(answer.json()["BatchItemResponse"][0]) == code
    assert count(us) == before


def test_same_requestid_and_bid_get_the_same_answer_and_make_nothing(us):
    items = [create("a", DisplayName="Once"), create("b", DisplayName="Kestrel Dental")]
    first = send(us, *items, requestid="r")
    again = send(us, create("a", DisplayName="Twice"), create("b", DisplayName="Free"), requestid="r")
    assert again == first
    assert not us.rows("SELECT * FROM Customer WHERE DisplayName IN ('Twice', 'Free')")


def test_replay_needs_requestid_and_bid_to_match(us):
    before = count(us)
    send(us, create("a", DisplayName="One"), requestid="r")
    send(us, create("b", DisplayName="Two"), requestid="r")
    send(us, create("a", DisplayName="Three"), requestid="s")
    us.made("customer", {"DisplayName": "Four"}, requestid="r")
    assert count(us) == before + 4


@pytest.mark.parametrize(("requestid", "bid"), [("x" * 37, "1"), ("r", "x" * 11)])
def test_requestid_and_bid_have_their_lengths_in_a_batch(us, requestid, bid):
    items = {"BatchItemRequest": [create(bid, DisplayName="Nobody")]}
    assert code_of(us.post("batch", items, requestid=requestid)) == "2130"
    assert not us.rows("SELECT * FROM Customer WHERE DisplayName = 'Nobody'")


def test_long_bid_is_fine_without_a_requestid(us):
    assert send(us, create("x" * 36, DisplayName="Somebody"))["x" * 36]["Customer"]
