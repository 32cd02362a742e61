"""QuickBooks' lists as the mapping reads them and, whole, for who names entries by name; the terms we use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from peewee import ModelSelect

from webapp.accounting.names import rule_item_names
from webapp.accounting.provider import ListedAccount, ListedEntry, ListedItem, ProviderCompany, ProviderLists
from webapp.accounting.sources import MappingRules
from webapp.accounting.terms import term_key
from webapp.db import rows
from webapp.integrations.preference_mirror import (
    ITEMS,
    LONGEST_LIST,
    Known,
    Mirror,
    company_of,
    label,
)
from webapp.links import directory
from webapp.models import Company, Connection, DirectoryEntry, Document, ListKind

MOST_TERMS: Final = 40
ON_LINES: Final = ("Service", "NonInventory", "Inventory")
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


def lists_for(
    workspace_id: int,
    realm_id: str,
    rules: MappingRules,
    item_names: Collection[str],
    named: Known | None = None,
) -> ProviderLists:
    """The part of the lists that mapping needs, in four queries.

    Args:
        workspace_id: whose mirror.
        realm_id: which company's lists.
        rules: the preferences; what they name, and the items that stand for it, is included.
        item_names: names of further items, whatever their case.
        named: the entries that the preferences name, where these were read already.
    """
    mirror = Mirror(workspace_id, realm_id)
    known = snapshot(mirror, mirror.named(rules) if named is None else named)
    wanted = {*item_names, *rule_item_names(rules, known.accounts)}
    found = directory.named(workspace_id, realm_id, ListKind.ITEM, wanted)
    items = [entry for entry in found if entry.type in ON_LINES]
    by_name: dict[str, ListedItem] = {}
    for entry in items:  # the active ones come first
        by_name.setdefault(entry.name.casefold(), listed_item(entry))
    by_id = {entry.remote_id: listed_item(entry) for entry in items}
    return replace(known, items=by_name, items_by_id={**by_id, **known.items_by_id})


def snapshot(mirror: Mirror, known: Known) -> ProviderLists:
    """What the preferences name, and every term and tax code, as the mapping reads them; items by id only."""
    return ProviderLists(
        items_by_id={id_: listed_item(entry) for id_, entry in known[ListKind.ITEM].items()},
        accounts={id_: listed_account(entry) for id_, entry in known[ListKind.ACCOUNT].items()},
        terms=mirror.active_ids(ListKind.TERM),
        tax_codes=mirror.active_ids(ListKind.TAX_CODE),
        classes=_listed(known[ListKind.CLASS]),
        locations=_listed(known[ListKind.LOCATION]),
    )


def listed_item(entry: DirectoryEntry) -> ListedItem:
    """An item as the mapping reads it."""
    accounts = entry.income_account_id or None, entry.expense_account_id or None
    return ListedItem(entry.remote_id, label(entry), entry.active, *accounts)


def listed_account(entry: DirectoryEntry) -> ListedAccount:
    """An account as the mapping reads it."""
    return ListedAccount(entry.remote_id, label(entry), entry.type, entry.active)


_TERMS: Final = """WITH RECURSIVE found(terms) AS (
SELECT MIN(terms) FROM "{table}" WHERE workspace_id = ? AND terms > ''
UNION ALL
SELECT (SELECT MIN(terms) FROM "{table}" WHERE workspace_id = ? AND terms > found.terms) FROM found
WHERE found.terms IS NOT NULL) SELECT terms FROM found WHERE terms IS NOT NULL LIMIT ?"""
"""Each text once, jumping from one to the next in the index: a document table may have millions."""


def our_terms(workspace_id: int) -> dict[str, str]:
    """The words for terms on the workspace's documents and companies, by key, in order; 40 at most."""
    words: dict[str, str] = {}
    for model in (Document, Company):
        statement = _TERMS.format(table=model._meta.table_name)
        for (text,) in rows(statement, (workspace_id, workspace_id, 2 * MOST_TERMS)):
            if term_key(text):
                words.setdefault(term_key(text), " ".join(text.split()))
    return dict(sorted(words.items())[:MOST_TERMS])


def _listed(entries: Mapping[str, DirectoryEntry]) -> dict[str, ListedEntry]:
    return {id_: ListedEntry(id_, label(entry), entry.active) for id_, entry in entries.items()}


def load(connection: Connection) -> Books:
    """The lists of the connected company, in one query."""
    lists = _short_lists(connection.workspace_id, connection.realm_id)
    return Books(
        workspace_id=connection.workspace_id,
        realm_id=connection.realm_id,
        company=company_of(connection),
        **vars(lists),
    )


def item_ids(rules: MappingRules) -> set[str]:
    """The items that the preferences name."""
    targets = (rules.freight, rules.setup, rules.decoration, *(rule.target for rule in rules.rules))
    ids = {target.id for target in targets if target and target.type == "item"}
    return ids | {rules.fixed_item_id} if rules.fixed_item_id else ids


def sellable_items(workspace_id: int, realm_id: str) -> ModelSelect:
    """The items that may stand for a charge: active, no stock kept, and with an account for income."""
    return DirectoryEntry.list(workspace_id, realm_id, ListKind.ITEM).where(ITEMS.condition)


def _short_lists(workspace_id: int, realm_id: str) -> ShortLists:
    lists: dict[ListKind, dict[str, DirectoryEntry]] = {kind: {} for kind in SHORT}
    query = DirectoryEntry.select().where(
        (DirectoryEntry.workspace == workspace_id)
        & (DirectoryEntry.realm_id == realm_id)
        & DirectoryEntry.kind.in_([kind.value for kind in SHORT])
    )
    for entry in query.order_by(DirectoryEntry.number, DirectoryEntry.folded).limit(
        LONGEST_LIST * len(SHORT)
    ):
        lists[entry.kind][entry.remote_id] = entry
    return ShortLists(**{SHORT[kind]: found for kind, found in lists.items()})
