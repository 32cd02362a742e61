"""`python -m tests.benchmarks.matching_fit`: find the weights that matching scores with, and write them down.

Weights make the right candidate the likeliest among those of one record and "none of them" (a conditional
logit), by plain gradient descent; the steps of a name's likeness never count the less, the more alike it is.
Then the odds, rivals taken into account, are set against how often they are right (isotonic regression).
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from webapp.links.blocking import candidates
from webapp.links.likeness import STEPS, Before, Mail, Phone, Place, Postal, Tax, Traits, compare
from webapp.links.postings import Index
from webapp.links.records import prepared

from .company_noise import lists

# No seed here may be one that matching is measured with
WEIGHT_SEEDS, CALIBRATION_SEEDS, SIZE = (1, 2, 3, 4), (5, 6, 7), 10_000
TARGET = Path(__file__).resolve().parents[2] / "webapp/links/weights.py"
ROUNDS, SLOWER_FROM, PACE, SHRINKING = 700, 450, 0.1, 2e-6
FIELDS = Traits._fields[1:]
STARTS = np.concatenate([[0], np.cumsum(STEPS)])
# Steps of a field of which none may count less than those before it
ORDERS = (
    ("name", range(STEPS[0])),
    ("shared", range(STEPS[1])),
    ("less", range(STEPS[2] - 1, -1, -1)),
    ("more", range(STEPS[3] - 1, -1, -1)),
    ("mail", (Mail.OTHER, Mail.UNKNOWN, Mail.OF_MANY, Mail.OF_FEW, Mail.DOMAIN, Mail.ADDRESS)),
    ("phone", (Phone.OTHER, Phone.UNKNOWN, Phone.OF_MANY, Phone.OF_FEW, Phone.SAME)),
    ("postal", (Postal.OTHER, Postal.UNKNOWN, Postal.SAME)),
    ("place", (Place.OTHER_REGION, Place.OTHER_CITY, Place.UNKNOWN, Place.NAMED)),
    ("tax", (Tax.OTHER, Tax.UNKNOWN, Tax.OF_MANY, Tax.SAME)),
    ("before", (Before.NOTHING, Before.LIKE_NAME, Before.NAME)),
    ("before", (Before.NOTHING, Before.DOMAIN)),
)
Array = np.ndarray[Any, Any]


class Pairs(NamedTuple):
    """Compared pairs: the places of their weights, whether they are right, whose they are, and with whom."""

    places: Array
    right: Array
    ours: Array
    theirs: Array


def pairs(seeds: tuple[int, ...]) -> Pairs:
    """Everything that is compared on the lists of some seeds."""
    rows: list[tuple[int, ...]] = []
    right, ours_at, theirs_at = [], [], []
    for turn, seed in enumerate(seeds):
        made = lists(seed, SIZE)
        index = Index()
        for party in made.theirs:
            index.add(prepared(party))
        at = {id_: place + turn * SIZE for place, id_ in enumerate(index.records)}
        for place, party in enumerate(made.ours):
            ours = prepared(party)
            for theirs in candidates(index, ours):
                rows.append(compare(ours, theirs, index)[1:])
                right.append(made.truth.get(party.id) == theirs.id)
                ours_at.append(place + turn * SIZE)
                theirs_at.append(at[theirs.id])
    return Pairs(np.array(rows) + STARTS[:-1], np.array(right), np.array(ours_at), np.array(theirs_at))


def weights(data: Pairs) -> tuple[Array, float]:
    """The weight of every step, and the intercept."""
    count, n = int(STARTS[-1]), len(set(data.ours))
    values = np.zeros(count + 1)
    values[-1] = -2.0
    mean, square = np.zeros(count + 1), np.zeros(count + 1)
    for turn in range(1, ROUNDS + 1):
        odds = np.exp(np.clip(values[data.places].sum(1) + values[-1], -30, 30))
        share = odds / (1 + np.bincount(data.ours, odds))[data.ours]
        error = (share - data.right) / n
        slope = np.bincount(data.places.ravel(), np.repeat(error, data.places.shape[1]), count + 1)
        slope[:-1] += SHRINKING * values[:-1]
        slope[-1] = error.sum()
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        pace = PACE if turn < SLOWER_FROM else PACE / 5
        values -= pace * (mean / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-9)
        _put_in_order(values)
    return _anchored(values)


def _put_in_order(values: Array) -> None:
    for field, order in ORDERS:
        places = STARTS[FIELDS.index(field)] + np.array(order)
        values[places] = isotonic(values[places], np.ones(len(places)))


def _anchored(values: Array) -> tuple[Array, float]:
    """The same with nothing for each field's first step, which says that nothing is known or alike."""
    steps, intercept = values[:-1].copy(), float(values[-1])
    for start, end in pairwise(STARTS):
        intercept += steps[start]
        steps[start:end] -= steps[start]
    return steps, intercept


