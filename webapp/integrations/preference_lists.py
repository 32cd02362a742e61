"""What the preferences choose from: QuickBooks' lists as mirrored, and the terms that we use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from peewee import CTE, ModelSelect, fn

from webapp.accounting.names import rule_item_names
from webapp.accounting.provider import ListedAccount, ListedEntry, ListedItem, ProviderCompany, ProviderLists
from webapp.accounting.sources import MappingRules, Target
from webapp.accounting.terms import term_key
from webapp.links import directory
from webapp.models import Company, Connection, DirectoryEntry, Document, ListKind

LONGEST_LIST: Final = 5000
MOST_TERMS: Final = 40
SOLD: Final = ("Service", "NonInventory")
ON_LINES: Final = (*SOLD, "Inventory")
"""The types of item that a line may name; categories and bundles are in the same list."""

SHORT: Final = {
    ListKind.ACCOUNT: "accounts",
    ListKind.TERM: "terms",
    ListKind.TAX_CODE: "tax_codes",
    ListKind.CLASS: "classes",
    ListKind.LOCATION: "locations",
}

Entries = Mapping[str, DirectoryEntry]


@dataclass(frozen=True, kw_only=True)
class ShortLists:
    """The lists that QuickBooks itself keeps short, by id, inactive entries included."""

    accounts: Entries
    terms: Entries
    tax_codes: Entries
    classes: Entries
    locations: Entries


@dataclass(frozen=True, kw_only=True)
class Books(ShortLists):
    """The lists of one QuickBooks company; items, of which there may be very many, are read when named."""

    workspace_id: int
    realm_id: str
    company: ProviderCompany

    def items(self, ids: Collection[str]) -> Entries:
        """The items with these ids."""
        return directory.entries(self.workspace_id, self.realm_id, ListKind.ITEM, ids)


def company_of(connection: Connection) -> ProviderCompany:
    """What the connected company allows, from the facts kept when its lists were read."""
    facts: dict[str, Any] = connection.company or {}
    closed = facts.get("books_closed_until")
    return ProviderCompany(
        country=facts.get("country", ""),
        home_currency=facts.get("home_currency", ""),
        multicurrency=facts.get("multicurrency", False),
        automated_sales_tax=facts.get("automated_sales_tax", False),
        custom_sales_numbers=facts.get("custom_sales_numbers", True),
        custom_purchase_numbers=facts.get("custom_purchase_numbers", True),
        allow_discount=facts.get("allow_discount", True),
        class_on_document=facts.get("class_on_document", False),
        class_on_lines=facts.get("class_on_lines", False),
        locations=facts.get("location_tracking", False),
        sales_custom_fields=facts.get("sales_custom_fields", {}),
        purchase_custom_fields=facts.get("purchase_custom_fields", {}),
        books_closed_until=date.fromisoformat(closed) if closed else None,
    )


def load(connection: Connection) -> Books:
    """The lists of the connected company, in one query."""
    lists = _short_lists(connection.workspace_id, connection.realm_id)
    return Books(
        workspace_id=connection.workspace_id,
        realm_id=connection.realm_id,
        company=company_of(connection),
        **vars(lists),
    )


def lists_for(
    workspace_id: int, realm_id: str, rules: MappingRules, item_names: Collection[str]
) -> ProviderLists:
    """The part of the lists that mapping needs, in three queries.

    Args:
        workspace_id: whose mirror.
        realm_id: which company's lists.
        rules: the preferences; the items that they name or stand for are included.
        item_names: names of further items, whatever their case.
    """
    lists = _short_lists(workspace_id, realm_id)
    chosen = directory.entries(workspace_id, realm_id, ListKind.ITEM, item_ids(rules))
    known = snapshot(lists, chosen.values())
    wanted = {*item_names, *rule_item_names(rules, known.accounts)}
    named = directory.named(workspace_id, realm_id, ListKind.ITEM, wanted)
    items = [entry for entry in named if entry.type in ON_LINES]
    by_name: dict[str, ListedItem] = {}
    for entry in items:  # the active ones come first
        by_name.setdefault(entry.name.casefold(), listed_item(entry))
    by_id = {entry.remote_id: listed_item(entry) for entry in items}
    return replace(known, items=by_name, items_by_id={**by_id, **known.items_by_id})


def snapshot(lists: ShortLists, items: Iterable[DirectoryEntry]) -> ProviderLists:
    """The lists as the mapping reads them; items by id only."""
    return ProviderLists(
        items_by_id={entry.remote_id: listed_item(entry) for entry in items},
        accounts={id_: listed_account(entry) for id_, entry in lists.accounts.items()},
        terms=_active(lists.terms),
        tax_codes=_active(lists.tax_codes),
        classes=_listed(lists.classes),
        locations=_listed(lists.locations),
    )


def item_ids(rules: MappingRules) -> set[str]:
    """The items that the preferences name."""
    targets = (rules.freight, rules.setup, rules.decoration, *(rule.target for rule in rules.rules))
    ids = {target.id for target in targets if target and target.type == "item"}
    return ids | {rules.fixed_item_id} if rules.fixed_item_id else ids


def label(entry: DirectoryEntry) -> str:
    """An entry as a person knows it: an account with its number, an item with its category."""
    number = entry.number if entry.kind == ListKind.ACCOUNT else ""
    return f"{number} {entry.full_name or entry.name}".strip()


def listed_item(entry: DirectoryEntry) -> ListedItem:
    """An item as the mapping reads it."""
    accounts = entry.income_account_id or None, entry.expense_account_id or None
    return ListedItem(entry.remote_id, label(entry), entry.active, *accounts)


def listed_account(entry: DirectoryEntry) -> ListedAccount:
    """An account as the mapping reads it."""
    return ListedAccount(entry.remote_id, label(entry), entry.type, entry.active)


def sellable_items(workspace_id: int, realm_id: str) -> ModelSelect:
    """The items that may stand for a charge: active, no stock kept, and with an account for income."""
    sold = DirectoryEntry.type.in_(SOLD) & (DirectoryEntry.income_account_id > "")
    return DirectoryEntry.list(workspace_id, realm_id, ListKind.ITEM).where(DirectoryEntry.active & sold)


def target_id(value: str) -> str:
    """The item's id of a stored target, empty when it names an account or nothing."""
    target = Target.parse(value)
    return target.id if target and target.type == "item" else ""


