"""Linking companies to QuickBooks customers and vendors: the verbs, each undone exactly."""

from __future__ import annotations

from dataclasses import dataclass

from peewee import IntegrityError

from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.integrations import permissions
from webapp.links import changes, directory, standings, table, touches
from webapp.links.parties import parties_for, parties_for_many
from webapp.links.rows import OverviewRow
from webapp.links.snapshots import Snapshot
from webapp.links.table import overview, page
from webapp.models import (
    Activity,
    Company,
    Connection,
    ConnectionStatus,
    DocumentStatus,
    Link,
    LinkState,
    MemberType,
    User,
)

__all__ = [
    "Change",
    "do_not_link",
    "is_editable",
    "last_changed_by",
    "link",
    "overview",
    "page",
    "parties_for",
    "parties_for_many",
    "read_context",
    "require",
    "token",
    "undo",
    "unlink",
]

VERBS = {LinkState.LINKED: "links.linked", LinkState.DO_NOT_LINK: "links.do_not_link", None: "links.unlinked"}
UNDONE = "links.undone"
DISMISSED = "links.dismissed"


@dataclass(frozen=True)
class Change:
    """What a verb did; ``activity_id`` is what ``undo`` takes back, None when nothing had to be written.

    ``shared_with`` names the other companies on the same customer or vendor: allowed, but worth a warning.
    """

    company_id: int
    company_name: str
    member_type: MemberType
    state: LinkState | None
    remote_name: str = ""
    shared_with: tuple[str, ...] = ()
    activity_id: int | None = None


def link(
    user: User,
    connection: Connection,
    company_id: int,
    member_type: MemberType,
    remote_id: str,
    seen: str | None = None,
) -> Change:
    """Link a company, as one member type, to a customer or vendor.

    Args:
        user: who links; everyone who sees the integration may.
        connection: the workspace's living connection.
        company_id: a company of this member type.
        member_type: which of the company's roles is meant.
        remote_id: an active entry of the list that belongs to the member type.
        seen: the row's ``version`` that was on the screen; None to link whatever is there.

    Raises:
        NotFound: the integration is hidden, or there is no such company of this member type.
        Invalid: ``remote_id`` is ``required``, ``unknown`` or ``inactive``; ``connection`` not living.
        Conflict: somebody changed the link meanwhile.
    """
    require(user, connection)
    if not remote_id:
        raise Invalid({"remote_id": ["required"]})
    home = (connection.workspace_id, connection.realm_id)
    entry = directory.entry(*home, member_type.remote_kind, remote_id) if remote_id.isprintable() else None
    if entry is None or not entry.active:
        raise Invalid({"remote_id": ["unknown" if entry is None else "inactive"]})
    shared = table.sharers(*home, member_type, [remote_id])
    others = tuple(name for id_, name in shared.get(remote_id, {}).items() if id_ != company_id)
    wanted = Snapshot(LinkState.LINKED, remote_id)
    return _change(user, connection, (company_id, member_type), wanted, seen, entry.name, others)


def unlink(
    user: User, connection: Connection, company_id: int, member_type: MemberType, seen: str | None = None
) -> Change:
    """Take a link, or a "do not link", away; arguments and errors as for ``link``."""
    require(user, connection)
    return _change(user, connection, (company_id, member_type), Snapshot(), seen)


def do_not_link(
    user: User, connection: Connection, company_id: int, member_type: MemberType, seen: str | None = None
) -> Change:
    """Note that a company is not to be linked; arguments and errors as for ``link``."""
    require(user, connection)
    return _change(user, connection, (company_id, member_type), Snapshot(LinkState.DO_NOT_LINK), seen)


def undo(user: User, connection: Connection, activity_id: int) -> Change:
    """Bring back exactly what a change replaced, unless the link was changed again.

    Raises:
        NotFound: there is no such change in this workspace, or its company is gone.
        Conflict: the link is not what the change left, or another QuickBooks company is connected now.
    """
    require(user, connection)
    done = changed(user.workspace_id, activity_id)
    if done.verb == DISMISSED:
        raise NotFound
    if done.facts["realm_id"] != connection.realm_id:
        raise Conflict
    place = (done.subject_id, MemberType(done.facts["member_type"]))
    before, after = (Snapshot.from_facts(done.facts[part]) for part in ("before", "after"))
    name = done.facts["before"]["remote_name"]
    return _change(user, connection, place, before, after.token, name, verb=UNDONE)