def isotonic(values: Array, sizes: Array) -> Array:
    """The nearest values that never fall (pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for value, size in zip(values, sizes, strict=True):
        pool = (float(value), float(size), 1)
        while pools and pools[-1][0] >= pool[0]:
            mean, weight, length = pools.pop()
            whole = weight + pool[1]
            pool = ((mean * weight + pool[0] * pool[1]) / whole, whole, length + pool[2])
        pools.append(pool)
    return np.concatenate([np.full(length, mean) for mean, _, length in pools])


def settled_odds(data: Pairs, steps: Array, intercept: float) -> Array:
    """The logarithmic odds of pairs, other candidates and rivals taken into account as contention.py does."""
    odds = np.exp(np.minimum(steps[data.places].sum(1) + intercept, 30))
    share = odds / (1 + np.maximum(np.bincount(data.ours, odds)[data.ours] - odds, 0))
    rivals = np.maximum(np.bincount(data.theirs, share)[data.theirs] - share, 0)
    return np.log(share / (1 + rivals))


def calibration(odds: Array, right: Array) -> list[tuple[float, float]]:
    """Points of odds and how often pairs of such odds are right."""
    edges = [
        -9.0,
        -6,
        -5,
        -4,
        -3.2,
        -2.5,
        -1.9,
        -1.3,
        -0.8,
        -0.3,
        0.2,
        0.7,
        1.3,
        1.9,
        2.6,
        3.3,
        4.2,
        5.2,
        6.5,
        8,
        31,
    ]
    at = np.digitize(odds, edges)
    found = [
        (odds[at == bin_].mean(), right[at == bin_].mean(), (at == bin_).sum()) for bin_ in sorted(set(at))
    ]
    positions, rates, sizes = (np.array(column) for column in zip(*found, strict=True))
    return list(zip(positions, np.clip(isotonic(rates, sizes), 0.0005, 0.9995), strict=True))


def main() -> None:
    """Fit, and write webapp/links/weights.py."""
    steps, intercept = weights(pairs(WEIGHT_SEEDS))
    data = pairs(CALIBRATION_SEEDS)
    points = calibration(settled_odds(data, steps, intercept), data.right)
    lines = [
        '"""What each step of ``Traits`` weighs in logarithmic odds, and how odds become probabilities.',
        "",
        "Written by tests/benchmarks/matching_fit.py from generated lists:",
        f"weights from seeds {WEIGHT_SEEDS}, the calibration from {CALIBRATION_SEEDS},",
        f"{SIZE} records a side.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        f"INTERCEPT = {intercept:.2f}",
        "WEIGHTS = (",
    ]
    for place, field in enumerate(FIELDS):
        values = ", ".join(f"{value + 0.0:.2f}" for value in steps[STARTS[place] : STARTS[place + 1]])
        lines.append(f"    ({values}),  # {field}")
    lines += [")", "# Logarithmic odds, and how often pairs of such odds were the same", "CALIBRATION = ("]
    lines += [f"    ({position:.2f}, {rate:.4f})," for position, rate in points]
    TARGET.write_text("\n".join([*lines, ")", ""]), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
