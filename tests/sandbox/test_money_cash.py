"""Receipts, refunds, purchases, deposits, transfers and journal entries: what moves, and what is refused."""

import pytest

from .conftest import code_of
from .documents import account_line, bill, invoice, item_line, sales_line
from .money import (
    CARD,
    CHECKING,
    PAYABLE,
    RECEIVABLE,
    SAVINGS,
    UNDEPOSITED,
    balance,
    deposit,
    deposit_line,
    entry_line,
    found,
    payment,
    purchase,
    sparse,
)


def held(us, *accounts):
    return [balance(us, account) for account in accounts]


def moved(us, before, *accounts):
    return [round(now - then, 2) for now, then in zip(held(us, *accounts), before, strict=True)]


def test_sales_receipt_and_refund_move_money_and_nobody_owes(us):
    before = held(us, UNDEPOSITED, CHECKING, RECEIVABLE)
    sold = us.made("salesreceipt", invoice(sales_line(50)))
    assert (sold["TotalAmt"], sold["Balance"], sold["DepositToAccountRef"]["value"]) == (50, 0, UNDEPOSITED)
    us.made("refundreceipt", invoice(sales_line(20), DepositToAccountRef={"value": CHECKING}))
    assert moved(us, before, UNDEPOSITED, CHECKING, RECEIVABLE) == [50, -20, 0]
    assert us.get("customer/1").json()["Customer"]["Balance"] == 0


def test_voided_receipt_moves_its_money_back(us):
    sold = us.made("salesreceipt", invoice(sales_line(50)))
    gone = us.made("salesreceipt", sold, operation="update", include="void")
    assert (gone["TotalAmt"], gone["PrivateNote"], balance(us, UNDEPOSITED)) == (0, "Voided", 0)


@pytest.mark.parametrize(
    ("account", "kind", "credit", "change"),
    [(CHECKING, "Cash", None, -100), (CHECKING, "Check", None, -100), (CARD, "CreditCard", None, -100),
     (CARD, "CreditCard", True, 100)],
)  # fmt: skip
def test_purchase_is_paid_from_its_account(us, account, kind, credit, change):
    before = held(us, account)
    body = purchase(account=account, kind=kind, EntityRef={"value": "31", "type": "Vendor"})
    made = us.made("purchase", body | ({"Credit": True} if credit else {}))
    assert made["TotalAmt"] == 100
    assert moved(us, before, account) == [change]
    us.made("purchase", made, operation="delete")
    assert moved(us, before, account) == [0]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (purchase(account=CARD, kind="Check"), "6430"),
        (purchase(account=CHECKING, kind="CreditCard"), "6430"),
        (purchase(Credit=True), "6000"),
        (purchase(account_line(1, BillableStatus="Billable")), "6310"),
        (purchase(account="7"), "6430"),
    ],
)
def test_purchase_that_breaks_a_rule_is_refused(us, body, code):
    assert code_of(us.post("purchase", body)) == code


def test_deposit_takes_receipts_out_of_undeposited_funds(us):
    received = us.made("payment", payment(70))
    sold = us.made("salesreceipt", invoice(sales_line(50)))
    before = held(us, UNDEPOSITED, CHECKING, SAVINGS)
    lines = [
        {"Amount": 70, "LinkedTxn": [{"TxnId": received["Id"], "TxnType": "Payment"}]},
        {"Amount": 50, "LinkedTxn": [{"TxnId": sold["Id"], "TxnType": "SalesReceipt"}]},
        deposit_line(5, "5"),
    ]
    back = {"AccountRef": {"value": SAVINGS}, "Amount": 25}
    made = us.made("deposit", deposit(*lines, CashBack=back))
    assert made["TotalAmt"] == 100
    assert moved(us, before, UNDEPOSITED, CHECKING, SAVINGS) == [-120, 100, 25]
    assert found(us, "payment", received)["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Deposit"}]
    us.made("deposit", made, operation="delete")
    assert moved(us, before, UNDEPOSITED, CHECKING, SAVINGS) == [0, 0, 0]
    assert found(us, "payment", received)["LinkedTxn"] == []


def test_what_lies_in_a_deposit_stays_as_it_is(us):
    received = us.made("payment", payment(70))
    line = {"Amount": 70, "LinkedTxn": [{"TxnId": received["Id"], "TxnType": "Payment"}]}
    first = us.made("deposit", deposit(line))
    assert code_of(us.post("deposit", deposit(line))) == "6540"
    assert code_of(us.post("deposit", deposit(line, line))) == "6540"
    assert code_of(us.post("payment", sparse(received, TotalAmt=71))) == "6540"
    assert code_of(us.post("payment", sparse(received, DepositToAccountRef={"value": CHECKING}))) == "6540"
    for operation in ("delete", "void"):
        assert code_of(us.post("payment", received, operation=operation)) == "6540"
    assert us.made("payment", sparse(received, PrivateNote="kept"))["PrivateNote"] == "kept"
    assert us.made("deposit", sparse(first, PrivateNote="slip 7"))["TotalAmt"] == 70


