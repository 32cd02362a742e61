"""Payments of customers and to vendors: what they pay, what stays unapplied, and how that is undone.

A line of a payment names one transaction and the amount that it takes of it. A credit memo or vendor
credit among them adds to what there is to pay with.
"""

from copy import deepcopy
from decimal import Decimal

from . import account_roles, faults
from .books import Body, Books
from .change import Change
from .kinds import KINDS
from .tax import cents

ZERO = Decimal(0)
# How the two kinds of bill payment name the account that pays, and what type that account has.
_PAY_TYPES = {
    "Check": ("CheckPayment", "BankAccountRef", "Bank"),
    "CreditCard": ("CreditCardPayment", "CCAccountRef", "Credit Card"),
}
Target = tuple[str, str]


def settle(change: Change) -> None:
    """Check a payment against what it pays and compute what it leaves; raises Fault 620, 2020 or 6000."""
    books, body, name = change.books, change.body, change.spec.name
    body["TotalAmt"] = cents(body["TotalAmt"])
    if body["TotalAmt"] < 0:
        raise faults.business("The amount of a payment must be zero or more", "TotalAmt")
    _settle_account(change)
    rows = [line for line in body.get("Line", ()) if line.get("LinkedTxn")]
    body["Line"] = [_line(line) for line in rows]
    before = _amounts(change.old)
    for target, amount in _amounts(body).items():
        _check_target(books, change, target, amount - before.get(target, ZERO))
    _settle_unapplied(name, body)
    body["LinkedTxn"] = deepcopy(change.old["LinkedTxn"]) if change.old else []


def account_of(name: str, body: Body) -> str:
    """The id of the account that money reaches or leaves."""
    if name == "Payment":
        return str(body["DepositToAccountRef"]["value"])
    part, reference, _ = _PAY_TYPES[body["PayType"]]
    return str(body[part][reference]["value"])


def after(books: Books, name: str, body: Body | None, old: Body | None) -> None:
    """Carry what a stored or deleted payment takes over to the transactions that it names."""
    now, before = _amounts(body), _amounts(old)
    link = {"TxnId": (body or old or {})["Id"], "TxnType": _linked_as(name, body or old or {})}
    store = books.touch if books.choice("paid_token") == "kept" else books.change
    for target in dict.fromkeys([*before, *now]):
        found = books.find(*target)
        if found is None:
            continue
        _take(target[0], found, now.get(target, ZERO) - before.get(target, ZERO))
        links = [tie for tie in found.get("LinkedTxn", ()) if tie["TxnId"] != link["TxnId"]]
        found["LinkedTxn"] = [*links, link] if target in now else links
        store(target[0], found)


def payers(books: Books, links: list[Body]) -> list[tuple[str, Body]]:
    """The payments among a transaction's links."""
    found = []
    for name, kind in KINDS.items():
        ids = [tie["TxnId"] for tie in links if kind.pays and tie["TxnType"].startswith(kind.linked_as)]
        found += [(name, body) for txn_id in ids if (body := books.find(name, txn_id))]
    return found


def release(books: Books, target: Target, links: list[Body]) -> list[tuple[str, Body]]:
    """Take a deleted or voided transaction out of the payments among its links; answers the changed ones.

    What a credit had added is then missing: the payment's other lines give it back, the last first.
    """
    changed = payers(books, links)
    for name, payment in changed:
        old = deepcopy(payment)
        payment["Line"] = [line for line in payment["Line"] if _target(line) != target]
        _trim(name, payment)
        _settle_unapplied(name, payment)
        after(books, name, payment, old)
        books.touch(name, payment)
    return changed


def void(name: str, body: Body) -> None:
    """A voided payment pays nothing."""
    body["Line"] = []
    body["TotalAmt"] = ZERO
    _settle_unapplied(name, body)


def applied(name: str, body: Body) -> list[tuple[Target, Decimal]]:
    """Each transaction that a payment names, with the signed amount that this counts."""
    signs = dict(KINDS[name].pays)
    return [(target, signs[target[0]] * amount) for target, amount in _amounts(body).items()]


