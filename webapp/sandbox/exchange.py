"""The currency of a transaction, its rate, and what it comes to in the company's own money."""

from decimal import Decimal

from . import currencies, faults, rules
from .books import Body, Books
from .change import Change
from .kinds import KINDS
from .tax import cents

ONE = Decimal(1)


def rate(body: Body) -> Decimal:
    """How much of the company's own money one unit of the transaction's currency is."""
    return Decimal(body.get("ExchangeRate") or ONE)


def settle(change: Change) -> None:
    """Settle currency and rate; raises Fault 6000.

    In a company with one currency a rate that was sent counts for nothing. With several, a transaction is in
    the currency of its customer or vendor and must say so; a rate that is not sent is the last one known.
    """
    books, body = change.books, change.body
    preferences = books.preferences()["CurrencyPrefs"]
    home = preferences["HomeCurrency"]
    if not preferences.get("MultiCurrencyEnabled"):
        if (body.get("CurrencyRef") or home)["value"] != home["value"]:
            raise faults.business("This company does not use several currencies", "CurrencyRef")
        body["CurrencyRef"] = dict(home)
        body.pop("ExchangeRate", None)
        return
    _settle_foreign(change, home)


def settle_person(change: Change) -> None:
    """Settle the currency of a customer or vendor: once given it stays."""
    body, preferences = change.body, change.books.preferences()["CurrencyPrefs"]
    home = preferences["HomeCurrency"]
    if change.old or not preferences.get("MultiCurrencyEnabled") or not body.get("CurrencyRef"):
        body["CurrencyRef"] = dict((change.old or {}).get("CurrencyRef", home))
    code = body["CurrencyRef"]["value"]
    body["CurrencyRef"]["name"] = home["name"] if code == home["value"] else currencies.NAMES.get(code, code)


def finish(change: Change) -> None:
    """Write the amounts in the company's own money, where the company has several currencies."""
    body, fields = change.body, rules.fields(change.spec.name)
    if "ExchangeRate" not in body:
        return
    for name, amount in (("HomeTotalAmt", "TotalAmt"), ("HomeBalance", "Balance")):
        if name in fields and amount in body:
            body[name] = cents(body[amount] * rate(body))


def _settle_foreign(change: Change, home: Body) -> None:
    books, body = change.books, change.body
    kind = KINDS[change.spec.name]
    party = books.peek(kind.party, body[kind.reference]["value"]) if body.get(kind.reference) else None
    own = (party or {}).get("CurrencyRef", home)
    code = (body.get("CurrencyRef") or own)["value"]
    if party is not None and own["value"] != code:
        raise faults.business("The currency must be that of the customer or vendor", "CurrencyRef")
    name = home["name"] if code == home["value"] else currencies.NAMES.get(code, code)
    body["CurrencyRef"] = {"value": code, "name": name}
    sent = body.get("ExchangeRate") if "ExchangeRate" in change.sent or not _moved(change) else None
    body["ExchangeRate"] = ONE if code == home["value"] else sent or _known_rate(books, code, body["TxnDate"])


def _moved(change: Change) -> bool:
    """Whether the stored rate is that of another currency or day."""
    return change.is_new("CurrencyRef") or change.is_new("TxnDate")


def _known_rate(books: Books, code: str, day: str) -> Decimal:
    try:
        return Decimal(currencies.rate_of(books, code, day)["Rate"])
    except faults.Fault:
        return ONE
