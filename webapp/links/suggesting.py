"""The job that finds which customer or vendor each unlinked company may be, and keeps what it found."""

from __future__ import annotations

from typing import Any, Final

from webapp.db import rows, transaction
from webapp.db.bulk import insert_rows
from webapp.jobs import service as jobs
from webapp.links import candidates, standings
from webapp.links.rows import Row
from webapp.links.suggestions import WORTH_OFFERING, ranked
from webapp.links.table import COLUMNS, JOINED, as_row
from webapp.models import Connection, Job, MemberType, Suggestion

KIND: Final = "find_suggestions"
BATCH: Final = 100
MOST: Final = 5


def step(job: Job) -> bool:
    """Suggest for the next companies; returns whether these were the last."""
    after = job.cursor.get("company", 0)
    ids = standings.ids_after(job.workspace_id, after, BATCH)
    connection = Connection.of(job.workspace_id)
    found = suggestions(connection, ids) if connection else []
    with transaction():
        if connection:
            keep(connection, ids, found)
        jobs.advance(job, cursor={"company": max(ids, default=after)}, done=job.done + len(ids))
    return len(ids) < BATCH


def suggestions(connection: Connection, company_ids: list[int]) -> list[dict[str, Any]]:
    """What these companies may be in QuickBooks, as rows of ``Suggestion``; nothing is written."""
    found = []
    for member_type in MemberType:
        for row in _unlinked(connection, member_type, company_ids):
            ours = candidates.of_company(row)
            entries = candidates.find(connection.workspace_id, connection.realm_id, member_type, [row])
            likely = ranked(ours, map(candidates.as_candidate, entries))
            worth = [one for one in likely if one.score >= WORTH_OFFERING][:MOST]
            found += [
                {
                    "workspace": connection.workspace_id,
                    "realm_id": connection.realm_id,
                    "member_type": member_type,
                    "company": row.company_id,
                    "place": place,
                    "remote_id": one.remote_id,
                    "score": one.score,
                    "reasons": [reason.value for reason in one.reasons],
                }
                for place, one in enumerate(worth)
            ]
    return found


def keep(connection: Connection, company_ids: list[int], found: list[dict[str, Any]]) -> None:
    """Put these in the place of what was suggested for the companies, in the caller's transaction."""
    Suggestion.delete().where(
        (Suggestion.realm_id == connection.realm_id) & Suggestion.company.in_(company_ids)
    ).execute()
    insert_rows(Suggestion, found)
    standings.sync(connection.workspace_id, company_ids)


def _unlinked(connection: Connection, member_type: MemberType, company_ids: list[int]) -> list[Row]:
    if not company_ids:
        return []
    marks = ", ".join("?" * len(company_ids))
    where = (
        "WHERE s.workspace_id = ? AND s.member_type = ? AND s.state IN ('not_linked', 'suggested') "
        f"AND s.company_id IN ({marks})"
    )
    values = [connection.realm_id, member_type.remote_kind, connection.workspace_id, member_type.value]
    read = rows(f"{COLUMNS} FROM link_standing s {JOINED} {where}", [*values, *company_ids])
    return [as_row(values) for values in read]