def _settle_account(change: Change) -> None:
    books, body, kind = change.books, change.body, KINDS[change.spec.name]
    if change.spec.name == "Payment":
        if not body.get("DepositToAccountRef"):
            account = account_roles.for_role(books, kind.role)
            body["DepositToAccountRef"] = account_roles.reference(books, account)
        return
    part, reference, account_type = _PAY_TYPES[body["PayType"]]
    if not body.get(part, {}).get(reference):
        raise faults.required(reference)
    account_roles.require_type(books, body[part], reference, account_type)


def _line(line: Body) -> Body:
    """A payment's line as it is kept: an amount and the one transaction that it is for."""
    amount, links = line.get("Amount"), line["LinkedTxn"]
    if amount is None:
        raise faults.required("Amount")
    if amount < 0:
        raise faults.business("The amount of a line must be zero or more", "Amount")
    if len(links) != 1 or not links[0].get("TxnId") or not links[0].get("TxnType"):
        raise faults.unlinkable("Each line of a payment names one transaction by TxnId and TxnType")
    return {**line, "Amount": cents(amount)}


def _check_target(books: Books, change: Change, target: Target, more: Decimal) -> None:
    """Raise Fault 620 or 6000 unless the transaction is there, is the party's, and has that much open."""
    entity, txn_id = target
    kind = KINDS[change.spec.name]
    found = books.find(entity, txn_id) if entity in dict(kind.pays) else None
    if found is None:
        raise faults.unlinkable(f"{entity} {txn_id} cannot be paid by this transaction")
    if not _is_of(books, kind.party, found[kind.reference]["value"], change.body[kind.reference]["value"]):
        raise faults.unlinkable(f"{entity} {txn_id} belongs to somebody else")
    if found["CurrencyRef"]["value"] != change.body["CurrencyRef"]["value"]:
        raise faults.unlinkable(f"{entity} {txn_id} is in another currency")
    if more > Decimal(found["Balance"]):
        raise faults.business(f"More is applied to {entity} {txn_id} than is open", "Amount")


def _is_of(books: Books, entity: str, owner: str, wanted: str) -> bool:
    """Whether the owner is the wanted party or lies below it."""
    while owner != wanted:
        parent = (books.find(entity, owner) or {}).get("ParentRef")
        if not parent:
            return False
        owner = parent["value"]
    return True


def _target(line: Body) -> Target:
    link = line["LinkedTxn"][0]
    return str(link["TxnType"]), str(link["TxnId"])


def _amounts(body: Body | None) -> dict[Target, Decimal]:
    """What a payment takes of each transaction."""
    amounts: dict[Target, Decimal] = {}
    for line in (body or {}).get("Line", ()):
        target = _target(line)
        amounts[target] = amounts.get(target, ZERO) + Decimal(line["Amount"])
    return amounts


def _settle_unapplied(name: str, body: Body) -> None:
    left = Decimal(body["TotalAmt"]) - sum((amount for _, amount in applied(name, body)), ZERO)
    if left < 0:
        raise faults.business("More is applied than the payment amounts to", "TotalAmt")
    if name == "Payment":
        body["UnappliedAmt"] = left


def _trim(name: str, body: Body) -> None:
    """Shorten the lines of a payment, the last first, until they are within its amount."""
    signs = dict(KINDS[name].pays)
    excess = sum((amount for _, amount in applied(name, body)), ZERO) - Decimal(body["TotalAmt"])
    for line in reversed(body["Line"]):
        if excess > 0 and signs[_target(line)[0]] > 0:
            cut = min(excess, Decimal(line["Amount"]))
            line["Amount"] = Decimal(line["Amount"]) - cut
            excess -= cut
    body["Line"] = [line for line in body["Line"] if line["Amount"]]


def _take(entity: str, body: Body, amount: Decimal) -> None:
    """Move what is open of a transaction."""
    for name in KINDS[entity].open:
        body[name] = Decimal(body[name]) - amount
    if "HomeBalance" in body:
        body["HomeBalance"] = cents(Decimal(body["Balance"]) * Decimal(body["ExchangeRate"]))


def _linked_as(name: str, body: Body) -> str:
    return KINDS[name].linked_as + (body["PayType"] if name == "BillPayment" else "")
