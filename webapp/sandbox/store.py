"""The SQLite store: one file or memory, one connection, one lock.

A single connection behind a lock makes every write a critical section, which is what the promise of
`requestid` needs; the statements are so short that readers hardly wait.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VERSION = 5
SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS object (
    row INTEGER PRIMARY KEY, realm TEXT NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL,
    active INTEGER NOT NULL, name TEXT, full_name TEXT, sort TEXT, number TEXT,
    created INTEGER NOT NULL, updated INTEGER NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL,
    own INTEGER NOT NULL DEFAULT 0, whole INTEGER NOT NULL DEFAULT 0,
    UNIQUE (realm, entity, id)
);
CREATE INDEX IF NOT EXISTS object_name ON object (realm, entity, name) WHERE name IS NOT NULL;
CREATE INDEX IF NOT EXISTS object_full_name ON object (realm, full_name) WHERE full_name IS NOT NULL;
CREATE INDEX IF NOT EXISTS object_number ON object (realm, entity, number) WHERE number IS NOT NULL;
CREATE INDEX IF NOT EXISTS object_listed ON object (realm, entity, sort, active, id) WHERE sort IS NOT NULL;
CREATE INDEX IF NOT EXISTS object_recent ON object (realm, entity, updated, seq, active);
CREATE TABLE IF NOT EXISTS ledger (
    place INTEGER PRIMARY KEY, realm TEXT NOT NULL, entity TEXT NOT NULL, txn_id TEXT NOT NULL,
    day TEXT NOT NULL, account TEXT NOT NULL, cents INTEGER NOT NULL, owed INTEGER,
    party_kind TEXT NOT NULL, party TEXT NOT NULL, target_kind TEXT NOT NULL, target TEXT NOT NULL,
    class TEXT NOT NULL, department TEXT NOT NULL, memo TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS deleted (
    realm TEXT NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL, updated INTEGER NOT NULL,
    PRIMARY KEY (realm, entity, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    realm TEXT NOT NULL, id TEXT NOT NULL, token TEXT UNIQUE NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (realm, id)
);
CREATE TABLE IF NOT EXISTS counter (
    realm TEXT NOT NULL, space TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (realm, space)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replay (
    realm TEXT NOT NULL, requestid TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL,
    request TEXT NOT NULL,
    PRIMARY KEY (realm, requestid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS consent (
    id INTEGER PRIMARY KEY, realm TEXT NOT NULL, scope TEXT NOT NULL, created INTEGER NOT NULL,
    code TEXT UNIQUE NOT NULL, redirect_uri TEXT NOT NULL, code_used INTEGER NOT NULL DEFAULT 0, nonce TEXT,
    refresh_token TEXT UNIQUE, refresh_issued INTEGER, refresh_expires INTEGER,
    old_refresh_token TEXT UNIQUE, old_refresh_expires INTEGER, revoked INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS access_token (
    token TEXT PRIMARY KEY, consent INTEGER NOT NULL REFERENCES consent (id), expires INTEGER NOT NULL
) WITHOUT ROWID;
"""

# What SQLite is told of the shape of big stores: for each index the rows, and how many of them share its
# first one, two, three … columns. Without it the planner walks a list where an index has what is sought.
STATISTICS = {
    "sqlite_autoindex_object_1": "1000000 500000 30000 1",
    "object_name": "1000000 500000 30000 2",
    "object_full_name": "1000000 500000 2",
    "object_number": "1000000 500000 30000 2",
    "object_listed": "1000000 500000 30000 2 2 1",
    "object_recent": "1000000 500000 30000 10 1 1",
}
# Cache and map hold 100,000 customers, so that a page of a long list costs what one of a short list does.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=5000",
    "cache_size=-65536",
    "temp_store=MEMORY",
    "mmap_size=1073741824",
)


# The counter that holds the version of a company's lists.
_LISTS = "lists"
# How many objects and other things are kept of each company's lists.
MOST_KEPT = 2048


