"""What has no customer or vendor of its own: journal entries, transfers and payments of a credit card."""

from decimal import Decimal

from . import faults, lines
from .books import Books
from .change import Change
from .kinds import ENDS
from .tax import cents

# Whom a line on one of these accounts must name.
_OWED = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}
_INCOME = ("Revenue", "Expense")


def settle_entry(change: Change) -> None:
    """Check a journal entry; raises Fault 6000 unless its debits and credits are equal."""
    body, old = change.body, change.old
    if "Line" in change.sent:
        body["Line"] = lines.settle(change.spec, body["Line"], old["Line"] if old else [])
    sums = {"Debit": Decimal(0), "Credit": Decimal(0)}
    for line in body["Line"]:
        if line["DetailType"] == lines.JOURNAL:
            detail = line[lines.JOURNAL]
            for name in ("PostingType", "AccountRef"):
                if not detail.get(name):
                    raise faults.required(name)
            _check_name(change.books, detail["AccountRef"]["value"], detail.get("Entity") or {})
            sums[detail["PostingType"]] += line["Amount"]
    if sums["Debit"] != sums["Credit"]:
        raise faults.business("The debits of a journal entry must equal its credits", "Line")
    body["TotalAmt"] = sums["Debit"]


def settle_transfer(change: Change) -> None:
    """Check what moves money between two accounts; raises Fault 6000 or 6430."""
    books, body = change.books, change.body
    body["Amount"] = cents(body["Amount"])
    if body["Amount"] < 0:
        raise faults.business("The amount must be zero or more", "Amount")
    source, target = ENDS[change.spec.name]
    if body[source]["value"] == body[target]["value"]:
        raise faults.business("Money cannot go to the account that it comes from", target)
    for name in (source, target):
        account = books.look("Account", body[name]["value"])
        if account["Classification"] in _INCOME or account["AccountType"] in _OWED:
            raise faults.wrong_account_type(name, "Bank, Credit Card, Asset, Liability or Equity")


def _check_name(books: Books, account_id: str, entity: dict[str, object]) -> None:
    wanted = _OWED.get(books.look("Account", account_id)["AccountType"])
    if wanted and (entity.get("Type") != wanted or not entity.get("EntityRef")):
        raise faults.business(f"A line on this account must name a {wanted}", "Entity")
