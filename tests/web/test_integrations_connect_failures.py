"""Connecting QuickBooks, and what can go wrong: each failure says what happened, what stays, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.html import soup, text
from tests.web.test_integrations_connect import CA, PAGE, US, begin, connect, consent, revocations
from webapp import config
from webapp.clock import now
from webapp.integrations import connect as connecting
from webapp.models import Activity, Connection, OAuthState, User


@pytest.fixture
def owner(world: SimpleNamespace, sandbox: Any, client: Any) -> Any:
    """A browser of the owner, and a QuickBooks to connect to."""
    world.sandbox = sandbox
    return client.sign_in(world.owner)


@pytest.fixture
def wrong_secret() -> Iterator[None]:
    before = config.current()
    config.use(replace(before, intuit_client_secret="not-the-secret"))
    yield
    config.use(before)


def works(world: SimpleNamespace, browser: Any) -> bool:
    return "The connection works." in text(browser.post(f"{PAGE}/test"))


@pytest.mark.parametrize(
    ("kind", "entity", "title", "next_step"),
    [
        ("429", "token", "QuickBooks asked us to slow down", "Wait a minute, then connect again."),
        ("429", "companyinfo", "QuickBooks asked us to slow down", "Wait a minute, then connect again."),
        ("500", "token", "QuickBooks did not answer as expected", "Wait a minute, then connect again."),
        ("503", "companyinfo", "QuickBooks did not answer as expected", "Wait a minute"),
        ("500_html", "preferences", "QuickBooks did not answer as expected", "Wait a minute"),
        ("drop_before", "token", "QuickBooks could not be reached", "Wait a minute, then connect again."),
        ("drop_before", "companyinfo", "QuickBooks could not be reached", "Wait a minute"),
        ("401", "companyinfo", "QuickBooks did not let us read this company", "as its administrator"),
        ("no_rights", "companyinfo", "QuickBooks did not let us read this company", "as its administrator"),
        ("subscription_ended", "companyinfo", "The QuickBooks subscription", "Renew it in QuickBooks"),
    ],
)
@pytest.mark.parametrize("window", ["", "1"], ids=["plain", "window"])
def test_each_failure_says_what_happened_what_stays_and_what_to_do(
    owner: Any, world: SimpleNamespace, kind: str, entity: str, title: str, next_step: str, window: str
) -> None:
    path = consent(begin(owner, window=window))
    world.sandbox.control("faults", kind=kind, entity=entity)
    answer = owner.get(path)
    assert answer.status_code == 502
    page = soup(answer)
    assert page.h1.get_text().startswith(title)
    assert "Nothing was changed." in text(answer)
    assert next_step in text(answer)
    section = page.find("section")
    assert section.get("data-problem", "").startswith(title if window else "")
    again = page.select_one("main form")
    assert (again is None) == (kind == "subscription_ended")
    if again:
        assert again.find("input", {"name": "window"})["value"] == window
        assert "data-connect" not in again.attrs, "it goes on where it is"
    assert bool(page.find("a", href="/settings/integrations")) == (not window)
    assert Connection.select().count() == Activity.select().count() == 0


def test_a_refusal_of_quickbooks_keeps_its_trace_behind_details(owner: Any, world: SimpleNamespace) -> None:
    path = consent(begin(owner))
    world.sandbox.control("faults", kind="no_rights", entity="companyinfo")
    details = soup(owner.get(path)).find("details").get_text()
    assert "intuit_tid" in details
    assert "120" in details


def test_a_wrong_client_secret_is_the_hosts_to_mend(owner: Any, wrong_secret: None) -> None:
    answer = owner.get(consent(begin(owner)))
    assert answer.status_code == 502
    assert "QuickBooks does not know this program" in text(answer)
    assert "Nothing was changed. Tell your administrator." in text(answer)
    assert soup(answer).select_one("main form") is None
    assert Connection.select().count() == 0


@pytest.mark.parametrize("kind", ["500", "drop_after", "no_rights"])
def test_a_failed_reconnect_leaves_the_old_grant_working(
    owner: Any, world: SimpleNamespace, kind: str
) -> None:
    connect(owner)
    path = consent(begin(owner))
    world.sandbox.control("faults", kind=kind, entity="companyinfo")
    assert owner.get(path).status_code == 502
    assert revocations(world) == 0, "it would remove the app from the company that is in use"
    assert works(world, owner)


def test_a_grant_for_a_company_that_is_not_in_use_is_given_back(owner: Any, world: SimpleNamespace) -> None:
    path = consent(begin(owner))
    world.sandbox.control("faults", kind="500", entity="companyinfo")
    owner.get(path)
    assert revocations(world) == 1


def test_an_expired_state_in_a_window_is_told_to_the_main_window(owner: Any) -> None:
    path = consent(begin(owner, window="1"))
    OAuthState.update(expires_at=now() - timedelta(seconds=1)).execute()
    page = soup(owner.get(path))
    assert page.find("section")["data-problem"].startswith("This consent cannot be used.")
    assert page.find("a", href="/settings/integrations") is None


def test_two_colleagues_who_choose_different_companies_do_not_overwrite_each_other(
    owner: Any, world: SimpleNamespace, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = app.test_client().sign_in(world.admin)
    of_owner, of_admin = consent(begin(owner), US), consent(begin(admin), CA)
    facts = connecting._facts

    def slow(*arguments: Any) -> Any:
        found = facts(*arguments)
        monkeypatch.setattr(connecting, "_facts", facts)
        with app.app_context():  # of its own, since the owner's request is under way
            assert admin.get(of_admin).status_code == 303
        return found

    monkeypatch.setattr(connecting, "_facts", slow)
    answer = owner.get(of_owner)
    assert answer.status_code == 409
    assert "This is another QuickBooks company" in text(answer)
    assert Connection.get().connected_by == world.admin


@pytest.mark.parametrize(("second", "status"), [(US, 303), (CA, 409)])
def test_a_colleague_who_connected_first_just_now_is_not_mistaken_for_another_workspace(
    owner: Any, world: SimpleNamespace, app: Any, monkeypatch: pytest.MonkeyPatch, second: str, status: int
) -> None:
    """As two transactions can on Postgres, which both saw no connection."""
    connect(app.test_client().sign_in(world.admin), US)
    looks = iter([lambda _workspace_id: None, connecting._locked])

    def locked(workspace_id: int) -> Connection | None:
        return next(looks)(workspace_id)

    monkeypatch.setattr(connecting, "_locked", locked)
    answer = connect(owner, second)
    assert answer.status_code == status
    assert "already in use" not in text(answer)
    assert Connection.select().count() == 1


def test_another_company_is_told_with_what_comes_back_and_what_waits(
    owner: Any, world: SimpleNamespace, app: Any
) -> None:
    connect(owner, US)
    connection = Connection.get()
    realm = world.sandbox.tokens(CA)["realmId"]
    company = factories.company(world.workspace)
    factories.link(world.workspace, realm, company, "6")
    factories.delivery(connection, factories.document(world.workspace, company))
    told = text(connect(owner, CA))
    assert "was connected before: its 1 link comes back." in told
    assert f"The links and settings of {connection.company_name} are kept" in told
    assert f"1 document waits for {connection.company_name}. It will not go to another company" in told


def test_a_sign_in_that_ran_out_during_the_consent_says_to_connect_again(
    owner: Any, world: SimpleNamespace, app: Any
) -> None:
    path = consent(begin(owner))
    stranger = app.test_client()
    answer = stranger.get(path)
    assert answer.status_code == 303
    assert "code" not in answer.location
    assert "Sign in, then connect again. Nothing was changed." in text(stranger.get(answer.location))
    assert User.select().count() == 5
