"""Reading Link companies: one page of rows, without a query per row and without building model objects.

Pages are read along an index from a cursor, so a deep page costs what the first one does. A search that
finds few companies looks these up; one that finds very many reads along the same index and leaves out what
does not fit, which is quick just because so many do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from webapp.db import is_sqlite, rows
from webapp.db.search import MAX_TERM, MAX_WORDS, fold
from webapp.links import creations, standings
from webapp.links.hits import MOST_HITS, hits
from webapp.links.rows import Cursor, OverviewRow, Page, Row, Sort, View
from webapp.models import MemberType, StandingState

MOST_SHARERS: Final = 100
PAGE: Final = 50

COLUMNS: Final = """
SELECT s.company_id, c.name, s.sort_name, c.number, c.bill_city, c.bill_region, c.email, c.phone,
       c.bill_postal_code, s.state, s.remote_id, s.score, s.reasons, s.alike, e.name, e.full_name,
       (SELECT max(d.id) FROM delivery d WHERE d.company_id = s.company_id
        AND d.remote_kind = CASE s.member_type WHEN 'customer' THEN 'customer' ELSE 'vendor' END)
"""
JOINED: Final = """
JOIN company c ON c.id = s.company_id
LEFT JOIN directory_entry e ON e.workspace_id = s.workspace_id AND e.realm_id = ? AND e.kind = ?
  AND e.remote_id = s.remote_id
"""


def overview(workspace_id: int) -> list[OverviewRow]:
    """How far linking has come, per member type; the counts are kept."""
    found = []
    for member_type in MemberType:
        kept = standings.counts(workspace_id, member_type)
        found.append(
            OverviewRow(
                member_type,
                linked=kept[StandingState.LINKED],
                suggested=kept[StandingState.SUGGESTED],
                conflict=kept[StandingState.CONFLICT],
                not_linked=kept[StandingState.NOT_LINKED],
                do_not_link=kept[StandingState.DO_NOT_LINK],
            )
        )
    return found


def page(workspace_id: int, realm_id: str, member_type: MemberType, view: View, limit: int = PAGE) -> Page:
    """One page of the view."""
    found = hits(workspace_id, view.text)
    is_narrow = found is not None and len(found) <= MOST_HITS
    where = ["s.workspace_id = ?", "s.member_type = ?"]
    values: list[Any] = [workspace_id, member_type.value]
    source = "FROM link_standing s"
    if is_narrow:
        condition, value = _among(found or [])
        where.append(condition)
        values.append(value)
    elif found is not None:
        for word in fold(view.text[:MAX_TERM]).split()[:MAX_WORDS]:
            where.append("instr(c.folded, ?) > 0" if is_sqlite() else "strpos(c.folded, ?) > 0")
            values.append(word)
    counts = _counts(workspace_id, member_type, where, values) if is_narrow else None
    if found is None:
        counts = standings.counts(workspace_id, member_type)
    place, values_of_place, order = _place(view)
    where += place
    statement = f"{COLUMNS} {source} {JOINED} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?"
    kind = member_type.remote_kind
    read = rows(statement, [realm_id, kind, *values, *values_of_place, limit + 1])
    return _page(
        workspace_id, realm_id, member_type, view, [as_row(values) for values in read], counts, limit
    )


def row(workspace_id: int, realm_id: str, member_type: MemberType, company_id: int) -> Row | None:
    """One row of the table; None when there is no such company of this member type."""
    where = "WHERE s.workspace_id = ? AND s.member_type = ? AND s.company_id = ?"
    values = [realm_id, member_type.remote_kind, workspace_id, member_type.value, company_id]
    read = rows(f"{COLUMNS} FROM link_standing s {JOINED} {where}", values)
    found = _with_news(workspace_id, realm_id, member_type, [as_row(values) for values in read])
    return found[0] if found else None


def sharers(
    workspace_id: int, realm_id: str, member_type: MemberType, remote_ids: Sequence[str]
) -> dict[str, dict[int, str]]:
    """The companies (name by id) that are linked to each of some customers or vendors."""
    if not remote_ids:
        return {}
    types = [other.value for other in MemberType if other.remote_kind == member_type.remote_kind]
    marks = ", ".join("?" * len(remote_ids))
    statement = f"""
