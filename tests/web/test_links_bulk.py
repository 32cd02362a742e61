"""Accepting many suggestions over HTTP: shown, asked, followed, stopped and taken back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import soup, text
from tests.services.test_links_accepting import NAMES, links, with_suggestions
from tests.web.test_links_table import LINKS
from webapp.models import Job, JobState

ACCEPT = f"{LINKS}/customers/accept"


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    return with_suggestions(world)


@pytest.fixture
def owner(desk: SimpleNamespace, client: PanelClient) -> PanelClient:
    """The owner, signed in."""
    client.sign_in(desk.owner)
    return client


def test_whole_way_by_pages(owner: PanelClient) -> None:
    table = soup(owner.get(f"{LINKS}/customers"))
    asked = owner.get(table.select_one("#accept-many")["href"])
    assert "5 companies would be linked." in text(asked)
    assert NAMES[5] in text(asked)
    asked = owner.get(f"{ACCEPT}?score=97")
    assert "3 companies would be linked." in text(asked)
    form = soup(asked).select_one("form[action$=accept-many]")
    begun = owner.post(form["action"], data={"score": form.find("input", {"name": "score"})["value"]})
    assert begun.status_code == 303
    page = owner.get(begun.location)
    assert "0 of 3 done." in text(page)
    assert soup(page).select_one("#job[hx-trigger]")
    factories.do_jobs()
    page = owner.get(begun.location, headers=HTMX)
    assert "3 companies were linked." in text(page)
    assert not soup(page).select_one("#job[hx-trigger]")
    undo = owner.post(soup(page).select_one("form[action$=undo]")["action"])
    factories.do_jobs()
    assert "3 links were taken back." in text(owner.get(undo.location))
    assert links() == {}


@pytest.mark.parametrize("score", ["", "x", "59", "101", "-1", "9" * 100, "\0", "95.5"])
def test_score_is_refused_at_its_field(owner: PanelClient, score: str) -> None:
    for answer in (
        owner.get(ACCEPT, query_string={"score": score}),
        owner.post(f"{ACCEPT}-many", data={"score": score}),
    ):
        assert answer.status_code == 422
        assert soup(answer).select_one("#score[aria-invalid=true]")
        assert "Choose a score from 60 to 100 per cent." in text(answer)
    assert Job.select().count() == 0


def test_second_accepting_is_told_of_the_first(owner: PanelClient) -> None:
    assert owner.post(f"{ACCEPT}-many", data={"score": "95"}).status_code == 303
    again = owner.post(f"{ACCEPT}-many", data={"score": "95"})
    assert again.status_code == 409
    assert "being accepted already" in text(again)


def test_job_is_stopped(owner: PanelClient) -> None:
    begun = owner.post(f"{ACCEPT}-many", data={"score": "95"})
    stopped = owner.post(f"{begun.location}/cancel", headers=HTMX)
    assert "It stops after the step under way." in text(stopped)
    factories.do_jobs()
    assert Job.get().state == JobState.CANCELLED
    assert owner.post(f"{begun.location}/cancel").status_code == 409
    assert "Stopped." in text(owner.get(begun.location))
    assert owner.post(f"{begun.location}/undo").status_code == 409


def test_job_of_another_workspace_is_not_there(
    owner: PanelClient,
    desk: SimpleNamespace,
    client: PanelClient,
) -> None:
    begun = owner.post(f"{ACCEPT}-many", data={"score": "95"})
    client.sign_in(desk.outsider)
    assert client.get(begun.location).status_code == 404
    assert client.post(f"{begun.location}/cancel").status_code == 404


def test_page_speaks_french(
    desk: SimpleNamespace,
    client: PanelClient,
) -> None:
    desk.owner.language = "fr"
    desk.owner.save()
    client.sign_in(desk.owner)
    assert "5 entreprises seraient liées." in text(client.get(ACCEPT))
