"""Candidates beside each other: what speaks for one speaks against the others, on either side. Pure."""

from __future__ import annotations

from bisect import bisect_right
from math import exp, fsum, log
from typing import NamedTuple

from webapp.links.records import Key
from webapp.links.scoring import Reason, Verdict
from webapp.links.weights import CALIBRATION

MOST = 5
# With lower odds than this a pair is as good as impossible
LOWEST, HIGHEST = -6.0, 30.0
# Less than this is not worth a place in the list
LEAST = 0.005
# What is said at the most of one that another could as well be
MOST_OF_A_CHOICE = 0.9
# So many times less likely is still a choice
CHOICE = 10.0
WORTH_A_CHOICE = 0.05
# A record that a company is linked to already is as if a rival had these odds
TAKEN = 20.0


class Pair(NamedTuple):
    """One of theirs compared with one of ours."""

    remote_id: Key
    verdict: Verdict
    taken: bool


class Candidate(NamedTuple):
    """One of theirs that one of ours may be.

    ``probability`` is calibrated: of those of 0.95, 95 in 100 are right. ``name_percent`` is how alike the
    names are. Of those marked ``ambiguous`` another could as well be the one; none of them is near certain.
    """

    remote_id: Key
    probability: float
    reasons: tuple[Reason, ...]
    name_percent: int
    ambiguous: bool

    @property
    def percent(self) -> int:
        """The probability in whole per cent, never rounded up."""
        return int(self.probability * 100)


def shares(row: tuple[Pair, ...]) -> dict[Key, float]:
    """The odds of each candidate of one record, the others and that it is none of them taken into account."""
    weights = [exp(min(pair.verdict.odds, HIGHEST)) for pair in row]
    return {
        pair.remote_id: weight / fsum((1.0, *weights[:place], *weights[place + 1 :]))
        for place, (pair, weight) in enumerate(zip(row, weights, strict=True))
    }


def settled(
    row: tuple[Pair, ...], own: dict[Key, float], rivals: dict[Key, list[float]]
) -> tuple[Candidate, ...]:
    """The best candidates of one record, best first.

    ``own`` are its shares, ``rivals`` the shares that others of ours have in the same candidates.
    """
    weighed = []
    for pair in row:
        share, others = own[pair.remote_id], rivals[pair.remote_id]
        if pair.taken:
            others = [*others, TAKEN]
        against = fsum(others)
        probability = min(calibrated(share / (1.0 + against)), share / (share + against))
        weighed.append((probability, max(others, default=0.0) * CHOICE >= share, pair))
    weighed.sort(key=lambda one: (-one[0], -one[2].verdict.odds, str(one[2].remote_id)))
    # It can be one of them alone
    whole = max(fsum(probability for probability, *_ in weighed), 1.0)
    likeliest = [probability for probability, *_ in weighed[:2]]
    found = []
    for place, (probability, is_contended, pair) in enumerate(weighed[:MOST]):
        if probability < LEAST:
            break
        rest = likeliest[1:] if place == 0 else likeliest[:1]
        is_choice = is_contended or any(other * CHOICE >= probability for other in rest)
        is_choice = is_choice and probability >= WORTH_A_CHOICE
        said = round(min(probability / whole, MOST_OF_A_CHOICE if is_choice else 1.0), 4)
        found.append(Candidate(pair.remote_id, said, pair.verdict.reasons, pair.verdict.percent, is_choice))
    return tuple(found)


def calibrated(odds: float) -> float:
    """The probability that experience gives to odds, straight between the points of a table."""
    position = log(max(odds, 1e-12))
    at = bisect_right(CALIBRATION, (position, 1.0))
    if at in {0, len(CALIBRATION)}:
        return CALIBRATION[min(at, len(CALIBRATION) - 1)][1]
    (start, low), (end, high) = CALIBRATION[at - 1 : at + 1]
    return low + (position - start) / (end - start) * (high - low)
