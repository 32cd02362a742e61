"""What a sales form is tied to: the estimate that an invoice bills, and what QuickBooks itself adds."""

from copy import deepcopy

from . import billable, faults
from .books import Body, Books
from .change import Change

ESTIMATE, TIME = "Estimate", "TimeActivity"


def settle(change: Change) -> None:
    """Keep the ties that QuickBooks made and check those that the request names; raises Fault 620."""
    made = deepcopy(change.old["LinkedTxn"]) if change.old else []
    if change.spec.name != "Invoice":
        change.body["LinkedTxn"] = made
        for line in change.body["Line"]:
            line.pop("LinkedTxn", None)
        return
    before = _estimates(change.old)
    wanted = before if change.links is None else _estimates({"LinkedTxn": change.links})
    if len(wanted) > 1:
        raise faults.unlinkable("An invoice bills one estimate")
    for estimate_id in wanted:
        if estimate_id not in before:
            _check_estimate(change, estimate_id)
    kept = [tie for tie in made if tie["TxnType"] != ESTIMATE or tie["TxnId"] in wanted]
    new = [{"TxnId": found, "TxnType": ESTIMATE} for found in wanted if found not in before]
    change.body["LinkedTxn"] = [*kept, *new]
    billable.settle_invoice(change)


def after_invoice(books: Books, body: Body | None, old: Body | None) -> None:
    """Close the estimate that an invoice bills, and open again the one that it bills no more."""
    now, before, invoice_id = _estimates(body), _estimates(old), (body or old or {})["Id"]
    for estimate_id in dict.fromkeys([*before, *now]):
        estimate = books.find(ESTIMATE, estimate_id)
        if estimate is None or (estimate_id in now) == (estimate_id in before):
            continue
        ties = [tie for tie in estimate.get("LinkedTxn", ()) if tie["TxnId"] != invoice_id]
        if estimate_id in now:
            ties.append({"TxnId": invoice_id, "TxnType": "Invoice"})
        estimate["LinkedTxn"] = ties
        open_status = "Accepted" if estimate.get("AcceptedDate") else "Pending"
        estimate["TxnStatus"] = "Closed" if estimate_id in now else open_status
        books.touch(ESTIMATE, estimate)
    billable.after_invoice(books, body, old)


def after_estimate_deleted(books: Books, estimate: Body) -> None:
    """Take a deleted estimate out of the invoice that bills it."""
    for tie in estimate.get("LinkedTxn", ()):
        invoice = books.find("Invoice", tie["TxnId"])
        if invoice is not None:
            invoice["LinkedTxn"] = [link for link in invoice["LinkedTxn"] if link["TxnId"] != estimate["Id"]]
            books.touch("Invoice", invoice)


def _estimates(body: Body | None) -> list[str]:
    ties = (body or {}).get("LinkedTxn", ())
    return [str(tie.get("TxnId", "")) for tie in ties if tie.get("TxnType") == ESTIMATE]


def _check_estimate(change: Change, estimate_id: str) -> None:
    estimate = change.books.find(ESTIMATE, estimate_id)
    if estimate is None or estimate["CustomerRef"]["value"] != change.body["CustomerRef"]["value"]:
        raise faults.unlinkable(f"{ESTIMATE} {estimate_id} is not one of this customer")
    if estimate["TxnStatus"] in ("Closed", "Rejected"):
        raise faults.unlinkable(f"{ESTIMATE} {estimate_id} is {estimate['TxnStatus'].lower()}")
