"""The settings of QuickBooks Accounts and Settings one by one: what each takes, read and written. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.sources import (
    CustomField,
    ItemNameSource,
    LineLayout,
    MemoSource,
    SalesTaxSource,
    Target,
    UnknownItems,
)
from webapp.integrations.preference_fields import PROVINCES
from webapp.integrations.settings_file.catalogue import Catalogue, Refused, Shelf, is_clean

Path = tuple[str, ...]

LONGEST_TERM: Final = 100
YES_AND_NO: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Value(Protocol):
    """What a setting takes: ``write`` gives the file's value, ``read`` takes it back or raises Refused."""

    def write(self, value: Any, catalogue: Catalogue) -> Any:
        """The value as it stands in the file."""

    def read(self, value: object, catalogue: Catalogue) -> Any:
        """The value that the file means."""

    def parse(self, text: str) -> object:
        """The file's value of what was typed at the command line."""


class Flag:
    """Yes or no."""

    def write(self, value: bool, _catalogue: Catalogue) -> bool:
        """As it is."""
        return value

    def read(self, value: object, _catalogue: Catalogue) -> bool:
        """Takes true and false only."""
        if not isinstance(value, bool):
            raise Refused("takes true or false")
        return value

    def parse(self, text: str) -> object:
        """Takes yes, no, on and off too."""
        return YES_AND_NO.get(text.strip().lower(), text)


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: type[StrEnum]

    def write(self, value: StrEnum, _catalogue: Catalogue) -> str:
        """The word."""
        return value.value

    def read(self, value: object, _catalogue: Catalogue) -> StrEnum:
        """Takes the words of the enumeration, nothing else."""
        known = {word.value: word for word in self.words}
        if not isinstance(value, str) or value not in known:
            raise Refused("takes " + " or ".join(f'"{word}"' for word in known))
        return known[value]

    def parse(self, text: str) -> object:
        """The word as typed."""
        return text.strip()


class Day:
    """A day."""

    def write(self, value: dt.date, _catalogue: Catalogue) -> dt.date:
        """As it is: TOML knows days."""
        return value

    def read(self, value: object, _catalogue: Catalogue) -> dt.date:
        """Takes a day without a time."""
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise Refused("takes a day like 2026-01-31, without quotes in a file")
        return value

    def parse(self, text: str) -> object:
        """Takes 2026-01-31; anything else stays text, which ``read`` refuses."""
        try:
            return dt.date.fromisoformat(text.strip())
        except ValueError:
            return text


@dataclass(frozen=True)
class Text:
    """Words of ours, kept as they are."""

    longest: int

    def write(self, value: str, _catalogue: Catalogue) -> str:
        """As it is."""
        return value

    def read(self, value: object, _catalogue: Catalogue) -> str:
        """Takes one line."""
        text = plain_text(value)
        if len(text) > self.longest:
            raise Refused(f"takes at most {self.longest} characters")
        return text

    def parse(self, text: str) -> object:
        """As typed."""
        return text


@dataclass(frozen=True)
class Entry:
    """An entry of one of QuickBooks' lists."""

    shelf: Shelf

    def write(self, value: str, catalogue: Catalogue) -> str:
        """Its name, or its id where the name is not its own."""
        return catalogue.text(self.shelf, value)

    def read(self, value: object, catalogue: Catalogue) -> str:
        """Takes a name or ``id:79``."""
        return catalogue.find(self.shelf, plain_text(value))

    def parse(self, text: str) -> object:
        """The name as typed."""
        return text.strip()


class TargetEntry:
    """An item or an account: ``item:Freight``, ``account:id:79``."""

    shelves: Final = {"item": Shelf.ITEM, "account": Shelf.ACCOUNT}

    def write(self, value: Target, catalogue: Catalogue) -> str:
        """The word for its list before its name."""
        return f"{value.type}:{catalogue.text(self.shelves[value.type], value.id)}"

    def read(self, value: object, catalogue: Catalogue) -> Target:
        """Takes the word for the list and a name or an id."""
        type_, colon, name = plain_text(value).partition(":")
        if not colon or type_ not in self.shelves:
            raise Refused('begins with "item:" or "account:"')
        return Target(type_, catalogue.find(self.shelves[type_], name))

    def parse(self, text: str) -> object:
        """As typed."""
        return text.strip()


