"""The directory: keeps our mirror of QuickBooks' lists fresh, and finds entries in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from peewee import Expression, ModelSelect, fn

from webapp.clock import now
from webapp.db import transaction
from webapp.db.search import MAX_TERM, begins_with, fold, matches
from webapp.errors import AppError
from webapp.models import Connection, DirectoryEntry, DocumentStatus, ListKind
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.lists import LISTS, ListRow, company_facts, row_for

BATCH = 500
MAX_FOLDED = 600  # an index entry of Postgres takes at most 2,704 bytes
TRACKED = {ListKind.CLASS: "class_tracking", ListKind.LOCATION: "location_tracking"}
KEY = ("workspace", "realm_id", "kind", "remote_id")

Row = TypeVar("Row")


def refresh_pending(connection: Connection) -> bool:
    """Whether a refresh was asked for that has neither ended nor failed yet."""
    asked, read = connection.lists_requested_at, connection.lists_read_at
    return asked is not None and (read is None or asked > read)


def request_refresh(connection: Connection) -> None:
    """Have the worker read the lists anew; a request that still waits is left as it is."""
    if refresh_pending(connection):
        return
    with transaction():
        Connection.update(lists_requested_at=now(), lists_error="").where(
            Connection.id == connection.id
        ).execute()


def refresh(connection: Connection, client: QuickBooksClient) -> dict[str, int]:
    """Read every list of the company, inactive entries included; what is not there any more is inactive.

    Call it outside a transaction: the lists are fetched page by page and written in short transactions.
    ``lists_read_at`` becomes the moment of the start; the request itself is the worker's to take back.

    Returns:
        How many entries each list has, by kind.

    Raises:
        AppError: what the client raised; its code is kept as ``lists_error``, the old lists stay in use.
    """
    started = now()
    try:
        facts = company_facts(client.company_info(), client.preferences())
        run = _next_run(connection)
        counts = {kind.value: _mirror(connection, client, kind, run, started) for kind in _kinds(facts)}
    except AppError as error:
        with transaction():
            _update(connection, lists_error=error.code)
        raise
    with transaction():
        name = facts["company_name"] or connection.company_name
        _update(connection, company=facts, company_name=name, lists_read_at=started, lists_error="")
        DocumentStatus.mark_for_check(connection.workspace_id)
    return counts


def remember(workspace_id: int, realm_id: str, kind: ListKind | str, entity: Mapping[str, Any]) -> None:
    """Take over one object as QuickBooks answered it, after it was created or changed there."""
    row = row_for(ListKind(kind).value, entity)
    with transaction():
        _upsert([_values(workspace_id, realm_id, row)])


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
    keys = {_name_key(name) for name in names}
    if not keys:
        return []
    found = _listed(workspace_id, realm_id, kind).where(DirectoryEntry.name_key.in_(keys))
    return sorted(found, key=lambda row: not row.active)


def _listed(workspace_id: int, realm_id: str, kind: ListKind | str) -> ModelSelect:
    return DirectoryEntry.list(workspace_id, realm_id, ListKind(kind))


def _update(connection: Connection, **values: object) -> None:
    """Write to the connection unless it was tied to another company meanwhile."""
    same = (Connection.id == connection.id) & (Connection.realm_id == connection.realm_id)
    Connection.update(**values).where(same).execute()


def _kinds(facts: Mapping[str, Any]) -> list[ListKind]:
    return [kind for kind in ListKind if kind not in TRACKED or facts[TRACKED[kind]]]


def _next_run(connection: Connection) -> int:
    last = DirectoryEntry.select(fn.MAX(DirectoryEntry.seen_in)).where(_company(connection)).scalar()
    return (last or 0) + 1


def _company(connection: Connection) -> Expression:
    return (DirectoryEntry.workspace == connection.workspace_id) & (
        DirectoryEntry.realm_id == connection.realm_id
    )


def _mirror(
    connection: Connection, client: QuickBooksClient, kind: ListKind, run: int, started: datetime
) -> int:
    """Read one list; an entry that this run did not see is inactive, unless it was made meanwhile."""
    count = 0
    entities = client.query(LISTS[kind.value], include_inactive=True)
    for batch in _batches(row_for(kind.value, entity) for entity in entities):
        values = [_values(connection.workspace_id, connection.realm_id, row) for row in batch]
        with transaction():
            _upsert([{**row, "seen_in": run} for row in values])
        count += len(batch)
    unseen = (DirectoryEntry.seen_in < run) & (DirectoryEntry.updated_at < started)
    with transaction():
        DirectoryEntry.update(active=False).where(
            _company(connection) & (DirectoryEntry.kind == kind) & DirectoryEntry.active & unseen
        ).execute()
    return count


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _values(workspace_id: int, realm_id: str, row: ListRow) -> dict[str, Any]:
    """A row as columns; texts that are longer than a column are cut, since only QuickBooks' own matter."""
    values = vars(row) | {
        "parent_id": row.parent_id or "",
        "folded": _folded(row),
        "name_key": _name_key(row.name),
        "workspace": workspace_id,
        "realm_id": realm_id,
        "updated_at": now(),
    }
    columns = DirectoryEntry._meta.fields
    return {
        name: value[: columns[name].max_length] if isinstance(value, str) else value
        for name, value in values.items()
    }


def _folded(row: ListRow) -> str:
    """What an entry is found by: its name first, so that what begins with the term can come first."""
    head = row.name if row.kind == ListKind.ITEM else row.full_name
    words = (head, row.full_name, row.number, str(row.extra.get("company_name", "")), row.email)
    return fold(" ".join(dict.fromkeys(filter(None, words))))[:MAX_FOLDED]


def _name_key(name: str) -> str:
    return name.casefold()[: DirectoryEntry.name_key.max_length]


def _upsert(rows: list[dict[str, Any]]) -> None:
    key = [getattr(DirectoryEntry, name) for name in KEY]
    changed = [getattr(DirectoryEntry, name) for name in rows[0] if name not in KEY]
    DirectoryEntry.insert_many(rows).on_conflict(conflict_target=key, preserve=changed).execute()
