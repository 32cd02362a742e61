"""QuickBooks' lists, as mirrored, for finding entries by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from webapp.accounting.tax import US_NON_TAXABLE, US_TAXABLE
from webapp.integrations.preference_lists import Books, sellable_items
from webapp.integrations.settings_file.catalogue import BY_ID, Listed, Shelf
from webapp.links import directory
from webapp.models import DirectoryEntry, ListKind

MOST_OFFERED: Final = 200
MOST_PARENTS: Final = 6


def shelves(books: Books, ids: Collection[str], texts: Iterable[str]) -> dict[Shelf, list[Listed]]:
    """The lists; of the items, of which there may be very many, those with these ids or names."""
    company = books.company
    codes = _listed(books.tax_codes.values())
    if company.is_us:  # its lines take these two only
        codes = [Listed(code, code) for code in (US_TAXABLE, US_NON_TAXABLE)]
    return {
        Shelf.ACCOUNT: _listed(books.accounts.values()),
        Shelf.ITEM: _items(books, ids, texts),
        Shelf.TERM: _listed(books.terms.values()),
        Shelf.TAX_CODE: codes,
        Shelf.CLASS: _listed(books.classes.values()),
        Shelf.LOCATION: _listed(books.locations.values()),
        Shelf.SALES_FIELD: [Listed(*field) for field in company.sales_custom_fields.items()],
        Shelf.PURCHASE_FIELD: [Listed(*field) for field in company.purchase_custom_fields.items()],
    }


def _items(books: Books, ids: Collection[str], texts: Iterable[str]) -> list[Listed]:
    """The items that may be meant, with all that are named like them, and some to offer."""
    wanted, names = set(ids), set[str]()
    for text in texts:
        if text.startswith(BY_ID):
            wanted.add(text.removeprefix(BY_ID))
        else:
            names |= _endings(text)
    chosen = books.items(wanted).values()
    for entry in chosen:
        names |= _endings(_name(entry))
    named = directory.named(books.workspace_id, books.realm_id, ListKind.ITEM, names)
    offered = sellable_items(books.workspace_id, books.realm_id).limit(MOST_OFFERED)
    return _listed([*offered, *chosen, *named])


def _endings(name: str) -> set[str]:
    """The name without its parents, however many of its parts are parents."""
    parts = name.replace("\0", "").split(":")[-MOST_PARENTS:]
    return {":".join(parts[start:]) for start in range(len(parts))}


def _listed(entries: Iterable[DirectoryEntry]) -> list[Listed]:
    return [
        Listed(
            entry.remote_id,
            _name(entry),
            entry.active,
            entry.number if entry.kind == ListKind.ACCOUNT else "",
        )
        for entry in entries
    ]


def _name(entry: DirectoryEntry) -> str:
    return entry.full_name or entry.name
