"""One object on its way into the books: what the rules of settling look at and write to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .books import Body, Books, Early
from .entities import Entity

if TYPE_CHECKING:
    from .posting import Row


@dataclass
class Change:
    """A create or update under way.

    body: the object as it would be stored; the rules correct and complete it. old: the stored object,
    None for a create. sent: the properties that the request named. allow_duplicates: a document number
    may be taken. links: the LinkedTxn of the request, None when it sent none. early and rows: the text of the
    body and its rows in the ledger, where they were made before its turn.
    """

    books: Books
    spec: Entity
    body: Body
    old: Body | None
    sent: frozenset[str]
    allow_duplicates: bool = False
    links: list[Body] | None = None
    early: Early | None = None
    rows: list[Row] | None = None

    def is_new(self, name: str) -> bool:
        """Whether the request gives the property a value that the stored object does not have."""
        return self.old is None or self.old.get(name) != self.body.get(name)