def changed(workspace_id: int, activity_id: int) -> Activity:
    """The activity of a change or of a dismissal, which can be taken back; raises NotFound."""
    done = Activity.get_or_none(
        (Activity.workspace == workspace_id)
        & (Activity.id == activity_id)
        & Activity.verb.in_([*VERBS.values(), DISMISSED])
    )
    if done is None:
        raise NotFound
    return done


def last_changed_by(workspace_id: int, company_id: int) -> str:
    """The name of who changed a company's links last; empty when nobody did, or who did is gone."""
    rows = (
        Activity.select(User.name)
        .join(User)
        .where(
            (Activity.workspace == workspace_id)
            & (Activity.subject_type == "company")
            & (Activity.subject_id == company_id)
            & Activity.verb.in_([*VERBS.values(), UNDONE])
        )
        .order_by(Activity.id.desc())
    )
    return next((name for (name,) in rows.limit(1).tuples()), "")


def token(workspace_id: int, realm_id: str, member_type: MemberType, company_id: int) -> str:
    """What stands for a company's link as it is now; ``link`` and its like take it as ``seen``."""
    link = Link.get_or_none(
        (Link.workspace == workspace_id)
        & (Link.realm_id == realm_id)
        & (Link.company == company_id)
        & (Link.member_type == member_type)
    )
    return Snapshot.of(link).token


def read_context(user: User, connection: Connection | None) -> list[OverviewRow]:
    """What section 4 of the QuickBooks page shows."""
    return overview(user.workspace_id)


def is_editable(connection: Connection | None) -> bool:
    """Whether links can be changed: only while a QuickBooks company is connected."""
    return connection is not None and connection.status != ConnectionStatus.DISCONNECTED


def require(user: User, connection: Connection) -> None:
    """Refuse whoever may not link; raises NotFound, or Invalid when no QuickBooks company is connected."""
    permissions.require_visible(user)
    if connection.workspace_id != user.workspace_id:
        raise NotFound
    if not is_editable(connection):
        raise Invalid({"connection": ["not_connected"]})


def _change(
    user: User,
    connection: Connection,
    place: tuple[int, MemberType],
    wanted: Snapshot,
    seen: str | None,
    remote_name: str = "",
    shared_with: tuple[str, ...] = (),
    verb: str = "",
) -> Change:
    """Write what is wanted, with its activity; nothing when the link says so already."""
    company_id, member_type = place
    company = Company.get_or_none((Company.workspace == user.workspace_id) & (Company.id == company_id))
    # of one that is not of the member type any more, the link can be taken away, and that taken back
    is_one = company is not None and getattr(company, standings.FLAGS[member_type])
    if company is None or not (is_one or verb or wanted.state is None):
        raise NotFound
    spot = changes.Place(user.workspace_id, connection.realm_id, company, member_type)
    activity_id = None
    try:
        with transaction():
            current = spot.link()
            before = Snapshot.of(current)
            if verb or not before.holds(wanted.state, wanted.remote_id):
                if seen is not None and seen != before.token:
                    raise Conflict
                after = spot.write(current, wanted, user.id)
                verb = verb or VERBS[wanted.state]
                activity_id = spot.note(user.id, verb, before, after, remote_name)
                touched = {remote_id for remote_id in (before.remote_id, wanted.remote_id) if remote_id}
                kind = member_type.remote_kind
                touches.links(user.workspace_id, kind, [company.id], touched)
                DocumentStatus.mark_for_check(user.workspace_id, company.id)
                others = standings.companies_on(user.workspace_id, connection.realm_id, kind, touched)
                standings.sync(user.workspace_id, {company.id} | others)
    except IntegrityError as error:
        raise Conflict from error
    return Change(company.id, company.name, member_type, wanted.state, remote_name, shared_with, activity_id)
