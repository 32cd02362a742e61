"""What can be chosen for a company: suggestions first, then what a search finds in the mirror."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.links import candidates, directory, suggestions, table
from webapp.links.rows import Row
from webapp.links.suggestions import Likeness
from webapp.models import DirectoryEntry, MemberType

MOST = 20


@dataclass(frozen=True)
class Choice:
    """One customer or vendor, how like the company it is, and which other companies are linked to it."""

    remote_id: str
    name: str
    parent: str
    place: str
    score: int
    reasons: tuple[Likeness, ...]
    shared_with: tuple[str, ...]


def found(
    workspace_id: int,
    realm_id: str,
    member_type: MemberType,
    row: Row,
    text: str,
) -> list[Choice]:
    """What a company can be linked to, the likeliest first.

    Without a text, or with the name of what is linked now, the likely ones and then the list from its start.
    """
    text = "" if text == row.remote_name else text  # what is linked now, and was not typed
    place = (workspace_id, realm_id, member_type)
    likely = [] if text else candidates.find(*place, [row])
    listed = directory.search(workspace_id, realm_id, member_type.remote_kind, text, limit=MOST)
    entries = {entry.remote_id: entry for entry in likely + listed}
    shared = table.sharers(*place, list(entries))
    ours = candidates.of_company(row)
    made = [_choice(entry, ours, shared.get(entry.remote_id, {}), row) for entry in entries.values()]
    return sorted(made, key=lambda choice: -choice.score)[:MOST]


def _choice(entry: DirectoryEntry, ours: suggestions.Signature, shared: dict[int, str], row: Row) -> Choice:
    _id, _name, theirs = candidates.as_candidate(entry)
    score, reasons = suggestions.compare(ours, theirs)
    return Choice(
        remote_id=entry.remote_id,
        name=entry.name,
        parent=(entry.full_name or "").rpartition(":")[0],
        place=", ".join(part for part in (entry.city, entry.region) if part),
        score=score,
        reasons=reasons,
        shared_with=tuple(name for id_, name in shared.items() if id_ != row.company_id),
    )
