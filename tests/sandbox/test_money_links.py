"""What one document takes from another: expenses billed on, and estimates turned into invoices."""

import pytest

from .conftest import code_of
from .documents import account_line, bill, invoice, sales_line
from .money import found, payment, pays, purchase, sparse


def billable(amount=40, customer="1"):
    return account_line(amount, BillableStatus="Billable", CustomerRef={"value": customer})


def bills(entity, expense, line_id=None, amount=40):
    tie = {"TxnId": expense["Id"], "TxnType": entity} | ({"TxnLineId": line_id} if line_id else {})
    return sales_line(amount) | {"LinkedTxn": [tie]}


def status(us, expense, path="bill", place=0):
    return found(us, path, expense)["Line"][place]["AccountBasedExpenseLineDetail"]["BillableStatus"]


@pytest.mark.parametrize(
    ("path", "entity", "body"), [("bill", "Bill", bill), ("purchase", "Purchase", purchase)]
)
def test_invoice_takes_up_a_billable_expense(us, path, entity, body):
    expense = us.made(path, body(account_line(1), billable()))
    made = us.made("invoice", invoice(bills(entity, expense)))
    tie = made["Line"][0]["LinkedTxn"]
    assert tie == [{"TxnId": expense["Id"], "TxnType": entity, "TxnLineId": expense["Line"][1]["Id"]}]
    assert status(us, expense, path, 1) == "HasBeenBilled"
    line = found(us, path, expense)["Line"][1]
    assert line["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Invoice"}]


@pytest.mark.parametrize("how", ["delete", "void", "without the line"])
def test_expense_is_free_again_when_the_invoice_lets_go(us, how):
    expense = us.made("bill", bill(billable()))
    made = us.made("invoice", invoice(bills("Bill", expense)))
    if how == "without the line":
        us.made("invoice", sparse(made, Line=[sales_line(1)]))
    else:
        us.made("invoice", made, operation=how)
    assert status(us, expense) == "Billable"
    assert "LinkedTxn" not in found(us, "bill", expense)["Line"][0]
    us.made("invoice", invoice(bills("Bill", expense)))
    assert status(us, expense) == "HasBeenBilled"


def test_expense_is_billed_once_and_to_its_customer(us):
    expense = us.made("bill", bill(billable(), account_line(1)))
    body = bills("Bill", expense)
    assert code_of(us.post("invoice", invoice(body, customer="2"))) == "620"
    assert code_of(us.post("invoice", invoice(body, body))) == "620"
    assert code_of(us.post("invoice", invoice(bills("Bill", expense, expense["Line"][1]["Id"])))) == "620"
    assert code_of(us.post("invoice", invoice(bills("Bill", {"Id": "999"})))) == "620"
    made = us.made("invoice", invoice(body))
    assert code_of(us.post("invoice", invoice(body))) == "620"
    assert us.made("invoice", sparse(made, Line=made["Line"])) == made


def test_billed_line_stays_billed_until_it_goes(us):
    expense = us.made("bill", bill(billable(), account_line(1)))
    made = us.made("invoice", invoice(bills("Bill", expense)))
    lines = found(us, "bill", expense)["Line"]
    lines[0]["AccountBasedExpenseLineDetail"]["BillableStatus"] = "NotBillable"
    expense = us.made("bill", sparse(expense, VendorRef={"value": "31"}, Line=lines, PrivateNote="x"))
    assert status(us, expense) == "HasBeenBilled"
    us.made("bill", sparse(expense, VendorRef={"value": "31"}, Line=[lines[1]]))
    assert "LinkedTxn" not in found(us, "invoice", made)["Line"][0]


def test_nothing_says_of_itself_that_it_was_billed(server, us):
    line = billable()
    line["AccountBasedExpenseLineDetail"]["BillableStatus"] = "HasBeenBilled"
    assert status(us, us.made("bill", bill(line))) == "Billable"
    server.control("preferences", {"VendorAndPurchasesPrefs": {"BillableExpenseTracking": False}})
    assert code_of(us.post("bill", bill(billable()))) == "6320"


