"""Proposes the provider's term for each of our words for terms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from webapp.accounting.proposing import NOTHING, Proposal, fold
from webapp.accounting.terms import term_key

_AT_ONCE: Final = re.compile(r"receipt|reception|\bcod\b|c\.o\.d|prepaid|comptant|immediate")
_DAYS: Final = re.compile(
    r"^(?:due |payable )?(?:net|n)[ -]?(\d{1,3})(?: ?(?:days?|jours?|d|j))?$|^(\d{1,3}) (?:days?|jours?)$"
)
_SPECIAL: Final = re.compile(r"%|/|eom|fin de mois")
"""Discounts for early payment and the end of the month: the day count does not tell all."""


def propose_terms(
    terms: Sequence[tuple[str, str, int | None]], our_terms: Sequence[str]
) -> Mapping[str, Proposal]:
    """A proposal for each of our terms, keyed as ``MappingRules.terms``: by name, else by the day count."""
    return {term_key(words): _propose(words, terms) for words in our_terms if term_key(words)}


def due_days(words: str) -> int | None:
    """The days that plain terms give ("Net 30" is 30, "Due on receipt" 0); None when they say more."""
    folded = fold(words)
    if _SPECIAL.search(folded):
        return None
    if _AT_ONCE.search(folded):
        return 0
    match = _DAYS.search(folded)
    return int(match[1] or match[2]) if match else None


def _propose(words: str, terms: Sequence[tuple[str, str, int | None]]) -> Proposal:
    for id_, name, _ in terms:
        if fold(name) == fold(words):
            return Proposal(id_, "name_matches")
    days = due_days(words)
    if days is None:
        return NOTHING
    same = [
        (len(name), name, id_) for id_, name, due in terms if due == days and not _SPECIAL.search(fold(name))
    ]
    return Proposal(min(same)[2], "days_match") if same else NOTHING
