"""Permissions: who sees the QuickBooks integration, and which documents may be sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from peewee import IntegrityError, chunked

from webapp.accounting.drafts import DocumentKind
from webapp.db import transaction
from webapp.db.search import fold
from webapp.errors import Conflict, Forbidden, Invalid, NotFound
from webapp.integrations.people import active
from webapp.models import (
    Connection,
    ConnectionStatus,
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
SAVED: Final = "permissions.saved"
ROWS_AT_ONCE: Final = 500
MOST_NAMED: Final = 25  # names that a page or an activity spells out


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
        """The choices as the activity keeps them; of very many people the first names, and how many more."""
        names = [person.name for person in self.people[:MOST_NAMED]]
        more = len(self.people) - len(names)
        return {
            "visible_to": self.visible_to.value,
            "people": [*names, f"+{more}"] if more else names,
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
    )
    return Permissions(
        visible_to=Visibility(row.visible_to),
        people=_in_order(Person(id_, name) for id_, name in people.tuples()),
        sends=_sends(row),
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
    return sees(user) and kind in _sends(_row(user.workspace_id))


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
        if replace(before, version=after.version) == after:
            return False
        if before.version != version:
            raise Conflict
        _write(user.workspace_id, after)
        facts: dict[str, object] = {
            "before": before.facts(),
            "after": after.facts(),
            "version": after.version,
        }
        record(user.workspace_id, user.id, SAVED, None, **facts, **({"via": via} if via else {}))
        DocumentStatus.mark_for_check(user.workspace_id)
    return True


def read_context(user: User, connection: Connection | None) -> dict[str, object]:
    """What the section shows to a person; while disconnected nobody edits it."""
    saved = read(user.workspace_id)
    return {
        "saved": saved,
        "more_people": len(saved.people) - MOST_NAMED,
        "named": MOST_NAMED,
        "is_living": is_living(connection),
        "may_edit": user.manages and is_living(connection),
    }


def is_living(connection: Connection | None) -> bool:
    """Whether there is a connection that the permissions are about."""
    return connection is not None and connection.status != ConnectionStatus.DISCONNECTED


def _row(workspace_id: int) -> Permission | None:
    return Permission.get_or_none(
        (Permission.workspace == workspace_id) & (Permission.provider == Provider.QUICKBOOKS)
    )


def _sends(row: Permission | None) -> frozenset[DocumentKind]:
    return frozenset(kind for kind, column in COLUMNS.items() if row is None or getattr(row, column))


def _is_member(workspace_id: int) -> object:
    return (User.workspace == workspace_id) & (User.role == Role.MEMBER) & User.active


def _chosen(workspace_id: int, people: Iterable[int]) -> tuple[Person, ...]:
    """The members behind the ids; owners and admins are left out, since they always see it."""
    ids = set(people)
    known = {person.id: person for person in active(workspace_id) if person.id in ids}
    if len(known) < len(ids):
        raise Invalid({"people": ["unknown"]})
    chosen = _in_order(Person(one.id, one.name) for one in known.values() if not one.manages)
    if not chosen:
        raise Invalid({"people": ["nobody"]})
    return chosen


def _in_order(people: Iterable[Person]) -> tuple[Person, ...]:
    """By name, the same on every database."""
    return tuple(sorted(people, key=lambda person: (fold(person.name), person.id)))


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
    rows = [(row.id, person.id) for person in after.people]
    for some in chunked(rows, ROWS_AT_ONCE):
        PermittedPerson.insert_many(some, [PermittedPerson.permission, PermittedPerson.user]).execute()