class Database(sqlite3.Connection):
    """A connection that keeps, beside it, what was read from the companies' lists."""

    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self._kept: dict[str, tuple[int, dict[Any, Any]]] = {}

    def lists_version(self, realm: str) -> int:
        """A number that is another one whenever a company's lists have changed."""
        row = self.execute(
            "SELECT value FROM counter WHERE realm = ? AND space = ?", (realm, _LISTS)
        ).fetchone()
        return row[0] if row else 0

    def change_lists(self, realm: str | None = None) -> None:
        """Give the lists of a company, or of all, a new version, one that they never had before."""
        known = [row[0] for row in self.execute("SELECT realm FROM counter WHERE space = ?", (_LISTS,))]
        rows = [(one, _LISTS, time.time_ns()) for one in ([realm] if realm else known)]
        self.executemany("INSERT OR REPLACE INTO counter VALUES (?, ?, ?)", rows)

    def kept(self, realm: str, version: int | None = None) -> tuple[int, dict[Any, Any]]:
        """What was read from a company's lists while they had this version, or the last one that was seen."""
        found = self._kept.get(realm)
        if version is None:
            version = found[0] if found else self.lists_version(realm)
        if found is None or found[0] != version or len(found[1]) > MOST_KEPT:
            found = self._kept[realm] = (version, {})
        return found


class StoreError(RuntimeError):
    """The file is not one that this version can read."""


class Store:
    """The server's whole state between restarts.

    path: an SQLite file, or None to keep everything in memory.
    Raises StoreError for a file of another version.
    """

    def __init__(self, path: str | None):
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None, factory=Database
        )
        for pragma in PRAGMAS:
            self._db.execute(f"PRAGMA {pragma}")
        self._check_version(path)
        self._queue = Path(f"{path}-queue").open("ab") if path else None  # noqa: SIM115 - close closes it
        self._withdrawn = 0
        self._db.executescript(SCHEMA)
        self._db.execute(f"PRAGMA user_version={VERSION}")
        self._teach_planner()

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()
            if self._queue:
                self._queue.close()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Lend the connection for reading, one reader at a time."""
        with self._lock:
            yield self._db

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Lend the connection inside one transaction: all of it is kept, or nothing is."""
        with self._lock, self._turn():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for other processes on the same file; SQLite alone would sleep and look again."""
        if self._queue is None:
            yield
            return
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    def withdrawals(self) -> int:
        """How often any process has withdrawn something that the others may have kept to themselves.

        The length of the queue's file says so, which costs far less to look at than the database.
        """
        return os.fstat(self._queue.fileno()).st_size if self._queue else self._withdrawn

    def withdraw(self) -> None:
        """Let every process look anew, after the transaction that withdrew something."""
        self._withdrawn += 1
        if self._queue:
            self._queue.write(b".")
            self._queue.flush()

    def start_over(self, db: sqlite3.Connection) -> None:
        """Take back everything that the running transaction did, and go on in a new one.

        What a savepoint would do too, which has every page that is changed after it copied first.
        """
        db.execute("ROLLBACK")
        db.execute("BEGIN IMMEDIATE")

    @contextmanager
    def savepoint(self, db: sqlite3.Connection) -> Iterator[None]:
        """Take back what the block changed inside the running transaction when it raises."""
        db.execute("SAVEPOINT step")
        try:
            yield
        except BaseException:
            db.execute("ROLLBACK TO step")
            db.execute("RELEASE step")
            raise
        db.execute("RELEASE step")

    def _teach_planner(self) -> None:
        """Give the planner the statistics; https://www.sqlite.org/fileformat2.html#the_sqlite_stat1_table."""
        self._db.execute("ANALYZE sqlite_schema")
        if self._db.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0] == 0:
            rows = [("object", index, numbers) for index, numbers in STATISTICS.items()]
            self._db.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", rows)
            self._db.execute("ANALYZE sqlite_schema")

    def _check_version(self, path: str | None) -> None:
        tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and self._db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            self._db.close()
            raise StoreError(f"{path} was written by another version; remove it or choose another file")

    def setting(self, key: str) -> str | None:
        """Read one of the server's own settings."""
        with self.reading() as db:
            row = db.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_setting(self, key: str, value: str) -> None:
        """Write one of the server's own settings."""
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))
