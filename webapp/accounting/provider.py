"""What the mapping reads of the provider: plain snapshots of its company's settings and lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ProviderCompany:
    """What the provider's company allows, read from its settings.

    Classes may be switched on for whole documents, for lines, or not at all. The custom fields are those
    that are switched on: names by DefinitionId; bills have none.
    """

    country: str
    home_currency: str
    multicurrency: bool = False
    automated_sales_tax: bool = False
    custom_sales_numbers: bool = True
    custom_purchase_numbers: bool = True
    allow_discount: bool = True
    class_on_document: bool = False
    class_on_lines: bool = False
    locations: bool = False
    sales_custom_fields: Mapping[str, str] = field(default_factory=dict)
    purchase_custom_fields: Mapping[str, str] = field(default_factory=dict)
    books_closed_until: dt.date | None = None

    @property
    def is_us(self) -> bool:
        """Whether the company charges tax the US way (taxable or not per line)."""
        return self.country.upper() in {"US", "USA"}


@dataclass(frozen=True)
class ListedItem:
    """An item in the provider's list, with the accounts it posts to."""

    id: str
    name: str
    active: bool = True
    income_account_id: str | None = None
    expense_account_id: str | None = None


@dataclass(frozen=True)
class ListedAccount:
    """An account in the provider's list; ``type`` is QuickBooks' AccountType ("Income", "Expense", …)."""

    id: str
    name: str
    type: str
    active: bool = True


@dataclass(frozen=True)
class ListedEntry:
    """A class or location in the provider's list."""

    id: str
    name: str
    active: bool = True


@dataclass(frozen=True)
class ProviderLists:
    """The part of the provider's lists that a document needs.

    ``items`` by case-folded name; ``items_by_id``, ``accounts``, ``classes`` and ``locations`` by id;
    ``terms`` and ``tax_codes`` are the ids that are active.
    """

    items: Mapping[str, ListedItem] = field(default_factory=dict)
    items_by_id: Mapping[str, ListedItem] = field(default_factory=dict)
    accounts: Mapping[str, ListedAccount] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()
    tax_codes: frozenset[str] = frozenset()
    classes: Mapping[str, ListedEntry] = field(default_factory=dict)
    locations: Mapping[str, ListedEntry] = field(default_factory=dict)
