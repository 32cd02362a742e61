"""Turning suggestions down: they never come again, until that is taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from peewee import ModelSelect

from webapp.db import transaction
from webapp.errors import Conflict
from webapp.links import directory, service, standings, touches
from webapp.models import Activity, Connection, MemberType, Suggestion, User, record

TAKEN_BACK: Final = "links.dismissal_undone"
# Where the places of those begin that were turned down, behind all that can be suggested
BEHIND: Final = 100


@dataclass(frozen=True)
class Dismissal:
    """What was turned down, or is suggested again; ``activity_id`` takes it back."""

    company_id: int
    company_name: str
    remote_name: str
    number: int
    activity_id: int | None = None


def dismiss(
    user: User,
    connection: Connection,
    company_id: int,
    member_type: MemberType,
    remote_ids: Collection[str] | None = None,
) -> Dismissal:
    """Turn down some of what is suggested for a company; without ids, what its row shows.

    That is the likeliest suggestion, or all of those that are alike.

    Raises:
        NotFound: the integration is hidden, or there is no such company of this member type.
        Invalid: ``connection`` not living.
        Conflict: none of it is suggested any more.
    """
    service.require(user, connection)
    with transaction():
        company = standings.company(user.workspace_id, company_id, member_type)
        standings.one_at_a_time(user.workspace_id)
        offered = list(_suggested(connection, company_id, member_type).where(~Suggestion.dismissed))
        chosen = [one for one in offered if one.remote_id in remote_ids] if remote_ids else _shown(offered)
        if not chosen:
            raise Conflict
        _turn_down(connection, company_id, member_type, chosen)
        ids = [one.remote_id for one in chosen]
        found = directory.entries(user.workspace_id, connection.realm_id, member_type.remote_kind, ids[:1])
        name = found[ids[0]].name if found else ""
        facts = {
            "company": company.name,
            "member_type": member_type.value,
            "realm_id": connection.realm_id,
            "remote_ids": ids,
            "remote_name": name,
            "number": len(ids),
        }
        activity = Activity.create(
            workspace=user.workspace_id,
            user=user.id,
            verb=service.DISMISSED,
            subject_type="company",
            subject_id=company.id,
            facts=facts,
        )
        _changed(user.workspace_id, company.id)
    return Dismissal(company.id, company.name, name, len(ids), activity.id)


def take_back(user: User, connection: Connection, activity: Activity) -> Dismissal:
    """Suggest again what was turned down, as it was.

    Raises:
        NotFound: the integration is hidden, or the company is gone.
        Invalid: ``connection`` not living.
        Conflict: it was taken back already, or another QuickBooks company is connected now.
    """
    service.require(user, connection)
    facts = activity.facts
    member_type = MemberType(facts["member_type"])
    with transaction():
        company = standings.company(user.workspace_id, activity.subject_id, member_type)
        standings.one_at_a_time(user.workspace_id)
        mine = _suggested(connection, company.id, member_type)
        turned_down = mine.where(Suggestion.dismissed & Suggestion.remote_id.in_(facts["remote_ids"]))
        ids = [one.id for one in turned_down]
        if not ids or facts["realm_id"] != connection.realm_id:
            raise Conflict
        Suggestion.update(dismissed=False).where(Suggestion.id.in_(ids)).execute()
        record(user.workspace_id, user.id, TAKEN_BACK, ("company", company.id), company=company.name)
        _changed(user.workspace_id, company.id)
    return Dismissal(company.id, company.name, facts["remote_name"], len(ids))


def _suggested(connection: Connection, company_id: int, member_type: MemberType) -> ModelSelect:
    return (
        Suggestion.select()
        .where(
            (Suggestion.company == company_id)
            & (Suggestion.realm_id == connection.realm_id)
            & (Suggestion.member_type == member_type)
        )
        .order_by(Suggestion.score.desc(), Suggestion.place)
    )


def _shown(offered: list[Suggestion]) -> list[Suggestion]:
    if offered and offered[0].ambiguous:
        return [one for one in offered if one.ambiguous]
    return offered[:1]


def _turn_down(
    connection: Connection, company_id: int, member_type: MemberType, chosen: list[Suggestion]
) -> None:
    last = max((one.place for one in _suggested(connection, company_id, member_type)), default=0)
    for place, one in enumerate(chosen, max(last + 1, BEHIND)):
        Suggestion.update(dismissed=True, place=place).where(Suggestion.id == one.id).execute()


def _changed(workspace_id: int, company_id: int) -> None:
    touches.companies(workspace_id, [company_id])
    standings.sync(workspace_id, [company_id])
