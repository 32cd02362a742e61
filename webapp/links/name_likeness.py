"""How alike two names are, word by word: what is shared, what is odd, what differs by a slip. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from webapp.links.names import NO_WORDS, Name
from webapp.links.records import Prepared

Rarity = Callable[[str], int]


class Number:
    """How the numbers in two names stand to each other."""

    NONE, OTHER, ONE_HAS, SAME = range(4)


class NameLikeness(NamedTuple):
    """How alike two names are in per cent, and what their shared and their other words weigh.

    ``less`` is what the name with fewer odd words has of them, ``more`` what the other has.
    """

    percent: int
    shared: int
    less: int
    more: int
    names_place: bool
    number: int


NOTHING = NameLikeness(0, 0, 0, 0, False, Number.NONE)


def names_likeness(ours: Prepared, theirs: Prepared, rarity: Rarity) -> NameLikeness:
    """The likest two of two records' names; ``rarity`` says how much a word tells."""
    best = NOTHING
    for one in ours.names:
        for other in theirs.names:
            found = _two_names(one, other, ours.place, theirs.place, rarity)
            best = max(best, found)
    return best


def _two_names(
    one: Name, other: Name, our_place: frozenset[str], their_place: frozenset[str], rarity: Rarity
) -> NameLikeness:
    shared = one.bag & other.bag
    weight = sum(map(rarity, shared))
    number = _numbers(one.numbers, other.numbers) if one.numbers or other.numbers else Number.NONE
    odd, odd_there = one.bag - shared, other.bag - shared
    if not odd and not odd_there:
        return NameLikeness(100, weight, 0, 0, False, number)
    names_place = not (odd.isdisjoint(their_place) and odd_there.isdisjoint(our_place))
    if shared:
        odd, odd_there = odd - our_place - their_place, odd_there - our_place - their_place
    gained = lost = 0
    if odd and odd_there:
        odd, odd_there, gained, lost = _slips(one, other, odd, odd_there, rarity)
        weight += gained
    left, right = sum(map(rarity, odd)), sum(map(rarity, odd_there))
    whole = 2 * (weight + lost) + left + right
    percent = min(200 * weight // whole, 99)
    if left > right:
        left, right = right, left
    return NameLikeness(percent, weight, left, right, names_place, number)


def _numbers(here: frozenset[str], there: frozenset[str]) -> int:
    if here == there:
        return Number.SAME
    return Number.OTHER if here - there and there - here else Number.ONE_HAS


def _slips(
    one: Name, other: Name, odd: frozenset[str], odd_there: frozenset[str], rarity: Rarity
) -> tuple[frozenset[str], frozenset[str], int, int]:
    """Pair words that differ by a slip: what stays odd on both sides, the weight gained, and lost."""
    if len(odd) != len(odd_there):
        here = "".join([word for word in one.words if word in odd])
        there = "".join([word for word in other.words if word in odd_there])
        if here == there:
            return NO_WORDS, NO_WORDS, 100, 0
    likes = [
        (like, word, there)
        for word in odd
        for there in odd_there
        # A slip seldom strikes both ends; to look at the others would take most of the time
        if (word[0] == there[0] or word[-1] == there[-1]) and (like := alike(word, there))
    ]
    gained = lost = 0
    for like, word, there in sorted(likes, reverse=True):
        if word in odd and there in odd_there:
            odd, odd_there = odd - {word}, odd_there - {there}
            weight = max(rarity(word), rarity(there))
            gained += weight * like // 100
            lost += weight - weight * like // 100
    return odd, odd_there, gained, lost


@lru_cache(maxsize=131_072)
def alike(word: str, other: str) -> int:
    """How alike two different words are, in per cent; 0 when they are different words."""
    if word.isdigit() or other.isdigit():
        return 0
    if word[0] == other[0] and (word.startswith(other) or other.startswith(word)):
        return 80 if min(len(word), len(other)) > 2 else 60
    if min(len(word), len(other)) < 4:
        return 0
    likeness = OSA.normalized_similarity(word, other, score_cutoff=0.74)
    return int(100 * likeness)
