from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.delivery.backoff import FIRST_WAIT, LONGEST_WAIT, MAX_ATTEMPTS, is_exhausted, wait_seconds

chances = st.floats(0, 1)


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 0, 1), (1, 1, 2), (2, 1, 4), (3, 0, 4), (5, 1, 32), (20, 1, 600), (20, 0, 300)],
)
def test_the_wait_doubles_up_to_a_limit(attempts: int, chance: float, seconds: float) -> None:
    assert wait_seconds(attempts, chance) == seconds


@given(st.integers(1, 10_000), chances)
def test_the_wait_stays_within_its_limits(attempts: int, chance: float) -> None:
    assert FIRST_WAIT / 2 <= wait_seconds(attempts, chance) <= LONGEST_WAIT


@given(st.integers(1, 100), chances)
def test_the_next_wait_is_never_shorter_at_the_same_chance(attempts: int, chance: float) -> None:
    assert wait_seconds(attempts + 1, chance) >= wait_seconds(attempts, chance)


@pytest.mark.parametrize(("attempts", "chance"), [(0, 0.5), (-1, 0.5), (1, -0.1), (1, 1.1)])
def test_nonsense_is_refused(attempts: int, chance: float) -> None:
    with pytest.raises(ValueError, match="no wait"):
        wait_seconds(attempts, chance)


def test_the_last_attempt_is_the_eighth() -> None:
    assert not is_exhausted(MAX_ATTEMPTS - 1)
    assert is_exhausted(8)
