"""What can be chosen for a company: what is suggested for it, then what a search finds in the mirror."""

from __future__ import annotations

import re
from dataclasses import dataclass

from webapp.links import directory, table
from webapp.links.name_words import FILLERS, LEGAL_FORMS
from webapp.links.names import plain
from webapp.links.rows import Row
from webapp.models import DirectoryEntry, MemberType, Suggestion

MOST = 20


@dataclass(frozen=True)
class Choice:
    """One customer or vendor, how probable it is and why, and which other companies are linked to it.

    ``score`` is 0 for what is not suggested, and for what another company has already.
    """

    remote_id: str
    name: str
    parent: str
    place: str
    score: int
    reasons: tuple[str, ...]
    shared_with: tuple[str, ...]


def found(
    workspace_id: int,
    realm_id: str,
    member_type: MemberType,
    row: Row,
    text: str,
) -> list[Choice]:
    """What a company can be linked to, the likeliest first.

    Without a text, or with the name of what is linked now: what is suggested, what has a word of the
    company's name, and then the list from its start.
    """
    text = "" if text == row.remote_name else text  # what is linked now, and was not typed
    place = (workspace_id, realm_id, member_type.remote_kind)
    suggested = _suggested(realm_id, member_type, row.company_id)
    entries: dict[str, DirectoryEntry] = {}
    if not text:
        known = directory.entries(*place, list(suggested))
        entries = {id_: known[id_] for id_ in suggested if id_ in known and known[id_].active}
    for search in [text] if text else _searches(row):
        if len(entries) < MOST:
            listed = directory.search(*place, search, limit=MOST)
            entries |= {one.remote_id: one for one in listed if one.remote_id not in entries}
    shared = table.sharers(workspace_id, realm_id, member_type, list(entries))
    made = [_choice(one, suggested.get(id_), shared.get(id_, {}), row) for id_, one in entries.items()]
    return sorted(made, key=lambda choice: -choice.score)[:MOST]


def _searches(row: Row) -> list[str]:
    """Looked for when nothing was typed: the word of the name that tells most, then everything."""
    words = set(re.findall(r"\w{3,}", plain(row.name))) - LEGAL_FORMS - FILLERS
    return [*sorted(words, key=lambda word: (-len(word), word))[:1], ""]


def _suggested(realm_id: str, member_type: MemberType, company_id: int) -> dict[str, Suggestion]:
    """What is suggested for a company by QuickBooks' ids, best first."""
    query = (
        Suggestion.select()
        .where(
            (Suggestion.company == company_id)
            & (Suggestion.realm_id == realm_id)
            & (Suggestion.member_type == member_type)
            & ~Suggestion.dismissed
        )
        .order_by(Suggestion.score.desc(), Suggestion.place)
    )
    return {one.remote_id: one for one in query}


def _choice(entry: DirectoryEntry, suggested: Suggestion | None, shared: dict[int, str], row: Row) -> Choice:
    others = tuple(name for id_, name in shared.items() if id_ != row.company_id)
    return Choice(
        remote_id=entry.remote_id,
        name=entry.name,
        parent=(entry.full_name or "").rpartition(":")[0],
        place=", ".join(part for part in (entry.city, entry.region) if part),
        score=suggested.score if suggested and not others else 0,
        reasons=tuple(suggested.reasons) if suggested else (),
        shared_with=others,
    )
