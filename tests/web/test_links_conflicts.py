"""The list of conflicts over HTTP: shown, resolved, refused and brought back, with HTMX and without."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import soup, text
from tests.services.test_links import REALM, entry
from tests.services.test_links_conflicts import customer, tell
from webapp.models import Link

URL = "/links/conflicts"


@pytest.fixture
def desk(world: SimpleNamespace, client: PanelClient) -> SimpleNamespace:
    """A company whose customer is gone and has a successor."""
    world.connection = factories.connection(world.workspace, lists_read_at=factories.now())
    entry(world.workspace, "58", "Harborlight Credit Union")
    entry(world.workspace, "59", "Harborlight <b>Credit</b> Union", name_key="harborlight credit union")
    world.company = factories.company(world.workspace, "Saltmarsh & Co")
    factories.link(world.workspace, REALM, world.company, "58", known_name="Harborlight Credit Union")
    tell(world, {"Id": "58", "status": "Deleted"})
    factories.do_jobs()
    world.save = f"/links/customers/{world.company.id}/conflict"
    client.sign_in(world.owner)
    return world


def fields(answer: Any) -> dict[str, str]:
    form = soup(answer).select_one("#conflicts form")
    return {
        field["name"]: field["value"] for field in form.select("input[name]") if field["name"] != "csrf_token"
    }


def toast(answer: Any) -> dict[str, Any]:
    return json.loads(answer.headers["HX-Trigger"])["toast"]


def test_a_conflict_says_what_happened_and_offers_the_successor(desk, client: PanelClient) -> None:
    page = client.get(URL)
    assert "Harborlight Credit Union is not in QuickBooks any more." in text(page)
    assert (
        soup(page).select_one("button[value=link]").get_text().startswith("Link to Harborlight <b>Credit</b>")
    )
    assert fields(page)["remote_id"] == "59"
    table = client.get("/settings/integrations/quickbooks/links/customers")
    assert soup(table).select_one(f"a[href='{URL}']").get_text() == "1 conflict"


@pytest.mark.parametrize("action", ["link", "unlink"])
def test_a_way_out_is_saved_in_place_and_taken_back(desk, client: PanelClient, action: str) -> None:
    answer = client.post(desk.save, data={**fields(client.get(URL)), "action": action}, headers=HTMX)
    assert answer.status_code == 200
    page = soup(answer)
    assert [one["id"] for one in page.find_all(recursive=False)] == ["conflicts"]
    undo = toast(answer)["undo"]
    assert page.div["data-undo"] == undo
    assert "No conflicts" in text(answer)
    assert [link.remote_id for link in Link.select()] == (["59"] if action == "link" else [])
    back = client.post(undo, headers=HTMX)
    assert [link.remote_id for link in Link.select()] == ["58"]
    assert "Saltmarsh & Co" in text(back)
    assert client.post(undo, headers=HTMX).status_code == 409


def test_without_a_script_the_page_comes_again_with_undo(desk, client: PanelClient) -> None:
    answer = client.post(desk.save, data={**fields(client.get(URL)), "action": "link"})
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    page = client.get(URL)
    undo = soup(page).select_one(".toast form")["action"]
    assert client.post(undo).status_code == 303
    assert Link.get().remote_id == "58"


def test_a_new_name_is_kept_and_that_taken_back(desk, client: PanelClient) -> None:
    tell(desk, customer("58", "Harborlight Bank"))
    page = client.get(URL)
    assert "Was Harborlight Credit Union, is Harborlight Bank in QuickBooks." in text(page)
    answer = client.post(desk.save, data={**fields(page), "action": "keep"}, headers=HTMX)
    assert Link.get().known_name == "Harborlight Bank"
    client.post(toast(answer)["undo"], headers=HTMX)
    assert Link.get().known_name == "Harborlight Credit Union"


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"action": "keep"}, 409),
        ({"action": "link", "remote_id": "58"}, 422),
        ({"action": "link", "remote_id": "404"}, 422),
        ({"action": "link", "remote_id": "59\0"}, 422),
        ({"action": "link", "remote_id": ""}, 422),
        ({"action": "link", "version": "old"}, 409),
        ({"action": "unlink", "version": ""}, 409),
        ({"action": "evil"}, 422),
        ({"action": "link", "conflict": "x" * 10_000}, 200),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_done_is_said_and_changes_nothing(
    desk, client: PanelClient, values: dict[str, str], status: int, headers: dict[str, str]
) -> None:
    answer = client.post(desk.save, data={**fields(client.get(URL)), **values}, headers=headers)
    assert answer.status_code == (303 if status == 200 and not headers else status)
    if status != 200:
        assert soup(answer).select_one("[role=alert]")
        assert Link.get().remote_id == "58"


@pytest.mark.parametrize(
    "query", ["q=%25", "q=_", "q=%00", "kind=evil", "after=x", "before=-1", "after=9" + "9" * 40]
)
def test_hostile_addresses_show_a_page(desk, client: PanelClient, query: str) -> None:
    assert client.get(f"{URL}?{query}").status_code == 200


def test_it_says_so_in_french_and_only_shows_while_nothing_is_connected(desk, client: PanelClient) -> None:
    desk.owner.language = "fr"
    desk.owner.save()
    assert "n’est plus dans QuickBooks" in text(client.get(URL))
    desk.connection.status = "disconnected"
    desk.connection.save()
    page = client.get(URL)
    assert page.status_code == 200
    assert not soup(page).select("#conflicts form")
    assert client.post(desk.save, data={"action": "unlink"}).status_code == 303
    assert Link.get().remote_id == "58"


def test_a_page_of_very_many_keeps_to_its_weight(desk, client: PanelClient) -> None:
    for number in range(30):
        company = factories.company(desk.workspace, f"Harborlight Credit Union of New London {number:02}")
        factories.link(desk.workspace, REALM, company, f"4{number}")
    answer = client.get(URL)
    assert len(soup(answer).select("#conflicts tbody tr")) == 25
    assert len(answer.data) < 60_000
