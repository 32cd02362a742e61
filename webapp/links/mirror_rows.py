"""Objects of QuickBooks' lists as rows of our mirror."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from webapp.clock import now
from webapp.db.search import fold
from webapp.links import touches
from webapp.models import DirectoryEntry, ListKind
from webapp.quickbooks.lists import ListRow

MAX_FOLDED = 600  # an index entry of Postgres takes at most 2,704 bytes
KEY = ("workspace", "realm_id", "kind", "remote_id")


def columns_of(workspace_id: int, realm_id: str, row: ListRow) -> dict[str, Any]:
    """A row as columns; texts that are longer than a column are cut, since only QuickBooks' own matter."""
    values = vars(row) | {
        "parent_id": row.parent_id or "",
        "folded": _folded(row),
        "name_key": name_key(row.name),
        "workspace": workspace_id,
        "realm_id": realm_id,
        "updated_at": now(),
    }
    columns = DirectoryEntry._meta.fields
    return {
        name: value[: columns[name].max_length] if isinstance(value, str) else value
        for name, value in values.items()
    }


def name_key(name: str) -> str:
    """A name without regard to case, by which QuickBooks holds names to be unique."""
    return name.casefold()[: DirectoryEntry.name_key.max_length]


def upsert(rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of ``columns_of``, all of one list, in the caller's transaction.

    Suggestions are looked for again where what is new may make a difference.
    """
    touched = touches.changed_among(rows)
    key = [getattr(DirectoryEntry, name) for name in KEY]
    changed = [getattr(DirectoryEntry, name) for name in rows[0] if name not in KEY]
    DirectoryEntry.insert_many(rows).on_conflict(conflict_target=key, preserve=changed).execute()
    if touched:
        touches.entries(rows[0]["workspace"], rows[0]["kind"], touched)


def _folded(row: ListRow) -> str:
    """What an entry is found by: its name first, so that what begins with the term can come first."""
    head = row.name if row.kind == ListKind.ITEM else row.full_name
    words = (head, row.full_name, row.number, str(row.extra.get("company_name", "")), row.email)
    return fold(" ".join(dict.fromkeys(filter(None, words))))[:MAX_FOLDED]
