"""Objects of QuickBooks' lists as rows of our mirror, of which only those are written that differ."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from webapp.clock import now
from webapp.db.search import fold
from webapp.links import touches
from webapp.models import DirectoryEntry, ListKind
from webapp.quickbooks.lists import ListRow

MAX_FOLDED = 600  # an index entry of Postgres takes at most 2,704 bytes
KEY = ("workspace", "realm_id", "kind", "remote_id")
HEAD: Final = (*KEY, "updated_at")


def columns_of(workspace_id: int, realm_id: str, row: ListRow) -> dict[str, Any]:
    """A row as columns; texts that are longer than a column are cut, since only QuickBooks' own matter."""
    values = vars(row) | {
        "parent_id": row.parent_id or "",
        "folded": _folded(row),
        "name_key": name_key(row.name),
        "deleted": False,
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


def write(workspace_id: int, realm_id: str, rows: Collection[ListRow], run: int | None = None) -> list[str]:
    """Write those rows of one list that are new or differ, in the caller's transaction; returns their ids.

    With ``run`` every row is noted as seen by that reading.
    """
    wanted = {row.remote_id: columns_of(workspace_id, realm_id, row) for row in rows}
    if not wanted:
        return []
    first = next(iter(wanted.values()))
    names = tuple(name for name in first if name not in HEAD)
    present = _present(workspace_id, realm_id, first["kind"], list(wanted), names)
    fields = [DirectoryEntry._meta.fields[name] for name in names]
    changed = [
        values
        for remote_id, values in wanted.items()
        if present.get(remote_id) != tuple(field.db_value(values[field.name]) for field in fields)
    ]
    if changed:
        upsert([{**values, "seen_in": run} for values in changed] if run is not None else changed)
    ids = [values["remote_id"] for values in changed]
    if run is not None:
        unchanged = [remote_id for remote_id in wanted if remote_id not in set(ids)]
        of_list(workspace_id, realm_id, first["kind"], unchanged, seen_in=run)
    return ids


def mark_deleted(workspace_id: int, realm_id: str, kind: ListKind | str, ids: Sequence[str]) -> list[str]:
    """Note that these are not in the list any more; returns the ids of those that were until now."""
    present = _present(workspace_id, realm_id, kind, ids, ("deleted",))
    there = [remote_id for remote_id, (is_deleted,) in present.items() if not is_deleted]
    of_list(workspace_id, realm_id, kind, there, active=False, deleted=True, updated_at=now())
    touches.entries(workspace_id, kind, there)
    return there


def of_list(
    workspace_id: int, realm_id: str, kind: ListKind | str, ids: Sequence[str], **values: Any
) -> None:
    """Set columns of these entries of one list."""
    if ids:
        DirectoryEntry.update(**values).where(
            (DirectoryEntry.workspace == workspace_id)
            & (DirectoryEntry.realm_id == realm_id)
            & (DirectoryEntry.kind == ListKind(kind))
            & DirectoryEntry.remote_id.in_(ids)
        ).execute()


def _present(
    workspace_id: int, realm_id: str, kind: ListKind | str, ids: Sequence[str], names: tuple[str, ...]
) -> dict[str, tuple[Any, ...]]:
    """These columns of the entries that there are, as the database holds them, by id."""
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    where = f"WHERE workspace_id = ? AND realm_id = ? AND kind = ? AND remote_id IN ({marks})"
    place = (workspace_id, realm_id, ListKind(kind).value)
    found = DirectoryEntry.raw(where, *place, *ids, names=("remote_id", *names))
    return {remote_id: tuple(values) for remote_id, *values in found}


def _folded(row: ListRow) -> str:
    """What an entry is found by: its name first, so that what begins with the term can come first."""
    head = row.name if row.kind == ListKind.ITEM else row.full_name
    words = (head, row.full_name, row.number, str(row.extra.get("company_name", "")), row.email)
    return fold(" ".join(dict.fromkeys(filter(None, words))))[:MAX_FOLDED]
