"""Currencies of a company and their rates: a rate goes by currency and day, not by an id of its own."""

from . import bookfaults, faults, rules
from .books import Body, Books
from .change import Change
from .clock import stamp

NAMES = {"AUD": "Australian Dollar", "CAD": "Canadian Dollar", "CHF": "Swiss Franc", "EUR": "Euro",
         "GBP": "British Pound Sterling", "JPY": "Japanese Yen", "MXN": "Mexican Peso",
         "USD": "United States Dollar"}  # fmt: skip


def settle(change: Change) -> None:
    """A currency is used once and by companies with several only; raises Fault 5020 or 630."""
    books, body = change.books, change.body
    if not books.preferences()["CurrencyPrefs"].get("MultiCurrencyEnabled"):
        raise bookfaults.no_feature("several currencies")
    body.setdefault("Name", NAMES.get(body["Code"], body["Code"]))
    owners = [found["Id"] for found in books.where("CompanyCurrency", "$.Code", body["Code"])]
    home = books.preferences()["CurrencyPrefs"]["HomeCurrency"]["value"]
    if body["Code"] == home or any(owner != body.get("Id") for owner in owners):
        raise bookfaults.duplicate_object(f"the company already uses {body['Code']}", "Code")


def reference(books: Books, code: str) -> Body:
    """A reference to a currency, with its name."""
    home = books.preferences()["CurrencyPrefs"]["HomeCurrency"]
    return {"value": code, "name": home["name"] if code == home["value"] else NAMES.get(code, code)}


def identify(books: Books, clean: Body) -> Body:
    """A sent rate with the id of the one that it replaces, if there is one; raises Fault 2020."""
    for name in rules.required("ExchangeRate"):
        if name not in clean:
            raise faults.required(name)
    rate_id = _rate_id(clean["SourceCurrencyCode"], clean["AsOfDate"])
    old = books.find("ExchangeRate", rate_id)
    clean.pop("SyncToken", None)
    return clean | ({"Id": rate_id, "SyncToken": old["SyncToken"]} if old else {"Id": None})


def new_id(body: Body) -> str:
    """The id under which a new rate is kept."""
    return _rate_id(body["SourceCurrencyCode"], body["AsOfDate"])


def rate_of(books: Books, source: str, day: str | None) -> Body:
    """The last rate that is known for a currency on a day; raises Fault 610."""
    day = day or stamp(books.now)[:10]
    found = books.where("ExchangeRate", "$.SourceCurrencyCode", source.upper())
    known = [rate for rate in found if rate["AsOfDate"] <= day]
    if not known:
        raise faults.not_found(f"No rate of {source} is known")
    return max(known, key=lambda rate: str(rate["AsOfDate"]))


def _rate_id(source: str, day: str) -> str:
    return f"{source}-{day}"
