"""Bills and purchase orders: accounts, billable lines, and the ties between the two."""

import pytest

from .conftest import code_of, error_of
from .documents import account_line, bill, item_line, order


def tie(order_id, line_id, kind="PurchaseOrder"):
    return {"LinkedTxn": [{"TxnId": order_id, "TxnType": kind, "TxnLineId": line_id}]}


def status(us, order_id):
    found = us.get(f"purchaseorder/{order_id}").json()["PurchaseOrder"]
    return found["POStatus"], [link["TxnId"] for link in found["LinkedTxn"]]


def test_new_bill_gets_account_date_and_balance(us):
    made = us.made("bill", bill(TxnDate="2026-03-01", DocNumber="B-7"))
    assert made["APAccountRef"] == {"value": "33", "name": "Accounts Payable (A/P)"}
    assert (made["TotalAmt"], made["Balance"], made["DueDate"]) == (100, 100, "2026-03-01")
    assert made["VendorAddr"]["City"] == "Chicago"
    detail = made["Line"][0]["AccountBasedExpenseLineDetail"]
    assert detail["BillableStatus"] == "NotBillable"
    assert detail["AccountRef"]["name"] == "Cost of Goods Sold"
    assert us.get("vendor/31").json()["Vendor"]["Balance"] == 100


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        (bill(vendor="99"), "2500", "VendorRef"),
        (bill(vendor="45"), "610", "VendorRef"),
        (bill(APAccountRef={"value": "35"}), "6430", "APAccountRef"),
        (bill(account_line(1, account="99")), "2500", "AccountRef"),
        (bill(account_line(1, account=None)), "2020", "AccountRef"),
        (bill(account_line(1, BillableStatus="Billable")), "6310", "CustomerRef"),
        (bill(account_line(1, CustomerRef={"value": "99"})), "2500", "CustomerRef"),
        (bill(item_line(10, Qty=3, UnitPrice=3)), "6070", "Amount"),
        (bill(ClassRef={"value": "1"}), "2010", None),
        ({"VendorRef": {"value": "31"}}, "2020", "Line"),
        ({"Line": [account_line(1)]}, "2020", "VendorRef"),
    ],
)
def test_bill_that_breaks_a_rule_is_refused(us, body, code, element):
    answer = us.post("bill", body)
    assert (code_of(answer), error_of(answer).get("element")) == (code, element)


def test_billable_line_keeps_status_and_customer(us):
    line = account_line(5, BillableStatus="Billable", CustomerRef={"value": "1"})
    detail = us.made("bill", bill(line))["Line"][0]["AccountBasedExpenseLineDetail"]
    assert detail["BillableStatus"] == "Billable"
    assert detail["CustomerRef"] == {"value": "1", "name": "Alder & Finch Events"}


def test_bill_without_number_stays_without_and_numbers_are_unique(us):
    assert "DocNumber" not in us.made("bill", bill())
    us.made("bill", bill(DocNumber="77"))
    assert code_of(us.post("bill", bill(DocNumber="77"))) == "6140"
    assert us.made("purchaseorder", order(DocNumber="77"))["DocNumber"] == "77"


def test_sparse_bill_update_must_name_the_vendor(us):
    made = us.made("bill", bill())
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    answer = us.post("bill", body)
    assert (code_of(answer), error_of(answer)["element"]) == ("2020", "VendorRef")
    assert us.made("bill", {**body, "VendorRef": {"value": "31"}})["PrivateNote"] == "x"


def test_order_is_open_until_bills_have_taken_every_line(us):
    po = us.made("purchaseorder", order(item_line(100, Qty=10, UnitPrice=10), account_line(30)))
    assert (po["POStatus"], po["TotalAmt"]) == ("Open", 130)
    assert "Balance" not in po
    first = us.made("bill", bill({**item_line(40, Qty=4, UnitPrice=10), **tie(po["Id"], "1")}))
    assert first["Line"][0]["LinkedTxn"][0]["TxnLineId"] == "1"
    assert first["LinkedTxn"] == [{"TxnId": po["Id"], "TxnType": "PurchaseOrder"}]
    assert status(us, po["Id"]) == ("Open", [first["Id"]])
    rest = bill(
        {**item_line(60, Qty=6, UnitPrice=10), **tie(po["Id"], "1")},
        {**account_line(30), **tie(po["Id"], "2")},
    )
    second = us.made("bill", rest)
    assert status(us, po["Id"]) == ("Closed", [first["Id"], second["Id"]])
    us.made("bill", {"Id": first["Id"], "SyncToken": "0"}, operation="delete")
    assert status(us, po["Id"]) == ("Open", [second["Id"]])


