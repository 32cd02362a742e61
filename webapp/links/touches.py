"""Notes which records changed, so that the worker looks again for suggestions where they may be others.

Whoever changes a company, a link or an entry says so in the same transaction; entries are noted by whatever
writes the mirror. What is noted is read in the order in which it was committed: this takes the lock that
``standings.sync`` takes, and comes before documents are marked, so that nobody waits for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from webapp.db import rows
from webapp.db.bulk import insert_rows
from webapp.jobs import service as jobs
from webapp.links import standings
from webapp.models import DirectoryEntry, ListKind, Side, Touched

KIND: Final = "find_suggestions"
# What is done in quick succession is looked at together
WAIT: Final = timedelta(seconds=1)
# When so many change at once, everything is looked at anew
MOST: Final = 200
SIDES: Final = {ListKind.CUSTOMER: Side.CUSTOMER, ListKind.VENDOR: Side.VENDOR}
# The columns of an entry that matching looks at
MATCHED: Final = (
    "name", "full_name", "active", "email", "phone", "city", "region", "postal_code", "extra",
)  # fmt: skip


def everything(workspace_id: int) -> None:
    """All may have changed."""
    standings.one_at_a_time(workspace_id)
    last = "SELECT side FROM link_touched WHERE workspace_id = ? ORDER BY id DESC LIMIT 1"
    if not jobs.is_waiting(workspace_id, KIND) or rows(last, [workspace_id]) != [(Side.ALL.value,)]:
        Touched.create(workspace=workspace_id, side=Side.ALL)
    jobs.start_once(workspace_id, KIND, WAIT)


def companies(workspace_id: int, ids: Collection[int]) -> None:
    """These companies changed, or their links did."""
    _note(workspace_id, Side.COMPANY, map(str, ids), len(ids))


def entries(workspace_id: int, kind: str, remote_ids: Collection[str]) -> None:
    """These customers or vendors changed, or what is linked to them; other lists are passed over."""
    side = SIDES.get(ListKind(kind))
    if side is not None:
        _note(workspace_id, side, remote_ids, len(remote_ids))


def links(workspace_id: int, kind: str, company_ids: Collection[int], remote_ids: Collection[str]) -> None:
    """The links of these companies to these customers or vendors changed."""
    companies(workspace_id, company_ids)
    entries(workspace_id, kind, remote_ids)


def changed_among(new_rows: Sequence[dict[str, Any]]) -> list[str]:
    """The ids of those rows, of one list, that would change something that matching looks at."""
    if not new_rows or ListKind(new_rows[0]["kind"]) not in SIDES:
        return []
    first = new_rows[0]
    listed = DirectoryEntry.list(first["workspace"], first["realm_id"], ListKind(first["kind"]))
    ids = [row["remote_id"] for row in new_rows]
    before = {row.remote_id: row for row in listed.where(DirectoryEntry.remote_id.in_(ids))}
    return [row["remote_id"] for row in new_rows if _differs(before.get(row["remote_id"]), row)]


def _differs(before: DirectoryEntry | None, row: dict[str, Any]) -> bool:
    if before is None:
        return bool(row["active"])
    return any(getattr(before, name) != row[name] for name in MATCHED)


def _note(workspace_id: int, side: Side, refs: Iterable[str], number: int) -> None:
    if number > MOST:
        everything(workspace_id)
    elif number:
        standings.one_at_a_time(workspace_id)
        insert_rows(Touched, [{"workspace": workspace_id, "side": side, "ref": ref} for ref in refs])
        jobs.start_once(workspace_id, KIND, WAIT)
