"""The directory: our mirror of QuickBooks' lists. What is in it, and having it read anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from peewee import Expression, ModelSelect

from webapp.db import transaction
from webapp.db.search import MAX_TERM, begins_with, fold, matches
from webapp.links.mirror_rows import columns_of, name_key, upsert
from webapp.links.refreshing import Progress, progress, refresh, refresh_pending, request_refresh
from webapp.models import DirectoryEntry, ListKind
from webapp.quickbooks.lists import row_for

__all__ = [
    "Progress",
    "entries",
    "entry",
    "named",
    "progress",
    "refresh",
    "refresh_pending",
    "remember",
    "request_refresh",
    "search",
]


def remember(workspace_id: int, realm_id: str, kind: ListKind | str, entity: Mapping[str, Any]) -> None:
    """Take over one object as QuickBooks answered it, after it was created or changed there."""
    row = row_for(ListKind(kind).value, entity)
    with transaction():
        upsert([columns_of(workspace_id, realm_id, row)])


def search(
    workspace_id: int,
    realm_id: str,
    kind: ListKind | str,
    text: str,
    limit: int = 20,
    where: Expression | None = None,
) -> list[DirectoryEntry]:
    """Active entries in which every word of the text occurs; those that begin with it come first.

    Without a text, the first entries in name order; only those that ``where`` fits, if it is given.
    """
    listed = _listed(workspace_id, realm_id, kind).where(DirectoryEntry.active)
    listed = listed if where is None else listed.where(where)
    condition = matches(DirectoryEntry, text)
    if condition is None:
        return list(listed.limit(limit))
    start = fold(text[:MAX_TERM])
    begins = begins_with(DirectoryEntry.folded, start)
    found = list(listed.where(begins).limit(limit))
    if len(found) < limit:
        others = condition & DirectoryEntry.id.not_in([entry.id for entry in found])
        found.extend(listed.where(others).limit(limit - len(found)))
    return found


def entry(
    workspace_id: int, realm_id: str, kind: ListKind | str, remote_id: str | None
) -> DirectoryEntry | None:
    """One entry by QuickBooks' id, active or not; None when the list does not have it."""
    wanted = remote_id or ""
    return entries(workspace_id, realm_id, kind, {wanted}).get(wanted) if wanted else None


def entries(
    workspace_id: int, realm_id: str, kind: ListKind | str, remote_ids: Collection[str]
) -> dict[str, DirectoryEntry]:
    """The entries with these ids, active or not, by id; what the list does not have is left out."""
    ids = {remote_id for remote_id in remote_ids if remote_id.isprintable()}  # Postgres takes no NUL
    if not ids:
        return {}
    found = _listed(workspace_id, realm_id, kind).where(DirectoryEntry.remote_id.in_(ids))
    return {row.remote_id: row for row in found}


def named(
    workspace_id: int, realm_id: str, kind: ListKind | str, names: Iterable[str]
) -> list[DirectoryEntry]:
    """The entries that have one of these names, whatever the case; the active ones first."""
    keys = {name_key(name) for name in names}
    if not keys:
        return []
    found = _listed(workspace_id, realm_id, kind).where(DirectoryEntry.name_key.in_(keys))
    return sorted(found, key=lambda row: not row.active)


def _listed(workspace_id: int, realm_id: str, kind: ListKind | str) -> ModelSelect:
    return DirectoryEntry.list(workspace_id, realm_id, ListKind(kind))