@pytest.mark.parametrize(
    ("order_id", "line_id", "kind", "vendor"),
    [
        ("{po}", "9", "PurchaseOrder", "31"),
        ("{po}", None, "PurchaseOrder", "31"),
        ("{po}", "1", "Estimate", "31"),
        ("{po}", "1", "PurchaseOrder", "32"),
        ("9999", "1", "PurchaseOrder", "31"),
    ],
)
def test_wrong_tie_is_left_out_silently(us, order_id, line_id, kind, vendor):
    po = us.made("purchaseorder", order())
    line = {**item_line(100, Qty=10, UnitPrice=10), **tie(order_id.format(po=po["Id"]), line_id, kind)}
    made = us.made("bill", bill(line, vendor=vendor))
    assert "LinkedTxn" not in made["Line"][0]
    assert made["LinkedTxn"] == []
    assert status(us, po["Id"]) == ("Open", [])


def test_tie_in_the_header_alone_is_dropped(us):
    po = us.made("purchaseorder", order())
    made = us.made("bill", bill(LinkedTxn=[{"TxnId": po["Id"], "TxnType": "PurchaseOrder"}]))
    assert made["LinkedTxn"] == []


def test_update_ties_new_lines_only(us):
    po = us.made("purchaseorder", order())
    made = us.made("bill", bill(item_line(100, Qty=10, UnitPrice=10)))
    same = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "VendorRef": {"value": "31"}}
    tied = {**item_line(100, Qty=10, UnitPrice=10), **tie(po["Id"], "1")}
    old_line = us.made("bill", {**same, "Line": [{**tied, "Id": "1"}]})
    assert "LinkedTxn" not in old_line["Line"][0]
    new_line = us.made("bill", {**same, "SyncToken": old_line["SyncToken"], "Line": [tied]})
    assert new_line["Line"][0]["LinkedTxn"][0]["TxnId"] == po["Id"]
    assert status(us, po["Id"])[0] == "Closed"


def test_deleting_an_order_takes_it_out_of_its_bills(us):
    po = us.made("purchaseorder", order())
    made = us.made("bill", bill({**item_line(10, Qty=1, UnitPrice=10), **tie(po["Id"], "1")}))
    current = us.get(f"purchaseorder/{po['Id']}").json()["PurchaseOrder"]
    us.made("purchaseorder", {"Id": po["Id"], "SyncToken": current["SyncToken"]}, operation="delete")
    found = us.get(f"bill/{made['Id']}").json()["Bill"]
    assert found["LinkedTxn"] == []
    assert "LinkedTxn" not in found["Line"][0]


def test_order_worth_nothing_is_closed(us):
    assert us.made("purchaseorder", order(item_line(0)))["POStatus"] == "Closed"


def test_order_can_be_closed_by_hand_and_opened_again(us):
    po = us.made("purchaseorder", order())
    same = {"Id": po["Id"], "sparse": True, "VendorRef": {"value": "31"}}
    closed = us.made("purchaseorder", {**same, "SyncToken": "0", "POStatus": "Closed"})
    assert closed["POStatus"] == "Closed"
    assert us.made("purchaseorder", {**same, "SyncToken": "1", "POStatus": "Open"})["POStatus"] == "Open"


def test_order_is_sent_to_a_customer_and_carries_a_memo(us):
    made = us.made(
        "purchaseorder", order(ShipTo={"value": "3"}, Memo="Blind ship", ShipAddr={"City": "Towson"})
    )
    assert made["ShipTo"] == {"value": "3", "name": "Corvid Street Books"}
    assert made["Memo"] == "Blind ship"


def test_order_of_a_company_that_lets_quickbooks_number_is_numbered(ca):
    line = item_line(1, TaxCodeRef={"value": "4"})
    assert ca.made("purchaseorder", order(line, vendor="21"))["DocNumber"] == "1001"