SELECT l.remote_id, c.id, c.name FROM link l JOIN company c ON c.id = l.company_id
WHERE l.workspace_id = ? AND l.realm_id = ? AND l.member_type IN ({", ".join("?" * len(types))})
  AND l.remote_id IN ({marks}) AND l.state = 'linked' ORDER BY c.sort_name, c.id LIMIT {MOST_SHARERS}
"""
    found: dict[str, dict[int, str]] = {}
    for remote_id, company_id, name in rows(statement, [workspace_id, realm_id, *types, *remote_ids]):
        found.setdefault(remote_id, {})[company_id] = name
    return found


def _place(view: View) -> tuple[list[str], list[Any], str]:
    """The conditions of state and cursor with their values, and the order; backwards for what is before."""
    where: list[str] = []
    values: list[Any] = []
    if view.state is not None:
        where.append("s.state = ?")
        values.append(view.state.value)
    column = "s.score" if view.sort is Sort.SCORE else "s.sort_name"
    is_down = (view.sort is not Sort.NAME) != (view.before is not None)
    cursor = view.before or view.after
    if cursor is not None:
        where.append(f"({column}, s.company_id) {'<' if is_down else '>'} (?, ?)")
        values.extend(cursor)
    direction = "DESC" if is_down else "ASC"
    return where, values, f"{column} {direction}, s.company_id {direction}"


def _page(
    workspace_id: int,
    realm_id: str,
    member_type: MemberType,
    view: View,
    found: list[Row],
    counts: dict[StandingState, int] | None,
    limit: int,
) -> Page:
    has_more = len(found) > limit
    shown = found[:limit] if view.before is None else found[:limit][::-1]
    back, on = (view.after is not None, has_more) if view.before is None else (has_more, True)
    return Page(
        rows=tuple(_with_news(workspace_id, realm_id, member_type, shown)),
        counts=counts,
        previous=view.cursor(shown[0]) if shown and back else None,
        next=view.cursor(shown[-1]) if shown and on else None,
    )


def as_row(values: tuple[Any, ...]) -> Row:
    """A row from the query's columns."""
    *columns, state, remote_id, score, reasons, alike, name, full_name, creation_id = values
    parent = (full_name or "").rpartition(":")[0]
    shown = (name or "", parent, creation_id)
    return Row(*(*columns, StandingState(state), remote_id, score, reasons, alike, *shown))


def _with_news(workspace_id: int, realm_id: str, member_type: MemberType, found: list[Row]) -> list[Row]:
    """The rows with who else is linked to their customer or vendor, and what became of making it."""
    rows_ = _with_sharers(workspace_id, realm_id, member_type, found)
    asked = [row.company_id for row in rows_ if row.creation_id and row.state is not StandingState.LINKED]
    news = creations.newest(workspace_id, realm_id, member_type, asked)
    return [row._replace(creation=news[row.company_id]) if row.company_id in news else row for row in rows_]


def _with_sharers(workspace_id: int, realm_id: str, member_type: MemberType, found: list[Row]) -> list[Row]:
    """The rows with who else is linked to their customer or vendor."""
    linked = [row.remote_id for row in found if row.remote_id and row.state is not StandingState.SUGGESTED]
    shared = sharers(workspace_id, realm_id, member_type, linked)
    others = {
        row.company_id: tuple(
            name for id_, name in shared.get(row.remote_id or "", {}).items() if id_ != row.company_id
        )
        for row in found
    }
    return [
        row._replace(shared_with=others[row.company_id]) if others[row.company_id] else row for row in found
    ]


def _among(ids: list[int]) -> tuple[str, Any]:
    if is_sqlite():
        return "s.company_id IN (SELECT value FROM json_each(?))", json.dumps(ids)
    return "s.company_id = ANY(?)", ids


def _counts(
    workspace_id: int, member_type: MemberType, where: list[str], values: list[Any]
) -> dict[StandingState, int]:
    statement = f"SELECT s.state, count(*) FROM link_standing s WHERE {' AND '.join(where)} GROUP BY s.state"
    found = {StandingState(state): number for state, number in rows(statement, values)}
    return dict.fromkeys(StandingState, 0) | found


def text_of(cursor: Cursor) -> str:
    """A cursor as it stands in an address."""
    return f"{cursor[1]}.{cursor[0]}"
