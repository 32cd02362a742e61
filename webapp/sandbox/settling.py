"""Which rules settle an object on its way into the books, and the numbers that it gets on its turn."""

from collections.abc import Callable
from functools import cache

from . import (
    account_types,
    currencies,
    exchange,
    items,
    names,
    numbers,
    records,
    recurring,
    rules,
    transactions,
)
from .change import Change

# What an entity insists on besides the rules of its family.
_OWN_RULES: dict[str, Callable[[Change], None]] = {
    "Account": account_types.settle,
    "Item": items.settle,
    "Term": records.settle_term,
    "TaxAgency": records.settle_agency,
    "CompanyCurrency": currencies.settle,
    "ExchangeRate": records.settle_rate,
    "TimeActivity": records.settle_time,
    "Attachable": records.settle_attachable,
    "RecurringTransaction": recurring.settle,
}


def settle(change: Change) -> None:
    """Check and complete an object by the rules of its family; raises their Faults."""
    if change.spec.family == "transaction":
        transactions.settle(change)
        return
    if change.spec.name in _OWN_RULES:
        _OWN_RULES[change.spec.name](change)
    if change.spec.name_field:
        names.settle(change)
    if change.spec.family == "person":
        settle_person(change)


def settle_person(change: Change) -> None:
    """Fill in the currency and hide all but the end of a tax number, as QuickBooks does."""
    if "CurrencyRef" in rules.fields(change.spec.name):
        exchange.settle_person(change)
    for name in ("TaxIdentifier", "SSN"):
        number = change.body.get(name)
        if number:
            change.body[name] = "X" * len(number[:-4]) + number[-4:]


def number(change: Change) -> None:
    """Give out or check the numbers of an object, of which nobody else may take one meanwhile."""
    number_addresses(change)
    if change.spec.family == "transaction" and "DocNumber" in rules.fields(change.spec.name):
        numbers.settle(change)


def number_addresses(change: Change) -> None:
    """Give every address that was sent an id of its own, and let a changed one keep its id."""
    for name in addresses(change.spec.name):
        address = change.body.get(name)
        if name in change.sent and isinstance(address, dict):
            kept = (change.old or {}).get(name, {}).get("Id")
            address["Id"] = kept or change.books.next_id("addresses")


@cache
def addresses(type_name: str) -> tuple[str, ...]:
    """The fields of a type that hold an address."""
    return tuple(name for name, field in rules.fields(type_name).items() if field.kind == "PhysicalAddress")
