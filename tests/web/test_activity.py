"""The activity page."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import PanelClient
from tests.html import soup, text
from webapp.models import Visibility, record
from webapp.models.permission import Permission

ROOT = Path(__file__).resolve().parents[2]


def test_activity_shows_only_the_own_workspace_newest_first(
    world: SimpleNamespace, client: PanelClient
) -> None:
    record(
        world.workspace.id,
        world.owner.id,
        "companies.imported",
        filename="a.csv",
        created=1,
        updated=0,
        skipped=0,
    )
    record(world.workspace.id, None, "connection.paused", company="Northgate", reason="throttled")
    record(world.other.id, world.outsider.id, "permissions.saved")
    rows = soup(client.sign_in(world.owner).get("/activity")).select("tbody tr")
    assert [row.th.get_text(" ", strip=True) for row in rows] == [
        "Sending to Northgate was paused.",
        "Imported companies from a.csv: 1 new, 0 changed, 0 skipped.",
    ]
    assert "Avery Quill" in rows[1].get_text()


@pytest.mark.parametrize(("language", "words"), [("en", "Command line"), ("fr", "Ligne de commande")])
def test_what_the_host_changed_at_the_command_line_says_so(
    world: SimpleNamespace, client: PanelClient, language: str, words: str
) -> None:
    record(world.workspace.id, None, "preferences.saved", before={}, after={}, via="command_line")
    page = soup(client.sign_in(world.owner).get("/activity", headers={"Accept-Language": language}))
    assert page.select_one("tbody td").get_text(strip=True) == words


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "verb",
    [
        "connection.connected",
        "connection.disconnected",
        "connection.reconnect_needed",
        "connection.paused",
        "links.unlinked",
        "links.do_not_link",
        "links.undone",
        "exemption.added",
        "exemption.changed",
        "exemption.removed",
    ],
)
def test_a_name_that_ends_in_a_full_stop_gets_no_second_one(
    world: SimpleNamespace, client: PanelClient, verb: str, language: str
) -> None:
    record(world.workspace.id, world.owner.id, verb, company="Northgate Promo Co.")
    page = text(client.sign_in(world.owner).get("/activity", headers={"Accept-Language": language}))
    assert "Northgate Promo Co." in page
    assert "Co.." not in page


def test_activity_of_the_integration_is_hidden_from_whom_it_is_hidden(
    world: SimpleNamespace, client: PanelClient
) -> None:
    Permission.create(workspace=world.workspace, visible_to=Visibility.SELECTED)
    record(world.workspace.id, world.owner.id, "document.sent", kind="invoice", number="1")
    record(
        world.workspace.id,
        world.owner.id,
        "documents.imported",
        filename="b.csv",
        created=1,
        updated=0,
        skipped=0,
    )
    page = text(client.sign_in(world.member).get("/activity"))
    assert "b.csv" in page
    assert "QuickBooks" not in page.replace("a local QuickBooks", "")
    assert "Invoice 1" in text(client.sign_in(world.owner).get("/activity"))


def test_activity_pages_by_key(world: SimpleNamespace, client: PanelClient) -> None:
    for _ in range(51):
        record(world.workspace.id, world.owner.id, "permissions.saved")
    client.sign_in(world.owner)
    first = soup(client.get("/activity"))
    assert len(first.select("tbody tr")) == 50
    older = soup(client.get(first.find(rel="next")["href"]))
    assert len(older.select("tbody tr")) == 1
    assert older.find(rel="next") is None


def test_damaged_page_key_shows_the_first_page(world: SimpleNamespace, client: PanelClient) -> None:
    record(world.workspace.id, world.owner.id, "permissions.saved")
    client.sign_in(world.owner)
    for key in ("x", "-1", "9" * 40, "٣"):
        assert len(soup(client.get(f"/activity?before={key}")).select("tbody tr")) == 1


def test_empty_activity_says_what_will_be_here(world: SimpleNamespace, client: PanelClient) -> None:
    assert "Nothing has happened yet" in text(client.sign_in(world.owner).get("/activity"))


def test_every_verb_that_the_code_records_has_a_sentence() -> None:
    known = (ROOT / "templates/components/activity.html").read_text()
    source = "\n".join(
        path.read_text() for path in (ROOT / "webapp").rglob("*.py") if "sandbox" not in path.parts
    )
    verbs = set(re.findall(r'"((?:connection|permissions|preferences|links|document)\.[a-z_]+)"', source))
    blueprints = {verb for verb in verbs if f'url_for("{verb}"' in source}
    assert {verb for verb in verbs - blueprints if f'"{verb}"' not in known} == set()
