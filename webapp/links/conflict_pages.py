"""Reading conflicts: one page of them along an index, each with what happened and what it blocks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from webapp.accounting.drafts import DocumentKind
from webapp.db import is_sqlite, rows
from webapp.links import conflict_rows, table
from webapp.links.hits import hits
from webapp.links.snapshots import version_of
from webapp.models import ConflictKind, Link, LinkConflict, MemberType

PAGE: Final = 25
MOST_BLOCKED: Final = 100
"""As many documents are counted for a row; of more it is said that there are more."""

COLUMNS: Final = """
SELECT x.id, x.company_id, x.member_type, x.kind, x.noticed_at, c.name, c.number, x.remote_id,
  l.state, l.version, l.linked_at, l.known_name, e.name, s.remote_id, s.name, s.full_name
FROM link_conflict x JOIN company c ON c.id = x.company_id
LEFT JOIN link l ON l.workspace_id = x.workspace_id AND l.realm_id = ? AND l.company_id = x.company_id
  AND l.member_type = x.member_type
LEFT JOIN directory_entry e ON e.workspace_id = x.workspace_id AND e.realm_id = ?
  AND e.kind = CASE x.member_type WHEN 'customer' THEN 'customer' ELSE 'vendor' END
  AND e.remote_id = x.remote_id
LEFT JOIN directory_entry s ON s.workspace_id = x.workspace_id AND s.realm_id = ?
  AND s.kind = CASE x.member_type WHEN 'customer' THEN 'customer' ELSE 'vendor' END
  AND s.remote_id = x.successor_id AND s.active
"""
SALES: Final = (DocumentKind.INVOICE,)
COSTS: Final = (DocumentKind.BILL, DocumentKind.PURCHASE_ORDER)


class Row(NamedTuple):
    """One conflict; ``token`` stands for the link as it is, ``blocked`` is how many documents wait for it.

    ``before`` is the name that people know, ``now`` the one in QuickBooks; ids that are not known are empty.
    """

    id: int
    company_id: int
    member_type: MemberType
    kind: ConflictKind
    noticed_at: datetime | None
    company: str
    number: str
    remote_id: str
    token: str
    before: str
    now: str
    successor_id: str
    successor: str
    successor_parent: str
    shared_with: tuple[str, ...] = ()
    blocked: int = 0

    @property
    def remote_kind(self) -> str:
        """The list that the link leads into."""
        return self.member_type.remote_kind


@dataclass(frozen=True)
class View:
    """Which conflicts are looked at: a search, a kind, and the id after or before which the page stands."""

    text: str = ""
    kind: ConflictKind | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Page:
    """A page of conflicts, the newest first, and the ids from which pages go on."""

    rows: tuple[Row, ...]
    previous: int | None
    next: int | None


def page(workspace_id: int, realm_id: str, view: View, limit: int = PAGE) -> Page:
    """One page of the view."""
    where = ["x.workspace_id = ?"]
    values: list[Any] = [workspace_id]
    if view.kind is not None:
        where.append("x.kind = ?")
        values.append(view.kind.value)
    found = hits(workspace_id, view.text)
    if found is not None:
        where.append(
            "x.company_id IN (SELECT value FROM json_each(?))" if is_sqlite() else "x.company_id = ANY(?)"
        )
        values.append(json.dumps(found) if is_sqlite() else found)
    cursor = view.before or view.after
    if cursor is not None:
        where.append(f"x.id {'>' if view.before else '<'} ?")
        values.append(cursor)
    order = "ASC" if view.before else "DESC"
    statement = f"{COLUMNS} WHERE {' AND '.join(where)} ORDER BY x.id {order} LIMIT ?"
    read = [_row(one) for one in rows(statement, [*[realm_id] * 3, *values, limit + 1])]
    shown, has_more = read[:limit], len(read) > limit
    if view.before:
        shown.reverse()
    back, on = (has_more, True) if view.before else (view.after is not None, has_more)
    whole = _with_facts(workspace_id, realm_id, shown)
    return Page(
        tuple(whole),
        previous=shown[0].id if shown and back else None,
        next=shown[-1].id if shown and on else None,
    )


def _row(values: Sequence[Any]) -> Row:
    id_, company_id, member_type, kind, noticed_at, company, number, remote_id, *rest = values
    state, version, linked_at, known, name, successor_id, successor, full_name = rest
    moment = Link.linked_at.python_value(linked_at)
    return Row(
        id=id_,
        company_id=company_id,
        member_type=MemberType(member_type),
        kind=ConflictKind(kind),
        noticed_at=LinkConflict.noticed_at.python_value(noticed_at),
        company=company,
        number=number,
        remote_id=remote_id,
        token=version_of(state, remote_id if state else None, version, moment),
        before=known or name or "",
        now=name or "",
        successor_id=successor_id or "",
        successor=successor or "",
        successor_parent=(full_name or "").rpartition(":")[0],
    )


def _with_facts(workspace_id: int, realm_id: str, found: list[Row]) -> list[Row]:
    """The rows with who else is linked to the same one, and how many documents wait."""
    shared: dict[tuple[str, str], dict[int, str]] = {}
    for member_type in (MemberType.CUSTOMER, MemberType.SUPPLIER):
        kind = member_type.remote_kind
        ids = [row.remote_id for row in found if row.kind is ConflictKind.SHARED and row.remote_kind == kind]
        for remote_id, companies in table.sharers(workspace_id, realm_id, member_type, ids).items():
            shared[kind, remote_id] = companies
    blocked = _blocked([row for row in found if row.kind in conflict_rows.GONE])
    whole = []
    for row in found:
        companies = shared.get((row.remote_kind, row.remote_id), {})
        others = tuple(name for id_, name in companies.items() if id_ != row.company_id)
        whole.append(row._replace(shared_with=others, blocked=blocked.get(row.id, 0)))
    return whole


def _blocked(found: list[Row]) -> dict[int, int]:
    """How many documents of each row's company are blocked, one more than ``MOST_BLOCKED`` at most."""
    if not found:
        return {}
    parts, values = [], []
    for row in found:
        kinds = SALES if row.member_type is MemberType.CUSTOMER else COSTS
        names = ", ".join(f"'{kind.value}'" for kind in kinds)
        parts.append(
            f"SELECT {row.id}, (SELECT count(*) FROM (SELECT 1 FROM document d JOIN document_status s "
            f"ON s.document_id = d.id WHERE d.company_id = ? AND d.kind IN ({names}) AND s.state = 'blocked' "
            f"LIMIT {MOST_BLOCKED + 1}) AS counted)"
        )
        values.append(row.company_id)
    return {int(id_): int(number) for id_, number in rows(" UNION ALL ".join(parts), values)}
