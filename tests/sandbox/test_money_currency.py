"""Several currencies: rates, amounts in the company's own money, and what a change of the rate brings."""

import pytest

from .conftest import code_of
from .documents import invoice, sales_line
from .money import CHECKING, RECEIVABLE, UNDEPOSITED, balance, deposit, found, payment, pays, sparse

EUR = {"CurrencyRef": {"value": "EUR"}}


@pytest.fixture
def several(server, us):
    """The US company with several currencies, and one customer in euros: (company, his id)."""
    server.control("preferences", {"CurrencyPrefs": {"MultiCurrencyEnabled": True}})
    return us, us.made("customer", {"DisplayName": "Café Zürich", **EUR})["Id"]


def test_foreign_invoice_shows_what_it_is_at_home(several):
    us, customer = several
    made = us.made("invoice", invoice(sales_line(100), customer=customer, ExchangeRate=1.25, **EUR))
    assert made["CurrencyRef"] == {"value": "EUR", "name": "Euro"}
    assert (made["TotalAmt"], made["ExchangeRate"]) == (100, 1.25)
    assert (made["HomeTotalAmt"], made["HomeBalance"]) == (125, 125)
    assert balance(us, RECEIVABLE) == 125
    assert us.get(f"customer/{customer}").json()["Customer"]["Balance"] == 100


def test_rate_that_is_not_sent_is_the_last_one_known(several):
    us, customer = several
    for day, rate in (("2026-01-01", 1.1), ("2026-02-01", 1.2)):
        us.made("exchangerate", {"SourceCurrencyCode": "EUR", "AsOfDate": day, "Rate": rate})
    body = invoice(customer=customer, **EUR)
    assert us.made("invoice", body | {"TxnDate": "2026-01-15"})["ExchangeRate"] == 1.1
    assert us.made("invoice", body | {"TxnDate": "2026-03-15"})["HomeTotalAmt"] == 120


def test_transaction_is_in_the_currency_of_its_customer(several):
    us, customer = several
    assert code_of(us.post("invoice", invoice(**EUR))) == "6000"
    assert code_of(us.post("invoice", invoice(customer=customer, CurrencyRef={"value": "USD"}))) == "6000"
    home = us.made("invoice", invoice(CurrencyRef={"value": "USD"}, ExchangeRate=3))
    assert (home["ExchangeRate"], home["HomeTotalAmt"]) == (1, 100)
    changed = us.made(
        "customer", {**found(us, "customer", {"Id": customer}), "CurrencyRef": {"value": "USD"}}
    )
    assert changed["CurrencyRef"]["value"] == "EUR"


def test_difference_of_two_rates_is_gain_or_loss(several):
    us, customer = several
    owed = us.made("invoice", invoice(sales_line(100), customer=customer, ExchangeRate=1.25, **EUR))
    before = balance(us, CHECKING)
    to = {"DepositToAccountRef": {"value": CHECKING}}
    lines = [pays("Invoice", owed["Id"], 100)]
    us.made("payment", payment(100, *lines, customer=customer, ExchangeRate=1.5, **EUR, **to))
    paid = found(us, "invoice", owed)
    assert (paid["Balance"], paid["HomeBalance"], balance(us, RECEIVABLE)) == (0, 0, 0)
    assert balance(us, CHECKING) - before == 150
    us.made("invoice", sparse(owed, ExchangeRate=1.3))
    assert balance(us, RECEIVABLE) == 0


def test_rate_and_currency_count_for_nothing_in_a_company_with_one(server, us):
    server.control("preferences", {"CurrencyPrefs": {"MultiCurrencyEnabled": False}})
    made = us.made("invoice", invoice(ExchangeRate=3, CurrencyRef={"value": "USD"}))
    assert "ExchangeRate" not in made
    assert "HomeTotalAmt" not in made
    assert us.made("customer", {"DisplayName": "X", **EUR})["CurrencyRef"]["value"] == "USD"


def test_foreign_money_is_deposited_in_its_own_currency(several):
    us, customer = several
    received = us.made("payment", payment(100, customer=customer, ExchangeRate=1.25, **EUR))
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": received["Id"], "TxnType": "Payment"}]}
    assert code_of(us.post("deposit", deposit(line))) == "620"
    before = balance(us, CHECKING)
    made = us.made("deposit", deposit(line, ExchangeRate=1.5, **EUR))
    assert (made["TotalAmt"], made["HomeTotalAmt"]) == (100, 150)
    assert (balance(us, UNDEPOSITED), balance(us, CHECKING) - before) == (0, 150)


def test_payment_at_par_of_an_invoice_at_a_rate(several):
    us, customer = several
    owed = us.made("invoice", invoice(sales_line(100), customer=customer, ExchangeRate=1.25, **EUR))
    line = pays("Invoice", owed["Id"], 40)
    us.made("payment", payment(40, line, customer=customer, ExchangeRate=1, **EUR))
    assert (balance(us, RECEIVABLE), balance(us, UNDEPOSITED)) == (75, 40)
