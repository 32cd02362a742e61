"""Keeps the rows of Link companies true: what each company's links, lists and suggestions make of it.

Every change of a company, a link, a suggestion or an entry calls ``sync`` for the companies concerned; what
it finds as it should be is not written, so it may be called for any company at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from webapp.db import database, is_postgres, rows
from webapp.db.bulk import insert_rows, update_rows
from webapp.errors import NotFound
from webapp.links import conflict_rows
from webapp.models import (
    Company,
    Connection,
    DirectoryEntry,
    Link,
    LinkState,
    MemberType,
    Standing,
    StandingCount,
    StandingState,
    Suggestion,
)

CHUNK = 500
# From so many per cent on a suggestion is shown, or several that are alike together
WORTH_OFFERING, WORTH_CHOOSING = 50, 30
MOST_AFFECTED = 500
# Of Postgres' advisory locks the ones with this first key belong to standings
LOCK = 5_001
FLAGS = {
    MemberType.CUSTOMER: "is_customer",
    MemberType.SUPPLIER: "is_supplier",
    MemberType.DECORATOR: "is_decorator",
}

Key = tuple[int, MemberType]


@dataclass(frozen=True)
class Wanted:
    """How a row should be."""

    state: StandingState
    sort_name: str
    remote_id: str | None = None
    score: int | None = None
    reasons: tuple[Any, ...] = ()
    alike: int = 0

    def values(self) -> dict[str, Any]:
        """As columns."""
        return {**vars(self), "reasons": list(self.reasons)}


def sync(workspace_id: int, company_ids: Collection[int]) -> int:
    """Bring the rows of these companies up to date, in the caller's transaction; how many were written.

    Changes of one workspace come one after the other, so that the counts are right: call it last.
    """
    written = 0
    ids = sorted(set(company_ids))
    if ids:
        one_at_a_time(workspace_id)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        written += _sync(workspace_id, chunk)
        conflict_rows.sync(workspace_id, chunk)
    return written


def company(workspace_id: int | None, company_id: int, member_type: MemberType) -> Company:
    """A company of this member type; raises NotFound."""
    found = Company.get_or_none(
        (Company.workspace == workspace_id)
        & (Company.id == company_id)
        & getattr(Company, FLAGS[member_type])
    )
    if found is None:
        raise NotFound
    return found


def companies_on(workspace_id: int, realm_id: str, remote_kind: str, remote_ids: Collection[str]) -> set[int]:
    """The companies whose rows an entry may change: linked to it, or with it among their suggestions."""
    types = [member_type for member_type in MemberType if member_type.remote_kind == remote_kind]
    found: set[int] = set()
    for model in (Link, Suggestion):
        found_in = model.select(model.company).where(
            (model.workspace == workspace_id)
            & (model.realm_id == realm_id)
            & model.member_type.in_(types)
            & model.remote_id.in_(list(remote_ids))
        )
        found.update(id_ for (id_,) in found_in.limit(MOST_AFFECTED).tuples())
    return found


def _sync(workspace_id: int, ids: list[int]) -> int:
    wanted = _wanted(workspace_id, ids)
    present = {
        (row.company_id, row.member_type): row
        for row in Standing.select().where((Standing.workspace == workspace_id) & Standing.company.in_(ids))
    }
    new = [key for key in wanted if key not in present]
    gone = [row for key, row in present.items() if key not in wanted]
    changed = {key: row for key, row in present.items() if key in wanted and _differs(row, wanted[key])}
    insert_rows(
        Standing,
        [
            {"workspace": workspace_id, "company": key[0], "member_type": key[1], **wanted[key].values()}
            for key in new
        ],
    )
    update_rows(Standing, {row.id: wanted[key].values() for key, row in changed.items()})
    if gone:
        Standing.delete().where(Standing.id.in_([row.id for row in gone])).execute()
    moved = Counter((key[1], wanted[key].state) for key in (*new, *changed))
    moved.subtract((row.member_type, row.state) for row in (*gone, *changed.values()))
    _count(workspace_id, moved)
    return len(new) + len(gone) + len(changed)


def _differs(row: Standing, wanted: Wanted) -> bool:
    return any(getattr(row, name) != value for name, value in wanted.values().items())


def _wanted(workspace_id: int, ids: list[int]) -> dict[Key, Wanted]:
    """How the rows of these companies should be, in four queries."""
    connection = Connection.of(workspace_id)
    realm_id = connection.realm_id if connection else ""
    links = _links(workspace_id, realm_id, ids)
    offered = _suggestions(workspace_id, realm_id, ids)
    columns = [Company.id, Company.sort_name, *(getattr(Company, flag) for flag in FLAGS.values())]
    companies = Company.select(*columns).where((Company.workspace == workspace_id) & Company.id.in_(ids))
    wanted = {}
    for id_, sort_name, *flags in companies.tuples():
        for member_type, is_one in zip(FLAGS, flags, strict=True):
            if is_one:
                key = (id_, member_type)
                wanted[key] = _row(sort_name, links.get(key), offered.get(key, []))
    return wanted


def _row(
    sort_name: str, link: tuple[LinkState, str | None, bool] | None, offered: list[Suggestion]
) -> Wanted:
    if link is not None:
        state, remote_id, is_active = link
        if state == LinkState.DO_NOT_LINK:
            return Wanted(StandingState.DO_NOT_LINK, sort_name)
        return Wanted(StandingState.LINKED if is_active else StandingState.CONFLICT, sort_name, remote_id)
    alike = [one for one in offered if one.ambiguous]
    best = offered[0] if offered else None
    if best is None or not is_worth_offering(best, alike):
        return Wanted(StandingState.NOT_LINKED, sort_name)
    number = len(alike) if best.ambiguous else 0
    reasons = tuple(best.reasons)
    return Wanted(StandingState.SUGGESTED, sort_name, best.remote_id, best.score, reasons, number)


def is_worth_offering(best: Suggestion, alike: list[Suggestion]) -> bool:
    """Whether the likeliest suggestion, or it and those ``alike`` together, is likely enough to be shown."""
    if not best.ambiguous:
        return best.score >= WORTH_OFFERING
    return sum(one.score for one in alike) >= WORTH_CHOOSING


def _links(workspace_id: int, realm_id: str, ids: list[int]) -> dict[Key, tuple[LinkState, str | None, bool]]:
    """The links of these companies, each with whether QuickBooks still uses what it leads to."""
    query = (
        Link.select(Link.company, Link.member_type, Link.state, Link.remote_id, DirectoryEntry.active)
        .join(DirectoryEntry, JOIN.LEFT_OUTER, on=_entry_of(Link))
        .where((Link.workspace == workspace_id) & (Link.realm_id == realm_id) & Link.company.in_(ids))
    )
    return {
        (company, member_type): (state, remote_id, bool(active))
        for company, member_type, state, remote_id, active in query.tuples()
    }


def _suggestions(workspace_id: int, realm_id: str, ids: list[int]) -> dict[Key, list[Suggestion]]:
    """What is suggested for each company, best first: in use, not turned down, no other company's already."""
    other = Link.alias()
    is_taken = other.select(other.id).where(
        (other.workspace == workspace_id)
        & (other.realm_id == realm_id)
        & (other.member_type == Suggestion.member_type)
        & (other.remote_id == Suggestion.remote_id)
        & (other.state == LinkState.LINKED)
    )
    query = (
        Suggestion.select(Suggestion)
        .join(DirectoryEntry, on=_entry_of(Suggestion))
        .where(
            (Suggestion.workspace == workspace_id)
            & (Suggestion.realm_id == realm_id)
            & Suggestion.company.in_(ids)
            & ~Suggestion.dismissed
            & DirectoryEntry.active
            & ~fn.EXISTS(is_taken)
        )
        .order_by(Suggestion.company, Suggestion.score.desc(), Suggestion.place)
    )
    found: dict[Key, list[Suggestion]] = {}
    for row in query:
        found.setdefault((row.company_id, row.member_type), []).append(row)
    return found


