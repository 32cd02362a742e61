"""The form of the preferences, opened again, is what it would be made anew: whatever it is made of counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import soup
from tests.web.preference_pages import EDIT, URL
from webapp.accounting.sources import MappingRules
from webapp.integrations import page, preferences
from webapp.models import Connection, DirectoryEntry, ListKind

TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+')
ACCOUNTS = DirectoryEntry.kind == ListKind.ACCOUNT


def opened(client: PanelClient, address: str = EDIT) -> str:
    """The form, without its token, which says when it was made."""
    return TOKEN.sub(r"\1", client.get(address, headers=HTMX).get_data(as_text=True))


def _rename(world: SimpleNamespace) -> None:
    named = {"name": "Sales of Mugs", "full_name": "Sales of Mugs", "folded": "sales of mugs"}
    DirectoryEntry.update(**named).where(ACCOUNTS & (DirectoryEntry.remote_id == "2")).execute()


def _end_account(world: SimpleNamespace) -> None:
    DirectoryEntry.update(active=False).where(ACCOUNTS & (DirectoryEntry.remote_id == "2")).execute()


def _end_item(world: SimpleNamespace) -> None:
    freight = (DirectoryEntry.kind == ListKind.ITEM) & (DirectoryEntry.name == "Freight")
    DirectoryEntry.update(active=False).where(freight).execute()


def _use_a_term(world: SimpleNamespace) -> None:
    factories.company(world.workspace, terms="Net 90")


def _save(world: SimpleNamespace) -> None:
    preferences.save(world.admin, world.connection, MappingRules(income_account_id="3"), version=0)


def _switch_classes_off(world: SimpleNamespace) -> None:
    facts = {**world.connection.company, "class_on_lines": False, "class_on_document": False}
    Connection.update(company=facts).execute()


def _speak_french(world: SimpleNamespace) -> None:
    world.owner.language = "fr"
    world.owner.save()


CHANGES: list[Callable[[SimpleNamespace], None]] = [
    _rename,
    _end_account,
    _end_item,
    _use_a_term,
    _save,
    _switch_classes_off,
    _speak_french,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_form_follows_whatever_it_is_made_of(
    connected: SimpleNamespace, client: PanelClient, change: Callable[[SimpleNamespace], None]
) -> None:
    client.sign_in(connected.owner)
    before = opened(client)
    assert opened(client) == before
    change(connected)
    after = opened(client)
    assert after != before
    page._REMEMBERED.clear()
    assert opened(client) == after, "what is remembered is what would be made"


def test_form_opened_at_another_control_starts_there(connected: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(connected.owner)
    for name in ("income_account_id", "freight", "income_account_id"):
        form = soup(client.get(f"{EDIT}?field={name}", headers=HTMX))
        assert form.find(autofocus=True)["name"] == name


def test_everybody_gets_a_token_of_their_own(
    connected: SimpleNamespace, client: PanelClient, app: Flask
) -> None:
    first = soup(client.sign_in(connected.owner).get(EDIT, headers=HTMX))
    other = app.test_client()
    other.sign_in(connected.admin)
    with other.session_transaction() as session:
        session["csrf_token"] = "1" * 40
    second = soup(other.get(EDIT, headers=HTMX))
    tokens = [form.find("input", attrs={"name": "csrf_token"})["value"] for form in (first, second)]
    fields: dict[str, Any] = {"item_name_source": "number", "unknown_items": "service", "numbers": "ours"}
    refused = other.post(URL, data={**fields, "csrf_token": tokens[0]}, csrf=False)
    taken = other.post(URL, data={**fields, "csrf_token": tokens[1]}, csrf=False)
    assert (refused.status_code, taken.status_code) == (400, 422)
    assert page.STAND_IN not in str(second)


def test_no_more_is_remembered_than_there_is_room_for(
    connected: SimpleNamespace, client: PanelClient
) -> None:
    client.sign_in(connected.owner)
    for number in range(page.MOST_REMEMBERED + 5):
        opened(client, f"{EDIT}?field=term-{number}")
    assert len(page._REMEMBERED) <= page.MOST_REMEMBERED
