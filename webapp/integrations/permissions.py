"""Permissions: who sees the QuickBooks integration, and which documents may be sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from peewee import IntegrityError

from webapp.accounting.drafts import DocumentKind
from webapp.db import transaction
from webapp.errors import Conflict, Forbidden, Invalid, NotFound
from webapp.models import (
    Activity,
    DocumentStatus,
    Permission,
    PermittedPerson,
    Provider,
    Role,
    User,
    Visibility,
    record,
)

COLUMNS = {
    DocumentKind.INVOICE: "send_invoices",
    DocumentKind.BILL: "send_bills",
    DocumentKind.PURCHASE_ORDER: "send_purchase_orders",
}
SAVED = "permissions.saved"
LONGEST_LIST = 1000


@dataclass(frozen=True)
class Person:
    """A member whom the integration can be shown to."""

    id: int
    name: str


@dataclass(frozen=True)
class Permissions:
    """What is saved; the defaults hold where nothing was. ``version`` is 0 before the first save."""

    visible_to: Visibility = Visibility.ALL
    people: tuple[Person, ...] = ()
    sends: frozenset[DocumentKind] = field(default=frozenset(DocumentKind))
    version: int = 0

    def facts(self) -> dict[str, object]:
        """The choices as the activity keeps them."""
        return {
            "visible_to": self.visible_to.value,
            "people": [person.name for person in self.people],
            "sends": [kind.value for kind in DocumentKind if kind in self.sends],
        }


def read(workspace_id: int) -> Permissions:
    """The workspace's permissions, defaults where nothing was saved."""
    row = _row(workspace_id)
    if row is None:
        return Permissions()
    people = (
        User.select(User.id, User.name)
        .join(PermittedPerson)
        .where((PermittedPerson.permission == row.id) & _is_member(workspace_id))
        .order_by(User.name, User.id)
    )
    return Permissions(
        visible_to=Visibility(row.visible_to),
        people=tuple(Person(person.id, person.name) for person in people),
        sends=frozenset(kind for kind, column in COLUMNS.items() if getattr(row, column)),
        version=row.version,
    )


def sees(user: User) -> bool:
    """Whether the integration and its transaction details are there at all for a person."""
    if user.is_support or user.workspace_id is None:
        return False
    if user.manages:
        return True
    row = _row(user.workspace_id)
    if row is None or row.visible_to == Visibility.ALL:
        return True
    chosen = PermittedPerson.select().where(
        (PermittedPerson.permission == row.id) & (PermittedPerson.user == user.id)
    )
    return bool(chosen.exists())


def may_send(user: User, kind: DocumentKind) -> bool:
    """Whether a person may send this kind of document; the choice of kinds holds for everyone."""
    return sees(user) and kind in read(user.workspace_id).sends


def require_visible(user: User) -> None:
    """Refuse a person for whom the integration is hidden, as if it were not there; raises NotFound."""
    if not sees(user):
        raise NotFound


def require_may_send(user: User, kind: DocumentKind) -> None:
    """Refuse sending; raises NotFound for whom it is hidden, Forbidden when the kind is not allowed."""
    require_visible(user)
    if not may_send(user, kind):
        raise Forbidden


def require_manages(user: User) -> None:
    """Refuse whoever is not an owner or admin; raises NotFound when hidden, else Forbidden."""
    require_visible(user)
    if not user.manages:
        raise Forbidden


def members(workspace_id: int) -> list[Person]:
    """The people who can be chosen, in name order."""
    rows = User.select(User.id, User.name).where(_is_member(workspace_id)).order_by(User.name, User.id)
    return [Person(row.id, row.name) for row in rows.limit(LONGEST_LIST)]


def managers(workspace_id: int) -> list[User]:
    """The owners and admins, who always see the integration; owners first."""
    wanted = (User.workspace == workspace_id) & (User.role != Role.MEMBER) & User.active
    return list(User.select().where(wanted).order_by(User.role.desc(), User.name).limit(LONGEST_LIST))


