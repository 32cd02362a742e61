"""What Link companies shows: the overview of a member type, a row of the table, a page of rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from webapp.links.creations import Creation
from webapp.models import MemberType, StandingState


@dataclass(frozen=True)
class OverviewRow:
    """How far one member type has come."""

    member_type: MemberType
    linked: int
    suggested: int
    conflict: int
    not_linked: int
    do_not_link: int

    @property
    def review(self) -> int:
        """What waits for somebody to look at it."""
        return self.suggested + self.conflict

    @property
    def total(self) -> int:
        """All that are linked or wait to be."""
        return self.linked + self.review + self.not_linked


class Sort(StrEnum):
    """The orders of the table: by name, by name from the end, by the best suggestion."""

    NAME = "name"
    NAME_DOWN = "-name"
    SCORE = "score"


class Row(NamedTuple):
    """One company of the table, in the order of the query's columns.

    ``remote_id`` is what it is linked to, or what is suggested with ``score`` and ``reasons`` (JSON text);
    ``alike`` is how many a person has to choose from, ``creation`` what became of making its customer or
    vendor in QuickBooks, as long as there is news of it.
    """

    company_id: int
    name: str
    sort_name: str
    number: str
    city: str
    region: str
    email: str
    phone: str
    postal_code: str
    state: StandingState
    remote_id: str | None
    score: int | None
    reasons: str
    alike: int
    remote_name: str
    remote_parent: str
    creation_id: int | None = None
    shared_with: tuple[str, ...] = ()
    creation: Creation | None = None


Cursor = tuple[str | int, int]


@dataclass(frozen=True)
class View:
    """What of the table is looked at: a search, a state, an order, and where the page begins or ends."""

    text: str = ""
    state: StandingState | None = None
    sort: Sort = Sort.NAME
    after: Cursor | None = None
    before: Cursor | None = None

    def cursor(self, row: Row) -> Cursor:
        """Where a row stands in the order."""
        return (row.score or 0 if self.sort is Sort.SCORE else row.sort_name), row.company_id


@dataclass(frozen=True)
class Page:
    """A page of rows, how many rows each state has under the same search, and where pages go on.

    ``counts`` is None when a search finds more than can be counted quickly.
    """

    rows: tuple[Row, ...]
    counts: dict[StandingState, int] | None
    previous: Cursor | None
    next: Cursor | None
