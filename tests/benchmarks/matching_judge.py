"""How good suggestions are, given the truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from webapp.links.matching import Candidate, Matcher

from .company_noise import Lists

# From this probability on the first suggestion counts as said
THRESHOLD = 0.5

Said = tuple[float, bool]
Suggested = dict[str | int, Sequence[Candidate]]


class Judgement(NamedTuple):
    """Figures of one pair of lists; the calibration error is the worse of first and of all suggestions."""

    f1: float
    precision: float
    recall: float
    precision_at_recall90: float
    top5: float
    calibration_error: float


def suggested(lists: Lists) -> Suggested:
    """Everything that matching does, from records to suggestions for each of ours."""
    matcher = Matcher(lists.theirs)
    matcher.add(lists.ours)
    return {party.id: matcher.suggestions(party.id) for party in lists.ours}


def judge(lists: Lists, suggestions: Suggested) -> Judgement:
    """Hold suggestions against the truth."""
    every: list[list[Said]] = [
        [(one.probability, lists.truth.get(id_) == one.remote_id) for one in found]
        for id_, found in suggestions.items()
    ]
    first = sorted((found[0] for found in every if found), reverse=True)
    links = len(lists.truth)
    said = [right for probability, right in first if probability >= THRESHOLD]
    error = max(calibration_error(first), calibration_error([one for found in every for one in found]))
    return Judgement(
        f1=2 * sum(said) / (len(said) + links),
        precision=sum(said) / len(said),
        recall=sum(said) / links,
        precision_at_recall90=_precision_at(first, 0.9 * links),
        top5=sum(right for found in every for _, right in found[:5]) / links,
        calibration_error=error,
    )


def calibration_error(said: Sequence[Said]) -> float:
    """How far what is said lies from what is right, over ten equal bins, weighted by their size."""
    bins: list[list[Said]] = [[] for _ in range(10)]
    for probability, right in said:
        bins[min(int(probability * 10), 9)].append((probability, right))
    gaps = (abs(sum(p for p, _ in one) - sum(right for _, right in one)) for one in bins)
    return sum(gaps) / len(said)


def _precision_at(first: Sequence[Said], wanted: float) -> float:
    """The precision of the surest ones, so many that ``wanted`` are right; 0 when never so many are."""
    right = 0
    for taken, (_, is_right) in enumerate(first, 1):
        right += is_right
        if right >= wanted:
            return right / taken
    return 0.0
