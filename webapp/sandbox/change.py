"""One object on its way into the books: what the rules of settling look at and write to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from .books import Body, Books, Early
from .entities import Entity

if TYPE_CHECKING:
    from .posting import Row


class Ready(NamedTuple):
    """What was made of a new transaction before its turn: its text, its rows for the ledger, its goods."""

    text: Early
    rows: list[Row] | None
    goods: dict[str, Decimal]


@dataclass
class Change:
    """A create or update under way.

    body: the object as it would be stored; the rules correct and complete it. old: the stored object,
    None for a create. sent: the properties that the request named. allow_duplicates: a document number
    may be taken. links: the LinkedTxn of the request, None when it sent none. ready: what was made of it
    before its turn.
    """

    books: Books
    spec: Entity
    body: Body
    old: Body | None
    sent: frozenset[str]
    allow_duplicates: bool = False
    links: list[Body] | None = None
    ready: Ready | None = None

    def is_new(self, name: str) -> bool:
        """Whether the request gives the property a value that the stored object does not have."""
        return self.old is None or self.old.get(name) != self.body.get(name)
