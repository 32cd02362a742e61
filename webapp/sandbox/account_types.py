"""Accounts: type, sub-type and classification belong together, and numbers are short.

`account_types.json` gives each type its classification and its sub-types, the one that a new account gets
by itself in front. Sub-types that it does not list, such as those of other countries, go with any type.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/account
"""

import json
from functools import cache
from importlib import resources

from . import currencies, faults
from .change import Change

# How long an account's number may be, by country.
NUMBER_LIMITS = {"US": 7, "GB": 7, "UK": 7, "IN": 7}
USUAL_NUMBER_LIMIT = 20


@cache
def _types() -> dict[str, tuple[str, tuple[str, ...]]]:
    text = resources.files(__package__).joinpath("account_types.json").read_text("utf-8")
    return {name: (row[0], tuple(row[1].split())) for name, row in json.loads(text).items()}


@cache
def _type_of(subtype: str) -> str | None:
    return next((name for name, (_, subtypes) in _types().items() if subtype in subtypes), None)


def settle(change: Change) -> None:
    """Complete an account's type; raises Fault 6010, 6000, 2040 or 2050."""
    body, sent = change.body, change.sent
    if "AccountType" in sent and "AccountSubType" not in sent and change.is_new("AccountType"):
        body.pop("AccountSubType", None)
    if "AccountSubType" in sent and "AccountType" not in sent and change.is_new("AccountSubType"):
        body.pop("AccountType", None)
    kind, subtype = body.get("AccountType"), body.get("AccountSubType")
    kind = kind or _type_of(subtype or "")
    if not kind:
        raise faults.account_type_missing()
    classification, subtypes = _types()[kind]
    subtype = subtype or (subtypes[0] if subtypes else None)
    if subtype not in subtypes and _type_of(subtype or ""):
        raise faults.business(f"AccountSubType {subtype} does not belong to AccountType {kind}")
    body["AccountType"] = kind
    for name, value in (("AccountSubType", subtype), ("Classification", classification)):
        if value:
            body[name] = value
    _check_texts(change)
    preferences = change.books.preferences()["CurrencyPrefs"]
    code = body.get("CurrencyRef", preferences["HomeCurrency"])["value"]
    if code != preferences["HomeCurrency"]["value"] and not preferences.get("MultiCurrencyEnabled"):
        raise faults.business("This company does not use several currencies", "CurrencyRef")
    body["CurrencyRef"] = currencies.reference(change.books, code)


def _check_texts(change: Change) -> None:
    body = change.body
    if "Name" in change.sent and '"' in body["Name"]:
        raise faults.bad_text("Name")
    number = body.get("AcctNum")
    if "AcctNum" in change.sent and number:
        limit = NUMBER_LIMITS.get(change.books.country(), USUAL_NUMBER_LIMIT)
        if ":" in number:
            raise faults.bad_text("AcctNum")
        if len(number) > limit:
            raise faults.too_long("AcctNum", limit)
