"""Payments of customers and to vendors: balances, unapplied amounts, links, and everything undone again."""

import pytest

from .conftest import code_of
from .documents import bill, invoice, sales_line
from .money import (
    CARD,
    CHECKING,
    PAYABLE,
    RECEIVABLE,
    UNDEPOSITED,
    balance,
    bill_payment,
    found,
    payment,
    pays,
    sparse,
)


def credit_memo(amount=20, customer="1", **fields):
    return invoice(sales_line(amount), customer=customer, **fields)


def customer_balance(us, customer="1"):
    return us.get(f"customer/{customer}").json()["Customer"]["Balance"]


def test_payment_clears_the_invoice_and_waits_in_undeposited_funds(us):
    owed = us.made("invoice", invoice())
    assert (balance(us, RECEIVABLE), customer_balance(us)) == (100, 100)
    made = us.made("payment", payment(60, pays("Invoice", owed["Id"], 60)))
    assert (made["TotalAmt"], made["UnappliedAmt"]) == (60, 0)
    assert made["DepositToAccountRef"] == {"value": UNDEPOSITED, "name": "Undeposited Funds"}
    paid = found(us, "invoice", owed)
    assert (paid["Balance"], paid["LinkedTxn"]) == (40, [{"TxnId": made["Id"], "TxnType": "Payment"}])
    assert paid["SyncToken"] == owed["SyncToken"]
    assert (balance(us, RECEIVABLE), balance(us, UNDEPOSITED), customer_balance(us)) == (40, 60, 40)


def test_what_is_not_applied_stays_as_the_customers_credit(us):
    owed = us.made("invoice", invoice())
    made = us.made("payment", payment(150, pays("Invoice", owed["Id"], 100)))
    assert made["UnappliedAmt"] == 50
    assert customer_balance(us) == -50
    assert us.made("payment", payment(5))["UnappliedAmt"] == 5


@pytest.mark.parametrize(
    ("total", "amount", "code"),
    [(100, 100.01, "6000"), (50, 60, "6000"), (-1, 0, "6000"), (100, -5, "6000"), (100, None, "2020")],
)
def test_more_than_is_open_or_paid_is_refused(us, total, amount, code):
    owed = us.made("invoice", invoice())
    assert code_of(us.post("payment", payment(total, pays("Invoice", owed["Id"], amount)))) == code
    assert found(us, "invoice", owed) == owed
    assert us.rows("SELECT * FROM Payment") == []


def test_only_the_customers_own_receivables_can_be_paid(us):
    owed = us.made("invoice", invoice(customer="2"))
    debt = us.made("bill", bill())
    for target in (("Invoice", owed["Id"]), ("Bill", debt["Id"]), ("Invoice", "999"), ("Estimate", "1")):
        assert code_of(us.post("payment", payment(10, pays(*target, 10)))) == "620"
    two = pays("Invoice", owed["Id"], 1)
    two["LinkedTxn"] *= 2
    assert code_of(us.post("payment", payment(10, two, customer="2"))) == "620"


def test_parent_pays_for_those_below_it(us):
    owed = us.made("invoice", invoice(customer="21"))
    us.made("payment", payment(100, pays("Invoice", owed["Id"], 100), customer="10"))
    assert (customer_balance(us, "21"), customer_balance(us, "10")) == (0, 0)


def test_changed_payment_gives_back_what_it_does_not_take_any_more(us):
    first, second = us.made("invoice", invoice()), us.made("invoice", invoice())
    made = us.made("payment", payment(100, pays("Invoice", first["Id"], 100)))
    made = us.made("payment", sparse(made, Line=[pays("Invoice", second["Id"], 70)]))
    assert made["UnappliedAmt"] == 30
    first, second = found(us, "invoice", first), found(us, "invoice", second)
    assert (first["Balance"], first["LinkedTxn"], second["Balance"]) == (100, [], 30)


@pytest.mark.parametrize("how", ["delete", "void"])
def test_payment_that_goes_opens_the_invoice_again(us, how):
    owed = us.made("invoice", invoice())
    made = us.made("payment", payment(80, pays("Invoice", owed["Id"], 80)))
    params = {"operation": "delete"} if how == "delete" else {"operation": "update", "include": "void"}
    gone = us.made("payment", made, **params)
    if how == "void":
        assert (gone["TotalAmt"], gone["UnappliedAmt"], gone["Line"]) == (0, 0, [])
        assert gone["PrivateNote"] == "Voided"
    back = found(us, "invoice", owed)
    assert (back["Balance"], back["LinkedTxn"]) == (100, [])
    assert (balance(us, RECEIVABLE), balance(us, UNDEPOSITED), customer_balance(us)) == (100, 0, 100)


@pytest.mark.parametrize("how", ["delete", "void"])
def test_invoice_that_goes_leaves_its_payment_unapplied(us, how):
    owed = us.made("invoice", invoice())
    made = us.made("payment", payment(80, pays("Invoice", owed["Id"], 80)))
    us.made("invoice", found(us, "invoice", owed), operation=how)
    left = found(us, "payment", made)
    assert (left["UnappliedAmt"], left["Line"], left["SyncToken"]) == (80, [], made["SyncToken"])
    assert (balance(us, RECEIVABLE), customer_balance(us)) == (-80, -80)


