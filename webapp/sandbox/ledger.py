"""The general ledger: for every posting transaction rows whose debits and credits are equal.

Rows are written in the database transaction that stores the object; the balances of accounts, customers and
vendors follow from the rows. Amounts are whole cents, debits positive: in the company's money, and for what
customers and vendors owe or are owed also in the transaction's.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from . import account_roles, postings
from .books import Body, Books
from .posting import Row
from .tax import cents

CENTS = Decimal(100)
OPENING = "OpeningBalance"
_ROW = "account, cents, owed, party_kind, party, target_kind, target, class, department, memo"
_COLUMNS = f"place, realm, entity, txn_id, day, {_ROW}"
_INSERT = f"INSERT INTO ledger ({_COLUMNS}) VALUES ({','.join('?' * len(_COLUMNS.split(',')))})"
# Whole cents as JSON has them: in units, without zeros at the end.
_UNITS = """rtrim(rtrim(printf('%s%d.%02d', CASE WHEN {0} < 0 THEN '-' ELSE '' END, abs({0}) / 100,
    abs({0}) % 100), '0'), '.')"""
_MOVE = f"""UPDATE object SET own = own + :own, whole = whole + :whole, json = json_set(json,
    '$.CurrentBalance', json({_UNITS.format("(own + :own)")}),
    '$.CurrentBalanceWithSubAccounts', json({_UNITS.format("(whole + :whole)")}))
    WHERE row = :row"""
# How many rows one transaction has room for.
_ROOM = 2**20
_ON_BALANCE_SHEET = ("Asset", "Liability", "Equity")


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
    first, last = places(books, entity, txn_id)
    before: list[Row] = []
    if had_rows:
        where = "place BETWEEN ? AND ?"
        found = books.db.execute(f"SELECT {_ROW} FROM ledger WHERE {where} ORDER BY place", (first, last))
        before = [Row(*row) for row in found]
        books.db.execute(f"DELETE FROM ledger WHERE {where}", (first, last))
    key = (books.realm, entity, txn_id, day)
    books.db.executemany(_INSERT, [(place, *key, *row) for place, row in enumerate(rows, first)])
    _move_accounts(books, before, rows)
    _move_parties(books, before, rows)


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


def _move_accounts(books: Books, before: list[Row], rows: list[Row]) -> None:
    """Move the balances of accounts, and of those above them; income and costs show none."""
    moved: Counter[str] = Counter()
    for row in rows:
        moved[row.account] += row.cents
    for row in before:
        moved[row.account] -= row.cents
    own = {account: amount for account, amount in moved.items() if amount and _has_balance(books, account)}
    whole: Counter[str] = Counter()
    for account, amount in own.items():
        for one in _lineage(books, account):
            whole[one] += amount
    for account, amount in whole.items():
        _move_account(books, account, own.get(account, 0), amount)


def _has_balance(books: Books, account_id: str) -> bool:
    account = books.peek("Account", account_id)
    return account is not None and account.get("Classification") in _ON_BALANCE_SHEET


def _lineage(books: Books, account_id: str) -> Iterator[str]:
    """An account and all above it."""
    while account := books.peek("Account", account_id):
        yield account_id
        account_id = (account.get("ParentRef") or {}).get("value", "")


def _move_account(books: Books, account_id: str, own: int, whole: int) -> None:
    """Move an account's balances; its own times and SyncToken stay."""
    books.db.execute(_MOVE, {"own": own, "whole": whole, "row": books.row_of("Account", account_id)})
    books.forget("Account", account_id)


def _move_parties(books: Books, before: list[Row], rows: list[Row]) -> None:
    """Move what customers owe and vendors are owed; whoever is named has changed, even by nothing."""
    moved: Counter[tuple[str, str]] = Counter()
    for sign, version in ((-1, before), (1, rows)):
        for row in version:
            if row.owed is not None:
                moved[row.party_kind, row.party] += sign * row.owed
    for (entity, party_id), amount in moved.items():
        # A vendor's balance is what we owe: a credit.
        _move_party(books, entity, party_id, Decimal(-amount if entity == "Vendor" else amount) / CENTS)


def _move_party(books: Books, entity: str, party_id: str, amount: Decimal) -> None:
    """Move the balances of a customer or vendor and, with its jobs, of those above."""
    names: tuple[str, ...] = ("Balance", "BalanceWithJobs")
    party = books.find(entity, party_id)
    while party is not None:
        moved = {name: Decimal(party[name]) + amount for name in names if name in party}
        books.adjust(entity, party["Id"], moved)
        names, parent = ("BalanceWithJobs",), party.get("ParentRef")
        party = books.find(entity, parent["value"]) if parent else None