SETTINGS: Final[Mapping[str, tuple[str, Value]]] = {
    "billable": ("billable", Flag()),
    "item_name_source": ("item_name_source", Choice(ItemNameSource)),
    "unknown_items": ("unknown_items", Choice(UnknownItems)),
    "fixed_item": ("fixed_item_id", Entry(Shelf.ITEM)),
    "income_account": ("income_account_id", Entry(Shelf.ACCOUNT)),
    "cost_account": ("cost_account_id", Entry(Shelf.ACCOUNT)),
    "ap_account": ("ap_account_id", Entry(Shelf.ACCOUNT)),
    "deposit_account": ("deposit_account_id", Entry(Shelf.ACCOUNT)),
    "decoration": ("decoration", TargetEntry()),
    "setup": ("setup", TargetEntry()),
    "freight": ("freight", TargetEntry()),
    "discount_account": ("discount_account_id", Entry(Shelf.ACCOUNT)),
    "taxable_code": ("taxable_code_id", Entry(Shelf.TAX_CODE)),
    "non_taxable_code": ("non_taxable_code_id", Entry(Shelf.TAX_CODE)),
    "class": ("class_id", Entry(Shelf.CLASS)),
    "location": ("location_id", Entry(Shelf.LOCATION)),
    "memo": ("memo", Choice(MemoSource)),
    "use_our_numbers": ("use_our_numbers", Flag()),
    "start_date": ("start_date", Day()),
    "sales_tax": ("sales_tax", Choice(SalesTaxSource)),
}
"""By name in the file: the field of ``MappingRules`` and what it takes, in the panel's order."""

GROUPS: Final[Mapping[str, int]] = {"terms": 1, "tax_codes": 1, "custom_fields": 2, "layouts": 2}
"""The tables of settings that go by keys of ours, and how many keys each setting has."""

CUSTOM_FIELDS: Final = {
    DocumentKind.INVOICE.value: Shelf.SALES_FIELD,
    DocumentKind.PURCHASE_ORDER.value: Shelf.PURCHASE_FIELD,
}


def value_of(path: Path) -> Value:
    """What the setting of this name takes. Raises Refused when there is no such setting."""
    name, *keys = path
    if not keys and name in SETTINGS:
        return SETTINGS[name][1]
    if len(keys) != GROUPS.get(name):
        raise Refused("is no setting")
    if name == "terms":
        if not is_clean(keys[0]) or not keys[0].strip() or len(keys[0]) > LONGEST_TERM:
            raise Refused(f"is no term of ours: it takes up to {LONGEST_TERM} characters on one line")
        return Entry(Shelf.TERM)
    if name == "tax_codes":
        _one_of(keys[0], PROVINCES)
        return Entry(Shelf.TAX_CODE)
    if name == "custom_fields":
        _one_of(keys[0], CUSTOM_FIELDS)
        _one_of(keys[1], [field.value for field in CustomField])
        return Entry(CUSTOM_FIELDS[keys[0]])
    _one_of(keys[0], [kind.value for kind in DocumentKind])
    _one_of(keys[1], [kind.value for kind in LineKind])
    return Choice(LineLayout)


def plain_text(value: object) -> str:
    """A text of one line. Raises Refused."""
    if not isinstance(value, str):
        raise Refused("takes text in quotes")
    if not value.strip():
        raise Refused("is empty; leave the setting out where nothing is chosen")
    if not is_clean(value):
        raise Refused("is too long or has a character that no name has")
    return value


def _one_of(key: str, known: Any) -> None:
    if key not in known:
        raise Refused(f"is no setting: {', '.join(known)} can stand there")