def our_terms(workspace_id: int) -> dict[str, str]:
    """The words for terms on the workspace's documents and companies, by key, in order; 40 at most."""
    words: dict[str, str] = {}
    for model in (Document, Company):
        for text in _distinct_terms(model, workspace_id):
            if term_key(text):
                words.setdefault(term_key(text), " ".join(text.split()))
    return dict(sorted(words.items())[:MOST_TERMS])


def _distinct_terms(model: type[Document | Company], workspace_id: int) -> Iterable[str]:
    """Each text once, jumping from one to the next in the index: a document table may have millions."""
    here = model.workspace == workspace_id
    first = model.select(fn.MIN(model.terms).alias("terms")).where(here & (model.terms > ""))
    found: CTE = first.cte("found_terms", recursive=True, columns=("terms",))
    after = model.select(fn.MIN(model.terms)).where(here & (model.terms > found.c.terms))
    step = found.select(after).where(found.c.terms.is_null(False))
    every = found.union_all(step)
    query = every.select_from(every.c.terms).where(every.c.terms.is_null(False)).limit(2 * MOST_TERMS)
    return [row[0] for row in query.tuples().bind(model._meta.database)]


def _short_lists(workspace_id: int, realm_id: str) -> ShortLists:
    lists: dict[ListKind, dict[str, DirectoryEntry]] = {kind: {} for kind in SHORT}
    query = DirectoryEntry.select().where(
        (DirectoryEntry.workspace == workspace_id)
        & (DirectoryEntry.realm_id == realm_id)
        & DirectoryEntry.kind.in_([kind.value for kind in SHORT])
    )
    for entry in query.order_by(DirectoryEntry.number, DirectoryEntry.folded).limit(LONGEST_LIST):
        lists[entry.kind][entry.remote_id] = entry
    return ShortLists(**{SHORT[kind]: found for kind, found in lists.items()})


def _active(entries: Entries) -> frozenset[str]:
    return frozenset(id_ for id_, entry in entries.items() if entry.active)


def _listed(entries: Entries) -> dict[str, ListedEntry]:
    return {id_: ListedEntry(id_, label(entry), entry.active) for id_, entry in entries.items()}
