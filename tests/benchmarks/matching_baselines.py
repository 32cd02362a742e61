"""How far simple ways come on the same lists: names alone, and TF-IDF with bonuses for fields.

Each is given the threshold that suits it best on the very set it is judged by.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from webapp.links.records import Party

from .company_noise import Lists
from .company_words import FREE_DOMAINS, plain

Guess = tuple[float, bool]
_BONUSES = {"domain": 0.5, "address": 0.5, "phone": 1.0, "postal": 0.6, "tax": 0.9, "city": 0.2}


def best_f1(guesses: Iterable[Guess], true_links: int) -> float:
    """The best F1 over all thresholds of first guesses, given as score and whether it is right."""
    best, right = 0.0, 0
    for taken, (_, is_right) in enumerate(sorted(guesses, reverse=True), 1):
        right += is_right
        best = max(best, 2 * right / (taken + true_links))
    return best


def tfidf(lists: Lists, *, with_fields: bool) -> float:
    """F1 of the nearest by cosine over the words of names; bonuses for equal fields, or names alone."""
    index = _Index(lists.theirs)
    guesses = []
    for ours in lists.ours:
        scores = index.cosines(ours)
        if with_fields:
            for id_, bonus in index.bonuses(ours).items():
                scores[id_] += bonus
        if scores:
            best = max(scores, key=scores.__getitem__)
            guesses.append((scores[best], lists.truth.get(ours.id) == best))
    return best_f1(guesses, len(lists.truth))


class _Index:
    def __init__(self, theirs: list[Party]) -> None:
        count = Counter(word for party in theirs for word in set(_words(party)))
        self.idf = {word: math.log(len(theirs) / df) + 0.1 for word, df in count.items()}
        self.words: dict[str, list[tuple[int | str, float]]] = defaultdict(list)
        self.fields: dict[tuple[str, str], list[int | str]] = defaultdict(list)
        for party in theirs:
            for word, weight in self._vector(party).items():
                self.words[word].append((party.id, weight))
            for field in _fields(party):
                self.fields[field].append(party.id)

    def cosines(self, ours: Party) -> dict[int | str, float]:
        scores: dict[int | str, float] = defaultdict(float)
        for word, weight in self._vector(ours).items():
            for id_, other in self.words.get(word, ()):
                scores[id_] += weight * other
        return scores

    def bonuses(self, ours: Party) -> dict[int | str, float]:
        scores: dict[int | str, float] = defaultdict(float)
        for field in _fields(ours):
            for id_ in self.fields.get(field, ()):
                scores[id_] += _BONUSES[field[0]]
        return scores

    def _vector(self, party: Party) -> dict[str, float]:
        vector = {word: self.idf.get(word, 10.0) * n for word, n in Counter(_words(party)).items()}
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        return {word: weight / length for word, weight in vector.items()}


def _words(party: Party) -> list[str]:
    return re.findall(r"\w+", plain(" ".join(party.names)))


def _fields(party: Party) -> set[tuple[str, str]]:
    """What another record can have equal, plainly normalised."""
    found = {("address", email.lower()) for email in party.emails}
    domains = {email.lower().rpartition("@")[2] for email in party.emails}
    found |= {("domain", domain) for domain in domains - set(FREE_DOMAINS)}
    for phone in party.phones:
        digits = re.sub(r"\D", "", re.split("[a-z#]", phone)[0]).removeprefix("1")
        found.add(("phone", digits))
    found.add(
        (
            "postal",
            re.sub(
                r"\W",
                "",
                party.postal_code.partition("-")[0] if party.postal_code[:5].isdigit() else party.postal_code,
            ).upper(),
        )
    )
    found.add(("tax", re.sub(r"\D", "", party.tax_number)[:9]))
    found.add(("city", plain(party.city)))
    return {field for field in found if field[1]}
