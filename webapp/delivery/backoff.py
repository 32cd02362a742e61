"""How long a delivery waits before its next try. Pure."""

from __future__ import annotations

from typing import Final

FIRST_WAIT: Final = 2.0
LONGEST_WAIT: Final = 600.0
MAX_ATTEMPTS: Final = 8


def wait_seconds(attempts: int, chance: float) -> float:
    """The seconds to wait after so many failed tries: twice as long each time, within limits.

    Args:
        attempts: how many tries have failed, from 1.
        chance: a random number from 0 to 1; it spreads the waits over the upper half of the span, so that
            deliveries that failed together do not come back together.

    Raises:
        ValueError: when nothing has failed yet or ``chance`` lies outside its range.
    """
    if attempts < 1 or not 0 <= chance <= 1:
        raise ValueError(f"no wait for {attempts} attempts with chance {chance}")
    span = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 30))
    return span * (0.5 + chance / 2)


def is_exhausted(attempts: int) -> bool:
    """Whether so many failed tries are enough to give up."""
    return attempts >= MAX_ATTEMPTS
