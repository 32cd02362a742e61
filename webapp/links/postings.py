"""The records of one side by each value that another record may share. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from webapp.links.records import Key, Kind, Prepared

# A value that so many records have leads to none of them by itself, only together with another.
# A power of two, because counts matter by their class alone
COMMON = 64
# How much a word tells, by the class of the number of records that have it
RARITY = (100, 100, 92, 84, 76, 68, 60, 52, 44, 36, 28, 22, 18, 15, 12, 10, 8, 7, 6, 5, 4)

Postings = dict[str, list[Key]]


def size_class(count: int) -> int:
    """Counts in classes, each twice as wide as the one before, so that one record more seldom changes one."""
    return count.bit_length()


def is_common(count: int) -> bool:
    """Whether so many records have a value that it tells too little by itself."""
    return count >= COMMON


class Rarities(dict[str, int]):
    """How much each word tells, worked out when it is asked for; to be cleared when the postings change."""

    def __init__(self, words: Postings) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, word: str) -> int:
        count = len(self._words.get(word, ()))
        found = self[word] = RARITY[min(size_class(count), len(RARITY) - 1)]
        return found


class Index:
    """The records of one side by their words, e-mail addresses, phones, postal codes and so on.

    What it answers depends on the records it holds, not on the order in which they came.
    """

    def __init__(self) -> None:
        self.records: dict[Key, Prepared] = {}
        self.by: list[Postings] = [{} for _ in Kind]
        self.rarities = Rarities(self.by[Kind.WORD])
        self._slips: dict[str, list[str]] = defaultdict(list)
        self._near: dict[str, tuple[str, ...]] = {}
        self._sets: dict[int, frozenset[Key]] = {}

    def add(self, record: Prepared) -> None:
        """Take a record in; one with the same id must have been removed."""
        self.records[record.id] = record
        for kind, values in record.values():
            postings = self.by[kind]
            for value in values:
                found = postings.get(value)
                if found is None:
                    postings[value] = [record.id]
                    if kind is Kind.WORD:
                        self._learn(value)
                else:
                    found.append(record.id)
        self._changed()

    def remove(self, id_: Key) -> None:
        """Take a record out."""
        for kind, values in self.records.pop(id_).values():
            postings = self.by[kind]
            for value in values:
                postings[value].remove(id_)
                if not postings[value]:
                    del postings[value]
                    if kind is Kind.WORD:
                        self._forget(value)
        self._changed()

    def relink(self, record: Prepared) -> None:
        """Put a record in the place of one that differs from it in nothing but its links."""
        before = self.records[record.id].linked
        self.records[record.id] = record
        postings = self.by[Kind.LINKED]
        for value in before - record.linked:
            postings[value].remove(record.id)
            if not postings[value]:
                del postings[value]
        for value in record.linked - before:
            postings.setdefault(value, []).append(record.id)
        self._changed()

    def classes(self, record: Prepared) -> dict[tuple[Kind, str], int]:
        """The class of the number of records that have each of a record's values."""
        return {
            (kind, value): size_class(len(self.by[kind].get(value, ())))
            for kind, values in record.values()
            for value in values
        }

    def count(self, kind: Kind, values: Iterable[str]) -> int:
        """How many records have the rarest of some values."""
        return min(len(self.by[kind].get(value, ())) for value in values)

    def told(self, weight: int, holders: list[Key]) -> int:
        """What a value counts that so many records have."""
        return weight * RARITY[min(size_class(len(holders)), len(RARITY) - 1)] // 100

    def as_set(self, found: list[Key]) -> frozenset[Key]:
        """A posting as a set, kept until something changes."""
        known = self._sets.get(id(found))
        if known is None:
            known = self._sets[id(found)] = frozenset(found)
        return known

    def near(self, word: str) -> tuple[str, ...]:
        """The words of these records that are one slip of the hand away, two when both are long."""
        if not _can_slip(word):
            return ()
        found = self._near.get(word)
        if found is None:
            alike = {other for slip in _slips(word) for other in self._slips.get(slip, ())} - {word}
            found = self._near[word] = tuple(sorted(other for other in alike if _is_slip(word, other)))
        return found

    def _changed(self) -> None:
        self._sets.clear()
        self.rarities.clear()

    def _learn(self, word: str) -> None:
        if _can_slip(word):
            self._near.clear()
            for slip in _slips(word):
                self._slips[slip].append(word)

    def _forget(self, word: str) -> None:
        if _can_slip(word):
            self._near.clear()
            for slip in _slips(word):
                self._slips[slip].remove(word)
                if not self._slips[slip]:
                    del self._slips[slip]


def _can_slip(word: str) -> bool:
    return len(word) > 3 and not word.isdigit()


def _is_slip(word: str, other: str) -> bool:
    most = 2 if min(len(word), len(other)) > 7 else 1
    return OSA.distance(word, other, score_cutoff=most) <= most


def _slips(word: str) -> set[str]:
    """A word and what it is with one character left out."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