def test_hours_are_billed_like_expenses(us):
    hours = {"NameOf": "Vendor", "VendorRef": {"value": "31"}, "CustomerRef": {"value": "1"}, "Hours": 2,
             "BillableStatus": "Billable", "HourlyRate": 20}  # fmt: skip
    worked = us.made("timeactivity", hours)
    made = us.made("invoice", invoice(bills("TimeActivity", worked)))
    assert found(us, "timeactivity", worked)["BillableStatus"] == "HasBeenBilled"
    us.made("invoice", made, operation="delete")
    assert found(us, "timeactivity", worked)["BillableStatus"] == "Billable"


def from_estimate(estimate, **fields):
    return invoice(LinkedTxn=[{"TxnId": estimate["Id"], "TxnType": "Estimate"}], **fields)


@pytest.mark.parametrize("how", ["delete", "void"])
def test_invoice_closes_its_estimate_and_opens_it_again(us, how):
    estimate = us.made("estimate", invoice())
    assert (estimate["TxnStatus"], "Balance" in estimate) == ("Pending", False)
    assert us.get("customer/1").json()["Customer"]["Balance"] == 0
    made = us.made("invoice", from_estimate(estimate))
    assert made["LinkedTxn"] == [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    closed = found(us, "estimate", estimate)
    assert closed["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Invoice"}]
    assert closed["TxnStatus"] == "Closed"
    us.made("payment", payment(10, pays("Invoice", made["Id"], 10)))
    made = found(us, "invoice", made)
    assert us.made("invoice", made) == made
    us.made("invoice", made, operation=how)
    again = found(us, "estimate", estimate)
    assert (again["TxnStatus"], again["LinkedTxn"]) == ("Pending", [])


def test_estimate_is_billed_once_and_to_its_customer(us):
    estimate = us.made("estimate", invoice(AcceptedDate="2026-01-01"))
    assert code_of(us.post("invoice", from_estimate(estimate, customer="2"))) == "620"
    assert code_of(us.post("invoice", from_estimate({"Id": "999"}))) == "620"
    made = us.made("invoice", from_estimate(estimate))
    assert code_of(us.post("invoice", from_estimate(estimate))) == "620"
    us.made("invoice", sparse(made, LinkedTxn=[]))
    assert found(us, "estimate", estimate)["TxnStatus"] == "Accepted"


def test_deleted_estimate_leaves_its_invoice(us):
    estimate = us.made("estimate", invoice())
    made = us.made("invoice", from_estimate(estimate))
    us.made("estimate", found(us, "estimate", estimate), operation="delete")
    assert found(us, "invoice", made)["LinkedTxn"] == []


@pytest.mark.parametrize(("choice", "after"), [("taken", "NotBillable"), ("kept", "Billable")])
def test_update_of_the_billable_status_is_a_choice(server, us, choice, after):
    server.control("choices", {"billable_update": choice})
    expense = us.made("bill", bill(billable()))
    line = expense["Line"][0]
    line["AccountBasedExpenseLineDetail"]["BillableStatus"] = "NotBillable"
    changed = us.made("bill", sparse(expense, VendorRef={"value": "31"}, Line=[line], PrivateNote="x"))
    assert status(us, changed) == after


def test_links_that_only_quickbooks_makes_are_left_out(us):
    tie = {"LinkedTxn": [{"TxnId": "7"}, {"TxnType": "Invoice"}]}
    expense = us.made("purchase", purchase(billable() | tie, **tie))
    assert "LinkedTxn" not in expense["Line"][0]
    us.made("invoice", invoice(bills("Purchase", expense), LinkedTxn=[{"TxnId": "7", "TxnType": "Payment"}]))
    assert status(us, expense, "purchase") == "HasBeenBilled"
    assert "LinkedTxn" not in us.made("salesreceipt", invoice(sales_line(1) | tie))["Line"][0]
