"""Every section of the settings, in every state, with HTMX and without, for everybody who may come by.

What each cell has to answer is said by ``expected``; one test is one state, and goes through all people,
sections, operations and ways of asking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import soup
from webapp.clock import now
from webapp.gallery.filled import fields_of
from webapp.gallery.samples import read_lists
from webapp.links.snapshots import Snapshot
from webapp.models import (
    ALL,
    Activity,
    Connection,
    ConnectionStatus,
    DirectoryEntry,
    Job,
    Link,
    Permission,
    PermittedPerson,
    Preferences,
    Visibility,
)

QUICKBOOKS = "/settings/integrations/quickbooks"
COMPANY = "Quillhaven Test Books"
SECTIONS = ("account_information", "permissions", "preferences", "links")
OPERATIONS = ("read", "edit", "save")
PEOPLE = ("owner", "admin", "member", "hidden", "outsider", "support", "stranger")


def _unread(connection: Connection) -> None:
    Connection.update(lists_read_at=None).where(Connection.id == connection.id).execute()


def _set(**values: Any) -> Callable[[Connection], None]:
    def change(connection: Connection) -> None:
        Connection.update(**values).where(Connection.id == connection.id).execute()

    return change


# States of the connection and its lists, and whether the sections can be edited in them
STATES: dict[str, Callable[[Connection], None]] = {
    "connected": _set(lists_error=""),
    "lists not read yet": _unread,
    "lists being read": _set(lists_requested_at=now() + timedelta(minutes=1)),
    "lists could not be read": _set(lists_error="unreachable"),
    "a mapping is gone": _set(mappings_gone=1),
    "consent ends soon": _set(refresh_expires_at=now() + timedelta(days=5)),
    "reconnect needed": _set(status=ConnectionStatus.RECONNECT_NEEDED),
    "paused": _set(status=ConnectionStatus.PAUSED, paused_until=now() + timedelta(hours=1)),
    "disconnected": _set(
        status=ConnectionStatus.DISCONNECTED,
        access_token=None,
        refresh_token=None,
        refresh_expires_at=None,
    ),
}


@dataclass(frozen=True)
class Cell:
    """One request of the table."""

    section: str
    operation: str
    state: str
    who: str
    with_htmx: bool

    @property
    def is_editable(self) -> bool:
        """Whether the section can be changed in this state, by whom it may be."""
        if self.state == "disconnected":
            return False
        return not (self.section == "preferences" and self.state == "lists not read yet")

    @property
    def may_edit(self) -> bool:
        """Whether the person may change the section; links are everybody's who sees them."""
        return self.who in {"owner", "admin"} or (self.section == "links" and self.who == "member")


def expected(cell: Cell) -> set[int]:
    """The statuses that are right for a cell."""
    if cell.who == "stranger":
        return {401} if cell.with_htmx or cell.operation == "save" else {302, 303}
    if cell.who in {"hidden", "support"}:
        return {404}
    if cell.who == "outsider":
        return {404} if cell.section == "links" else {200, 303, 404, 409}
    if cell.operation == "read":
        return {200} if cell.with_htmx else {303}
    if not cell.may_edit:
        return {403}
    if cell.operation == "edit":
        return {200} if cell.is_editable or cell.with_htmx else {200, 303}
    if cell.section == "links":
        return {200} if cell.with_htmx else {303}
    if not cell.is_editable:
        return {409}
    return {200} if cell.with_htmx else {303}


@pytest.fixture
def place(world: SimpleNamespace, app: Flask) -> SimpleNamespace:
    """A connected company with its lists, one company of ours, and people for each column of the table."""
    home = world.workspace
    world.connection = factories.connection(
        home, company_name=COMPANY, connected_by=world.owner, environment="demo"
    )
    read_lists(world.connection, "us")
    world.company = factories.company(home, "Harborlight Bakery")
    world.hidden = factories.user(home, name="Hidden Person")
    factories.connection(world.other, realm_id="999", status=ConnectionStatus.DISCONNECTED)
    permission = Permission.create(workspace=home, visible_to=Visibility.SELECTED)
    PermittedPerson.create(permission=permission, user=world.member)
    world.people = {name: getattr(world, name, None) for name in PEOPLE}
    owner = app.test_client().sign_in(world.owner)
    world.forms = {
        section: fields_of(
            owner.get(f"{QUICKBOOKS}/{section}/edit", headers=HTMX).get_data(as_text=True),
            f"{QUICKBOOKS}/{section}",
        )
        for section in ("permissions", "preferences")
    }
    return world


