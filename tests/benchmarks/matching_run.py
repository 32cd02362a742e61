"""`python -m tests.benchmarks.matching_run SEED SIZE`: match once on its own and say the cost."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from .company_noise import lists
from .matching_judge import judge, suggested


def main(seed: int, size: int) -> None:
    """Print seconds, processor seconds, the process's peak memory in MB and the figures as JSON."""
    made = lists(seed, size)
    began, busy = time.perf_counter(), time.process_time()
    found = suggested(made)
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    memory = _peak_mb()
    figures = judge(made, found)._asdict()
    print(json.dumps({"seconds": seconds, "cpu": cpu, "memory_mb": memory, **figures}))  # noqa: T201


def _peak_mb() -> float:
    """The most memory this program has had; getrusage would count what its parent had before it began."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
