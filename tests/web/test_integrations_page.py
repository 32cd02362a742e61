"""Account Integrations: the cards, the QuickBooks page, and for whom they are there at all."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX
from tests.html import soup, text
from webapp.clock import now
from webapp.models import Connection, Permission, PermittedPerson, Visibility

INDEX = "/settings/integrations"
PAGE = f"{INDEX}/quickbooks"
READS = [INDEX, PAGE, f"{PAGE}/card", f"{PAGE}/head", f"{PAGE}/account-information", f"{PAGE}/permissions"]
CHANGES = [
    ("GET", f"{PAGE}/permissions/edit"),
    ("POST", f"{PAGE}/permissions"),
    ("GET", f"{PAGE}/disconnect"),
    ("POST", f"{PAGE}/disconnect"),
    ("POST", f"{PAGE}/connect"),
    ("POST", f"{PAGE}/test"),
]


def hide(world: SimpleNamespace, *chosen: Any) -> None:
    """Show the integration to owners, admins and the chosen members only."""
    permission = Permission.create(workspace=world.workspace, visible_to=Visibility.SELECTED)
    for person in chosen:
        PermittedPerson.create(permission=permission, user=person)


def in_time(values: dict[str, Any]) -> dict[str, Any]:
    """The values with every timedelta as a moment from now."""
    return {name: now() + value if isinstance(value, timedelta) else value for name, value in values.items()}


def buttons(answer: Any) -> str:
    return " ".join(" ".join(found.get_text(" ").split()) for found in soup(answer).select("main .btn"))


@pytest.mark.parametrize("who", ["owner", "admin", "member"])
@pytest.mark.parametrize("path", READS)
def test_everybody_reads_by_default(world: SimpleNamespace, client: Any, who: str, path: str) -> None:
    factories.connection(world.workspace)
    assert client.sign_in(getattr(world, who)).get(path, headers=HTMX).status_code == 200


@pytest.mark.parametrize("path", READS)
def test_whoever_is_not_chosen_finds_nothing(world: SimpleNamespace, client: Any, path: str) -> None:
    factories.connection(world.workspace)
    hide(world)
    assert client.sign_in(world.member).get(path, headers=HTMX).status_code == 404


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_whoever_is_not_chosen_finds_nothing_to_change(
    world: SimpleNamespace, client: Any, method: str, path: str
) -> None:
    factories.connection(world.workspace)
    hide(world)
    assert client.sign_in(world.member).open(path, method=method).status_code == 404


@pytest.mark.parametrize("who", ["owner", "admin", "member"])
def test_owners_admins_and_the_chosen_see_it(world: SimpleNamespace, client: Any, who: str) -> None:
    factories.connection(world.workspace)
    hide(world, world.member)
    assert client.sign_in(getattr(world, who)).get(PAGE).status_code == 200


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_member_who_sees_it_may_change_nothing(
    world: SimpleNamespace, client: Any, method: str, path: str
) -> None:
    factories.connection(world.workspace)
    assert client.sign_in(world.member).open(path, method=method).status_code == 403


@pytest.mark.parametrize(("method", "path"), [("GET", path) for path in READS] + CHANGES)
def test_support_finds_nothing(world: SimpleNamespace, client: Any, method: str, path: str) -> None:
    factories.connection(world.workspace)
    assert client.sign_in(world.support).open(path, method=method).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("GET", path) for path in READS] + CHANGES)
def test_a_stranger_is_asked_to_sign_in(world: SimpleNamespace, client: Any, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code in {303, 401}
    assert "Northgate" not in answer.get_data(as_text=True)


def test_an_outsider_sees_their_own_workspace_only(world: SimpleNamespace, client: Any) -> None:
    factories.connection(world.workspace)
    answer = client.sign_in(world.outsider).get(INDEX)
    assert answer.status_code == 200
    assert "Not connected" in text(answer)
    assert client.get(PAGE).location == INDEX


def test_a_change_without_the_token_of_the_form_is_refused(world: SimpleNamespace, client: Any) -> None:
    factories.connection(world.workspace)
    client.sign_in(world.owner)
    assert client.open(f"{PAGE}/disconnect", method="POST", csrf=False).status_code == 400
    assert Connection.get().status == "connected"


def test_the_card_offers_to_connect_to_those_who_may(world: SimpleNamespace, client: Any) -> None:
    answer = client.sign_in(world.owner).get(INDEX)
    form = soup(answer).select_one("#card-quickbooks form[data-connect]")
    assert form["action"] == f"{PAGE}/connect"
    assert "Connect Intuit QuickBooks Online" in buttons(answer)
    told = client.sign_in(world.member).get(INDEX)
    assert soup(told).select_one("form[data-connect]") is None
    assert "Ask an owner or admin" in text(told)


def test_the_card_of_smartbooks_says_why_its_button_does_nothing(world: SimpleNamespace, client: Any) -> None:
    card = soup(client.sign_in(world.owner).get(INDEX)).find(id="card-smartbooks")
    assert "Not available yet" in card.get_text()
    button = card.find("button")
    assert (button["type"], button["aria-disabled"]) == ("button", "true")
    assert "This version does not include it." in card.find(id=button["aria-describedby"]).get_text()
    assert card.find("form") is None


@pytest.mark.parametrize(
    ("values", "badge", "words", "button", "button_of_member"),
    [
        (None, "Not connected", "in a window of its own", "Connect", ""),
        ({}, "Connected", "", "Open settings", "Open settings"),
        ({"status": "reconnect_needed"}, "Reconnect needed", "documents wait", "Reconnect", "Open settings"),
        ({"status": "disconnected"}, "Disconnected", "Nothing is sent.", "Connect", "Open settings"),
        (
            {"status": "paused", "paused_until": timedelta(minutes=1), "pause_reason": "throttled"},
            "Paused",
            "QuickBooks asked us to slow down.",
            "Open settings",
            "Open settings",
        ),
        (
            {"status": "paused", "paused_until": timedelta(minutes=1), "pause_reason": "invalid_client"},
            "Paused",
            "Sending waits.",
            "Open settings",
            "Open settings",
        ),
        (
            {"refresh_expires_at": timedelta(days=3)},
            "Attention needed",
            "something needs you",
            "Open settings",
            "Open settings",
        ),
    ],
)
def test_the_card_has_one_button_and_one_sentence_for_each_state(
    world: SimpleNamespace,
    client: Any,
    values: dict[str, Any] | None,
    badge: str,
    words: str,
    button: str,
    button_of_member: str,
) -> None:
    if values is not None:
        factories.connection(world.workspace, **in_time(values))
    card = soup(client.sign_in(world.owner).get(INDEX)).find(id="card-quickbooks")
    assert card.select_one(".badge").get_text() == badge
    assert words in card.get_text()
    assert [found.contents[0].strip() for found in card.select(".btn")] == [button]
    assert bool(card.find("a", href=PAGE)) == (values is not None), "the settings can be reached in any case"
    card = soup(client.sign_in(world.member).get(INDEX)).find(id="card-quickbooks")
    assert [found.contents[0].strip() for found in card.select(".btn")] == [button_of_member] * bool(
        button_of_member
    )


def test_the_card_tells_company_documents_and_links(world: SimpleNamespace, client: Any) -> None:
    connection = factories.connection(world.workspace)
    company = factories.company(world.workspace)
    factories.document(world.workspace, company)
    factories.link(world.workspace, connection.realm_id, company, "7")
    card = text(client.sign_in(world.member).get(f"{PAGE}/card", headers=HTMX))
    for words in (
        "Connected",
        "Northgate Promo Co.",
        "0 sent, 1 blocked, 0 queued",
        "1 linked",
        "Open settings",
    ):
        assert words in card


def test_the_page_waits_for_a_first_connection(world: SimpleNamespace, client: Any) -> None:
    answer = client.sign_in(world.owner).get(PAGE)
    assert (answer.status_code, answer.location) == (303, INDEX)


def test_the_page_has_its_sections_in_the_documented_order(world: SimpleNamespace, client: Any) -> None:
    factories.connection(world.workspace)
    headings = [h.get_text() for h in soup(client.sign_in(world.owner).get(PAGE)).select("main h2")]
    wanted = ["Account Information", "Permissions", "QuickBooks Accounts and Settings"]
    wanted.append("Link ESP+ Companies to QuickBooks")
    assert [heading for heading in headings if heading in wanted] == wanted


def test_a_member_gets_no_buttons_that_change(world: SimpleNamespace, client: Any) -> None:
    factories.connection(world.workspace)
    page = soup(client.sign_in(world.member).get(PAGE))
    for id_ in ("disconnect", "test-connection", "permissions-edit"):
        assert page.find(id=id_) is None


@pytest.mark.parametrize(
    ("values", "badge", "words"),
    [
        ({}, "Connected", ""),
        ({"status": "reconnect_needed"}, "Reconnect needed", "QuickBooks no longer accepts our sign-in."),
        ({"status": "disconnected"}, "Disconnected", "Nothing is sent."),
        (
            {"status": "paused", "paused_until": timedelta(minutes=5), "pause_reason": "throttled"},
            "Paused",
            "QuickBooks asked us to slow down.",
        ),
        (
            {"status": "paused", "paused_until": timedelta(hours=1), "pause_reason": "subscription_ended"},
            "Paused",
            "subscription of this company has ended",
        ),
        (
            {"status": "paused", "paused_until": timedelta(hours=1), "pause_reason": "invalid_client"},
            "Paused",
            "The client ID or secret of this host is wrong.",
        ),
        ({"refresh_expires_at": timedelta(days=3)}, "Attention needed", "press Test connection"),
        (
            {"refresh_hard_expires_at": timedelta(days=3)},
            "Attention needed",
            "Reconnect before then, and sending goes on",
        ),
        ({"lists_error": "unreachable"}, "Attention needed", "lists of QuickBooks could not be read"),
    ],
)
def test_the_head_says_how_it_stands_and_what_to_do(
    world: SimpleNamespace, client: Any, values: dict[str, Any], badge: str, words: str
) -> None:
    factories.connection(world.workspace, **in_time(values))
    head = text(client.sign_in(world.owner).get(f"{PAGE}/head", headers=HTMX))
    assert badge in head
    assert words in head


def test_pages_of_whom_it_is_hidden_from_show_no_trace(world: SimpleNamespace, client: Any) -> None:
    factories.connection(world.workspace)
    hide(world)
    answer = client.sign_in(world.member).get(INDEX)
    assert answer.status_code == 404
    assert soup(answer).find("a", href=INDEX) is None
    assert "QuickBooks" not in soup(answer).find("main").get_text() + soup(answer).find("header").get_text()
