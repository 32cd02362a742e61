"""The job that finds who took the place of a customer or vendor that is gone, for the conflict to offer.

QuickBooks itself says what was merged into what, by webhook alone. Else it is one in use with the same name,
e-mail address or phone number, as long as there is just one, or the best suggestion for the company.
"""

from __future__ import annotations

from typing import Any, Final

from webapp.db import transaction
from webapp.jobs import service as jobs
from webapp.links import conflict_rows, directory
from webapp.links.contacts import phones
from webapp.models import DirectoryEntry, Job, Link, LinkConflict, Suggestion

KIND: Final = conflict_rows.SUCCESSORS
BATCH: Final = 25
DELETED_SUFFIX: Final = " (deleted)"
LONGEST_CHAIN: Final = 5
WORTH_OFFERING: Final = 60
SEARCHED: Final = 20
MOST_WORDS: Final = 3


def step(job: Job) -> bool:
    """Look for the next conflicts; returns whether these were the last."""
    after = job.cursor.get("conflict", 0)
    waiting = (
        (LinkConflict.workspace == job.workspace_id)
        & (LinkConflict.id > after)
        & LinkConflict.kind.in_(sorted(conflict_rows.GONE))
        & LinkConflict.successor_id.is_null()
    )
    found = list(LinkConflict.select().where(waiting).order_by(LinkConflict.id).limit(BATCH))
    with transaction():
        for row in found:
            LinkConflict.update(successor_id=_of(row)).where(LinkConflict.id == row.id).execute()
        cursor = {"conflict": found[-1].id if found else after}
        jobs.advance(job, cursor=cursor, done=job.done + len(found))
    return len(found) < BATCH


def _of(row: LinkConflict) -> str:
    """The id of the likeliest successor that is in use; empty when there is none."""
    link = Link.get_or_none(
        (Link.workspace == row.workspace_id)
        & (Link.company == row.company_id)
        & (Link.member_type == row.member_type)
        & (Link.remote_id == row.remote_id)
    )
    if link is None:
        return ""
    place = (link.workspace_id, link.realm_id, row.member_type.remote_kind)
    entry = directory.entry(*place, row.remote_id)
    if entry is None:
        return _only(_active(directory.named(*place, filter(None, [link.known_name])), row.remote_id))
    return (
        _merged_into(place, entry)
        or _same_name(place, entry, link.known_name)
        or _same_contact(place, entry)
        or _suggested(link)
    )


def _merged_into(place: tuple[int, str, str], entry: DirectoryEntry) -> str:
    """Where mergers lead, one after the other, if they end at one in use."""
    for _merger in range(LONGEST_CHAIN):
        if not entry.merged_into:
            return ""
        found = directory.entry(*place, entry.merged_into)
        if found is None or found.active:
            return found.remote_id if found else ""
        entry = found
    return ""


def _same_name(place: tuple[int, str, str], entry: DirectoryEntry, known: str) -> str:
    names = {entry.name.removesuffix(DELETED_SUFFIX), known.removesuffix(DELETED_SUFFIX)} - {""}
    return _only(_active(directory.named(*place, names), entry.remote_id))


def _same_contact(place: tuple[int, str, str], entry: DirectoryEntry) -> str:
    """One found by the address or the longest words of the name that has the same address or number."""
    words = sorted(entry.name.removesuffix(DELETED_SUFFIX).split(), key=len)[-MOST_WORDS:]
    searches = [entry.email, *words]
    found = [one for text in searches if text for one in directory.search(*place, text, limit=SEARCHED)]
    numbers = phones([entry.phone], "")
    alike = [
        one
        for one in found
        if (entry.email and one.email.casefold() == entry.email.casefold())
        or (numbers and numbers & phones([one.phone], ""))
    ]
    return _only(_active(alike, entry.remote_id))


def _suggested(link: Link) -> str:
    """The best suggestion for the company that is in use."""
    query = (
        Suggestion.select()
        .where(
            (Suggestion.company == link.company_id)
            & (Suggestion.realm_id == link.realm_id)
            & (Suggestion.member_type == link.member_type)
            & (Suggestion.score >= WORTH_OFFERING)
            & ~Suggestion.dismissed
            & (Suggestion.remote_id != link.remote_id)
        )
        .order_by(Suggestion.score.desc(), Suggestion.place)
    )
    best = query.first()
    if best is None or best.ambiguous:
        return ""
    entry = directory.entry(link.workspace_id, link.realm_id, link.member_type.remote_kind, best.remote_id)
    return entry.remote_id if entry and entry.active else ""


def _active(found: Any, but: str) -> set[str]:
    return {one.remote_id for one in found if one.active and one.remote_id != but}


def _only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""
