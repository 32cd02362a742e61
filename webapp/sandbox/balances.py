"""Balances of accounts, customers and vendors, moved by the rows that the ledger gains and loses.

Beside an object stand its own balance and that together with what is below it, in whole cents; its JSON has
them as numbers. Both move in one statement, without the JSON being read here.
"""

from collections import Counter
from collections.abc import Iterator

from .books import Body, Books
from .clock import stamp
from .posting import Row

ON_BALANCE_SHEET = ("Asset", "Liability", "Equity")
# Whole cents as JSON has them: in units, without zeros at the end.
_UNITS = """rtrim(rtrim(printf('%s%d.%02d', CASE WHEN {0} < 0 THEN '-' ELSE '' END, abs({0}) / 100,
    abs({0}) % 100), '0'), '.')"""
_MOVED = {column: f"json({_UNITS.format(f'({column} + :{column})')})" for column in ("own", "whole")}
_MOVE_ACCOUNT = f"""UPDATE object SET own = own + :own, whole = whole + :whole, json = json_set(json,
    '$.CurrentBalance', {_MOVED["own"]}, '$.CurrentBalanceWithSubAccounts', {_MOVED["whole"]})
    WHERE row = :row"""
# A party has changed with its balance, and an account has not.
_MOVE_PARTY = """UPDATE object SET own = own + :own, whole = whole + :whole, updated = :now, seq = :place,
    json = json_set(json, {figures}'$.MetaData.LastUpdatedTime', :time) WHERE row = :row"""
_MOVE_PARTIES = {
    "Customer": _MOVE_PARTY.format(
        figures=f"'$.Balance', {_MOVED['own']}, '$.BalanceWithJobs', {_MOVED['whole']}, "
    ),
    "Vendor": _MOVE_PARTY.format(figures=f"'$.Balance', {_MOVED['own']}, "),
    "Employee": _MOVE_PARTY.format(figures=""),
}


def move(books: Books, before: list[Row], rows: list[Row]) -> None:
    """Move every balance by the difference between the rows that a transaction had and those that it has."""
    _move_accounts(books, before, rows)
    _move_parties(books, before, rows)


def _move_accounts(books: Books, before: list[Row], rows: list[Row]) -> None:
    """Move the balances of accounts, and of those above them; income and costs show none."""
    moved: Counter[str] = Counter()
    for row in rows:
        moved[row.account] += row.cents
    for row in before:
        moved[row.account] -= row.cents
    shown = {account: amount for account, amount in moved.items() if amount and _has_balance(books, account)}
    for account, (own, whole) in _with_those_above(books, "Account", shown).items():
        row_of = books.row_of("Account", account)
        books.db.execute(_MOVE_ACCOUNT, {"own": own, "whole": whole, "row": row_of})
        books.forget("Account", account)


def _move_parties(books: Books, before: list[Row], rows: list[Row]) -> None:
    """Move what customers owe and vendors are owed; whoever is named has changed, even by nothing."""
    moved: dict[str, Counter[str]] = {}
    for sign, version in ((-1, before), (1, rows)):
        for row in version:
            if row.owed is not None and row.party_kind in _MOVE_PARTIES:
                # A vendor's balance is what we owe: a credit.
                owed = -row.owed if row.party_kind == "Vendor" else row.owed
                moved.setdefault(row.party_kind, Counter())[row.party] += sign * owed
    for entity, amounts in moved.items():
        for party, (own, whole) in _with_those_above(books, entity, amounts).items():
            values = {"own": own, "whole": whole, "row": books.row_of(entity, party)}
            times = {"now": books.now, "time": stamp(books.now), "place": books.next_place()}
            books.db.execute(_MOVE_PARTIES[entity], values | times)
            books.forget(entity, party)


def _with_those_above(books: Books, entity: str, moved: dict[str, int]) -> dict[str, tuple[int, int]]:
    """By how much the own balance and the whole one move, of the objects named and of all above them."""
    whole: Counter[str] = Counter()
    for object_id, amount in moved.items():
        for one in _lineage(books, entity, object_id):
            whole[one["Id"]] += amount
    return {one: (moved.get(one, 0), amount) for one, amount in whole.items()}


def _lineage(books: Books, entity: str, object_id: str) -> Iterator[Body]:
    """An object and all above it."""
    while found := books.peek(entity, object_id):
        yield found
        object_id = (found.get("ParentRef") or {}).get("value", "")


def _has_balance(books: Books, account_id: str) -> bool:
    account = books.peek("Account", account_id)
    return account is not None and account.get("Classification") in ON_BALANCE_SHEET
