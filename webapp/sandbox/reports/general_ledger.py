"""General ledger: every account with its balance before the period and the rows that moved it."""

from datetime import date
from typing import Any

from .. import jsontext
from ..books import Body, Books
from . import cash, period, profit_and_loss, shape
from .request import Request
from .statement import Account, accounts

_HEADS = (
    ("Date", "tx_date"), ("Transaction Type", "txn_type"), ("Num", "doc_num"), ("Name", "name"),
    ("Memo/Description", "memo"), ("Split", "split_acc"), ("Amount", "subt_nat_amount"),
    ("Balance", "rbal_nat_amount"),
)  # fmt: skip
_WORDS = {
    "CreditMemo": "Credit Memo", "SalesReceipt": "Sales Receipt", "RefundReceipt": "Refund",
    "VendorCredit": "Vendor Credit", "JournalEntry": "Journal Entry", "Purchase": "Expense",
    "CreditCardPaymentTxn": "Credit Card Payment", "OpeningBalance": "Opening Balance",
}  # fmt: skip
_PAID = {"Check": "Check", "CreditCard": "Credit Card Expense"}
# These accounts grow with debits; the amounts of all others are shown the other way round.
_DEBIT_TYPES = ("Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset",
                "Cost of Goods Sold", "Expense", "Other Expense")  # fmt: skip
_ORDER = ("Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset",
          "Accounts Payable", "Credit Card", "Other Current Liability", "Long Term Liability", "Equity",
          "Income", "Cost of Goods Sold", "Expense", "Other Income", "Other Expense")  # fmt: skip


def report(books: Books, request: Request) -> Body:
    """The general ledger report."""
    with cash.source(books, request.basis) as table:
        pages = _Pages(books, request, table)
    start, end = request.period
    return shape.report(
        books,
        request,
        [shape.column(title, kind) for title, kind in _HEADS],
        pages.rows(),
        ReportBasis=request.basis,
        StartPeriod=start.isoformat(),
        EndPeriod=end.isoformat(),
    )


class _Pages:
    """What the ledger says of each account in a period."""

    def __init__(self, books: Books, request: Request, table: str):
        self.books = books
        self.accounts = accounts(books)
        self.names = {account.id: account.name for account in self.accounts}
        self.known: dict[tuple[str, str], Body] = {}
        start, end = (day.isoformat() for day in request.period)
        year = period.fiscal_year_start(request.period.start, request.first_month).isoformat()
        where = f"FROM {table} WHERE realm = ?{request.where}"
        values = (books.realm, *request.values)
        before = f"SELECT account, sum(cents) {where} AND day < ? AND day >= ? GROUP BY account"
        self.before = dict(books.db.execute(before, (*values, start, date.min.isoformat())).fetchall())
        self.this_year = dict(books.db.execute(before, (*values, start, year)).fetchall())
        self.entries: dict[str, list[Any]] = {}
        found = books.db.execute(
            f"SELECT account, day, entity, txn_id, party_kind, party, memo, cents {where} "
            "AND day BETWEEN ? AND ? ORDER BY day, CAST(txn_id AS INTEGER), place",
            (*values, start, end),
        )
        for row in found:
            self.entries.setdefault(row[0], []).append(row[1:])
        self.splits = self._splits(table)

    def rows(self) -> list[Body]:
        """The sections of all accounts that the report shows, in the order of a chart of accounts."""
        order = {kind: place for place, kind in enumerate(_ORDER)}
        top = [one for one in self.accounts if not one.parent]
        found = [self._section(one) for one in sorted(top, key=lambda one: order.get(one.type, len(order)))]
        return [row for row in found if row]

    def _splits(self, table: str) -> dict[tuple[str, str], list[str]]:
        """The accounts of every transaction that the report shows."""
        shown = {(row[1], row[2]) for rows in self.entries.values() for row in rows}
        found: dict[tuple[str, str], list[str]] = {}
        rows = self.books.db.execute(
            f"SELECT DISTINCT entity, txn_id, account FROM {table} WHERE realm = ?", (self.books.realm,)
        )
        for entity, txn_id, account in rows:
            if (entity, txn_id) in shown:
                found.setdefault((entity, txn_id), []).append(account)
        return found

    def _section(self, account: Account) -> Body | None:
        sign = 1 if account.type in _DEBIT_TYPES else -1
        below = [self._section(one) for one in self.accounts if one.parent == account.id]
        past = self.this_year if account.type in profit_and_loss.TYPES else self.before
        balance = sign * past.get(account.id, 0)
        rows = [shape.data(["Beginning Balance", *[""] * 6, shape.money(balance)])] if balance else []
        entries, moved = self.entries.get(account.id, []), 0
        for entry in entries:
            moved += sign * entry[-1]
            rows.append(self._entry(account.id, entry, sign * entry[-1], balance + moved))
        rows += [row for row in below if row]
        if not rows:
            return None
        head: list[str | Body] = [{"value": account.name, "id": account.id}, *[""] * 7]
        total = shape.money(moved) if entries else ""
        return shape.section(head, rows, [f"Total for {account.name}", *[""] * 5, total, ""])

    def _entry(self, account: str, entry: Any, amount: int, balance: int) -> Body:
        day, entity, txn_id, party_kind, party, memo, _ = entry
        body = self._object(entity, txn_id)
        name = self._object(party_kind, party).get("DisplayName", "") if party else ""
        number = body.get("DocNumber") or body.get("PaymentRefNum", "")
        kind: Body = {"value": _kind(entity, body), "id": txn_id}
        others = [one for one in self.splits[entity, txn_id] if one != account]
        split: Body = {"value": self.names.get(others[0], ""), "id": others[0]} if len(others) == 1 else {
            "value": "-Split-", "id": ""}  # fmt: skip
        who: Body = {"value": name, "id": party}
        return shape.data([day, kind, number, who, memo, split, shape.money(amount), shape.money(balance)])

    def _object(self, entity: str, object_id: str) -> Body:
        key = (entity, object_id)
        if key not in self.known:
            text = self.books.text(entity, object_id)
            self.known[key] = jsontext.loads(text) if text else {}
        return self.known[key]


def _kind(entity: str, body: Body) -> str:
    if entity == "Purchase":
        return _PAID.get(body.get("PaymentType", ""), _WORDS[entity])
    if entity == "BillPayment":
        return f"Bill Payment ({'Check' if body.get('PayType') == 'Check' else 'Credit Card'})"
    return _WORDS.get(entity, entity)
