"""`make fuzz`: long random runs; prints a table and writes build/fuzz.json.

Rows are those of architecture's measurements: name, value, limit, sense, unit, detail.
"""

import json
import random
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sandbox.canadian_machine import CanadianMachine
from tests.sandbox.machine import Machine

STEPS = 10_000
MACHINES = (Machine, CanadianMachine)
RESULTS = Path("build/fuzz.json")


def sandbox(first_seed: int) -> list[dict]:
    """Trade at random with both companies in turns for so many steps, and count the runs in disorder."""
    limits = settings(
        max_examples=10,
        stateful_step_count=100,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    Machine.steps, failures, number, began = 0, [], first_seed, time.monotonic()
    while Machine.steps < STEPS:
        number += 1
        try:
            run_state_machine_as_test(seed(number)(MACHINES[number % len(MACHINES)]), settings=limits)
        except Exception as error:
            failures.append({"seed": number, "error": str(error)[:2000]})
    detail = {"seed": first_seed, "runs": number - first_seed, "seconds": round(time.monotonic() - began, 1)}
    return [
        row("sandbox.fuzz.steps", Machine.steps, STEPS, "min", "steps", detail),
        row("sandbox.fuzz.failures", len(failures), 0, "max", "runs", detail | {"failures": failures}),
    ]


def row(name: str, value: float, limit: float, sense: str, unit: str, detail: dict) -> dict:
    """One measured value beside the limit that the project has set itself."""
    return {"name": name, "value": value, "limit": limit, "sense": sense, "unit": unit, "detail": detail}


def main() -> None:
    """Run everything, with the seed of the command line or a new one."""
    first_seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(10**6)
    rows = sandbox(first_seed)
    for one in rows:
        sys.stdout.write(
            f"{one['name']:<28}{one['value']:>10} {one['unit']}, {one['sense']} {one['limit']}\n"
        )
        for failure in one["detail"].get("failures", ()):
            sys.stdout.write(f"  seed {failure['seed']}: {failure['error']}\n")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
