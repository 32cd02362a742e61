"""QuickBooks' lists as the preferences read them: what is named, and a bounded part of what may be chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from peewee import Expression

from webapp.accounting.accounts import ACCOUNT_TYPES
from webapp.accounting.provider import ProviderCompany
from webapp.accounting.sources import MappingRules, Target
from webapp.db import marks
from webapp.db.search import begins_with, fold
from webapp.integrations.preference_fields import Takes, chosen, takes
from webapp.links import directory
from webapp.models import Connection, DirectoryEntry, ListKind

SOLD: Final = ("Service", "NonInventory")
LONGEST_LIST: Final = 5000
SHORTEST: Final = 3
"""So many letters has a word that the index finds."""

Known = Mapping[ListKind, Mapping[str, DirectoryEntry]]
Raw = list[tuple[Any, ...]]
SHOWN: Final = (
    "kind", "remote_id", "name", "full_name", "number", "type", "active", "income_account_id",
    "expense_account_id",
)  # fmt: skip
"""The fields of an entry that the preferences look at; of terms also when they are due."""


@dataclass(frozen=True)
class Pool:
    """The part of one list that a drop-down offers: accounts of some types, items that are sold, …"""

    kind: ListKind
    types: frozenset[str] = frozenset()

    def holds(self, entry: DirectoryEntry) -> bool:
        """Whether an entry is of this pool; active or not."""
        if entry.kind != self.kind or (self.types and entry.type not in self.types):
            return False
        return self.kind is not ListKind.ITEM or bool(entry.income_account_id)

    @property
    def condition(self) -> Expression:
        """The same for a query, and that the entry is active."""
        found: Expression = DirectoryEntry.active == True  # noqa: E712 - a condition in SQL
        if self.types:
            found &= DirectoryEntry.type.in_(sorted(self.types))
        return found & (DirectoryEntry.income_account_id > "") if self.kind is ListKind.ITEM else found

    @cached_property
    def where(self) -> str:
        """The same for a statement composed by hand, which takes ``values``."""
        types = f" AND type IN ({marks(self.types)})" if self.types else ""
        sold = " AND income_account_id > ''" if self.kind is ListKind.ITEM else ""
        return f"kind = ? AND active = ?{types}{sold}"

    @property
    def shown(self) -> tuple[str, ...]:
        """The fields of its entries that are looked at."""
        return (*SHOWN, "extra") if self.kind is ListKind.TERM else SHOWN

    @cached_property
    def values(self) -> tuple[object, ...]:
        """What ``where`` takes."""
        return (self.kind.value, True, *sorted(self.types))


ITEMS: Final = Pool(ListKind.ITEM, frozenset(SOLD))
INCOME: Final = Pool(ListKind.ACCOUNT, ACCOUNT_TYPES["income_account_id"])
COST: Final = Pool(ListKind.ACCOUNT, ACCOUNT_TYPES["cost_account_id"])
PAYABLE: Final = Pool(ListKind.ACCOUNT, ACCOUNT_TYPES["ap_account_id"])
DEPOSIT: Final = Pool(ListKind.ACCOUNT, ACCOUNT_TYPES["deposit_account_id"])
TERMS: Final = Pool(ListKind.TERM)
TAX_CODES: Final = Pool(ListKind.TAX_CODE)
CLASSES: Final = Pool(ListKind.CLASS)
LOCATIONS: Final = Pool(ListKind.LOCATION)


@dataclass(frozen=True)
class Mirror:
    """Our mirror of the lists of one QuickBooks company, of which each may be very long."""

    workspace_id: int
    realm_id: str
    _whole: dict[Pool, Raw] = field(default_factory=dict, init=False, compare=False, repr=False)
    _single: dict[tuple[ListKind, str], DirectoryEntry | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def entries(self, ids: Mapping[ListKind, Collection[str]]) -> Known:
        """The entries with these ids, active or not, in one query, without those that were read before."""
        asked = {(kind, id_) for kind, some in ids.items() for id_ in some}
        unread: dict[ListKind, set[str]] = {}
        for kind, id_ in asked - self._single.keys():
            unread.setdefault(kind, set()).add(id_)
            self._single[kind, id_] = None
        for entry in DirectoryEntry.made(self._entries(unread), SHOWN):
            self._single[entry.kind, entry.remote_id] = entry
        known: dict[ListKind, dict[str, DirectoryEntry]] = {kind: {} for kind in ListKind}
        for kind, id_ in asked:
            found = self._single[kind, id_]
            if found:
                known[kind][id_] = found
        return known

    def _entries(self, ids: Mapping[ListKind, Collection[str]]) -> Raw:
        asked = {kind: sorted({id_ for id_ in some if _may_be_id(id_)}) for kind, some in ids.items()}
        parts = [f"kind = ? AND remote_id IN ({marks(some)})" for some in asked.values() if some]
        values = [value for kind, some in asked.items() if some for value in (kind.value, *some)]
        return self._raw(f"({' OR '.join(parts)}) ORDER BY kind, remote_id", values) if parts else []

    def named(self, *rules: MappingRules) -> Known:
        """The entries that preferences name."""
        return self.named_by(pair for some in rules for pair in chosen(some).items())

    def named_by(self, pairs: Iterable[tuple[str, str]]) -> Known:
        """The entries that stand in drop-downs, given as name and value."""
        return self.entries(_ids(pairs))

    def named_raw(self, pairs: Iterable[tuple[str, str]]) -> Raw:
        """The same as the database gives them."""
        return self._entries(_ids(pairs))

    def offered(self, pool: Pool, limit: int, words: tuple[str, ...] = ()) -> list[DirectoryEntry]:
        """The first of what may be chosen, in name order; what has one of the words comes before the rest."""
        return DirectoryEntry.made(self.offered_raw(pool, limit, words), pool.shown)

    def offered_raw(self, pool: Pool, limit: int, words: tuple[str, ...] = ()) -> Raw:
        """The same as the database gives it; a list that was read whole before is not read again."""
        if pool in self._whole:
            return self._whole[pool][:limit]
        likely = " OR ".join(["folded LIKE ?"] * len(words))
        first = f"CASE WHEN {likely} THEN 0 ELSE 1 END, " if words else ""
        patterns = [f"%{word}%" for word in words]
        tail = f"{pool.where} ORDER BY {first}folded, id LIMIT ?"
        found = self._raw(tail, [*pool.values, *patterns, limit], pool.shown)
        if len(found) < limit:
            self._whole[pool] = found
        return found

    def search(self, pool: Pool, text: str, limit: int) -> list[DirectoryEntry]:
        """What may be chosen and has every word of the text, first what begins with the text.

        Words that are too short for the index of trigrams narrow down what the others find in this one list.
        Without a text, the first in name order.
        """
        words, where = fold(text).split(), pool.condition
        here = DirectoryEntry.list(self.workspace_id, self.realm_id, pool.kind).where(where)
        first = list(here.where(begins_with(DirectoryEntry.folded, " ".join(words))).limit(limit))
        if len(first) == limit or not words:
            return first
        for word in {word for word in words if len(word) < SHORTEST}:
            where &= DirectoryEntry.folded.contains(word)
        where &= DirectoryEntry.id.not_in([entry.id for entry in first])
        text = " ".join(word for word in words if len(word) >= SHORTEST)
        room = limit - len(first)
        return first + directory.search(
            self.workspace_id, self.realm_id, pool.kind, text, limit=room, where=where
        )

    def active_ids(self, kind: ListKind) -> frozenset[str]:
        """The ids of a whole list, which QuickBooks keeps short."""
        found = self._raw("kind = ? AND active = ? LIMIT ?", [kind.value, True, LONGEST_LIST], ("remote_id",))
        return frozenset(id_ for (id_,) in found)

    def _raw(self, where: str, values: Collection[object], names: tuple[str, ...] = SHOWN) -> Raw:
        tail = f"WHERE workspace_id = ? AND realm_id = ? AND {where}"
        return DirectoryEntry.raw(tail, self.workspace_id, self.realm_id, *values, names=names)


@dataclass(frozen=True)
class CompanyLists(Mirror):
    """The same with what the company allows."""

    company: ProviderCompany

    @classmethod
    def of(cls, connection: Connection) -> CompanyLists:
        """The lists of the connected company."""
        return cls(connection.workspace_id, connection.realm_id, company_of(connection))


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


def label(entry: DirectoryEntry) -> str:
    """An entry as a person knows it: an account with its number, an item with its category."""
    number = entry.number if entry.kind == ListKind.ACCOUNT else ""
    return f"{number} {entry.full_name or entry.name}".strip()


def _ids(pairs: Iterable[tuple[str, str]]) -> dict[ListKind, set[str]]:
    ids: dict[ListKind, set[str]] = {}
    for name, value in pairs:
        found = reference(name, value)
        if found:
            ids.setdefault(found[0], set()).add(found[1])
    return ids


def _may_be_id(text: str) -> bool:
    """Whether it is worth a query; Postgres takes no NUL."""
    return len(text) <= DirectoryEntry.remote_id.max_length and text.isprintable()


def reference(name: str, value: str) -> tuple[ListKind, str] | None:
    """The list and the id that a value names; None for what is in no list of QuickBooks'."""
    kind = takes(name)
    if kind is Takes.TARGET:
        target = Target.parse(value)
        if target is None:
            return None
        return (ListKind.ITEM if target.type == "item" else ListKind.ACCOUNT), target.id
    return None if kind is Takes.CUSTOM_FIELD else (ListKind(kind.value), value)
