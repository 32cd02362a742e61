"""Keeps the list of links that somebody has to look at, as ``standings`` keeps the rows of Link companies.

Written is only what differs; what became another conflict is a new row, so that the newest stand first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from webapp.db import rows
from webapp.db.bulk import insert_rows
from webapp.jobs import service as jobs
from webapp.models import ConflictKind, Connection, LinkConflict, MemberType

SUCCESSORS: Final = "find_successors"
"""The job that looks for who took the place of what is gone (see ``successors``)."""
GONE: Final = frozenset({ConflictKind.MERGED, ConflictKind.DELETED, ConflictKind.INACTIVE})
"""With these the company's documents cannot be sent."""

# Supplier and decorator links lead into one list, customer links into another.
LINKS: Final = """
SELECT l.company_id, l.member_type, l.remote_id, l.known_name, l.shared_meant, l.role_meant,
  c.is_customer, c.is_supplier, c.is_decorator, e.active, e.deleted, e.merged_into, e.name,
  EXISTS (SELECT 1 FROM link o WHERE o.workspace_id = l.workspace_id AND o.realm_id = l.realm_id
    AND o.member_type IN (l.member_type,
      CASE l.member_type WHEN 'supplier' THEN 'decorator' WHEN 'decorator' THEN 'supplier' ELSE 'customer'
      END)
    AND o.remote_id = l.remote_id AND o.state = 'linked' AND o.company_id <> l.company_id)
FROM link l JOIN company c ON c.id = l.company_id
LEFT JOIN directory_entry e ON e.workspace_id = l.workspace_id AND e.realm_id = l.realm_id
  AND e.kind = CASE l.member_type WHEN 'customer' THEN 'customer' ELSE 'vendor' END
  AND e.remote_id = l.remote_id
WHERE l.workspace_id = ? AND l.realm_id = ? AND l.state = 'linked' AND l.company_id IN ({marks})
"""

Key = tuple[int, MemberType]


class _Link(NamedTuple):
    """A link with what it leads to, in the order of the query's columns."""

    company_id: int
    member_type: str
    remote_id: str
    known_name: str
    shared_meant: bool
    role_meant: bool
    is_customer: bool
    is_supplier: bool
    is_decorator: bool
    active: bool | None
    deleted: bool | None
    merged_into: str | None
    name: str | None
    is_shared: bool

    @property
    def kind(self) -> ConflictKind | None:
        """What is the matter with it, the gravest first; None when nothing is."""
        if not getattr(self, f"is_{self.member_type}") and not self.role_meant:
            return ConflictKind.NOT_MEMBER
        if not self.active:
            if self.merged_into:
                return ConflictKind.MERGED
            return ConflictKind.DELETED if self.deleted is None or self.deleted else ConflictKind.INACTIVE
        if self.known_name and self.known_name.casefold() != (self.name or "").casefold():
            return ConflictKind.RENAMED
        return ConflictKind.SHARED if self.is_shared and not self.shared_meant else None


def sync(workspace_id: int, company_ids: Sequence[int]) -> None:
    """Bring the conflicts of these companies up to date, in the caller's transaction."""
    wanted = _wanted(workspace_id, company_ids)
    mine = (LinkConflict.workspace == workspace_id) & LinkConflict.company.in_(company_ids)
    present = {(row.company_id, row.member_type): row for row in LinkConflict.select().where(mine)}
    gone = [row.id for key, row in present.items() if (row.kind, row.remote_id) != _told(wanted.get(key))]
    if gone:
        LinkConflict.delete().where(LinkConflict.id.in_(gone)).execute()
    new = [
        link
        for key, link in wanted.items()
        if key not in present or (present[key].kind, present[key].remote_id) != _told(link)
    ]
    insert_rows(LinkConflict, [_row(workspace_id, link) for link in new])
    if any(link.kind in GONE for link in new):
        jobs.start_once(workspace_id, SUCCESSORS)


def look_again(workspace_id: int) -> None:
    """Look once more for successors where none was found, in the caller's transaction."""
    none = (LinkConflict.workspace == workspace_id) & (LinkConflict.successor_id == "")
    if LinkConflict.update(successor_id=None).where(none).execute():
        jobs.start_once(workspace_id, SUCCESSORS)


def _wanted(workspace_id: int, company_ids: Sequence[int]) -> dict[Key, _Link]:
    connection = Connection.of(workspace_id)
    if connection is None or not company_ids:
        return {}
    statement = LINKS.format(marks=", ".join("?" * len(company_ids)))
    links = (_Link(*values) for values in rows(statement, [workspace_id, connection.realm_id, *company_ids]))
    return {(link.company_id, MemberType(link.member_type)): link for link in links if link.kind is not None}


def _told(link: _Link | None) -> tuple[ConflictKind | None, str] | None:
    return None if link is None else (link.kind, link.remote_id)


def _row(workspace_id: int, link: _Link) -> dict[str, Any]:
    return {
        "workspace": workspace_id,
        "company": link.company_id,
        "member_type": link.member_type,
        "kind": link.kind,
        "remote_id": link.remote_id,
    }
