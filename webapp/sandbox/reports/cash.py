"""The ledger on a cash basis: invoices and bills count when and as far as they are paid.

Every payment of an invoice (or use of a credit) brings that part of the invoice's own rows, on the day of the
payment; what is not paid is left out. So the rows stay balanced.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .. import ledger
from ..books import Books
from ..kinds import KINDS

_COLUMNS = (
    "place, entity, txn_id, day, account, cents, owed, party_kind, party, target_kind, target, class, "
    "department, memo"
)
_OPEN = tuple(name for name, kind in KINDS.items() if kind.open)
_MARKS = ",".join("?" * len(_OPEN))
_TABLE = "temp.cash_ledger"
_DAY, _CENTS, _OWED = 3, 5, 6
LedgerRow = tuple[str | int | None, ...]


@contextmanager
def source(books: Books, basis: str) -> Iterator[str]:
    """The table to read for this basis, for as long as the block runs."""
    if basis != "Cash":
        yield "ledger"
        return
    books.db.execute(f"DROP TABLE IF EXISTS {_TABLE}")
    books.db.execute("CREATE TEMP TABLE cash_ledger AS SELECT * FROM ledger WHERE 0")
    try:
        _fill(books)
        yield _TABLE
    finally:
        books.db.execute(f"DROP TABLE {_TABLE}")


def _fill(books: Books) -> None:
    books.db.execute(
        f"INSERT INTO {_TABLE} SELECT * FROM ledger WHERE realm = ? AND entity NOT IN ({_MARKS})",
        (books.realm, *_OPEN),
    )
    places = ",".join("?" * len(_COLUMNS.split(",")))
    books.db.executemany(
        f"INSERT INTO {_TABLE} (realm, {_COLUMNS}) VALUES (?, {places})",
        ((books.realm, *row) for row in _paid_rows(books)),
    )


def _paid_rows(books: Books) -> Iterator[LedgerRow]:
    payments = books.db.execute(
        "SELECT target_kind, target, day, cents FROM ledger WHERE realm = ? AND target != ''", (books.realm,)
    ).fetchall()
    for entity, txn_id, day, cents in payments:
        rows = books.db.execute(
            f"SELECT {_COLUMNS} FROM ledger WHERE place BETWEEN ? AND ? ORDER BY place",
            ledger.places(books, entity, txn_id),
        ).fetchall()
        yield from _share(rows, -cents, day)


def _share(rows: Iterable[LedgerRow], paid: int, day: str) -> Iterator[LedgerRow]:
    """The part of a transaction's rows that a payment stands for; the largest takes what rounding leaves."""
    found = [list(row) for row in rows]
    whole = sum(int(row[_CENTS] or 0) for row in found if row[_OWED] is not None)
    if not whole:
        return
    for row in found:
        row[_DAY] = max(str(row[_DAY]), day)
        row[_CENTS] = round(int(row[_CENTS] or 0) * paid / whole)
    free = [row for row in found if row[_OWED] is None]
    if free:
        largest = max(free, key=lambda row: abs(int(row[_CENTS] or 0)))
        largest[_CENTS] = int(largest[_CENTS] or 0) - sum(int(row[_CENTS] or 0) for row in found)
    yield from (tuple(row) for row in found)
