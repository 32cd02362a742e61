"""The general ledger: for every posting transaction rows whose debits and credits are equal.

Rows are written in the database transaction that stores the object; the balances of accounts, customers and
vendors follow from the rows. Amounts are whole cents, debits positive: in the company's money, and for what
customers and vendors owe or are owed also in the transaction's.
"""

from decimal import Decimal
from typing import NamedTuple

from . import account_roles, postings
from .books import Body, Books
from .posting import Row
from .tax import cents

CENTS = Decimal(100)
OPENING = "OpeningBalance"
_COLUMNS = (
    "realm, entity, txn_id, place, day, account, cents, owed, party_kind, party, target_kind, target, class, "
    "department, memo"
)
_READ = "account, cents, owed, party_kind, party, target_kind, target, class, department, memo"
_ON_BALANCE_SHEET = ("Asset", "Liability", "Equity")


class LedgerError(RuntimeError):
    """Debits and credits differ: a fault of this program."""


class _Account(NamedTuple):
    classification: str
    parent: str | None


def post(books: Books, entity: str, body: Body | None, old: Body | None) -> None:
    """Bring the rows of a stored or, with body None, deleted transaction up to date."""
    txn_id = (body or old or {})["Id"]
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
    if not balance or classification not in _ON_BALANCE_SHEET:
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
    key = (books.realm, entity, txn_id)
    before: list[Row] = []
    if had_rows:
        where = "realm = ? AND entity = ? AND txn_id = ?"
        found = books.db.execute(f"SELECT {_READ} FROM ledger WHERE {where} ORDER BY place", key)
        before = [Row(*row) for row in found]
        books.db.execute(f"DELETE FROM ledger WHERE {where}", key)
    places = ",".join("?" * len(_COLUMNS.split(",")))
    books.db.executemany(
        f"INSERT INTO ledger ({_COLUMNS}) VALUES ({places})",
        [(*key, place, day, *row) for place, row in enumerate(rows)],
    )
    _move_accounts(books, before, rows)
    _move_parties(books, before, rows)


def trial_balance(books: Books) -> dict[str, int]:
    """The balance of every account in cents, debits positive; all of them together are nothing."""
    found = books.db.execute(
        "SELECT account, sum(cents) FROM ledger WHERE realm = ? GROUP BY account", (books.realm,)
    )
    return dict(found.fetchall())


def _move_accounts(books: Books, before: list[Row], rows: list[Row]) -> None:
    moved: dict[str, int] = {}
    for sign, version in ((-1, before), (1, rows)):
        for row in version:
            moved[row.account] = moved.get(row.account, 0) + sign * row.cents
    for account_id, amount in moved.items():
        if amount:
            _move_account(books, account_id, amount)


def _move_account(books: Books, account_id: str, amount: int) -> None:
    """Add to an account's balance, and to that of those above it; income and costs show none."""
    account = _account(books, account_id)
    if account is None or account.classification not in _ON_BALANCE_SHEET:
        return
    _write_balance(books, account_id, "CurrentBalance", "own", amount)
    above: str | None = account_id
    while above is not None:
        _write_balance(books, above, "CurrentBalanceWithSubAccounts", "whole", amount)
        found = _account(books, above)
        above = found.parent if found else None


def _write_balance(books: Books, account_id: str, name: str, kind: str, amount: int) -> None:
    """Move one balance; the account's own times and SyncToken stay."""
    total = books.db.execute(
        "INSERT INTO account_total VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET cents = cents + excluded.cents RETURNING cents",
        (books.realm, account_id, kind, amount),
    ).fetchone()[0]
    books.db.execute(
        "UPDATE object SET json = json_set(json, ?, json(?)) "
        "WHERE realm = ? AND entity = 'Account' AND id = ?",
        (f"$.{name}", str(Decimal(total) / CENTS), books.realm, account_id),
    )


def _account(books: Books, account_id: str) -> _Account | None:
    row = books.db.execute(
        "SELECT json_extract(json, '$.Classification'), json_extract(json, '$.ParentRef.value') "
        "FROM object WHERE realm = ? AND entity = 'Account' AND id = ?",
        (books.realm, account_id),
    ).fetchone()
    return _Account(row[0] or "", row[1]) if row else None


def _move_parties(books: Books, before: list[Row], rows: list[Row]) -> None:
    """Move what customers owe and vendors are owed; whoever is named has changed, even by nothing."""
    moved: dict[tuple[str, str], int] = {}
    for sign, version in ((-1, before), (1, rows)):
        for row in version:
            if row.owed is not None:
                party = (row.party_kind, row.party)
                moved[party] = moved.get(party, 0) + sign * row.owed
    for (entity, party_id), amount in moved.items():
        # A vendor's balance is what we owe: a credit.
        _move_party(books, entity, party_id, Decimal(-amount if entity == "Vendor" else amount) / CENTS)


def _move_party(books: Books, entity: str, party_id: str, amount: Decimal) -> None:
    party = books.find(entity, party_id)
    if party is not None and "Balance" in party:
        party["Balance"] = Decimal(party["Balance"]) + amount
    while party is not None:
        if "BalanceWithJobs" in party:
            party["BalanceWithJobs"] = Decimal(party["BalanceWithJobs"]) + amount
        books.touch(entity, party)
        parent = party.get("ParentRef")
        party = books.find(entity, parent["value"]) if parent else None
