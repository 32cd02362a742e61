"""The general ledger: for every posting transaction rows whose debits and credits are equal.

Rows are written in the database transaction that stores the object; the balances of accounts, customers and
vendors follow from the rows. Amounts are whole cents, debits positive: in the company's money, and for what
customers and vendors owe or are owed also in the transaction's.
"""

from decimal import Decimal

from . import account_roles, balances, postings
from .books import Body, Books
from .posting import Row
from .tax import cents

CENTS = Decimal(100)
OPENING = "OpeningBalance"
_ROW = "account, cents, owed, party_kind, party, target_kind, target, class, department, memo"
_COLUMNS = f"place, realm, entity, txn_id, day, {_ROW}"
_INSERT = f"INSERT INTO ledger ({_COLUMNS}) VALUES ({','.join('?' * len(_COLUMNS.split(',')))})"
# How many rows one transaction has room for.
_ROOM = 2**20


class LedgerError(RuntimeError):
    """Debits and credits differ: a fault of this program."""


def post(
    books: Books, entity: str, body: Body | None, old: Body | None, rows: list[Row] | None = None
) -> None:
    """Bring the rows of a stored or, with body None, deleted transaction up to date.

    rows: the new ones, where they are known.
    """
    txn_id = (body or old or {})["Id"]
    if rows is None:
        rows = postings.rows(books, entity, body) if body is not None else []
    write(books, entity, txn_id, body["TxnDate"] if body else "", rows, had_rows=old is not None)


def open_accounts(books: Books) -> None:
    """Book the balances that sample accounts come with, against opening balance equity."""
    day = str(books.get("CompanyInfo", "1").get("CompanyStartDate", books.today()))[:10]
    found = books.db.execute(
        "SELECT id, json_extract(json, '$.CurrentBalance') FROM object "
        "WHERE realm = ? AND entity = 'Account'",
        (books.realm,),
    ).fetchall()
    for account_id, balance in found:
        if balance:
            open_account(books, account_id, Decimal(str(balance)), day)


def open_new_account(books: Books, account: Body) -> None:
    """Book the opening balance that a new account names; what is a debt is named without a sign."""
    balance, classification = account.get("OpeningBalance"), account["Classification"]
    if not balance or classification not in balances.ON_BALANCE_SHEET:
        return
    balance = balance if classification == "Asset" else -balance
    open_account(books, account["Id"], balance, account.get("OpeningBalanceDate") or books.today())
    account |= books.get("Account", account["Id"])


def open_account(books: Books, account_id: str, balance: Decimal, day: str) -> None:
    """Book what an account holds when its books begin."""
    amount = int(cents(balance) * CENTS)
    equity = account_roles.for_role(books, "opening")
    write(books, OPENING, account_id, day, [Row(account_id, amount), Row(equity, -amount)], had_rows=False)


def write(books: Books, entity: str, txn_id: str, day: str, rows: list[Row], *, had_rows: bool) -> None:
    """Replace a transaction's rows and move the balances by the difference; raises LedgerError."""
    if sum(row.cents for row in rows):
        raise LedgerError(f"{entity} {txn_id} is not balanced")
    first, last = places(books, entity, txn_id)
    before: list[Row] = []
    if had_rows:
        where = "place BETWEEN ? AND ?"
        found = books.db.execute(f"SELECT {_ROW} FROM ledger WHERE {where} ORDER BY place", (first, last))
        before = [Row(*row) for row in found]
        books.db.execute(f"DELETE FROM ledger WHERE {where}", (first, last))
    key = (books.realm, entity, txn_id, day)
    books.db.executemany(_INSERT, [(place, *key, *row) for place, row in enumerate(rows, first)])
    balances.move(books, before, rows)


def places(books: Books, entity: str, txn_id: str) -> tuple[int, int]:
    """The first and the last place that the rows of a transaction can have in the ledger.

    New transactions come last, so that writing them changes the ledger's end only.
    """
    row = books.row_of("Account" if entity == OPENING else entity, txn_id)
    return row * _ROOM, (row + 1) * _ROOM - 1


def trial_balance(books: Books) -> dict[str, int]:
    """The balance of every account in cents, debits positive; all of them together are nothing."""
    found = books.db.execute(
        "SELECT account, sum(cents) FROM ledger WHERE realm = ? GROUP BY account", (books.realm,)
    )
    return dict(found.fetchall())
