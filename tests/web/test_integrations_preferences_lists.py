"""Reading QuickBooks' lists: how far it is, where it stopped, and what stays in use meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import HTMX, PanelClient
from tests.html import soup
from tests.web.preference_pages import PAGE, REFRESH, URL, section, typed
from webapp.clock import now
from webapp.integrations import connections
from webapp.links import directory
from webapp.models import Connection, DirectoryEntry


def under_way(**progress: Any) -> None:
    row = Connection.get()
    kept = {"run": 9, "started": now().isoformat(), "realm_id": row.realm_id, "counts": {}, **progress}
    asked = now() + timedelta(seconds=1)
    Connection.update(lists_requested_at=asked, lists_progress=kept if progress else {}).execute()


@pytest.mark.parametrize("address", [URL, PAGE])
def test_a_reading_says_which_list_and_how_many_entries(connected, client: PanelClient, address):
    under_way(list="customer", done=2, of=8, entries=12_400)
    answer = client.sign_in(connected.owner).get(address, headers=HTMX if address == URL else {})
    assert "Reading customers: list 3 of 8, 12,400 entries so far." in section(answer)
    bar = soup(answer).select_one("#preferences progress")
    assert (bar["value"], bar["max"]) == ("2", "8")
    assert soup(answer).find(id=bar["aria-labelledby"])
    assert soup(answer).find(id="preferences")["hx-trigger"] == "every 1s"
    assert "Sales of Product Income" in section(answer), "what was read before stays in use"


def test_a_reading_that_waits_says_so_and_without_a_script_there_is_a_link(connected, client: PanelClient):
    client.sign_in(connected.owner).post(REFRESH)
    answer = client.get(PAGE)
    assert "Waiting for its turn." in section(answer)
    assert not soup(answer).select_one("#preferences progress").has_attr("value")
    link = soup(answer).find(id="lists-again")
    assert link["href"] == f"{PAGE}#preferences"
    directory.refresh(Connection.get(), connections.client_for(Connection.get()))
    done = client.get(link["href"])
    assert not soup(done).select("#preferences progress, #lists-again")
    assert "Lists from QuickBooks, read" in section(done)


def test_every_list_has_words_in_both_languages(connected, client: PanelClient):
    client.sign_in(connected.owner)
    kinds = ("account", "customer", "vendor", "item", "term", "tax_code", "class", "location")
    for language in ("en", "fr"):
        connected.owner.language = language
        connected.owner.save()
        said = set()
        for place, kind in enumerate(kinds):
            under_way(list=kind, done=place, of=8, entries=1)
            said.add(soup(client.get(URL, headers=HTMX)).find(id="lists-progress").get_text())
        assert len(said) == 8
        assert not any("_" in words for words in said)
    assert any("emplacements, liste 8 sur 8" in words for words in said)


def test_a_failed_reading_says_where_it_stopped_and_what_stays(connected, client: PanelClient):
    client.sign_in(connected.owner).post(URL, data=typed())
    row = Connection.get()
    before = DirectoryEntry.select().where(DirectoryEntry.active).count()
    under_way(list="vendor", done=2, of=8, entries=0)
    Connection.update(lists_requested_at=row.lists_requested_at, lists_error="unreachable").execute()
    shown = section(client.get(PAGE))
    assert "QuickBooks did not answer." in shown
    assert "Reading stopped at vendors." in shown
    assert "are still in use" in shown
    assert "Income account Sales of Product Income" in shown
    assert DirectoryEntry.select().where(DirectoryEntry.active).count() == before
