"""Which of their records are worth comparing with one of ours: those that share something. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations, pairwise

from webapp.links.postings import Index, Postings, is_common, size_class
from webapp.links.records import Key, Kind, Prepared

# So many records are compared in full
MOST = 12
# With so small a part of the best one's score nothing is compared
FAR_BEHIND = 5
# How much a shared value counts for being compared; whole numbers, so that the order of adding is all one
ADDRESS, DOMAIN, PHONE, POSTAL, TAX, LINKED, NAME, JOINED, CITY = 300, 200, 300, 150, 400, 400, 100, 100, 20
# Values that many records have are looked at in pairs, of so many at most
MOST_COMMON = 5
# Two values whose size classes add up to more are had by too many together, and take long to look through
MOST_TOGETHER = 16

Common = list[tuple[int, str, int, list[Key]]]


def candidates(theirs: Index, ours: Prepared) -> list[Prepared]:
    """The records that share most with one of ours, in no order."""
    scores: dict[Key, int] = defaultdict(int)
    common: Common = []
    for value, weight, found in _shared(theirs, ours):
        if is_common(len(found)):
            common.append((size_class(len(found)), value, weight, found))
        else:
            for id_ in found:
                scores[id_] += weight
    if found := theirs.by[Kind.CITY].get(ours.city, []):
        common.append((size_class(len(found)), ours.city, CITY, found))
    _add_common(theirs, scores, common)
    return [theirs.records[id_] for id_ in _best(scores)]


def reach(ours: Index, theirs: Index, record: Prepared, changed: Collection[tuple[Kind, str]]) -> set[Key]:
    """The ids of ours that could have one of their records as a candidate; more than do, never fewer.

    ``changed`` are values of the record which now count otherwise: whoever shares one is reached.
    """
    found: set[Key] = set()
    shares: Counter[Key] = Counter()
    for kind, values in record.values():
        for value in values:
            holders = reached(ours, kind, value)
            many = kind is Kind.CITY or is_common(len(theirs.by[kind].get(value, ())))
            if many and (kind, value) not in changed:
                shares.update(holders)
            else:
                found |= holders
    return found | {id_ for id_, count in shares.items() if count > 1}


def reached(ours: Index, kind: Kind, value: str) -> set[Key]:
    """Which of ours look a value of theirs up."""
    by = ours.by
    if kind is Kind.WORD:
        words = (value, *ours.near(value))
        return set(by[Kind.JOINED].get(value, ())).union(*(by[kind].get(word, ()) for word in words))
    if kind is Kind.JOINED:
        return set(by[Kind.WORD].get(value, ()))
    if kind is Kind.LINKED:
        return {*by[Kind.NAME].get(value, ()), *by[Kind.DOMAIN].get(value, ())}
    return set(by[kind].get(value, ()))


def _shared(theirs: Index, ours: Prepared) -> Iterator[tuple[str, int, list[Key]]]:
    """What is shared with some records: the value, how much that counts, and with which."""
    words, joined = theirs.by[Kind.WORD], theirs.by[Kind.JOINED]
    yield from _shared_contacts(theirs, ours)
    for word in ours.words:
        holders = words.get(word, ())
        if holders:
            yield word, theirs.rarities[word], words[word]
        if word in joined:
            yield word, JOINED, joined[word]
        if not is_common(len(holders)):  # a slip in a common word tells as little as the word
            for near in theirs.near(word):
                yield near, theirs.rarities[near] * 4 // 5, words[near]
    for name in ours.names:
        for first, second in pairwise(name.words):
            if (both := first + second) in words:
                yield both, JOINED, words[both]
        for kind, weight in ((Kind.NAME, NAME), (Kind.LINKED, LINKED)):
            if name.text in theirs.by[kind]:
                yield name.text, weight, theirs.by[kind][name.text]


def _shared_contacts(theirs: Index, ours: Prepared) -> Iterator[tuple[str, int, list[Key]]]:
    linked = theirs.by[Kind.LINKED]
    for domain in ours.domains:
        if domain in linked:
            yield domain, LINKED, linked[domain]
    for (kind, values), weight in zip(ours.contacts(), (ADDRESS, DOMAIN, PHONE, POSTAL, TAX), strict=True):
        postings: Postings = theirs.by[kind]
        for value in values:
            if value in postings:
                yield value, theirs.told(weight, postings[value]), postings[value]


def _add_common(theirs: Index, scores: dict[Key, int], common: Common) -> None:
    """Score by what many records have: those found already, and those that share two such values."""
    common.sort(key=lambda one: one[:3])
    sets = [(size, weight, theirs.as_set(holders)) for size, _, weight, holders in common[:MOST_COMMON]]
    found = set(scores)
    for (size, _, first), (other_size, _, second) in combinations(sets, 2):
        if size + other_size <= MOST_TOGETHER:
            both = first & second
            if not is_common(len(both)):
                found |= both
    for _, weight, holders in sets:
        for id_ in holders & found:
            scores[id_] += weight


def _best(scores: dict[Key, int]) -> list[Key]:
    """The ids with the highest scores; of equal ones those that come first by id."""
    if len(scores) < 2:
        return list(scores)
    highest = sorted(scores.values(), reverse=True)[:MOST]
    last = max(highest[-1] if len(scores) > MOST else 0, highest[0] // FAR_BEHIND)
    above = [id_ for id_, score in scores.items() if score > last]
    equal: Iterable[Key] = sorted((id_ for id_, score in scores.items() if score == last), key=str)
    return [*above, *list(equal)[: MOST - len(above)]]
