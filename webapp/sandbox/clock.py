"""The server's own clock, which the control page can move ahead."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from .store import Store

# Answers carry the company's local time with its offset; one fixed offset keeps them readable side by side.
COMPANY_ZONE = timezone(timedelta(hours=-8))


class Clock:
    """Seconds since the epoch, plus an offset that survives restarts with the store."""

    def __init__(self, store: Store):
        self._store = store
        self._offset = int(store.setting("clock_offset") or 0)

    def now(self) -> int:
        """Whole seconds since the epoch, as the server sees them."""
        return int(time.time()) + self._offset

    def moment(self) -> float:
        """The same instant as now, with its fraction."""
        return time.time() + self._offset

    def today(self) -> date:
        """The date in the companies' time zone."""
        return datetime.fromtimestamp(self.now(), COMPANY_ZONE).date()

    def advance(self, seconds: int) -> int:
        """Move the clock and return the new time."""
        self._set(self._offset + seconds)
        return self.now()

    def reset(self) -> None:
        """Go back to real time."""
        self._set(0)

    def _set(self, offset: int) -> None:
        self._offset = offset
        self._store.set_setting("clock_offset", str(offset))


@lru_cache(16)
def stamp(seconds: int) -> str:
    """Write an instant as MetaData does: local time to the second, with its offset."""
    return datetime.fromtimestamp(seconds, COMPANY_ZONE).isoformat()


@lru_cache(16)
def answer_time(seconds: int) -> str:
    """Write an instant as the `time` of an answer does: with milliseconds."""
    return datetime.fromtimestamp(seconds, COMPANY_ZONE).isoformat(timespec="milliseconds")


def instant(text: str) -> int:
    """Read an ISO date or time as whole seconds; without an offset it is the companies' time.

    Raises ValueError when the text is neither. A plus sign that a careless URL turned into a space is
    taken back.
    """
    moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=COMPANY_ZONE)
    return int(moment.astimezone(UTC).timestamp())
