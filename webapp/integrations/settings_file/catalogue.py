"""QuickBooks' lists as a settings file names them: by name, or ``id:79`` where no name leads there. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

BY_ID: Final = "id:"
LONGEST_NAME: Final = 4096
LONGEST_ID: Final = 32
MOST_NAMED: Final = 8


class Shelf(StrEnum):
    """The lists that settings choose from, in the words of a refusal."""

    ACCOUNT = "account"
    ITEM = "product or service"
    TERM = "payment term"
    TAX_CODE = "tax code"
    CLASS = "class"
    LOCATION = "location"
    SALES_FIELD = "custom field of sales forms"
    PURCHASE_FIELD = "custom field of purchase orders"


class Refused(Exception):
    """A value that a setting does not take; the message says why, in words."""


@dataclass(frozen=True)
class Listed:
    """An entry of a list; ``name`` is the whole one, with its parents ("Design:Fountains")."""

    id: str
    name: str
    active: bool = True
    number: str = ""


class Catalogue:
    """Finds entries by what a person writes, and writes what leads back to them."""

    def __init__(self, lists: Mapping[Shelf, Iterable[Listed]]) -> None:
        self._entries = {shelf: {entry.id: entry for entry in entries} for shelf, entries in lists.items()}
        self._keys: dict[tuple[Shelf, int, str], list[Listed]] = {}
        for shelf, entries in self._entries.items():
            for entry in entries.values():
                for rank, name in enumerate(_names(entry)):
                    self._keys.setdefault((shelf, rank, _key(name)), []).append(entry)

    def text(self, shelf: Shelf, id_: str) -> str:
        """The entry's name when it leads back to this entry alone, else its id."""
        entry = self._entries.get(shelf, {}).get(id_)
        if entry is not None and is_clean(entry.name) and not entry.name.startswith(BY_ID):
            found = self._found(shelf, entry.name)
            if [one.id for one in found] == [id_]:
                return entry.name
        return BY_ID + id_

    def find(self, shelf: Shelf, text: str) -> str:
        """The id that a text stands for; an id is taken as it is. Raises Refused."""
        if text.startswith(BY_ID):
            id_ = text.removeprefix(BY_ID)
            if not 0 < len(id_) <= LONGEST_ID or not id_.isprintable():
                raise Refused(f"is no id of QuickBooks: {BY_ID} takes up to {LONGEST_ID} characters after it")
            return id_
        found = self._found(shelf, text)
        if len(found) == 1:
            return found[0].id
        if found:
            in_order = sorted(found, key=lambda entry: (len(entry.id), entry.id))
            several = (f'"{entry.name}" is {BY_ID}{entry.id}' for entry in in_order)
            raise Refused(f"is the name of more than one {shelf}; write the id: {some(several)}")
        raise Refused(f"is no {shelf} of QuickBooks; {self._offered(shelf, text)}")

    def _found(self, shelf: Shelf, text: str) -> list[Listed]:
        """Who bears a name: the whole one before one with its number before the last part alone."""
        for rank in range(3):
            found = self._keys.get((shelf, rank, _key(text)))
            if found:
                return [entry for entry in found if entry.active] or found
        return []

    def _offered(self, shelf: Shelf, text: str) -> str:
        """Which entries there are, those that share a word with the text when there are such."""
        entries = [entry for entry in self._entries.get(shelf, {}).values() if entry.active]
        words = _key(text[:LONGEST_NAME]).replace(":", " ").split()[:MOST_NAMED]
        near = [entry for entry in entries if any(word in _key(entry.name) for word in words)]
        names = sorted({f'"{self.text(shelf, entry.id)}"' for entry in near or entries})
        return f"there is {some(names)}" if names else "its list is empty"


def is_clean(text: str) -> bool:
    """Whether a text is fit for one line: no control or half characters, and not overlong."""
    bad = {"Cc", "Cs", "Zl", "Zp"}
    return 0 < len(text) <= LONGEST_NAME and not any(unicodedata.category(sign) in bad for sign in text)


def some(texts: Iterable[str]) -> str:
    """The first few of the texts, and how many more there are."""
    all_ = list(texts)
    more = len(all_) - MOST_NAMED
    return ", ".join(all_[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _names(entry: Listed) -> Iterator[str]:
    yield entry.name
    yield f"{entry.number} {entry.name}" if entry.number else entry.name
    yield entry.name.rpartition(":")[2]


def _key(name: str) -> str:
    return name.casefold()
