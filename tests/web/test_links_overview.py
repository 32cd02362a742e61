"""Link ESP+ Companies to QuickBooks: the overview on the QuickBooks page, in every state."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX
from tests.html import soup, text
from tests.services.test_links import REALM, entry
from webapp.clock import now
from webapp.jobs import service as jobs
from webapp.links import rebuilding
from webapp.models import Connection, ConnectionStatus, LinkState

PAGE = "/settings/integrations/quickbooks"
OVERVIEW = f"{PAGE}/links"


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    """A connected workspace whose lists were read."""
    world.connection = factories.connection(world.workspace, realm_id=REALM, lists_read_at=now())
    return world


@pytest.fixture
def owner(desk: SimpleNamespace, client: Any) -> Any:
    return client.sign_in(desk.owner)


def fill(world: SimpleNamespace) -> None:
    """A company of each state: linked, in conflict, not linked, not to be linked."""
    entry(world.workspace, "58", "Harborlight Credit Union")
    home = world.workspace
    factories.link(home, REALM, factories.company(home, "Linked"), "58")
    factories.link(home, REALM, factories.company(home, "Gone"), "404")
    factories.company(home, "Alone")
    left = factories.company(home, "Left out")
    factories.link(home, REALM, left, "", state=LinkState.DO_NOT_LINK)


def row(answer: Any, number: int = 0) -> Any:
    return soup(answer).select("#links tbody tr")[number]


def cells(found: Any) -> list[str]:
    return [" ".join(cell.get_text(" ").split()) for cell in found.select("td")]


def test_each_member_type_has_its_counts_a_bar_and_edit(owner: Any, desk: SimpleNamespace) -> None:
    fill(desk)
    answer = owner.get(OVERVIEW, headers=HTMX)
    customers = row(answer)
    assert cells(customers) == [
        "1 not to be linked",
        "1",
        "1 1 conflict Customers",
        "1 Customers",
        "Edit Customers",
    ]
    assert customers.svg["aria-label"] == "1 of 3 linked, 1 to review"
    assert [bar["width"] for bar in customers.select("rect")] == ["33.3", "33.3"]
    assert [link["href"] for link in customers.select("a")] == [
        f"{OVERVIEW}/customers{query}" for query in ("?state=conflict", "?state=not_linked", "")
    ]
    assert [found.th.contents[0].strip() for found in soup(answer).select("tbody tr")] == [
        "Customers",
        "Suppliers",
        "Decorators",
    ]
    assert "None yet" in cells(row(answer, 1))[0]
    assert "Counted are companies, as often as they have a member type." in text(answer)


def test_suggestions_lead_to_the_suggested(owner: Any, desk: SimpleNamespace) -> None:
    entry(desk.workspace, "58", "Harborlight Credit Union")
    factories.company(desk.workspace, "Harborlight Credit Union Inc.")
    factories.suggest(desk.workspace)
    link = row(owner.get(OVERVIEW, headers=HTMX)).find("a", href=f"{OVERVIEW}/customers?state=suggested")
    assert link.contents[0] == "1 suggestion"


def test_without_companies_it_leads_to_their_import(owner: Any) -> None:
    answer = owner.get(OVERVIEW, headers=HTMX)
    assert "No companies to link yet" in text(answer)
    assert soup(answer).find("a", href="/companies/import")


@pytest.mark.parametrize(
    ("values", "words", "button"),
    [
        ({"status": ConnectionStatus.DISCONNECTED}, "Read only until QuickBooks is connected again.", "Show"),
        ({"status": ConnectionStatus.RECONNECT_NEEDED}, "", "Edit"),
        ({"status": ConnectionStatus.PAUSED, "pause_reason": "throttled"}, "", "Edit"),
        ({"lists_error": "unreachable"}, "", "Edit"),
        ({"lists_read_at": None}, "Suggestions come when the lists of QuickBooks have been read.", "Edit"),
    ],
)
def test_it_stays_visible_in_every_state_of_the_connection(
    owner: Any, desk: SimpleNamespace, values: dict[str, Any], words: str, button: str
) -> None:
    fill(desk)
    Connection.update(**values).execute()
    for answer in (owner.get(OVERVIEW, headers=HTMX), owner.get(PAGE)):
        section = soup(answer).find(id="links")
        assert section.select_one("tbody tr .btn").contents[0] == button
        assert section.select_one("tbody tr:first-child td.num").get_text() == "1"
        assert words in section.get_text()
        assert ("Read only" in section.get_text()) == (button == "Show")


def test_while_companies_are_counted_anew_it_says_so_and_asks_again(
    owner: Any, desk: SimpleNamespace
) -> None:
    fill(desk)
    jobs.start_once(desk.workspace.id, rebuilding.KIND)
    section = soup(owner.get(OVERVIEW, headers=HTMX)).find(id="links")
    assert (section["aria-busy"], section["hx-get"]) == ("true", OVERVIEW)
    assert "The companies are being counted anew." in section.get_text()


def test_a_member_who_sees_it_may_link_and_without_htmx_it_leads_to_the_page(
    desk: SimpleNamespace, client: Any
) -> None:
    fill(desk)
    member = client.sign_in(desk.member)
    assert row(member.get(OVERVIEW, headers=HTMX)).select_one(".btn").contents[0] == "Edit"
    assert member.get(OVERVIEW).location == f"{PAGE}#links"


def test_counts_are_the_workspaces_own(owner: Any, desk: SimpleNamespace) -> None:
    factories.company(desk.other, "Confidential Trophies")
    assert "No companies to link yet" in text(owner.get(OVERVIEW, headers=HTMX))
