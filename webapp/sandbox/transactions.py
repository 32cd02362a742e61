"""Transactions: what all of them have in common, and which module settles which kind."""

from collections.abc import Callable
from decimal import Decimal

from . import (
    billable,
    bookfaults,
    custom_fields,
    deposits,
    exchange,
    faults,
    forms,
    invoice_links,
    journal,
    ledger,
    payments,
    purchase_links,
    stock,
)
from .books import Body, Books
from .change import Change, Ready
from .entities import Entity
from .kinds import KINDS

_ZERO = Decimal(0)
_SETTLERS: dict[str, Callable[[Change], None]] = {
    "sales": forms.settle_sale,
    "purchase": forms.settle_purchase,
    "payment": payments.settle,
    "deposit": deposits.settle,
    "journal": journal.settle_entry,
    "transfer": journal.settle_transfer,
}
_EXPENSES = ("Bill", "Purchase", "VendorCredit")


def settle(change: Change) -> None:
    """Settle a transaction before it is stored: everything that QuickBooks checks or computes.

    Raises the Faults of its form, of currency and closed books.
    """
    books, spec, body = change.books, change.spec, change.body
    body.setdefault("TxnDate", books.today())
    refuse_closed(books, spec, body, change.old)
    exchange.settle(change)
    custom_fields.settle(change)
    _refuse_new_party(change)
    _SETTLERS[KINDS[spec.name].form](change)
    deposits.refuse_deposited(change.old, body)
    exchange.finish(change)


def after(
    books: Books, spec: Entity, body: Body | None, old: Body | None, ready: Ready | None = None
) -> None:
    """Carry a stored (or, with body None, deleted) transaction over to the objects that it touches.

    ready: what was made of it before its turn.
    """
    name, kind = spec.name, KINDS[spec.name]
    if name == "Invoice":
        invoice_links.after_invoice(books, body, old)
    if name == "Estimate" and body is None and old is not None:
        invoice_links.after_estimate_deleted(books, old)
    if name in _EXPENSES:
        billable.after_expense(books, name, body, old)
    if name == "Bill":
        purchase_links.after_bill(books, body, old)
    if name == "PurchaseOrder" and body is None and old is not None:
        purchase_links.after_order_deleted(books, old)
    if kind.pays:
        payments.after(books, name, body, old)
    if name == "Deposit":
        deposits.after(books, body, old)
    if body is None and old is not None and kind.open:
        _release(books, name, old)
    if name in stock.MOVES:
        stock.after(books, name, body, old, ready.goods if ready else None)
    if kind.posting:
        ledger.post(books, name, body, old, ready.rows if ready else None)
        if body and old and kind.open and exchange.rate(body) != exchange.rate(old):
            for payment_name, payment in payments.payers(books, body["LinkedTxn"]):
                ledger.post(books, payment_name, payment, payment)


def void(books: Books, spec: Entity, body: Body) -> None:
    """Turn a transaction into its voided self: amounts zero, a note that says so, nothing applied."""
    kind = KINDS[spec.name]
    if kind.form == "payment":
        payments.void(spec.name, body)
    else:
        if kind.open and body.get("LinkedTxn"):
            _release(books, spec.name, body)
        _void_form(body)
        for name in kind.open:
            body[name] = _ZERO
    note = body.get("PrivateNote")
    body["PrivateNote"] = f"Voided - {note}" if note else "Voided"


def refuse_closed(books: Books, spec: Entity, *versions: Body | None) -> None:
    """Raise Fault 6210 or 6200 when any version of a posting transaction lies in a closed period."""
    closed = books.preferences().get("AccountingInfoPrefs", {}).get("BookCloseDate")
    posting = KINDS[spec.name].posting
    if closed and posting and any(body and body["TxnDate"] <= closed for body in versions):
        without_password = books.choice("closed_books") == "6200"
        raise bookfaults.closed_without_password() if without_password else faults.closed_books()


def refuse_removal(books: Books, spec: Entity, old: Body) -> None:
    """Raise Fault 6210, 6200 or 6540 when a transaction can be neither voided nor deleted."""
    refuse_closed(books, spec, old)
    deposits.refuse_deposited(old, None)


def _refuse_new_party(change: Change) -> None:
    """What is paid, or pays, stays with its customer or vendor; raises Fault 6000."""
    kind, old = KINDS[change.spec.name], change.old
    if not old or not (kind.open or kind.pays) or not kind.reference:
        return
    moved = old[kind.reference]["value"] != change.body[kind.reference]["value"]
    if moved and any(tie["TxnType"] != "Estimate" for tie in old.get("LinkedTxn", ())):
        raise faults.business("A transaction with payments stays with its customer or vendor", kind.reference)


def _release(books: Books, name: str, old: Body) -> None:
    """Let the payments that named a deleted or voided transaction go on without it."""
    for payment_name, payment in payments.release(books, (name, old["Id"]), old.get("LinkedTxn", [])):
        ledger.post(books, payment_name, payment, payment)


def _void_form(body: Body) -> None:
    for line in body.get("Line", ()):
        line["Amount"] = _ZERO
        line.pop("LinkedTxn", None)
        detail = line.get(line["DetailType"], {})
        for name in ("Qty", "TaxInclusiveAmt"):
            if name in detail:
                detail[name] = _ZERO
        for inner in detail.get("Line", ()):
            inner["Amount"] = _ZERO
    body.pop("Deposit", None)
    tax = body.setdefault("TxnTaxDetail", {})
    tax["TotalTax"] = _ZERO
    for line in tax.get("TaxLine", ()):
        line["Amount"] = _ZERO
        line.get("TaxLineDetail", {})["NetAmountTaxable"] = _ZERO
    body["LinkedTxn"] = []
    body["TotalAmt"] = _ZERO
    for name in ("HomeTotalAmt", "HomeBalance"):
        if name in body:
            body[name] = _ZERO