def _entry_of(model: type[Link] | type[Suggestion]) -> Any:
    """The entry that a link or suggestion leads to; customers and vendors are numbered apart."""
    is_customer = model.member_type == MemberType.CUSTOMER
    kind = DirectoryEntry.kind
    return (
        (DirectoryEntry.workspace == model.workspace)
        & (DirectoryEntry.realm_id == model.realm_id)
        & (DirectoryEntry.remote_id == model.remote_id)
        & ((is_customer & (kind == "customer")) | (~is_customer & (kind == "vendor")))
    )


def _count(workspace_id: int, moved: Mapping[tuple[MemberType, StandingState], int]) -> None:
    for (member_type, state), number in sorted(moved.items()):
        if number:
            StandingCount.insert(
                workspace=workspace_id, member_type=member_type, state=state, companies=number
            ).on_conflict(
                conflict_target=[StandingCount.workspace, StandingCount.member_type, StandingCount.state],
                update={StandingCount.companies: StandingCount.companies + number},
            ).execute()


def one_at_a_time(workspace_id: int) -> None:
    """Wait for other transactions that write these rows; SQLite has one writer at a time anyway."""
    if is_postgres():
        database.execute_sql("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK, workspace_id))


def counts(workspace_id: int, member_type: MemberType) -> dict[StandingState, int]:
    """How many companies stand in each state."""
    statement = "SELECT state, companies FROM link_standing_count WHERE workspace_id = ? AND member_type = ?"
    kept = {
        StandingState(state): number for state, number in rows(statement, [workspace_id, member_type.value])
    }
    return dict.fromkeys(StandingState, 0) | kept


def ids_after(workspace_id: int, company_id: int, limit: int) -> list[int]:
    """The next companies by id, for whoever goes through all of them."""
    query = Company.select(Company.id).where((Company.workspace == workspace_id) & (Company.id > company_id))
    return [id_ for (id_,) in query.order_by(Company.id).limit(limit).tuples()]
