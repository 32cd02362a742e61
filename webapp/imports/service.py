"""Keeps uploaded files, previews what they would do, and does it: all of it, or all but the bad rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from webapp.clock import now
from webapp.companies import importing as company_importing
from webapp.db import NO_KEY_UPDATE, is_postgres, transaction
from webapp.documents import importing as document_importing
from webapp.documents.importing import Incoming
from webapp.errors import Conflict, NotFound
from webapp.imports import candidates, columns, reading, rows
from webapp.imports.candidates import Candidate
from webapp.imports.columns import Column, Matching
from webapp.imports.kinds import COMPANY_COLUMNS, DOCUMENT_COLUMNS
from webapp.imports.problems import ImportProblem, RowError
from webapp.imports.reading import Table
from webapp.imports.rows import Parsed
from webapp.models import ImportFile, ImportKind, User, Workspace, record

KEPT = timedelta(days=7)
"""How long a file that was never imported is kept."""

COLUMNS: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.COMPANIES: COMPANY_COLUMNS,
    ImportKind.DOCUMENTS: DOCUMENT_COLUMNS,
}
_CANDIDATES: dict[ImportKind, Callable[[Iterable[Parsed]], list[Candidate]]] = {
    ImportKind.COMPANIES: candidates.companies,
    ImportKind.DOCUMENTS: candidates.documents,
}
_IMPORTING: dict[ImportKind, Any] = {
    ImportKind.COMPANIES: company_importing,
    ImportKind.DOCUMENTS: document_importing,
}


@dataclass(frozen=True)
class Preview:
    """What importing a file would do.

    ``new``, ``updated``, ``unchanged`` and ``bad`` count companies or documents; ``errors`` are in row order.
    """

    file: ImportFile
    table: Table
    matching: Matching
    new: int
    updated: int
    unchanged: int
    bad: int
    errors: tuple[RowError, ...]


@dataclass(frozen=True)
class _Parsed:
    table: Table
    matching: Matching
    candidates: list[Candidate]


@dataclass(frozen=True)
class _Checked:
    table: Table
    matching: Matching
    good: list[Candidate]
    bad: list[Candidate]

    @property
    def errors(self) -> tuple[RowError, ...]:
        found = (error for candidate in self.bad for error in candidate.errors)
        return tuple(sorted(found, key=lambda error: error.row))


def store(user: User, kind: ImportKind, filename: str, data: bytes) -> ImportFile:
    """Keep a file whose header fits for preview; raises ImportProblem when it cannot be used at all."""
    columns.match(reading.read(data).header, COLUMNS[kind])
    with transaction():
        ImportFile.delete().where(
            (ImportFile.workspace == user.workspace_id)
            & ImportFile.finished_at.is_null()
            & (ImportFile.created_at < now() - KEPT)
        ).execute()
        return ImportFile.create(
            workspace=user.workspace_id, user=user, kind=kind, filename=_printable(filename), content=data
        )


def _printable(filename: str) -> str:
    """A name as a browser sends it, without what a database or page could not hold."""
    return "".join(char for char in filename if char.isprintable())[-255:]


def find(workspace_id: int, import_id: int) -> ImportFile:
    """A file of the workspace; raises NotFound."""
    file = ImportFile.get_or_none((ImportFile.id == import_id) & (ImportFile.workspace == workspace_id))
    if file is None:
        raise NotFound
    return file


def preview(file: ImportFile) -> Preview:
    """Parse and check a kept file and compare it with what is stored; changes nothing."""
    checked = _check(file, _parse(file))
    changes = _compare(file, checked.good)
    return Preview(
        file,
        checked.table,
        checked.matching,
        len(changes.new),
        len(changes.changed),
        changes.unchanged,
        len(checked.bad),
        checked.errors,
    )


def commit(user: User, import_id: int, *, skip_bad: bool) -> ImportFile:
    """Import a kept file in one transaction, once.

    Raises:
        NotFound: the workspace has no such file.
        Conflict: it was imported already.
        ImportProblem: ``bad_rows`` when there are any and ``skip_bad`` is off; ``nothing_good`` when no row
            can be imported. Nothing has changed then.
    """
    parsed = _parse(find(user.workspace_id, import_id))  # slow, and others wait for a transaction on SQLite
    with transaction():
        _one_at_a_time(user.workspace_id)
        file = find(user.workspace_id, import_id)
        if file.finished_at is not None:
            raise Conflict
        checked = _check(file, parsed)
        if checked.bad and not skip_bad:
            raise ImportProblem("bad_rows", count=len(checked.bad))
        if not checked.good:
            raise ImportProblem("nothing_good")
        changes = _compare(file, checked.good)
        _IMPORTING[file.kind].save(file.workspace_id, changes)
        _finish(file, user, changes, len(checked.bad))
        return find(user.workspace_id, import_id)


def _one_at_a_time(workspace_id: int) -> None:
    """Let a workspace's imports wait for each other; on SQLite the write lock does it."""
    if is_postgres():
        Workspace.select(Workspace.id).where(Workspace.id == workspace_id).for_update(NO_KEY_UPDATE).execute()


def _parse(file: ImportFile) -> _Parsed:
    if file.finished_at is not None:
        raise Conflict
    if file.content is None:
        raise NotFound
    table = reading.read(bytes(file.content))
    matching = columns.match(table.header, COLUMNS[file.kind])
    return _Parsed(table, matching, _CANDIDATES[file.kind](rows.parse(table, matching, COLUMNS[file.kind])))


def _check(file: ImportFile, parsed: _Parsed) -> _Checked:
    if file.kind is ImportKind.DOCUMENTS:
        _resolve_companies(file.workspace_id, parsed.candidates)
    good = [candidate for candidate in parsed.candidates if not candidate.errors]
    bad = [candidate for candidate in parsed.candidates if candidate.errors]
    return _Checked(parsed.table, parsed.matching, good, bad)


def _resolve_companies(workspace_id: int, found: Sequence[Candidate]) -> None:
    """Put ids in the place of companies' ESP+ ids; one that does not exist is the document's error."""
    roles = ("company", "customer")
    esp_ids = {candidate.values.get(role) or "" for candidate in found for role in roles}
    known = company_importing.ids_by_esp_id(workspace_id, esp_ids - {""})
    for candidate in found:
        for role in roles:
            esp_id = candidate.values.get(role)
            if esp_id and esp_id not in known:
                error = RowError(candidate.rows[0], role, "unknown_company", esp_id)
                candidate.errors.append(error)
            elif role in candidate.values:
                candidate.values[role] = known.get(esp_id or "")


def _compare(file: ImportFile, good: Sequence[Candidate]) -> Any:
    if file.kind is ImportKind.COMPANIES:
        return company_importing.compare(file.workspace_id, [candidate.values for candidate in good])
    incoming = [Incoming(candidate.values, candidate.lines) for candidate in good]
    return document_importing.compare(file.workspace_id, incoming)


def _finish(file: ImportFile, user: User, changes: Any, skipped: int) -> None:
    counts = {"created": len(changes.new), "updated": len(changes.changed), "skipped": skipped}
    ImportFile.update(**counts, finished_at=now(), content=None).where(ImportFile.id == file.id).execute()
    if changes.new or changes.changed:
        subject = ("import", file.id)
        verb = f"{file.kind.value}.imported"
        record(file.workspace_id, user.id, verb, subject, filename=file.filename, **counts)
