"""Inventory: quantities on hand, what goods cost, and accounts that open with a balance."""

import pytest

from .documents import bill, invoice, item_line, sales_line
from .money import balance, found, sparse

AWARD, STOCK = "9", "81"


def on_hand(us):
    return us.get(f"item/{AWARD}").json()["Item"]["QtyOnHand"]


def sold(quantity):
    return sales_line(quantity * 74, item=AWARD, Qty=quantity, UnitPrice=74)


def test_sale_takes_goods_from_stock_at_their_cost(us):
    made = us.made("invoice", invoice(sold(3)))
    assert (on_hand(us), balance(us, STOCK)) == (97, 3600 - 3 * 36)
    us.made("invoice", sparse(made, Line=[sold(1)]))
    assert (on_hand(us), balance(us, STOCK)) == (99, 3600 - 36)
    us.made("invoice", found(us, "invoice", made), operation="void")
    assert (on_hand(us), balance(us, STOCK)) == (100, 3600)


@pytest.mark.parametrize(("path", "quantity"), [("bill", 104), ("vendorcredit", 96)])
def test_purchase_brings_goods_and_a_credit_takes_them_back(us, path, quantity):
    made = us.made(path, bill(item_line(4 * 36, item=AWARD, Qty=4, UnitPrice=36)))
    assert (on_hand(us), balance(us, STOCK)) == (quantity, quantity * 36)
    us.made(path, made, operation="delete")
    assert (on_hand(us), balance(us, STOCK)) == (100, 3600)


def test_estimates_and_orders_move_nothing(us):
    us.made("estimate", invoice(sold(3)))
    us.made("purchaseorder", bill(item_line(36, item=AWARD, Qty=1, UnitPrice=36)))
    assert (on_hand(us), balance(us, STOCK)) == (100, 3600)


@pytest.mark.parametrize(("kind", "shown"), [("Bank", 250.5), ("Long Term Liability", -250.5), ("Income", 0)])
def test_new_account_opens_with_its_balance(us, kind, shown):
    body = {"Name": "Another", "AccountType": kind, "OpeningBalance": 250.5}
    made = us.made("account", body)
    assert made["CurrentBalance"] == made["CurrentBalanceWithSubAccounts"] == shown
    assert found(us, "account", made) == made