def test_paid_invoice_cannot_shrink_below_its_payments_or_move_away(us):
    owed = us.made("invoice", invoice())
    us.made("payment", payment(80, pays("Invoice", owed["Id"], 80)))
    assert code_of(us.post("invoice", sparse(owed, Line=[sales_line(79)]))) == "6000"
    assert code_of(us.post("invoice", sparse(owed, CustomerRef={"value": "2"}))) == "6000"
    assert us.made("invoice", sparse(owed, Line=[sales_line(130)]))["Balance"] == 50


def test_credit_memo_pays_an_invoice(us):
    owed, credit = us.made("invoice", invoice()), us.made("creditmemo", credit_memo())
    assert (credit["Balance"], credit["RemainingCredit"], customer_balance(us)) == (20, 20, 80)
    lines = pays("Invoice", owed["Id"], 100), pays("CreditMemo", credit["Id"], 20)
    made = us.made("payment", payment(80, *lines))
    used = found(us, "creditmemo", credit)
    assert (made["UnappliedAmt"], used["Balance"], used["RemainingCredit"]) == (0, 0, 0)
    assert used["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Payment"}]
    assert (found(us, "invoice", owed)["Balance"], balance(us, RECEIVABLE), customer_balance(us)) == (0, 0, 0)


def test_payment_of_nothing_ties_credit_and_invoice(us):
    owed, credit = us.made("invoice", invoice()), us.made("creditmemo", credit_memo())
    us.made("payment", payment(0, pays("Invoice", owed["Id"], 20), pays("CreditMemo", credit["Id"], 20)))
    assert found(us, "invoice", owed)["Balance"] == 80
    assert code_of(us.post("payment", payment(0, pays("CreditMemo", credit["Id"], 1)))) == "6000"


def test_credit_that_goes_shortens_what_it_helped_to_pay(us):
    owed, credit = us.made("invoice", invoice()), us.made("creditmemo", credit_memo())
    lines = pays("Invoice", owed["Id"], 100), pays("CreditMemo", credit["Id"], 20)
    made = us.made("payment", payment(80, *lines))
    us.made("creditmemo", found(us, "creditmemo", credit), operation="delete")
    left = found(us, "payment", made)
    assert (left["UnappliedAmt"], [line["Amount"] for line in left["Line"]]) == (0, [80])
    assert (found(us, "invoice", owed)["Balance"], customer_balance(us)) == (20, 20)


def test_bill_payment_clears_the_bill(us):
    before, debt = balance(us, CHECKING), us.made("bill", bill())
    assert balance(us, PAYABLE) == -100
    made = us.made("billpayment", bill_payment(100, pays("Bill", debt["Id"], 100)))
    paid = found(us, "bill", debt)
    assert (paid["Balance"], paid["LinkedTxn"]) == (
        0,
        [{"TxnId": made["Id"], "TxnType": "BillPaymentCheck"}],
    )
    assert (balance(us, PAYABLE), balance(us, CHECKING) - before) == (0, -100)
    assert us.get("vendor/31").json()["Vendor"]["Balance"] == 0
    us.made("billpayment", made, operation="delete")
    assert (found(us, "bill", debt)["Balance"], found(us, "bill", debt)["LinkedTxn"]) == (100, [])


def test_bill_payment_by_card_with_a_vendor_credit(us):
    debt, credit = us.made("bill", bill()), us.made("vendorcredit", bill())
    body = bill_payment(0, pays("Bill", debt["Id"], 100), pays("VendorCredit", credit["Id"], 100))
    body |= {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": {"value": CARD}}}
    us.made("billpayment", body)
    assert found(us, "bill", debt)["LinkedTxn"][0]["TxnType"] == "BillPaymentCreditCard"
    assert found(us, "vendorcredit", credit)["Balance"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"CheckPayment": None}, "2020"),
        ({"CheckPayment": {"BankAccountRef": {"value": CARD}}}, "6430"),
        ({"PayType": "CreditCard"}, "2020"),
        ({"PayType": "Barter"}, "2010"),
        ({"TotalAmt": 99}, "6000"),
        ({"VendorRef": {"value": "32"}}, "620"),
    ],
)
def test_bill_payment_that_breaks_a_rule_is_refused(us, changes, code):
    debt = us.made("bill", bill())
    body = bill_payment(100, pays("Bill", debt["Id"], 100)) | changes
    assert code_of(us.post("billpayment", body)) == code
    assert found(us, "bill", debt) == debt


def test_payment_can_move_the_sync_token_of_what_it_pays(server, us):
    server.control("choices", {"paid_token": "moved"})
    owed = us.made("invoice", invoice())
    us.made("payment", payment(60, pays("Invoice", owed["Id"], 60)))
    assert found(us, "invoice", owed)["SyncToken"] == "1"
