"""What Link companies shows: the overview of a member type, a row of the table, a page of rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from webapp.links.suggestions import Suggestion
from webapp.models import MemberType


class RowState(StrEnum):
    """How a company stands as one member type; a link to what QuickBooks no longer uses is a conflict."""

    LINKED = "linked"
    NOT_LINKED = "not_linked"
    CONFLICT = "conflict"
    DO_NOT_LINK = "do_not_link"


@dataclass(frozen=True)
class OverviewRow:
    """How far one member type has come; ``review`` counts the conflicts."""

    member_type: MemberType
    linked: int
    review: int
    not_linked: int
    do_not_link: int

    @property
    def total(self) -> int:
        """All that are linked or wait to be."""
        return self.linked + self.review + self.not_linked


@dataclass(frozen=True)
class Row:
    """One company of the table; ``version`` stands for the link as it was read."""

    company_id: int
    name: str
    sort_name: str
    number: str
    city: str
    region: str
    email: str
    phone: str
    postal_code: str
    state: RowState
    version: str
    remote_id: str | None
    remote_name: str
    remote_parent: str
    shared_with: tuple[str, ...] = ()
    suggestion: Suggestion | None = None

    @property
    def cursor(self) -> tuple[str, int]:
        """Where the row stands in the order of the table."""
        return self.sort_name, self.company_id


@dataclass(frozen=True)
class Page:
    """A page of rows, how many rows each state has under the same search, and where pages go on."""

    rows: tuple[Row, ...]
    counts: dict[RowState, int]
    previous: tuple[str, int] | None
    next: tuple[str, int] | None
