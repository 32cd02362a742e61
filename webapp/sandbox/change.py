"""One object on its way into the books: what the rules of settling look at and write to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from . import jsontext
from .books import Body, Books
from .entities import Entity

if TYPE_CHECKING:
    from .posting import Row


class Early(NamedTuple):
    """The JSON text of a body as far as it was known early, and the fields that come late."""

    text: str
    late: tuple[str, ...]

    @classmethod
    def of(cls, body: Body, late: tuple[str, ...]) -> Early:
        """Write what is known of a body."""
        return cls(jsontext.dumps({key: item for key, item in body.items() if key not in late}), late)

    def completed(self, body: Body) -> str:
        """The text with what has come since."""
        late = jsontext.dumps({key: body[key] for key in self.late if key in body})
        return f"{self.text[:-1]},{late[1:]}"


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
