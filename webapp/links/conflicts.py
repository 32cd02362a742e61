"""Links that somebody has to look at: how many there are, and saying that one is meant as it is.

The other ways out are those of ``service``: link to another, or remove the link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from peewee import Expression

from webapp.db import rows, transaction
from webapp.errors import Conflict, NotFound
from webapp.links import changes, service, standings
from webapp.links.snapshots import Snapshot
from webapp.models import (
    Activity,
    Company,
    ConflictKind,
    Connection,
    DirectoryEntry,
    Link,
    LinkConflict,
    LinkState,
    MemberType,
    User,
)

KEPT, KEPT_UNDONE = "links.kept", "links.kept_undone"
KEEPABLE: Final = frozenset({ConflictKind.NOT_MEMBER, ConflictKind.RENAMED, ConflictKind.SHARED})
COUNTED: Final = 1000
"""As many are counted of each kind; of more it is said that there are more."""


def counts(workspace_id: int) -> dict[ConflictKind, int]:
    """How many links each kind of conflict has, one more than ``COUNTED`` at most."""
    one = (
        "SELECT '{}', count(*) FROM (SELECT 1 FROM link_conflict WHERE workspace_id = ? AND kind = '{}' "
        f"LIMIT {COUNTED + 1}) AS counted"
    )
    statement = " UNION ALL ".join(one.format(kind.value, kind.value) for kind in ConflictKind)
    found = rows(statement, [workspace_id] * len(ConflictKind))
    return {ConflictKind(kind): int(number) for kind, number in found}


@dataclass(frozen=True)
class Kept:
    """What was said to be meant; ``activity_id`` is what ``undo`` takes back."""

    company_name: str
    activity_id: int


def keep(user: User, connection: Connection, company_id: int, member_type: MemberType, seen: str) -> Kept:
    """Say that a link is meant as it is: with its new name, shared, or of a company of another member type.

    Args:
        user: who says so; everyone who sees the integration may.
        connection: the workspace's living connection.
        company_id: whose link.
        member_type: which of its links.
        seen: the link's token that was on the screen.

    Raises:
        NotFound: the integration is hidden, or there is no such company.
        Conflict: the link or its conflict is another one by now, or one that cannot stay.
        Invalid: ``connection`` not living.
    """
    service.require(user, connection)
    company = Company.get_or_none((Company.workspace == user.workspace_id) & (Company.id == company_id))
    if company is None:
        raise NotFound
    spot = changes.Place(user.workspace_id, connection.realm_id, company, member_type)
    with transaction():
        link = spot.link()
        found = LinkConflict.get_or_none(
            (LinkConflict.company == company_id) & (LinkConflict.member_type == member_type)
        )
        if link is None or found is None or found.kind not in KEEPABLE or Snapshot.of(link).token != seen:
            raise Conflict
        before = _decide(link, found.kind)
        ids = standings.companies_on(
            user.workspace_id, connection.realm_id, member_type.remote_kind, [link.remote_id]
        )
        facts = {"company": company.name, "kind": found.kind.value, "member_type": member_type.value}
        facts |= {"realm_id": connection.realm_id, "remote_id": link.remote_id, "links": before}
        activity = _note(user, KEPT, company.id, facts)
        standings.sync(user.workspace_id, ids | {company.id})
    return Kept(company.name, activity.id)


def undo(user: User, connection: Connection, activity_id: int) -> Kept:
    """Take back that something was said to be meant.

    Raises:
        NotFound: there is no such activity in this workspace.
        Conflict: another QuickBooks company is connected now, or the links are gone.
    """
    service.require(user, connection)
    done = kept_by(user.workspace_id, activity_id)
    if done.facts["realm_id"] != connection.realm_id:
        raise Conflict
    with transaction():
        changed = 0
        companies = {done.subject_id}
        for id_, values in done.facts["links"].items():
            same = (Link.workspace == user.workspace_id) & (Link.remote_id == done.facts["remote_id"])
            changed += Link.update(**values).where((Link.id == int(id_)) & same).execute()
            companies |= {row.company_id for row in Link.select(Link.company).where(Link.id == int(id_))}
        if not changed:
            raise Conflict
        facts = {name: done.facts[name] for name in ("company", "kind", "member_type")}
        activity = _note(user, KEPT_UNDONE, done.subject_id, facts)
        standings.sync(user.workspace_id, companies)
    return Kept(done.facts["company"], activity.id)


def kept_by(workspace_id: int, activity_id: int) -> Activity:
    """The activity of a ``keep``; raises NotFound."""
    mine = (Activity.workspace == workspace_id) & (Activity.id == activity_id) & (Activity.verb == KEPT)
    found = Activity.get_or_none(mine)
    if found is None:
        raise NotFound
    return found


def _note(user: User, verb: str, company_id: int, facts: dict[str, Any]) -> Activity:
    place = {"subject_type": "company", "subject_id": company_id}
    return Activity.create(workspace=user.workspace_id, user=user, verb=verb, facts=facts, **place)


def _decide(link: Link, kind: ConflictKind) -> dict[str, dict[str, Any]]:
    """Write the decision to the link, or to all that share its customer or vendor; what was there before."""
    if kind is ConflictKind.SHARED:
        before = {str(id_): {"shared_meant": meant} for id_, meant in _sharing(link)}
        Link.update(shared_meant=True).where(Link.id.in_([int(id_) for id_ in before])).execute()
        return before
    if kind is ConflictKind.NOT_MEMBER:
        values: dict[str, Any] = {"role_meant": True}
    else:
        entry = DirectoryEntry.get(_entry(link))
        values = {"known_name": entry.name}
    before = {str(link.id): {name: getattr(link, name) for name in values}}
    Link.update(**values).where(Link.id == link.id).execute()
    return before


def _sharing(link: Link) -> list[tuple[int, bool]]:
    """The links to the same customer or vendor, each with whether it is said to be meant."""
    types = [one for one in MemberType if one.remote_kind == link.member_type.remote_kind]
    same = (
        (Link.workspace == link.workspace_id)
        & (Link.realm_id == link.realm_id)
        & Link.member_type.in_(types)
        & (Link.remote_id == link.remote_id)
        & (Link.state == LinkState.LINKED)
    )
    return list(Link.select(Link.id, Link.shared_meant).where(same).limit(standings.MOST_AFFECTED).tuples())


def _entry(link: Link) -> Expression:
    return (
        (DirectoryEntry.workspace == link.workspace_id)
        & (DirectoryEntry.realm_id == link.realm_id)
        & (DirectoryEntry.kind == link.member_type.remote_kind)
        & (DirectoryEntry.remote_id == link.remote_id)
    )
