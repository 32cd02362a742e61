"""The gallery: there only when asked for, complete, in both languages, and nothing of it stays."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask

from tests.conftest import PanelClient
from tests.html import soup, text
from webapp import create_app
from webapp.config import Settings, SettingsError, from_env
from webapp.gallery.cells import CELLS, Ask
from webapp.gallery.routes_answers import answer
from webapp.models import ALL, Connection, ConnectionStatus

LARGEST_PAGE = 60_000
ROOTS = {
    "card": "card-quickbooks",
    "head": "quickbooks-head",
    "account_information": "account-information",
    "permissions": "permissions",
    "preferences": "preferences",
    "link_overview": "links",
}
WANTED = ("empty", "loading", "read", "edit", "invalid", "saved", "conflict", "disconnected")
WANTED += ("reconnect_needed", "list_refresh_failed")
DISCONNECT = "/settings/integrations/quickbooks/disconnect"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, gallery=True)


def rows() -> dict[str, int]:
    return {model._meta.table_name: model.select().count() for model in ALL}


def test_gallery_is_there_only_when_asked_for(settings: Settings) -> None:
    app = create_app(replace(settings, gallery=False))
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/gallery")]
    assert from_env({}).gallery is False
    assert from_env({"GALLERY": "1"}).gallery is True


def test_gallery_is_refused_in_production() -> None:
    keys = {"INTUIT_CLIENT_ID": "id", "INTUIT_CLIENT_SECRET": "secret", "INTUIT_ENVIRONMENT": "production"}
    production = {**keys, "PUBLIC_URL": "https://books.example"}
    with pytest.raises(SettingsError, match="GALLERY"):
        from_env({**production, "GALLERY": "1"})
    with pytest.raises(SettingsError, match="GALLERY"):
        from_env({"GALLERY": "yes"})


def test_gallery_is_closed_to_strangers_and_to_support(world: SimpleNamespace, client: PanelClient) -> None:
    assert client.get("/gallery").status_code == 303
    client.sign_in(world.support)
    assert client.get("/gallery").status_code == 404
    assert client.get("/gallery/permissions/read").status_code == 404


@pytest.mark.parametrize("address", ["permissions/nothing", "nothing/read", "read", "permissions/read/more"])
def test_what_is_not_in_the_gallery_is_not_found(
    world: SimpleNamespace, client: PanelClient, address: str
) -> None:
    client.sign_in(world.owner)
    assert client.get(f"/gallery/{address}").status_code == 404


def test_gallery_has_every_state_somewhere(world: SimpleNamespace, client: PanelClient) -> None:
    assert {state for states in CELLS.values() for state in states} >= set(WANTED)
    assert set(CELLS) == set(ROOTS)
    page = soup(client.sign_in(world.owner).get("/gallery"))
    links = [link for link in page.find_all("a") if link["href"].startswith("/gallery/")]
    assert len(links) == sum(map(len, CELLS.values()))
    assert all(link.get_text(strip=True) for link in links)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("section", CELLS)
def test_cells_are_shown_and_undone(
    world: SimpleNamespace, client: PanelClient, section: str, language: str
) -> None:
    world.owner.language = language
    world.owner.save()
    client.sign_in(world.owner)
    before = rows()
    for state in CELLS[section]:
        shown = client.get(f"/gallery/{section}/{state}")
        assert shown.status_code == 200, (state, text(shown))
        page = soup(shown)
        assert page.html["lang"] == language
        assert page.find(id=ROOTS[section]), state
        assert page.title.get_text().removesuffix(" – Ledgerbridge").split(":")[1].strip(), state
        assert len(shown.data) <= LARGEST_PAGE, state
    assert rows() == before


def test_a_page_with_a_section_in_any_state_is_light(app: Flask) -> None:
    sizes = {}
    with app.test_request_context():
        for section, states in CELLS.items():
            for state, cell in states.items():
                if isinstance(cell.shows, Ask):
                    sizes[section, state] = len(answer(cell, whole=True).fragment.encode())
    assert {cell for cell, size in sizes.items() if size > LARGEST_PAGE} == set(), sizes


def test_an_action_is_told(world: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(world.owner)
    for section in ("permissions", "preferences"):
        for state in ("saved", "unchanged"):
            toasts = soup(client.get(f"/gallery/{section}/{state}")).find(id="toasts")
            assert toasts["role"] == "status"
            assert toasts.find("p").get_text(strip=True), (section, state)


def test_invalid_and_overtaken_forms_are_shown_with_what_is_wrong(
    world: SimpleNamespace, client: PanelClient
) -> None:
    client.sign_in(world.owner)
    for section in ("permissions", "preferences"):
        assert soup(client.get(f"/gallery/{section}/invalid")).select(".invalid .error"), section
        assert "Mika Orlen" in text(client.get(f"/gallery/{section}/conflict")), section


def test_what_stands_in_the_gallery_cannot_be_sent(connected: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(connected.owner)
    form = soup(client.get("/gallery/account_information/edit")).find("form", action=DISCONNECT)
    token = form.find("input", attrs={"name": "csrf_token"})["value"]
    refused = client.post(DISCONNECT, data={"csrf_token": token}, csrf=False)
    assert refused.status_code == 400
    assert Connection.get().status == ConnectionStatus.CONNECTED
