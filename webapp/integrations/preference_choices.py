"""What each drop-down of the preferences offers, what is proposed, and why a value does not fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from webapp.accounting.accounts import ACCOUNT_TYPES
from webapp.accounting.proposals import propose
from webapp.accounting.provider import ListedAccount, ListedItem
from webapp.accounting.sources import Target
from webapp.accounting.tax import US_NON_TAXABLE, US_TAXABLE
from webapp.db.search import fold
from webapp.integrations.preference_fields import TAX_CODES, Takes, proposed, takes
from webapp.integrations.preference_lists import SOLD, Books, Entries, label, sellable_items, target_id
from webapp.links import directory
from webapp.models import DirectoryEntry, ListKind

# Four drop-downs show items, five income accounts, one cost accounts: together they must stay light
MOST_ITEMS: Final = 40
MOST_ACCOUNTS: Final = 50
MOST_COST_ACCOUNTS: Final = 120
MOST_CANDIDATES: Final = 200
US_CODES: Final = (US_TAXABLE, US_NON_TAXABLE)
# What the names of items contain that accounting.proposals may choose
ITEM_WORDS: Final = (
    "freight", "shipping", "transport", "livraison", "set-up", "set up", "setup", "mise en route",
    "decoration", "imprint", "embroider", "broderie", "promo", "product", "produit", "sale", "vente",
)  # fmt: skip


@dataclass(frozen=True)
class Option:
    """One choice; ``note`` is empty, ``proposed``, ``inactive``, ``missing`` or ``unfit``."""

    value: str
    text: str
    note: str = ""


class Choices:
    """The offers of one form; ``search`` finds what a list that is too long to show does not show."""

    def __init__(self, books: Books, proposals: Mapping[str, str], search: str = "") -> None:
        self._books = books
        self._proposals = proposals
        self._search = search
        query = sellable_items(books.workspace_id, books.realm_id)
        shown = list(query.limit(MOST_ITEMS + 1))
        self.items_are_cut = len(shown) > MOST_ITEMS
        self._items = self._found_items() if self.items_are_cut else shown
        self.accounts_are_cut = any(self._accounts(name)[1] for name in ACCOUNT_TYPES)

    @property
    def is_cut(self) -> bool:
        """Whether some list is too long to be shown whole."""
        return self.items_are_cut or self.accounts_are_cut

    @property
    def found_items(self) -> int:
        """How many items the search found, as far as they are shown."""
        return len(self._items)

    def offer(self, name: str, value: str) -> dict[str, tuple[Option, ...]]:
        """What a drop-down offers: all that fits, and what stands in it or is proposed for it anyway.

        The groups are named ``items``, ``accounts`` or, when there is but one, not at all.
        """
        kind = takes(name)
        groups: dict[str, list[Option]] = {}
        if kind in {Takes.ITEM, Takes.TARGET}:
            prefix = "item:" if kind is Takes.TARGET else ""
            groups["items" if prefix else ""] = _options(self._items, prefix)
        if kind in {Takes.ACCOUNT, Takes.TARGET}:
            accounts, _is_cut = self._accounts(name)
            groups["accounts" if groups else ""] = _options(accounts, "account:" if groups else "")
        if kind is Takes.TERM:
            groups[""] = _options(entry for entry in self._books.terms.values() if entry.active)
        if kind is Takes.TAX_CODE:
            groups[""] = self._tax_codes()
        self._keep(groups, name, [value, self._proposals.get(name, "")])
        marked = {group: self._marked(name, options) for group, options in groups.items()}
        return {group: options for group, options in marked.items() if options}

    def _accounts(self, name: str) -> tuple[list[DirectoryEntry], bool]:
        types = ACCOUNT_TYPES[name]
        fitting = [entry for entry in self._books.accounts.values() if entry.active and entry.type in types]
        most = MOST_COST_ACCOUNTS if name == "cost_account_id" else MOST_ACCOUNTS
        if len(fitting) <= most:
            return fitting, False
        words = fold(self._search).split()
        found = [entry for entry in fitting if words and all(word in entry.folded for word in words)]
        return found[:most], True

    def _found_items(self) -> list[DirectoryEntry]:
        if not self._search.strip():
            return []
        scope = self._books.workspace_id, self._books.realm_id
        found = directory.search(*scope, ListKind.ITEM, self._search, limit=MOST_ITEMS)
        return [entry for entry in found if entry.type in SOLD and entry.income_account_id]

    def _tax_codes(self) -> list[Option]:
        codes = self._books.tax_codes
        if self._books.company.is_us:
            return [Option(code, code) for code in US_CODES]
        return _options(entry for entry in codes.values() if entry.active)

    def _keep(self, groups: dict[str, list[Option]], name: str, values: Iterable[str]) -> None:
        """Add what is chosen or proposed where the list does not show it: a drop-down never loses a value."""
        for value in values:
            shown = {option.value for options in groups.values() for option in options}
            if value and value not in shown:
                group = {"item": "items", "account": "accounts"}.get(value.partition(":")[0], "")
                where = group if group in groups else next(iter(groups))
                groups[where].append(describe(self._books, name, value))

    def _marked(self, name: str, options: list[Option]) -> tuple[Option, ...]:
        proposal = self._proposals.get(name)
        return tuple(
            Option(option.value, option.text, option.note or "proposed")
            if option.value == proposal
            else option
            for option in options
        )


def proposals_for(books: Books, our_terms: Mapping[str, str], taken: Collection[str]) -> dict[str, str]:
    """A proposal for each drop-down that is not in ``taken``, where there is a sensible one."""
    accounts = [
        ListedAccount(id_, entry.full_name, entry.type, entry.active) for id_, entry in books.accounts.items()
    ]
    found = proposed(
        propose(
            accounts,
            _candidates(books),
            [(id_, term.name, _due_days(term)) for id_, term in books.terms.items() if term.active],
            [(id_, code.name) for id_, code in books.tax_codes.items() if code.active],
            books.company,
            list(our_terms.values()),
        )
    )
    if books.company.is_us:
        found = {name: value for name, value in found.items() if name not in TAX_CODES}  # in force anyway
    return {name: value for name, value in found.items() if name not in taken}


def describe(books: Books, name: str, value: str, items: Entries | None = None) -> Option:
    """A value as an option: its name, and in ``note`` why it does not fit (any more)."""
    kind = takes(name)
    if kind is Takes.TAX_CODE and books.company.is_us and value in US_CODES:
        return Option(value, value)
    entry = _entry(books, kind, value, items)
    if entry is None:
        return Option(value, "", "missing")
    if not entry.active:
        return Option(value, label(entry), "inactive")
    return Option(value, label(entry), "" if _fits(books, name, kind, entry) else "unfit")


def _entry(books: Books, kind: Takes, value: str, items: Entries | None) -> DirectoryEntry | None:
    target = Target.parse(value) if kind is Takes.TARGET else None
    item_id = target_id(value) if kind is Takes.TARGET else value
    if kind in {Takes.ITEM, Takes.TARGET} and item_id:
        return (books.items({item_id}) if items is None else items).get(item_id)
    if kind is Takes.TARGET:
        return books.accounts.get(target.id) if target else None
    lists = {Takes.ACCOUNT: books.accounts, Takes.TERM: books.terms, Takes.TAX_CODE: books.tax_codes}
    return lists[kind].get(value) if kind in lists else None


def _fits(books: Books, name: str, kind: Takes, entry: DirectoryEntry) -> bool:
    if entry.kind == ListKind.ITEM:
        return entry.type in SOLD and bool(entry.income_account_id)
    if kind is Takes.TAX_CODE:
        return not books.company.is_us  # lines of a US company take only the two pseudo codes
    return kind not in {Takes.ACCOUNT, Takes.TARGET} or entry.type in ACCOUNT_TYPES[name]


def _options(entries: Iterable[DirectoryEntry], prefix: str = "") -> list[Option]:
    return [Option(prefix + entry.remote_id, label(entry)) for entry in entries]


def _candidates(books: Books) -> list[ListedItem]:
    """The items that a proposal may name; not all items, of which there may be very many."""
    named = reduce(or_, (DirectoryEntry.folded.contains(word) for word in ITEM_WORDS))
    query = sellable_items(books.workspace_id, books.realm_id).where(named).limit(MOST_CANDIDATES)
    return [
        ListedItem(item.remote_id, item.name, True, item.income_account_id, item.expense_account_id)
        for item in query
    ]


def _due_days(term: DirectoryEntry) -> int | None:
    days = term.extra.get("due_days")
    return int(days) if days is not None else None
