"""`make bench`, or `make bench ONLY=sandbox`: measure, print a table, and write build/bench.json."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from .rows import Row, table

AREAS = ("sandbox", "settings", "links", "matching")
RESULT = Path(__file__).resolve().parents[2] / "build/bench.json"


def main(only: list[str]) -> int:
    """Measure the areas asked for, or all; 0 when it ran, whatever the values, 2 for an unknown area."""
    if unknown := set(only) - set(AREAS):
        print(f"unknown: {', '.join(sorted(unknown))}; there is {', '.join(AREAS)}")  # noqa: T201
        return 2
    rows: list[Row] = []
    for area in only or AREAS:
        rows += importlib.import_module(f"{__package__}.{area}").measure()
    print(table(rows))  # noqa: T201
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
