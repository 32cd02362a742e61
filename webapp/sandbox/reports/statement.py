"""Sections of accounts with their figures: what profit and loss and balance sheet are made of."""

from typing import NamedTuple

from .. import jsontext
from ..books import Body, Books
from . import shape
from .columns import Column, Sums

# Cents by column.
Figures = dict[str, int]


class Account(NamedTuple):
    """What a report needs to know of an account."""

    id: str
    name: str
    type: str
    parent: str


def accounts(books: Books) -> list[Account]:
    """All accounts of a company, also those that are not used any more, by name."""
    rows = books.db.execute(
        "SELECT json FROM object WHERE realm = ? AND entity = 'Account' ORDER BY sort", (books.realm,)
    )
    found = [jsontext.loads(row[0]) for row in rows]
    return [
        Account(one["Id"], one["Name"], one["AccountType"], (one.get("ParentRef") or {}).get("value", ""))
        for one in found
    ]


class Statement:
    """The accounts and figures of one report.

    sums: in cents, debits positive. totalled: whether the last column adds up the others.
    """

    def __init__(self, books: Books, columns: list[Column], sums: Sums, *, totalled: bool):
        self.columns = columns
        self.totalled = totalled and len(columns) != 1
        self.sums = sums
        self.accounts = accounts(books)
        self.children: dict[str, list[Account]] = {}
        for account in self.accounts:
            self.children.setdefault(account.parent, []).append(account)

    def cells(self, title: str | Body, figures: Figures | None, *, blank: bool = False) -> list[str | Body]:
        """A title and its figures; without any, or when blank and nothing was found, empty cells."""
        count = len(self.columns) + self.totalled
        if figures is None or (blank and not figures):
            return [title, *[""] * count]
        found = [shape.money(figures.get(column.key, 0)) for column in self.columns]
        return [title, *found, *([shape.money(sum(figures.values()))] if self.totalled else [])]

    def of_types(self, types: tuple[str, ...], sign: int) -> tuple[list[Body], Figures]:
        """The rows of the accounts of these types that have figures, and their total."""
        rows: list[Body] = []
        total: Figures = {}
        for account in self.children.get("", []):
            if account.type in types:
                row, figures = self._account(account, sign)
                rows += [row] if row else []
                total = added(total, figures)
        return rows, total

    def section(self, title: str, group: str, types: tuple[str, ...], sign: int) -> tuple[Body, Figures]:
        """A section of these types with a head and a total."""
        rows, total = self.of_types(types, sign)
        head, summary = self.cells(title, None), self.cells(f"Total {title}", total, blank=True)
        return shape.section(head, rows, summary, group), total

    def summary(self, title: str, group: str, figures: Figures) -> Body:
        """A section that is only a result."""
        return shape.section(None, [], self.cells(title, figures, blank=True), group)

    def _account(self, account: Account, sign: int) -> tuple[Body | None, Figures]:
        own = {key: sign * cents for key, cents in self.sums.get(account.id, {}).items()}
        below = [self._account(child, sign) for child in self.children.get(account.id, ())]
        rows = [row for row, _ in below if row]
        title: Body = {"value": account.name, "id": account.id}
        if not rows:
            used = any(own.values())
            return (shape.data(self.cells(title, own)) if used else None), own
        total = own
        for _, figures in below:
            total = added(total, figures)
        summary = self.cells(f"Total {account.name}", total)
        return shape.section(self.cells(title, own, blank=True), rows, summary), total


def added(*parts: Figures) -> Figures:
    """Figures added up column by column."""
    total: Figures = {}
    for part in parts:
        for key, cents in part.items():
            total[key] = total.get(key, 0) + cents
    return total


def negated(figures: Figures) -> Figures:
    """Figures with the opposite sign."""
    return {key: -cents for key, cents in figures.items()}
