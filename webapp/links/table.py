"""Reading Link companies: counts per member type, and one page of rows. No query per row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from peewee import JOIN, SQL, Case, ModelSelect, Tuple, fn

from webapp.db.search import matches
from webapp.links import candidates
from webapp.links.rows import OverviewRow, Page, Row, RowState
from webapp.links.snapshots import version_of
from webapp.models import Company, DirectoryEntry, Link, LinkState, ListKind, MemberType

FLAGS = {
    MemberType.CUSTOMER: Company.is_customer,
    MemberType.SUPPLIER: Company.is_supplier,
    MemberType.DECORATOR: Company.is_decorator,
}
MOST_SHARERS = 100


def overview(workspace_id: int, realm_id: str) -> list[OverviewRow]:
    """How far linking has come, per member type, with one grouped count for each."""
    rows = []
    for member_type in MemberType:
        found = counts(workspace_id, realm_id, member_type)
        rows.append(
            OverviewRow(
                member_type,
                linked=found[RowState.LINKED],
                review=found[RowState.CONFLICT],
                not_linked=found[RowState.NOT_LINKED],
                do_not_link=found[RowState.DO_NOT_LINK],
            )
        )
    return rows


def counts(workspace_id: int, realm_id: str, member_type: MemberType, text: str = "") -> dict[RowState, int]:
    """How many companies each state has, among those that a search finds."""
    columns = (_state(), fn.COUNT(Company.id))
    query = _searched(_joined(columns, workspace_id, realm_id, member_type), text).group_by(SQL("1"))
    return dict.fromkeys(RowState, 0) | {RowState(state): count for state, count in query.tuples()}


def page(
    workspace_id: int,
    realm_id: str,
    member_type: MemberType,
    state: RowState | None = None,
    text: str = "",
    after: tuple[str, int] | None = None,
    before: tuple[str, int] | None = None,
    limit: int = 25,
) -> Page:
    """One page in name order; ``after`` and ``before`` are the cursors of the rows it borders on."""
    query = _searched(_joined(_columns(), workspace_id, realm_id, member_type), text)
    if state is not None:
        query = query.where(_is_in(state))
    place = Tuple(Company.sort_name, Company.id)
    if before is not None:
        query = query.where(place < before).order_by(Company.sort_name.desc(), Company.id.desc())
    else:
        query = query.order_by(Company.sort_name, Company.id)
        query = query if after is None else query.where(place > after)
    found = [_row(*values) for values in query.limit(limit + 1).tuples()]
    has_more = len(found) > limit
    rows = found[:limit] if before is None else found[:limit][::-1]
    back, on = (after is not None, has_more) if before is None else (has_more, True)
    return Page(
        rows=_completed(workspace_id, realm_id, member_type, rows),
        counts=counts(workspace_id, realm_id, member_type, text),
        previous=rows[0].cursor if rows and back else None,
        next=rows[-1].cursor if rows and on else None,
    )


def row(workspace_id: int, realm_id: str, member_type: MemberType, company_id: int) -> Row | None:
    """One row of the table; None when there is no such company of this member type."""
    query = _joined(_columns(), workspace_id, realm_id, member_type).where(Company.id == company_id)
    rows = [_row(*values) for values in query.tuples()]
    return _completed(workspace_id, realm_id, member_type, rows)[0] if rows else None


def sharers(
    workspace_id: int, realm_id: str, member_type: MemberType, remote_ids: list[str]
) -> dict[str, dict[int, str]]:
    """The companies (name by id) that are linked to each of some customers or vendors."""
    same_list = [other for other in MemberType if other.remote_kind == member_type.remote_kind]
    query = (
        Link.select(Link.remote_id, Company.id, Company.name)
        .join(Company)
        .where(
            (Link.workspace == workspace_id)
            & (Link.realm_id == realm_id)
            & Link.member_type.in_(same_list)
            & Link.remote_id.in_(remote_ids)
            & (Link.state == LinkState.LINKED)
        )
        .order_by(Company.sort_name, Company.id)
        .limit(MOST_SHARERS)
    )
    found: dict[str, dict[int, str]] = {}
    for remote_id, company_id, name in query.tuples() if remote_ids else ():
        found.setdefault(remote_id, {})[company_id] = name
    return found


def _joined(
    columns: tuple[Any, ...], workspace_id: int, realm_id: str, member_type: MemberType
) -> ModelSelect:
    link = (
        (Link.workspace == workspace_id)
        & (Link.realm_id == realm_id)
        & (Link.company == Company.id)
        & (Link.member_type == member_type)
    )
    entry = (
        (DirectoryEntry.workspace == workspace_id)
        & (DirectoryEntry.realm_id == realm_id)
        & (DirectoryEntry.kind == ListKind(member_type.remote_kind))
        & (DirectoryEntry.remote_id == Link.remote_id)
    )
    return (
        Company.select(*columns)
        .join(Link, JOIN.LEFT_OUTER, on=link)
        .join(DirectoryEntry, JOIN.LEFT_OUTER, on=entry)
        .where((Company.workspace == workspace_id) & FLAGS[member_type])
    )


def _searched(query: ModelSelect, text: str) -> ModelSelect:
    condition = matches(Company, text)
    return query if condition is None else query.where(condition)


def _columns() -> tuple[Any, ...]:
    company = (Company.id, Company.name, Company.sort_name, Company.number, Company.bill_city)
    details = (Company.bill_region, Company.email, Company.phone, Company.bill_postal_code)
    link = (_state(), Link.state, Link.remote_id, Link.version, Link.linked_at)
    return *company, *details, *link, DirectoryEntry.name, DirectoryEntry.full_name


def _state() -> Case:
    states = [(_is_in(state), state.value) for state in RowState if state is not RowState.CONFLICT]
    return Case(None, states, RowState.CONFLICT.value)


def _is_in(state: RowState) -> Any:
    is_linked = Link.state == LinkState.LINKED
    return {
        RowState.LINKED: is_linked & DirectoryEntry.active,
        RowState.NOT_LINKED: Link.id.is_null(),
        RowState.CONFLICT: is_linked & (DirectoryEntry.id.is_null() | ~DirectoryEntry.active),
        RowState.DO_NOT_LINK: Link.state == LinkState.DO_NOT_LINK,
    }[state]


def _row(*values: Any) -> Row:
    *company, state, link_state, remote_id, version, linked_at, name, full_name = values
    token = version_of(link_state, remote_id, version, linked_at)
    parent = (full_name or "").rpartition(":")[0]
    return Row(*(*company, RowState(state), token, remote_id, name or "", parent))


def _completed(workspace_id: int, realm_id: str, member_type: MemberType, rows: list[Row]) -> tuple[Row, ...]:
    """Rows with who shares their customer or vendor, and with an offer where they are not linked."""
    linked = [row.remote_id for row in rows if row.remote_id]
    shared = sharers(workspace_id, realm_id, member_type, linked)
    unlinked = [row for row in rows if row.state is RowState.NOT_LINKED]
    offers = candidates.offers(workspace_id, realm_id, member_type, unlinked)
    return tuple(
        replace(
            row,
            shared_with=tuple(
                name for id_, name in shared.get(row.remote_id or "", {}).items() if id_ != row.company_id
            ),
            suggestion=offers.get(row.company_id),
        )
        for row in rows
    )
