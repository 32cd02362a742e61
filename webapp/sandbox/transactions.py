"""Transactions: dates, lines, tax and totals, and what they move in other objects."""

from datetime import date, timedelta
from decimal import Decimal

from . import custom_fields, faults, numbers, purchase_links, tax, totals
from .books import Body, Books
from .change import Change
from .clock import stamp
from .entities import Entity

# What a transaction owes moves the balance of its customer or vendor.
PARTY = {"Invoice": ("Customer", "CustomerRef"), "Bill": ("Vendor", "VendorRef")}
DAYS_WITHOUT_TERM = {"Invoice": 30, "Bill": 0}


def settle(change: Change) -> None:
    """Settle a transaction before it is stored: everything that QuickBooks checks or computes.

    Raises the Faults of lines, tax, numbers and closed books.
    """
    books, spec, body = change.books, change.spec, change.body
    body.setdefault("TxnDate", stamp(books.now)[:10])
    refuse_closed(books, spec, body, change.old)
    _settle_currency(books, body)
    numbers.settle(change)
    custom_fields.settle(change)
    if spec.name == "Invoice":
        _settle_sales_form(change)
    else:
        _settle_purchase(change)
    if spec.name in DAYS_WITHOUT_TERM and "DueDate" not in body:
        body["DueDate"] = _due_date(books, spec, body)
    totals.settle(change)
    if spec.name == "Bill":
        purchase_links.settle_bill(change)
    if spec.name == "PurchaseOrder":
        purchase_links.settle_order(change)


def after(books: Books, spec: Entity, body: Body | None, old: Body | None) -> None:
    """Carry a stored (or, with body None, deleted) transaction over to the objects that it touches."""
    if spec.name in PARTY:
        _move_balance(books, spec, old, -1)
        _move_balance(books, spec, body, 1)
    if spec.name == "Bill":
        purchase_links.after_bill(books, body, old)
    if spec.name == "PurchaseOrder" and body is None and old is not None:
        purchase_links.after_order_deleted(books, old)


def void(body: Body) -> None:
    """Turn a transaction into its voided self: amounts zero, a note that says so."""
    zero = Decimal(0)
    for line in body["Line"]:
        line["Amount"] = zero
        detail = line.get(line["DetailType"], {})
        if "Qty" in detail:
            detail["Qty"] = zero
    body["TxnTaxDetail"] = {"TotalTax": zero}
    body["TotalAmt"] = body["Balance"] = zero
    note = body.get("PrivateNote")
    body["PrivateNote"] = f"Voided - {note}" if note else "Voided"


def refuse_closed(books: Books, spec: Entity, *versions: Body | None) -> None:
    """Raise Fault 6210 when any version of a posting transaction lies in a closed period."""
    closed = books.preferences().get("AccountingInfoPrefs", {}).get("BookCloseDate")
    if closed and spec.name in PARTY and any(body and body["TxnDate"] <= closed for body in versions):
        raise faults.closed_books()


def _settle_currency(books: Books, body: Body) -> None:
    home = books.preferences()["CurrencyPrefs"]["HomeCurrency"]
    sent = body.get("CurrencyRef") or home
    if sent["value"] != home["value"]:
        raise faults.business("This company does not use several currencies", "CurrencyRef")
    body["CurrencyRef"] = dict(home)
    body.pop("ExchangeRate", None)


def _settle_sales_form(change: Change) -> None:
    body = change.body
    if body.get("EmailStatus") == "NeedToSend" and not body.get("BillEmail"):
        raise faults.required("BillEmail")
    if change.old is None:
        customer = change.books.get("Customer", body["CustomerRef"]["value"])
        for name in ("BillAddr", "ShipAddr"):
            if name not in body and customer.get(name):
                body[name] = customer[name]
        body.setdefault("LinkedTxn", [])


def _settle_purchase(change: Change) -> None:
    """Fill in the payable account and, on a new bill or order, the vendor's address."""
    books, body = change.books, change.body
    if not body.get("APAccountRef"):
        account = books.first("Account", "$.AccountType", "Accounts Payable")
        if account is None:
            raise faults.required("APAccountRef")
        body["APAccountRef"] = {"value": account["Id"], "name": account["Name"]}
    if change.old is None and "VendorAddr" not in body:
        vendor = books.get("Vendor", body["VendorRef"]["value"])
        if vendor.get("BillAddr"):
            body["VendorAddr"] = vendor["BillAddr"]


def _due_date(books: Books, spec: Entity, body: Body) -> str:
    days = DAYS_WITHOUT_TERM[spec.name]
    if body.get("SalesTermRef"):
        days = int(books.get("Term", body["SalesTermRef"]["value"]).get("DueDays", days))
    try:
        return (date.fromisoformat(body["TxnDate"]) + timedelta(days=days)).isoformat()
    except OverflowError:
        return tax.END_OF_TIME


def _move_balance(books: Books, spec: Entity, body: Body | None, sign: int) -> None:
    """Add what a transaction owes to its party, and for a sub-customer to those above it."""
    if body is None:
        return
    entity, reference = PARTY[spec.name]
    party = books.find(entity, body[reference]["value"])
    amount = sign * Decimal(body["Balance"])
    if party is not None:
        party["Balance"] = Decimal(party.get("Balance", 0)) + amount
    while party is not None:
        if "BalanceWithJobs" in party:
            party["BalanceWithJobs"] = Decimal(party["BalanceWithJobs"]) + amount
        books.touch(entity, party)
        parent = party.get("ParentRef")
        party = books.find(entity, parent["value"]) if parent else None
