"""Sales and purchase forms: what they take over from customer, vendor and company, and when they are due."""

from . import account_roles, billable, due_dates, faults, invoice_links, purchase_links, totals
from .books import Body, Books
from .change import Change
from .entities import Entity
from .kinds import KINDS

_CARD, _BANK = "Credit Card", "Bank"
# How a purchase is paid decides from what type of account.
_PAID_FROM = {"Check": (_BANK,), "CreditCard": (_CARD,), "Cash": (_BANK, _CARD, "Other Current Asset")}

# How a customer calls what a sales form can take over, where the names differ.
_CUSTOMER_NAMES = {"BillEmail": "PrimaryEmailAddr"}


def settle_sale(change: Change) -> None:
    """Settle an invoice, estimate, receipt, credit memo or refund; raises the Faults of lines and tax."""
    books, body = change.books, change.body
    if body.get("EmailStatus") == "NeedToSend" and not body.get("BillEmail"):
        raise faults.required("BillEmail")
    if change.old is None:
        customer = books.look("Customer", body["CustomerRef"]["value"]) if body.get("CustomerRef") else {}
        for name in books.choice("from_customer").split():
            known = customer.get(_CUSTOMER_NAMES.get(name, name))
            if name not in body and known:
                body[name] = dict(known)
        body.setdefault("LinkedTxn", [])
    _settle_account(change)
    _settle_due_date(books, change.spec, body)
    totals.settle(change)
    invoice_links.settle(change)


def settle_purchase(change: Change) -> None:
    """Settle a bill, vendor credit, purchase or order; raises the Faults of lines, tax and accounts."""
    books, body, name = change.books, change.body, change.spec.name
    _settle_account(change)
    if change.old is None and "VendorAddr" not in body and body.get("VendorRef"):
        vendor = books.look("Vendor", body["VendorRef"]["value"])
        if vendor.get("BillAddr") and name != "Purchase":
            body["VendorAddr"] = dict(vendor["BillAddr"])
    _settle_due_date(books, change.spec, body)
    totals.settle(change)
    if name == "Purchase":
        _settle_purchase_kind(change)
    if name == "Bill":
        purchase_links.settle_bill(change)
    if name == "PurchaseOrder":
        purchase_links.settle_order(change)
    else:
        billable.settle_expense(change)


def _settle_account(change: Change) -> None:
    """Fill in the account that takes the total, where QuickBooks shows it."""
    books, body, kind = change.books, change.body, KINDS[change.spec.name]
    if kind.role and kind.role != "receivable" and kind.account and not body.get(kind.account):
        body[kind.account] = account_roles.reference(books, account_roles.for_role(books, kind.role))


def _settle_purchase_kind(change: Change) -> None:
    """A purchase is paid from a fitting account; only one by card can be a credit."""
    books, body = change.books, change.body
    wanted = _PAID_FROM.get(body["PaymentType"])
    if wanted:
        account_roles.require_type(books, body, "AccountRef", *wanted)
    if body.get("Credit") and body["PaymentType"] != "CreditCard":
        raise faults.business("Only a purchase by credit card can be a credit", "Credit")
    body.setdefault("LinkedTxn", [])


def _settle_due_date(books: Books, spec: Entity, body: Body) -> None:
    days = KINDS[spec.name].days
    if days is None or "DueDate" in body:
        return
    term = books.look("Term", body["SalesTermRef"]["value"]) if body.get("SalesTermRef") else None
    body["DueDate"] = due_dates.due_date(term, body["TxnDate"], days)