def save(
    user: User,
    *,
    visible_to: Visibility,
    people: Iterable[int],
    sends: Iterable[DocumentKind],
    version: int,
    via: str = "",
) -> bool:
    """Save the section; False when nothing differs from what is saved, and then nothing is written.

    Args:
        user: who saves; an owner or admin.
        visible_to: everybody or the chosen people.
        people: the chosen members' ids; looked at only when ``visible_to`` is selected.
        sends: the kinds that may be sent.
        version: the version that was on the screen.
        via: how it was saved when not in the panel, for the activity.

    Raises:
        NotFound, Forbidden: the person does not see, or does not manage, the integration.
        Invalid: ``people`` is ``nobody`` or ``unknown``.
        Conflict: somebody saved meanwhile.
    """
    require_manages(user)
    with transaction():
        before = read(user.workspace_id)
        chosen = _chosen(user.workspace_id, people) if visible_to == Visibility.SELECTED else ()
        after = Permissions(visible_to, chosen, frozenset(sends), before.version + 1)
        if before.version != version:
            raise Conflict
        if before.facts() == after.facts() and before.people == after.people:
            return False
        _write(user.workspace_id, after)
        origin = {"via": via} if via else {}
        record(user.workspace_id, user.id, SAVED, None, before=before.facts(), after=after.facts(), **origin)
        DocumentStatus.mark_for_check(user.workspace_id)
    return True


def last_save(workspace_id: int) -> tuple[str, datetime] | None:
    """Who saved the permissions last and when; None before the first save."""
    saves = (
        Activity.select(Activity, User)
        .left_outer_join(User)
        .where((Activity.workspace == workspace_id) & (Activity.verb == SAVED))
        .order_by(Activity.id.desc())
    )
    row = saves.first()
    return None if row is None else (row.user.name if row.user else "", row.at)


def read_context(user: User, _connection: object = None) -> dict[str, object]:
    """What the section shows to a person."""
    return {"saved": read(user.workspace_id), "may_edit": user.manages}


def _row(workspace_id: int) -> Permission | None:
    return Permission.get_or_none(
        (Permission.workspace == workspace_id) & (Permission.provider == Provider.QUICKBOOKS)
    )


def _is_member(workspace_id: int) -> object:
    return (User.workspace == workspace_id) & (User.role == Role.MEMBER) & User.active


def _chosen(workspace_id: int, people: Iterable[int]) -> tuple[Person, ...]:
    """The members behind the ids; owners and admins are left out, since they always see it."""
    ids = set(people)
    known = {
        row.id: row
        for row in User.select(User.id, User.name, User.role).where(
            User.id.in_(ids) & (User.workspace == workspace_id) & User.active
        )
    }
    if ids - known.keys():
        raise Invalid({"people": ["unknown"]})
    chosen = sorted(
        (row for row in known.values() if row.role == Role.MEMBER), key=lambda row: (row.name, row.id)
    )
    if not chosen:
        raise Invalid({"people": ["nobody"]})
    return tuple(Person(row.id, row.name) for row in chosen)


def _write(workspace_id: int, after: Permissions) -> None:
    values: dict[str, object] = {column: kind in after.sends for kind, column in COLUMNS.items()}
    values |= {"visible_to": after.visible_to, "version": after.version}
    row = _row(workspace_id)
    if row is None:
        try:
            row = Permission.create(workspace=workspace_id, provider=Provider.QUICKBOOKS, **values)
        except IntegrityError as error:
            raise Conflict from error
    else:
        unchanged = (Permission.id == row.id) & (Permission.version == after.version - 1)
        if Permission.update(**values).where(unchanged).execute() != 1:
            raise Conflict
    PermittedPerson.delete().where(PermittedPerson.permission == row.id).execute()
    if after.people:
        rows = [(row.id, person.id) for person in after.people]
        PermittedPerson.insert_many(rows, [PermittedPerson.permission, PermittedPerson.user]).execute()
