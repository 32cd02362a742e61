"""Link suggestions on generated companies whose truth is known, against comparing all names with all.

The seeds serve for nothing else: weights and calibration come from those in ``matching_fit``. The worst of
the three counts for quality, the median for time. Wall and processor time are taken of both, because other
work on the machine slows either.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from webapp.links import contacts, name_likeness, names, records, scoring

from .company_noise import Lists, lists
from .matching_baselines import tfidf
from .matching_judge import Judgement, Suggested, judge, suggested
from .rows import Row

SEEDS = (20_271, 40_519, 80_933)
SIZE, LARGE = 10_000, 100_000
TIME_LIMIT, MEMORY_LIMIT, GROWTH_LIMIT, LARGE_MEMORY_LIMIT = 0.066, 250, 13, 1_000


def measure() -> list[Row]:
    """Time, quality, memory and growth."""
    made = [lists(seed, SIZE) for seed in SEEDS]
    times, found = _times(made)
    figures = [judge(one, suggestions) for one, suggestions in zip(made, found, strict=True)]
    return [_time(times), *_quality(made, figures), *_processes()]


def _times(made: list[Lists]) -> tuple[list[dict[str, float]], list[Suggested]]:
    """Seconds of matching and of the floor for each pair of lists, in turns."""
    times, found = [], []
    for one in made:
        _forget()
        wall, cpu, suggestions = _timed(lambda one=one: suggested(one))
        floor_wall, floor_cpu, _ = _timed(lambda one=one: _all_with_all(one))
        times.append({"wall": wall, "cpu": cpu, "floor_wall": floor_wall, "floor_cpu": floor_cpu})
        found.append(suggestions)
    return times, found


def _all_with_all(made: Lists) -> None:
    """The floor: RapidFuzz compares every name of ours with every one of theirs, on one core."""
    ours, theirs = ([party.names[0] for party in side] for side in (made.ours, made.theirs))
    process.cdist(ours, theirs, scorer=fuzz.token_set_ratio, workers=1, dtype=np.uint8, score_cutoff=50)


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    began, busy = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - began, time.process_time() - busy, result


def _forget() -> None:
    """Empty what was kept from the lists before, so that each pair of lists begins anew."""
    for kept in (
        names.one_writing,
        name_likeness.alike,
        scoring.verdict,
        contacts.foreign_phone,
        records.city_of,
    ):
        kept.cache_clear()


def _time(times: list[dict[str, float]]) -> Row:
    wall = [one["wall"] / one["floor_wall"] for one in times]
    cpu = [one["cpu"] / one["floor_cpu"] for one in times]
    detail = {"seeds": SEEDS, "size": SIZE, "wall": wall, "cpu": cpu, "seconds": times}
    return Row(
        "matching.time", statistics.median(wall), TIME_LIMIT, "max", "of the time of RapidFuzz cdist", detail
    )


def _quality(made: list[Lists], figures: list[Judgement]) -> list[Row]:
    detail: dict[str, Any] = {
        "seeds": SEEDS,
        "size": SIZE,
        "each": [one._asdict() for one in figures],
        "f1_of_names_alone": [tfidf(one, with_fields=False) for one in made],
        "f1_of_names_and_equal_fields": [tfidf(one, with_fields=True) for one in made],
    }
    worst = {field: min(getattr(one, field) for one in figures) for field in Judgement._fields}
    error = max(one.calibration_error for one in figures)
    return [
        Row("matching.f1", worst["f1"], 0.97, "min", "at the probability of one half, worst seed", detail),
        Row(
            "matching.precision_at_recall90",
            worst["precision_at_recall90"],
            0.99,
            "min",
            "of what is said, worst seed",
            detail,
        ),
        Row("matching.top5", worst["top5"], 0.99, "min", "of true links among the first five", detail),
        Row("matching.ece", error, 0.03, "max", "expected calibration error, ten bins, worst seed", detail),
    ]


def _processes() -> list[Row]:
    """Memory and growth, each list in a process of its own, the small before and after the large."""
    seed = SEEDS[0]
    small, large, again = (_process(seed, size) for size in (SIZE, LARGE, SIZE))
    growth = large["cpu"] / statistics.mean((small["cpu"], again["cpu"]))
    detail = {"seed": seed, "small": [small, again], "large": large}
    memory = max(small["memory_mb"], again["memory_mb"])
    unit = "MB, the whole process at its peak"
    return [
        Row("matching.memory_mb", memory, MEMORY_LIMIT, "max", unit, detail),
        Row("matching.growth", growth, GROWTH_LIMIT, "max", "times the processor time for 100,000", detail),
        Row("matching.memory_mb_100000", large["memory_mb"], LARGE_MEMORY_LIMIT, "max", unit, detail),
    ]


def _process(seed: int, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.matching_run", str(seed), str(size)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(ran.stdout)
