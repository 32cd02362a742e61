"""Link companies over HTTP: the table, and who sees it."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import soup, text
from tests.services.test_links import REALM, entry
from webapp.links import standings
from webapp.models import (
    Connection,
    ConnectionStatus,
    LinkState,
    Permission,
    PermittedPerson,
    Suggestion,
    User,
    Visibility,
)

LINKS = "/settings/integrations/quickbooks/links"


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    """The world with a connection whose lists were read, and some companies."""
    world.connection = factories.connection(world.workspace, lists_read_at=factories.now())
    entry(world.workspace, "58", "Alder & Finch Events")
    entry(world.workspace, "59", "Birchline Outfitters Inc.", email="hello@birchline.example")
    entry(world.workspace, "70", "Copper Mug Supply", kind="vendor")
    world.company = factories.company(
        world.workspace, "Alder & Finch <Events>", bill_city="Hartford", bill_region="CT"
    )
    return world


def names(page: object) -> list[str]:
    return [cell.contents[0].strip() for cell in soup(page).select("tbody th")]


@pytest.mark.parametrize("who", ["owner", "admin", "member"])
def test_everyone_who_sees_the_integration_sees_the_table(
    desk: SimpleNamespace, client: PanelClient, who: str
) -> None:
    client.sign_in(getattr(desk, who))
    page = client.get(f"{LINKS}/customers")
    assert page.status_code == 200
    assert names(page) == ["Alder & Finch <Events>"]
    assert "Hartford, CT" in text(page)
    assert soup(page).h1.get_text() == "Link customers to QuickBooks"


@pytest.mark.parametrize("who", ["support"])
def test_support_finds_nothing(desk: SimpleNamespace, client: PanelClient, who: str) -> None:
    client.sign_in(getattr(desk, who))
    for path in (
        "customers",
        f"customers/{desk.company.id}/edit",
        f"customers/{desk.company.id}/options?q=a",
    ):
        assert client.get(f"{LINKS}/{path}").status_code == 404


def test_stranger_is_asked_to_sign_in(desk: SimpleNamespace, client: PanelClient) -> None:
    page = client.get(f"{LINKS}/customers?state=linked")
    assert page.status_code == 303
    assert "/sign-in" in page.location


def test_outsider_sees_only_their_own(desk: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(desk.outsider)
    assert "Alder" not in text(client.get(f"{LINKS}/customers"))
    for path in (f"{desk.company.id}", f"{desk.company.id}/edit", f"{desk.company.id}/options"):
        assert client.get(f"/links/customers/{path}", headers=HTMX).status_code == 404
    answer = client.post(f"/links/customers/{desk.company.id}", data={"remote_id": "58"})
    assert answer.status_code == 404


def test_member_for_whom_it_is_hidden_finds_nothing(desk: SimpleNamespace, client: PanelClient) -> None:
    permission = Permission.create(workspace=desk.workspace, visible_to=Visibility.SELECTED)
    client.sign_in(desk.member)
    assert client.get(f"{LINKS}/customers").status_code == 404
    answer = client.post(f"/links/customers/{desk.company.id}", data={"remote_id": "58"})
    assert answer.status_code == 404
    PermittedPerson.create(permission=permission, user=desk.member)
    assert client.get(f"{LINKS}/customers").status_code == 200


@pytest.mark.parametrize(
    "path", ["prospects", "customers/0/edit", "customers/99999999999999999999/edit", "undo/5"]
)
def test_unknown_addresses_are_not_found(desk: SimpleNamespace, client: PanelClient, path: str) -> None:
    client.sign_in(desk.owner)
    method = "POST" if path.startswith("undo") else "GET"
    assert client.open(f"{LINKS}/{path}", method=method).status_code == 404


def test_search_and_filters_stand_in_the_address(desk: SimpleNamespace, client: PanelClient) -> None:
    linked = factories.company(desk.workspace, "Québec Balloons", number="QB-77")
    linked.folded = "quebec balloons qb-77"
    linked.save()
    factories.link(desk.workspace, REALM, linked, "58")
    client.sign_in(desk.owner)
    page = client.get(f"{LINKS}/customers?q=quebec&state=linked")
    assert names(page) == ["Québec Balloons"]
    assert soup(page).find("input", {"name": "q"})["value"] == "quebec"
    assert soup(page).find("input", {"name": "state"})["value"] == "linked"
    current = soup(page).select_one(".filters [aria-current]")
    assert current.get_text(" ", strip=True) == "Linked 1"
    edit = soup(page).select_one("tbody a.btn")["href"]
    assert "q=quebec" in edit
    assert "state=linked" in edit
    assert names(client.get(f"{LINKS}/customers?q=qb-77")) == ["Québec Balloons"]


@pytest.mark.parametrize(
    "query",
    ["q=%25", "q=_", "q='\"", "q=🎈", "q=مرحبا", "q=" + "x" * 10_000, "q=%00", "state=nonsense&after=x.y",
     "after=99999999999999.z", "before=1.%00", "q=%ff%fe"],
)  # fmt: skip
def test_any_address_gives_a_page(desk: SimpleNamespace, client: PanelClient, query: str) -> None:
    client.sign_in(desk.owner)
    assert client.get(f"{LINKS}/customers?{query}").status_code == 200


def test_pager_leads_through_all_rows(desk: SimpleNamespace, client: PanelClient) -> None:
    for number in range(120):
        factories.company(desk.workspace, f"Company {number:03}")
    client.sign_in(desk.owner)
    page = client.get(f"{LINKS}/customers?q=company")
    seen = names(page)
    while following := soup(page).select_one("a[rel=next]"):
        page = client.get(following["href"])
        seen += names(page)
    assert seen == [f"Company {number:03}" for number in range(120)]
    back = client.get(soup(page).select_one("a[rel=prev]")["href"])
    assert names(back) == seen[50:100]


def test_page_and_rows_keep_to_their_weight(desk: SimpleNamespace, client: PanelClient) -> None:
    for number in range(60):
        company = factories.company(
            desk.workspace,
            f"Harborlight Credit Union of New London {number:02}",
            bill_city="New London",
            bill_region="CT",
            email="office@harborlight.example",
        )
        if number % 3:
            factories.link(desk.workspace, REALM, company, "58")
    factories.suggest(desk.workspace)
    client.sign_in(desk.owner)
    page = client.get(f"{LINKS}/customers").get_data(as_text=True)
    assert len(page.encode()) < 40_000
    rows = re.findall(r"<tr id=.*?</tr>", page, re.S)
    assert len(rows) == 50
    assert max(len(row.encode()) for row in rows) <= 700


def test_page_with_suggestions_keeps_to_its_weight(desk: SimpleNamespace, client: PanelClient) -> None:
    home, reasons = desk.workspace, ["same_phone", "same_email_domain", "like_name:96", "same_postal_code"]
    for number in range(50):
        name = f"Harborlight Credit Union {number:02}"
        where = {"bill_city": "New London", "bill_region": "CT", "email": "office@harborlight.example"}
        company = factories.company(home, name, **where)
        if number % 5 < 3:
            entry(home, str(200_000 + number), name)
            factories.link(home, REALM, company, str(200_000 + number))
        for place in range((0, 0, 0, 1 + number % 2, 0)[number % 5]):
            remote_id = str(100_000 + number * 10 + place)
            entry(home, remote_id, name)
            Suggestion.create(
                workspace=home, realm_id=REALM, member_type="customer", company=company, place=place,
                remote_id=remote_id, score=48, reasons=reasons, ambiguous=True,
            )  # fmt: skip
        standings.sync(home.id, [company.id])
    client.sign_in(desk.owner)
    for language in ("en", "fr"):
        User.update(language=language).execute()
        page = client.get(f"{LINKS}/customers?after=1.b").get_data(as_text=True)
        rows = re.findall(r"<tr id=.*?</tr>", page, re.S)
        offers = [row for row in rows if 'class="offer"' in row]
        assert len(page.encode()) < 40_000
        assert (len(rows), len(offers)) == (50, 10)
        assert max(len(row.encode()) for row in rows if row not in offers) <= 700
        assert max(len(row.encode()) for row in offers) <= 1_024


def test_without_a_connection_the_table_is_read_only(desk: SimpleNamespace, client: PanelClient) -> None:
    factories.link(desk.workspace, REALM, desk.company, "58")
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    client.sign_in(desk.owner)
    page = client.get(f"{LINKS}/customers")
    assert "QuickBooks is not connected" in text(page)
    assert soup(page).select_one("tbody .badge").get_text() == "Linked"
    assert not soup(page).select("tbody a, tbody button")
    path = f"/links/customers/{desk.company.id}"
    assert client.get(f"{path}/edit").status_code == 303
    assert client.post(path, data={"action": "unlink"}).status_code == 303
    assert client.post(path, data={"action": "unlink"}, headers=HTMX).headers["HX-Redirect"]
    assert "Linked" in text(client.get(f"{LINKS}/customers"))
    Connection.delete().execute()
    assert client.get(f"{LINKS}/customers").status_code == 200
    assert client.get(f"{path}/options?q=a", headers=HTMX).status_code == 200


def test_lists_never_read_are_told(desk: SimpleNamespace, client: PanelClient) -> None:
    Connection.update(lists_read_at=None).execute()
    client.sign_in(desk.owner)
    assert "have not been read yet" in text(client.get(f"{LINKS}/customers"))


def test_states_are_told_in_words(desk: SimpleNamespace, client: PanelClient) -> None:
    home = desk.workspace
    entry(home, "60", "Gone away", active=False)
    entry(home, "62", "Sailing School", full_name="Copperfield Holdings:Sailing School")
    factories.link(home, REALM, factories.company(home, "B conflict"), "60")
    factories.link(home, REALM, factories.company(home, "C never"), None, state=LinkState.DO_NOT_LINK)
    factories.link(home, REALM, factories.company(home, "D sailing"), "62")
    factories.company(home, "Birchline Outfitters", email="me@birchline.example")
    factories.suggest(home)
    client.sign_in(desk.owner)
    page = client.get(f"{LINKS}/customers")
    badges = {
        row.th.contents[0].strip(): row.select_one(".badge").get_text()
        for row in soup(page).select("tbody tr")
    }
    assert badges == {
        "Alder & Finch <Events>": "To review",
        "B conflict": "Conflict",
        "Birchline Outfitters": "To review",
        "C never": "Do not link",
        "D sailing": "Linked",
    }
    words = text(page)
    assert "Sub-customer of Copperfield Holdings" in words
    assert re.search(r"Birchline Outfitters Inc\. \d\d % · Same e-mail domain, same name Accept", words)
    assert "Inactive, merged or deleted in QuickBooks" in words


def test_empty_states_say_what_to_do(desk: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(desk.owner)
    page = client.get(f"{LINKS}/suppliers")
    assert "No suppliers yet" in text(page)
    assert "No company matches" in text(client.get(f"{LINKS}/customers?q=zzz"))
    assert "No company matches" in text(client.get(f"{LINKS}/customers?state=conflict"))


def test_table_speaks_french(desk: SimpleNamespace, client: PanelClient) -> None:
    desk.owner.language = "fr"
    desk.owner.save()
    factories.suggest(desk.workspace)
    client.sign_in(desk.owner)
    page = client.get(f"{LINKS}/customers")
    words = text(page)
    assert soup(page).h1.get_text() == "Lier les clients à QuickBooks"
    for label in (
        "Client QuickBooks",
        "À vérifier",
        "Ne pas lier",
        "Conflit",
        "Accepter",
        "Même nom",
        "Modifier",
    ):
        assert label in words
