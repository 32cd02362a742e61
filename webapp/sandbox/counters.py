"""The numbers that a company's books give out: ids by kind, and the place of each write among all."""

import sqlite3

# The counter of transactions, and how many writes of each find a place before the next.
TURN, WRITES = "turn", 1000


class Counters:
    """The counters of one company inside one database transaction."""

    def __init__(self, db: sqlite3.Connection, realm: str):
        self._db = db
        self._realm = realm
        self._turn = 0
        self._written = WRITES

    def next(self, space: str) -> int:
        """Take the next number of a counter."""
        if self._written < WRITES:
            return self._take(space)[space]
        # One statement moves both, since a write that needs an id needs a place as well.
        taken = self._take(space, TURN)
        self._turn, self._written = taken[TURN], 0
        return taken[space]

    def place(self) -> int:
        """The place of a write: later ones have a higher number, whichever transaction they belong to."""
        if self._written == WRITES:
            self._turn, self._written = self._take(TURN)[TURN], 0
        self._written += 1
        return self._turn * WRITES + self._written

    def reserve(self, space: str, value: int) -> None:
        """Let a counter go on after a number that was given by hand."""
        self._db.execute(
            "INSERT INTO counter VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET value = max(value, excluded.value)",
            (self._realm, space, value),
        )

    def _take(self, *spaces: str) -> dict[str, int]:
        """Move counters on and answer their new values; those that are missing begin."""
        marks = ",".join("?" * len(spaces))
        rows = self._db.execute(
            f"UPDATE counter SET value = value + 1 WHERE realm = ? AND space IN ({marks}) "
            "RETURNING space, value",
            (self._realm, *spaces),
        )
        taken = dict(rows.fetchall())
        for space in spaces:
            if space not in taken:
                self.reserve(space, 1)
                taken[space] = 1
        return taken