@pytest.mark.parametrize(
    ("amount", "kind", "txn_id", "code"),
    [(69, "Payment", None, "6000"), (70, "Payment", "999", "620"), (70, "Invoice", None, "620")],
)
def test_deposit_of_what_does_not_fit_is_refused(us, amount, kind, txn_id, code):
    received = us.made("payment", payment(70))
    line = {"Amount": amount, "LinkedTxn": [{"TxnId": txn_id or received["Id"], "TxnType": kind}]}
    assert code_of(us.post("deposit", deposit(line))) == code


def test_money_that_went_to_the_bank_cannot_be_deposited_again(us):
    received = us.made("payment", payment(70, DepositToAccountRef={"value": CHECKING}))
    line = {"Amount": 70, "LinkedTxn": [{"TxnId": received["Id"], "TxnType": "Payment"}]}
    assert code_of(us.post("deposit", deposit(line))) == "6540"


def test_transfer_moves_money_between_accounts(us):
    before = held(us, CHECKING, SAVINGS)
    ends = {"FromAccountRef": {"value": CHECKING}, "ToAccountRef": {"value": SAVINGS}}
    made = us.made("transfer", {"Amount": 30, **ends})
    assert moved(us, before, CHECKING, SAVINGS) == [-30, 30]
    us.made("transfer", sparse(made, Amount=10))
    assert moved(us, before, CHECKING, SAVINGS) == [-10, 10]
    assert code_of(us.post("transfer", {"Amount": 1, **ends, "ToAccountRef": {"value": CHECKING}})) == "6000"
    assert code_of(us.post("transfer", {"Amount": 1, **ends, "ToAccountRef": {"value": "7"}})) == "6430"
    assert code_of(us.post("transfer", {"Amount": -1, **ends})) == "6000"


def test_card_payment_lowers_what_the_card_is_owed(us):
    before = held(us, CHECKING, CARD)
    body = {"BankAccountRef": {"value": CHECKING}, "CreditCardAccountRef": {"value": CARD}, "Amount": 12}
    us.made("creditcardpayment", body)
    assert moved(us, before, CHECKING, CARD) == [-12, 12]


def test_journal_entry_must_balance_and_name_who_owes(us):
    customer = {"Type": "Customer", "EntityRef": {"value": "1"}}
    lines = [entry_line("Debit", RECEIVABLE, 40, Entity=customer), entry_line("Credit", "2", 40)]
    made = us.made("journalentry", {"Line": lines})
    assert (made["TotalAmt"], balance(us, RECEIVABLE)) == (40, 40)
    assert us.get("customer/1").json()["Customer"]["Balance"] == 40
    assert code_of(us.post("journalentry", {"Line": [*lines, entry_line("Debit", "7", 0.01)]})) == "6000"
    nameless = [entry_line("Debit", PAYABLE, 40), entry_line("Credit", "2", 40)]
    assert code_of(us.post("journalentry", {"Line": nameless})) == "6000"
    assert code_of(us.post("journalentry", {"Line": [entry_line(None, "7", 40)]})) == "2020"
    us.made("journalentry", made, operation="delete")
    assert us.get("customer/1").json()["Customer"]["Balance"] == 0


def test_closed_books_keep_every_posting_transaction_out(server, us):
    server.control("preferences", {"AccountingInfoPrefs": {"BookCloseDate": "2026-03-31"}})
    day = {"TxnDate": "2026-03-31"}
    ends = {"FromAccountRef": {"value": CHECKING}, "ToAccountRef": {"value": SAVINGS}, "Amount": 1}
    closed = {"invoice": invoice(), "bill": bill(), "payment": payment(1), "transfer": ends,
              "purchase": purchase(), "deposit": deposit(deposit_line(1, "5"))}  # fmt: skip
    for path, body in closed.items():
        assert code_of(us.post(path, body | day)) == "6210", path
    us.made("estimate", invoice() | day)
    us.made("purchaseorder", bill(item_line(1)) | day)
    assert us.made("invoice", invoice() | {"TxnDate": "2026-04-01"})["TotalAmt"] == 100


def test_deposit_on_an_invoice_is_paid_money(us):
    made = us.made("invoice", invoice(Deposit=30))
    assert (made["Balance"], balance(us, RECEIVABLE), balance(us, UNDEPOSITED)) == (70, 70, 30)
    changed = us.made("invoice", sparse(made, Deposit=10))
    assert (changed["Balance"], balance(us, UNDEPOSITED)) == (90, 10)


def test_balance_of_a_parent_account_counts_those_below(us):
    parent = us.made("account", {"Name": "Cash boxes", "AccountType": "Bank"})
    body = {"Name": "Shop", "AccountType": "Bank", "ParentRef": {"value": parent["Id"]}}
    child = us.made("account", body)
    ends = {"FromAccountRef": {"value": CHECKING}, "ToAccountRef": {"value": child["Id"]}}
    us.made("transfer", {"Amount": 30, **ends})
    child, parent = found(us, "account", child), found(us, "account", parent)
    assert (child["CurrentBalance"], child["CurrentBalanceWithSubAccounts"]) == (30, 30)
    assert (parent["CurrentBalance"], parent["CurrentBalanceWithSubAccounts"]) == (0, 30)
