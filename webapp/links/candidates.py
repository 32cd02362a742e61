"""The customers or vendors that companies may be, found by indexed searches: two queries for a whole page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import ModelSelect

from webapp.db import database
from webapp.db.search import matches
from webapp.links.rows import Row
from webapp.links.suggestions import (
    WORTH_OFFERING,
    Signature,
    Suggestion,
    email_domains,
    ranked,
    search_words,
    signature,
)
from webapp.models import DirectoryEntry, Link, LinkState, ListKind, MemberType

PER_SEARCH = 10


def offers(
    workspace_id: int, realm_id: str, member_type: MemberType, rows: Sequence[Row]
) -> dict[int, Suggestion]:
    """The best suggestion for each company that has one worth offering, by the company's id.

    What another company of the same member type is linked to already is not offered.
    """
    entries = find(workspace_id, realm_id, member_type, rows)
    taken = _taken(workspace_id, realm_id, member_type, entries)
    candidates = [as_candidate(entry) for entry in entries if entry.remote_id not in taken]
    best = {row.company_id: ranked(of_company(row), candidates)[:1] for row in rows}
    return {id_: found[0] for id_, found in best.items() if found and found[0].score >= WORTH_OFFERING}


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


def _taken(
    workspace_id: int, realm_id: str, member_type: MemberType, entries: list[DirectoryEntry]
) -> set[str]:
    if not entries:
        return set()
    links = Link.select(Link.remote_id).where(
        (Link.workspace == workspace_id)
        & (Link.realm_id == realm_id)
        & (Link.member_type == member_type)
        & (Link.state == LinkState.LINKED)
        & Link.remote_id.in_([entry.remote_id for entry in entries])
    )
    return {remote_id for (remote_id,) in links.tuples()}
