"""The customers or vendors that companies may be, found by indexed searches: two queries for a whole page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peewee import ModelSelect

from webapp.db import database
from webapp.db.search import matches
from webapp.links.rows import Row
from webapp.links.suggestions import Signature, email_domains, search_words, signature
from webapp.models import DirectoryEntry, ListKind, MemberType

PER_SEARCH = 10


def find(
    workspace_id: int, realm_id: str, member_type: MemberType, rows: Iterable[Row]
) -> list[DirectoryEntry]:
    """The active entries that share words of the name or the e-mail domain with some companies."""
    listed = (
        (DirectoryEntry.workspace == workspace_id)
        & (DirectoryEntry.realm_id == realm_id)
        & (DirectoryEntry.kind == ListKind(member_type.remote_kind))
    )
    searches = [
        DirectoryEntry.select(DirectoryEntry.id)
        .where(listed & DirectoryEntry.active & condition)
        .limit(PER_SEARCH)
        for row in rows
        for condition in _conditions(row)
    ]
    ids = _ids(searches)
    return list(DirectoryEntry.select().where(DirectoryEntry.id.in_(ids))) if ids else []


def of_company(row: Row) -> Signature:
    """What a company can have in common with a customer or vendor."""
    return signature((row.name,), row.email, row.phone, row.postal_code)


def as_candidate(entry: DirectoryEntry) -> tuple[str, str, Signature]:
    """A customer or vendor as ``suggestions.ranked`` wants it; its legal name counts as a name."""
    names = (entry.name, str(entry.extra.get("company_name", "")))
    return entry.remote_id, entry.name, signature(names, entry.email, entry.phone, entry.postal_code)


def _conditions(row: Row) -> list[Any]:
    words = search_words(row.name)
    texts = {" ".join(words) or row.name, *words[:1], *email_domains(row.email)}
    found = (matches(DirectoryEntry, text) for text in sorted(texts))
    return [condition for condition in found if condition is not None]


def _ids(searches: list[ModelSelect]) -> set[int]:
    """The ids that several bounded searches find, asked for in one statement."""
    if not searches:
        return set()
    parts = [search.sql() for search in searches]
    statement = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS found" for sql, _ in parts)
    rows = database.execute_sql(statement, [value for _, values in parts for value in values])
    return {id_ for (id_,) in rows}
