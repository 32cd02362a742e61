"""The rows of one transaction while they are collected for the general ledger."""

from decimal import Decimal
from typing import NamedTuple

from . import account_roles, exchange
from .books import Body, Books
from .kinds import KINDS
from .tax import cents


class Row(NamedTuple):
    """One row of the ledger.

    cents: debits positive. owed: the same in the transaction's currency, only on rows that a customer or
    vendor owes by. target: the transaction that such a row pays.
    """

    account: str
    cents: int
    owed: int | None = None
    party_kind: str = ""
    party: str = ""
    target_kind: str = ""
    target: str = ""
    klass: str = ""
    department: str = ""
    memo: str = ""


class Posting:
    """The rows of one transaction while they are collected.

    Every amount is given in the transaction's currency, debits positive.
    """

    def __init__(self, books: Books, entity: str, body: Body):
        self.books = books
        self.entity = entity
        self.body = body
        self.kind = KINDS[entity]
        self.rate = exchange.rate(body)
        self.rows: list[Row] = []
        self.party = _party(entity, body)
        self.department = (body.get("DepartmentRef") or {}).get("value", "")
        self.klass = (body.get("ClassRef") or {}).get("value", "")

    def add(
        self,
        account: str,
        amount: Decimal,
        line: Body | None = None,
        party: tuple[str, str] | None = None,
        rate: Decimal | None = None,
    ) -> None:
        """Add a row for an amount, unless it is nothing."""
        value = _home(amount, rate or self.rate)
        if not value:
            return
        klass, department, memo = self.klass, self.department, ""
        if line:
            detail = line.get(line.get("DetailType", "")) or {}
            klass = detail["ClassRef"]["value"] if detail.get("ClassRef") else klass
            department = detail["DepartmentRef"]["value"] if detail.get("DepartmentRef") else department
            memo = line.get("Description", "")
        kind, party_id = party or self.party
        self.rows.append(Row(account, value, None, kind, party_id, "", "", klass, department, memo))

    def owe(
        self,
        account: str,
        amount: Decimal,
        rate: Decimal | None = None,
        target: tuple[str, str] = ("", ""),
        party: tuple[str, str] | None = None,
    ) -> None:
        """Add a row by which the customer or vendor owes or is owed, even when it is nothing."""
        value, owed = _home(amount, rate or self.rate), _home(amount, Decimal(1))
        kind, party_id = party or self.party
        memo = self.body.get("PrivateNote", "")
        self.rows.append(
            Row(account, value, owed, kind, party_id, *target, self.klass, self.department, memo)
        )

    def balance(self, role: str | None = None) -> None:
        """Put what rounding or rates left over on the account of a role, or else on the largest row.

        Rows that somebody owes by stay as they are.
        """
        left = -sum(row.cents for row in self.rows)
        if not left:
            return
        free = [place for place, row in enumerate(self.rows) if row.owed is None]
        if role or not free:
            kind, party_id = self.party
            account = account_roles.for_role(self.books, role or "exchange")
            self.rows.append(Row(account, left, None, kind, party_id, department=self.department))
            return
        place = max(free, key=lambda number: abs(self.rows[number].cents))
        self.rows[place] = self.rows[place]._replace(cents=self.rows[place].cents + left)


def _home(amount: Decimal, rate: Decimal) -> int:
    return int(cents(Decimal(amount) * rate) * 100)


def _party(entity: str, body: Body) -> tuple[str, str]:
    kind = KINDS[entity]
    reference = body.get(kind.reference) if kind.reference else None
    if not reference:
        return "", ""
    return str(reference.get("type", kind.party)), str(reference["value"])
