"""Expenses and hours that are billed on to a customer: billable, taken up by an invoice, set free again.

A line of an invoice names the expense by LinkedTxn: TxnId, TxnType (Bill, Purchase or TimeActivity) and,
where the expense has several billable lines, TxnLineId.
"""

from typing import cast

from . import faults, lines
from .books import Body, Books
from .change import Change

_NAMES = {"Bill": "Bill", "Purchase": "Purchase", "Expense": "Purchase", "Check": "Purchase",
          "CreditCardCharge": "Purchase", "TimeActivity": "TimeActivity"}  # fmt: skip
FREE, BILLED = "Billable", "HasBeenBilled"
INVOICE = "Invoice"
# An expense's entity, its id and the id of its line (empty for a time activity, which has none).
Taken = tuple[str, str, str]


def settle_expense(change: Change) -> None:
    """Keep what an invoice took as it is, and let nothing else say that it was billed; raises Fault 6320."""
    preferences = change.books.preferences().get("VendorAndPurchasesPrefs", {})
    before = {line["Id"]: line for line in change.old["Line"]} if change.old else {}
    fixed = change.books.choice("billable_update") == "kept"
    for line in change.body["Line"]:
        detail = lines.detail_of(line)
        stored = before.get(line["Id"], {})
        if _status(stored) == BILLED:
            detail["BillableStatus"] = BILLED
            detail["CustomerRef"] = lines.detail_of(stored)["CustomerRef"]
            line["LinkedTxn"] = stored["LinkedTxn"]
            continue
        if change.spec.name != "Bill":
            line.pop("LinkedTxn", None)
        if stored and fixed:
            detail["BillableStatus"] = _status(stored)
        elif detail.get("BillableStatus") == BILLED:
            detail["BillableStatus"] = FREE if detail.get("CustomerRef") else "NotBillable"
        elif detail.get("BillableStatus") == FREE and preferences.get("BillableExpenseTracking") is False:
            raise faults.not_billable()


def taken_by(invoice: Body | None) -> list[Taken]:
    """The expense lines that an invoice's lines name."""
    ties = [tie for line in (invoice or {}).get("Line", ()) for tie in line.get("LinkedTxn", ())]
    return [(_NAMES[tie["TxnType"]], tie["TxnId"], tie.get("TxnLineId", "")) for tie in ties]


def settle_invoice(change: Change) -> None:
    """Check the expenses that an invoice's lines name, and write which line each is; raises Fault 620."""
    customer, before = change.body["CustomerRef"]["value"], set(taken_by(change.old))
    seen: set[Taken] = set()
    for line in change.body["Line"]:
        for tie in line.get("LinkedTxn", ()):
            taken = _find(change.books, tie, customer, before)
            if taken in seen:
                raise faults.unlinkable(f"{taken[0]} {taken[1]} is named twice")
            seen.add(taken)
            if taken[2]:
                tie["TxnLineId"] = taken[2]


def after_invoice(books: Books, body: Body | None, old: Body | None) -> None:
    """Mark what a stored invoice took as billed, and what it does not take any more as billable."""
    now, before, invoice_id = taken_by(body), taken_by(old), (body or old or {})["Id"]
    for taken in dict.fromkeys([*before, *now]):
        if (taken in now) == (taken in before):
            continue
        entity, txn_id, line_id = taken
        expense = books.find(entity, txn_id)
        part = _part(expense, line_id) if expense else None
        if expense is None or part is None:
            continue
        _mark(part, invoice_id, taken in now)
        books.touch(entity, expense)


def after_expense(books: Books, entity: str, body: Body | None, old: Body | None) -> None:
    """Take expense lines that are gone out of the invoice that billed them."""
    kept = {line["Id"] for line in (body or {}).get("Line", ())}
    for line in (old or {}).get("Line", ()):
        if line["Id"] in kept or _status(line) != BILLED:
            continue
        gone = (entity, (old or {})["Id"], line["Id"])
        for tie in line.get("LinkedTxn", ()):
            invoice = books.find(INVOICE, tie["TxnId"]) if tie["TxnType"] == INVOICE else None
            if invoice is not None:
                _drop(invoice, gone)
                books.touch(INVOICE, invoice)


def _find(books: Books, tie: Body, customer: str, before: set[Taken]) -> Taken:
    entity = _NAMES.get(tie.get("TxnType", ""), "")
    expense = books.find(entity, tie.get("TxnId", "")) if entity else None
    if expense is None:
        raise faults.unlinkable(f"{tie.get('TxnType')} {tie.get('TxnId')} is no billable expense")
    for line in _parts(expense):
        taken = (entity, expense["Id"], line.get("Id", "") if "DetailType" in line else "")
        if tie.get("TxnLineId") not in (None, taken[2]):
            continue
        detail = lines.detail_of(line) if "DetailType" in line else line
        free = detail.get("BillableStatus") == FREE
        if taken in before or (free and detail.get("CustomerRef", {}).get("value") == customer):
            return taken
    raise faults.unlinkable(f"{entity} {expense['Id']} has nothing to bill to this customer")


def _parts(expense: Body) -> list[Body]:
    """What can be billed of an expense: its lines, or a time activity as a whole."""
    return cast(list[Body], expense["Line"]) if "Line" in expense else [expense]


def _part(expense: Body, line_id: str) -> Body | None:
    return next((part for part in _parts(expense) if not line_id or part["Id"] == line_id), None)


def _mark(part: Body, invoice_id: str, billed: bool) -> None:
    if "DetailType" not in part:
        part["BillableStatus"] = BILLED if billed else FREE
        return
    lines.detail_of(part)["BillableStatus"] = BILLED if billed else FREE
    ties = [tie for tie in part.pop("LinkedTxn", ()) if tie["TxnType"] != INVOICE]
    ties += [{"TxnId": invoice_id, "TxnType": INVOICE}] if billed else []
    if ties:
        part["LinkedTxn"] = ties


def _drop(invoice: Body, gone: Taken) -> None:
    for line in invoice["Line"]:
        ties = line.pop("LinkedTxn", [])
        kept = [
            tie for tie in ties if (_NAMES[tie["TxnType"]], tie["TxnId"], tie.get("TxnLineId", "")) != gone
        ]
        if kept:
            line["LinkedTxn"] = kept


def _status(line: Body) -> str:
    return str(lines.detail_of(line).get("BillableStatus", "")) if line else ""
