"""Suggestions over HTTP: told in words, a choice where several are alike, turned down and brought back."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import soup, text
from tests.services.test_links import CUSTOMER, REALM, entry
from tests.web.test_links_table import LINKS
from webapp.links import accepting
from webapp.links.scoring import Reason
from webapp.models import Link, Standing, StandingState, Suggestion, User

IN_WORDS = {
    "en": "99 % · Same tax number, linked under this name before, same e-mail domain",
    "fr": "99\u202f% · Même numéro de taxe, déjà lié sous ce nom, même domaine de courriel",
}
REST = {
    "en": ("Same phone number, same e-mail address, linked to this e-mail domain before", "name 96 %"),
    "fr": (
        "Même numéro de téléphone, même adresse courriel, déjà lié à ce domaine de courriel",
        "nom à 96 %",
    ),
}


@pytest.fixture
def desk(world: SimpleNamespace, client: PanelClient) -> SimpleNamespace:
    """One company with a customer that stands out, another that could be either of two."""
    home = world.workspace
    world.connection = factories.connection(home, lists_read_at=factories.now())
    entry(home, "58", "Harborlight Credit Union")
    for remote_id in ("61", "62"):
        entry(home, remote_id, "Birchline Outfitters")
    world.company = factories.company(home, "Harborlight Credit Union Inc.")
    world.unsure = factories.company(home, "Birchline Outfitters Ltd")
    factories.suggest(home)
    client.sign_in(world.owner)
    return world


def row_of(page: Any, company: Any) -> Any:
    return soup(page).select_one(f"#row-{company.id}")


def standing(company: Any) -> tuple[StandingState, str | None]:
    row = Standing.get(Standing.company == company)
    return row.state, row.remote_id


def undo_of(answer: Any) -> str:
    return json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]


def test_several_alike_are_shown_as_a_choice(desk: SimpleNamespace, client: PanelClient) -> None:
    row = row_of(client.get(f"{LINKS}/customers"), desk.unsure)
    assert "2 alike: choose" in row.get_text()
    assert not row.select("button")
    assert row.select_one("td:last-child a").contents[0] == "Choose"
    opened = soup(client.get(f"/links/customers/{desk.unsure.id}/edit"))
    assert not opened.select(f"#row-{desk.unsure.id} input[type=radio][checked]")
    assert len(opened.select(f"#row-{desk.unsure.id} input[value='61'], input[value='62']")) == 2
    sure = soup(client.get(f"/links/customers/{desk.company.id}/edit"))
    assert sure.select_one(f"#row-{desk.company.id} input[checked]")["value"] == "58"


def test_bulk_leaves_those_alike_out_and_says_so(desk: SimpleNamespace, client: PanelClient) -> None:
    page = client.get(f"{LINKS}/customers/accept?score=60")
    assert "1 company would be linked." in text(page)
    assert "1 company is left out" in text(page)
    assert soup(page).find("a", string="Choose by hand")["href"].endswith("?state=suggested&sort=score")
    assert accepting.left_out(desk.other.id, CUSTOMER) == 0
    client.post(f"{LINKS}/customers/accept-many", data={"score": "60"})
    factories.do_jobs()
    assert {link.company_id for link in Link.select()} == {desk.company.id}


def test_suggestion_is_turned_down_at_its_row_and_brought_back(
    desk: SimpleNamespace, client: PanelClient
) -> None:
    page = client.get(f"{LINKS}/customers")
    accept, dismiss = row_of(page, desk.company).select(".offer button")
    form = soup(page).find("form", {"id": "offers"})
    assert (dismiss["name"], dismiss["form"], dismiss["value"]) == ("dismiss", "offers", accept["value"])
    answer = client.post(form["action"], data={"dismiss": dismiss["value"]}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == f"#row-{desk.company.id}"
    assert [element.name for element in soup(answer).find_all(recursive=False)] == ["tr"]
    assert not soup(answer).select(".offer")
    assert standing(desk.company) == (StandingState.NOT_LINKED, None)
    factories.do_jobs()
    again = client.post(form["action"], data={"dismiss": dismiss["value"]}, headers=HTMX)
    assert again.status_code == 409
    back = client.post(undo_of(answer), headers=HTMX)
    assert soup(back).select_one(".offer button")["value"] == accept["value"]
    assert standing(desk.company) == (StandingState.SUGGESTED, "58")
    assert client.post(undo_of(answer), headers=HTMX).status_code == 409
    words = text(client.get("/activity"))
    assert "Harborlight Credit Union is not suggested for Harborlight Credit Union Inc. any more." in words
    assert "What was turned down for Harborlight Credit Union Inc. is suggested again." in words


def test_suggestion_is_turned_down_without_javascript(desk: SimpleNamespace, client: PanelClient) -> None:
    action = soup(client.get(f"{LINKS}/customers")).find("form", {"id": "offers"})["action"]
    assert client.post(action, data={"dismiss": f"{desk.company.id}.58"}).status_code == 303
    assert standing(desk.company) == (StandingState.NOT_LINKED, None)
    page = soup(client.get(f"{LINKS}/customers"))
    undo = next(form for form in page.select("form") if "/links/undo/" in form.get("action", ""))
    assert client.post(undo["action"]).status_code == 303
    assert standing(desk.company) == (StandingState.SUGGESTED, "58")


def test_none_of_those_alike_is_said_in_the_open_row(desk: SimpleNamespace, client: PanelClient) -> None:
    path = f"/links/customers/{desk.unsure.id}"
    assert soup(client.get(f"{path}/edit", headers=HTMX)).find("button", string="None of these")
    answer = client.post(path, data={"action": "dismiss"}, headers=HTMX)
    assert answer.status_code == 200
    assert {one.remote_id for one in Suggestion.select().where(Suggestion.dismissed)} == {"61", "62"}
    assert standing(desk.unsure) == (StandingState.NOT_LINKED, None)


@pytest.mark.parametrize("value", ["", "x", "0.58", "99999999999999999999.58", "\0.\0"])
def test_turning_down_for_no_company_is_not_found(
    desk: SimpleNamespace, client: PanelClient, value: str
) -> None:
    path = f"{LINKS}/customers/accept"
    assert client.post(path, data={"dismiss": value}, headers=HTMX).status_code == 404
    assert not Suggestion.select().where(Suggestion.dismissed).exists()


@pytest.mark.parametrize("remote_id", ["404", "70", "\0", "'"])
def test_turning_down_what_is_not_suggested_is_told(
    desk: SimpleNamespace, client: PanelClient, remote_id: str
) -> None:
    data = {"dismiss": f"{desk.company.id}.{remote_id}"}
    answer = client.post(f"{LINKS}/customers/accept", data=data, headers=HTMX)
    assert answer.status_code == 409
    assert standing(desk.company) == (StandingState.SUGGESTED, "58")


def test_strangers_cannot_turn_anything_down(desk: SimpleNamespace, client: PanelClient) -> None:
    factories.connection(desk.other, realm_id="9")
    client.sign_in(desk.outsider)
    data = {"dismiss": f"{desk.company.id}.58"}
    assert client.post(f"{LINKS}/customers/accept", data=data, headers=HTMX).status_code == 404
    assert standing(desk.company) == (StandingState.SUGGESTED, "58")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_reasons_are_told_in_words(desk: SimpleNamespace, client: PanelClient, language: str) -> None:
    User.update(language=language).execute()
    first = [Reason.TAX_NUMBER, Reason.LINKED_NAME, Reason.EMAIL_DOMAIN]
    Suggestion.update(score=99, reasons=[*first, Reason.CITY]).where(
        Suggestion.company == desk.company
    ).execute()
    factories.standings.sync(desk.workspace.id, [desk.company.id])
    assert IN_WORDS[language] in row_of(client.get(f"{LINKS}/customers"), desk.company).get_text(" ")
    codes = [Reason.PHONE, Reason.EMAIL, Reason.LINKED_DOMAIN, f"{Reason.LIKE_NAME}:96", Reason.POSTAL_CODE]
    Suggestion.update(reasons=codes).where(Suggestion.company == desk.company).execute()
    options = text(client.get(f"/links/customers/{desk.company.id}/options?q=", headers=HTMX))
    assert all(words in options for words in REST[language])


def test_typing_asks_the_mirror_alone_and_keeps_the_score(desk: SimpleNamespace, client: PanelClient) -> None:
    answer = client.get(f"/links/customers/{desk.company.id}/options?q=harbor", headers=HTMX)
    (option,) = soup(answer).select("[role=option]")
    assert (option["data-value"], "%" in option.get_text()) == ("58", True)
    factories.link(desk.workspace, REALM, factories.company(desk.workspace, "Tidewater League"), "58")
    answer = client.get(f"/links/customers/{desk.company.id}/options?q=harbor", headers=HTMX)
    (option,) = soup(answer).select("[role=option]")
    assert "%" not in option.get_text()
    assert "Also linked to Tidewater League" in option.get_text()
