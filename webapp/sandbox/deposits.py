"""Bank deposits: received money that waits in Undeposited Funds, and lines from any other account."""

from decimal import Decimal

from . import account_roles, bookfaults, faults, lines
from .books import Body, Books
from .change import Change
from .entities import BY_NAME
from .kinds import KINDS

ZERO = Decimal(0)
NAME = "Deposit"
# What can be deposited, with the sign with which it counts.
SOURCES = {"Payment": 1, "SalesReceipt": 1, "RefundReceipt": -1}
_OWED = ("Accounts Receivable", "Accounts Payable")


def settle(change: Change) -> None:
    """Check a deposit's lines and add them up; raises Fault 620, 6540, 2020 or 6000."""
    books, body, old = change.books, change.body, change.old
    if "Line" in change.sent:
        for line in body["Line"]:
            if line.get("LinkedTxn"):
                line.setdefault("DetailType", lines.DEPOSIT)
                line.setdefault(lines.DEPOSIT, {})
        body["Line"] = lines.settle(BY_NAME[NAME], body["Line"], old["Line"] if old else [])
    before = _sources(old)
    for line in body["Line"]:
        if line.get("LinkedTxn"):
            _check_source(books, body, line, before)
        else:
            _check_account(books, line[lines.DEPOSIT])
    if len(_sources(body)) < sum(1 for line in body["Line"] if line.get("LinkedTxn")):
        raise faults.deposited()
    total = lines.total(body["Line"], (lines.DEPOSIT,)) - _cash_back(body)
    if total < 0:
        raise faults.business("The amount of a deposit must be zero or more", "TotalAmt")
    body["TotalAmt"] = total


def source_of(line: Body) -> tuple[str, str] | None:
    """The entity and id of the transaction that a line of a deposit deposits."""
    links = line.get("LinkedTxn")
    return (str(links[0].get("TxnType")), str(links[0].get("TxnId"))) if links else None


def after(books: Books, body: Body | None, old: Body | None) -> None:
    """Note the deposit on what lies in it, and take the note back from what does not any more."""
    now, link = _sources(body), {"TxnId": (body or old or {})["Id"], "TxnType": NAME}
    for source in dict.fromkeys([*_sources(old), *now]):
        found = books.find(*source)
        if found is None:
            continue
        links = [tie for tie in found.get("LinkedTxn", ()) if tie != link]
        found["LinkedTxn"] = [*links, link] if source in now else links
        books.touch(source[0], found)


def refuse_deposited(old: Body | None, body: Body | None) -> None:
    """Raise Fault 6540 when money that lies in a deposit would change; body is None for a delete or void."""
    if old is None or not any(tie["TxnType"] == NAME for tie in old.get("LinkedTxn", ())):
        return
    watched = ("TotalAmt", "DepositToAccountRef", "CurrencyRef")
    if body is None or any(body.get(name) != old.get(name) for name in watched):
        raise faults.deposited()


def _sources(body: Body | None) -> list[tuple[str, str]]:
    found = (source_of(line) for line in (body or {}).get("Line", ()))
    return list(dict.fromkeys(source for source in found if source))


def _cash_back(body: Body) -> Decimal:
    part = body.get("CashBack") or {}
    if part and not (part.get("AccountRef") and part.get("Amount") is not None):
        raise faults.required("CashBack")
    return Decimal(part.get("Amount", 0))


def _check_source(books: Books, body: Body, line: Body, before: list[tuple[str, str]]) -> None:
    """Only whole amounts that still wait in Undeposited Funds can be deposited."""
    source = source_of(line) or ("", "")
    entity, txn_id = source
    found = books.find(entity, txn_id) if entity in SOURCES else None
    if found is None or len(line["LinkedTxn"]) > 1:
        raise faults.unlinkable(f"{entity} {txn_id} cannot be deposited")
    if found["CurrencyRef"]["value"] != body["CurrencyRef"]["value"]:
        raise faults.unlinkable(f"{entity} {txn_id} is in another currency")
    if source in before:
        return
    refuse_deposited(found, None)
    waiting = account_roles.for_role(books, KINDS[entity].role)
    if found["DepositToAccountRef"]["value"] != waiting:
        raise faults.deposited()
    if line["Amount"] != SOURCES[entity] * Decimal(found["TotalAmt"]):
        raise faults.business(f"The amount of the line must be that of {entity} {txn_id}", "Amount")


def _check_account(books: Books, detail: Body) -> None:
    if not detail.get("AccountRef"):
        raise bookfaults.line_without_target("AccountRef")
    account = books.look("Account", detail["AccountRef"]["value"])
    if account["AccountType"] in _OWED and not detail.get("Entity"):
        raise faults.required("Entity")