def ask(client: PanelClient, place: SimpleNamespace, cell: Cell) -> Any:
    """Make a cell's request."""
    row = f"/links/customers/{place.company.id}"
    addresses = {
        ("account_information", "read"): f"{QUICKBOOKS}/account-information",
        ("account_information", "edit"): f"{QUICKBOOKS}/disconnect",
        ("permissions", "read"): f"{QUICKBOOKS}/permissions",
        ("permissions", "edit"): f"{QUICKBOOKS}/permissions/edit",
        ("preferences", "read"): f"{QUICKBOOKS}/preferences",
        ("preferences", "edit"): f"{QUICKBOOKS}/preferences/edit",
        ("links", "read"): row,
        ("links", "edit"): f"{row}/edit",
    }
    headers = HTMX if cell.with_htmx else {}
    if cell.operation != "save":
        return client.get(addresses[cell.section, cell.operation], headers=headers)
    if cell.section == "links":
        link = Link.get_or_none(Link.company == place.company.id)
        data = {"action": "unlink" if link else "do_not_link", "version": Snapshot.of(link).token}
        return client.post(row, data=data, headers=headers)
    saved = {"permissions": Permission, "preferences": Preferences}[cell.section].get_or_none()
    data = {**place.forms[cell.section], "version": [str(saved.version if saved else 0)]}
    return client.post(f"{QUICKBOOKS}/{cell.section}", data=data, headers=headers)


def stored() -> dict[str, list[Any]]:
    """All that is stored, but jobs and QuickBooks' lists."""
    passing = {Job._meta.table_name, DirectoryEntry._meta.table_name}
    return {
        model._meta.table_name: sorted(map(repr, model.select().order_by(model.id).tuples()))
        for model in ALL
        if model._meta.table_name not in passing
    }


def body_is_right(cell: Cell, answer: Any) -> bool:
    """Whether the body shows the section as the person may see it: with a form, a way to it, or neither."""
    text = answer.get_data(as_text=True)
    if cell.who in {"hidden", "outsider", "support", "stranger"}:
        return COMPANY not in text and "Harborlight" not in text
    if answer.status_code != 200 or cell.section == "links" or cell.operation == "save":
        return True
    section = soup(answer).find(id=cell.section.replace("_", "-"))
    if section is None:
        return bool(answer.headers.get("HX-Redirect"))
    form = section.find("form", action=f"{QUICKBOOKS}/{cell.section}")
    if cell.operation == "edit" and cell.section != "account_information":
        return bool(form) == cell.is_editable
    way = section.select("a[hx-get$=edit], a[hx-get$=disconnect]")
    return bool(way) == (cell.may_edit and cell.is_editable) or cell.operation == "edit"


@pytest.mark.parametrize("state", STATES)
def test_every_cell_answers_as_it_should(place: SimpleNamespace, app: Flask, state: str) -> None:
    STATES[state](place.connection)
    wrong = []
    for who, person in place.people.items():
        client = app.test_client()
        if person is not None:
            client.sign_in(person)
        for section, operation, with_htmx in product(SECTIONS, OPERATIONS, (True, False)):
            if (section, operation) == ("account_information", "save"):
                continue  # disconnecting is a state of its own
            cell = Cell(section, operation, state, who, with_htmx)
            before = stored()
            answer = ask(client, place, cell)
            if answer.status_code not in expected(cell) or not body_is_right(cell, answer):
                wrong.append((cell, answer.status_code))
            may_write = operation == "save" and cell.may_edit and cell.is_editable
            if not may_write and stored() != before:
                wrong.append((cell, "wrote"))
    assert wrong == []


@pytest.mark.parametrize("section", ["permissions", "preferences"])
def test_save_that_changes_nothing_writes_nothing_and_one_that_does_is_noted_once(
    place: SimpleNamespace, client: PanelClient, section: str
) -> None:
    client.sign_in(place.owner)
    form, address = place.forms[section], f"{QUICKBOOKS}/{section}"
    if section == "preferences":
        client.post(address, data=form, headers=HTMX)
        form = {**form, "version": [str(Preferences.get().version)]}
    before = stored()
    assert client.post(address, data=form, headers=HTMX).status_code == 200
    assert stored() == before
    count = Activity.select().count()
    changed = {"permissions": {"send": ["invoice"]}, "preferences": {"item_name_source": ["name"]}}[section]
    assert client.post(address, data={**form, **changed}, headers=HTMX).status_code == 200
    assert Activity.select().count() == count + 1
    facts = Activity.select().order_by(Activity.id.desc()).first().facts
    assert facts["before"].keys() == facts["after"].keys()
    assert facts["before"] != facts["after"]
