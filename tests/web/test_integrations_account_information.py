"""The section Account Information: facts, Test connection, Disconnect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX
from tests.html import soup, text
from webapp import db
from webapp.clock import now
from webapp.models import (
    Activity,
    CallCount,
    Connection,
    ConnectionStatus,
    Delivery,
    DeliveryState,
    DocumentStatus,
)

PAGE = "/settings/integrations/quickbooks"
SECTION = f"{PAGE}/account-information"


@pytest.fixture
def granted(world: SimpleNamespace, sandbox: Any) -> SimpleNamespace:
    """The world with a real grant of the sandbox."""
    grant = sandbox.tokens("us")
    world.sandbox = sandbox
    world.connection = factories.connection(
        world.workspace,
        realm_id=grant["realmId"],
        access_token=grant["access_token"],
        refresh_token=grant["refresh_token"],
        connected_by=world.owner,
        connected_at=datetime(2026, 9, 3, 9, 14, tzinfo=UTC),
        refresh_hard_expires_at=datetime(2031, 9, 3, 9, 14, tzinfo=UTC),
        company={"legal_name": "Northgate Promotional Products LLC", "country": "US", "home_currency": "USD"},
    )
    return world


@pytest.fixture
def owner(granted: SimpleNamespace, client: Any) -> Any:
    return client.sign_in(granted.owner)


def facts(answer: Any) -> dict[str, str]:
    rows = soup(answer).select("#account-information .facts > div")
    return {row.dt.get_text(): " ".join(row.dd.get_text(" ").split()) for row in rows}


def queue(world: SimpleNamespace, count: int) -> None:
    company = factories.company(world.workspace)
    for _ in range(count):
        document = factories.document(world.workspace, company)
        factories.delivery(world.connection, document)


def test_the_section_tells_all_that_is_known(owner: Any, granted: SimpleNamespace) -> None:
    CallCount.create(connection=granted.connection, month=now().strftime("%Y-%m"), reads=12480, writes=3)
    CallCount.create(connection=granted.connection, month="2020-01", reads=5)
    told = facts(owner.get(SECTION, headers=HTMX))
    assert list(told) == [
        "QuickBooks company",
        "Legal name",
        "Country and home currency",
        "Company ID",
        "Environment",
        "Connected by",
        "Last successful exchange",
        "Consent runs out",
        "Calls used this month",
    ]
    assert told["Country and home currency"] == "United States, US Dollar (USD)"
    assert told["Environment"] == "Demo"
    assert told["Connected by"].startswith("Avery Quill, September 3, 2026")
    assert told["Last successful exchange"] == "None yet"
    assert told["Consent runs out"].startswith(
        "After 100 days without use, and on September 3, 2031 at the latest"
    )
    assert told["Calls used this month"] == "12,480 of 500,000"


@pytest.mark.parametrize("path", ["", "/head", "/account-information", "/card", "/permissions"])
def test_no_token_is_on_any_page(owner: Any, granted: SimpleNamespace, path: str) -> None:
    page = owner.get(f"{PAGE}{path}", headers=HTMX).get_data(as_text=True)
    assert granted.connection.access_token not in page
    assert granted.connection.refresh_token not in page


def test_testing_a_connection_that_works_names_the_company(owner: Any) -> None:
    answer = owner.post(f"{PAGE}/test", headers=HTMX)
    assert answer.status_code == 200
    told = " ".join(soup(answer).find(id="account-information").get_text(" ").split())
    assert "The connection works." in told
    assert "milliseconds" in told
    assert CallCount.get().reads == 1
    assert Connection.get().last_success_at is not None


def test_testing_without_htmx_answers_the_whole_page(owner: Any) -> None:
    answer = owner.post(f"{PAGE}/test")
    assert len(soup(answer).find_all("h1")) == 1
    assert "The connection works." in text(answer)
    assert soup(answer).select("[autofocus]") == []


@pytest.mark.parametrize(
    ("kind", "words", "status"),
    [
        ("429", "QuickBooks asked us to slow down.", "paused"),
        ("subscription_ended", "subscription of this company has ended", "paused"),
        ("500", "QuickBooks answered with an error.", "connected"),
        ("503", "QuickBooks answered with an error.", "connected"),
        ("drop_before", "QuickBooks did not answer.", "connected"),
    ],
)
def test_testing_says_what_is_wrong_and_what_to_do(
    owner: Any, granted: SimpleNamespace, kind: str, words: str, status: str
) -> None:
    granted.sandbox.control("faults", kind=kind, entity="companyinfo")
    assert words in text(owner.post(f"{PAGE}/test", headers=HTMX))
    assert Connection.get().status == status


def test_testing_a_dead_grant_asks_to_reconnect_and_shows_it_above(owner: Any) -> None:
    Connection.update(refresh_token="AB11dead", access_expires_at=now() - timedelta(hours=1)).execute()
    answer = soup(owner.post(f"{PAGE}/test", headers=HTMX))
    assert "Reconnect." in answer.find(id="account-information").get_text()
    head = answer.find(id="quickbooks-head")
    assert head["hx-swap-oob"] == "true"
    assert "Reconnect needed" in head.get_text()


def test_testing_when_somebody_disconnected_meanwhile_says_so(owner: Any) -> None:
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    assert "Somebody disconnected it meanwhile." in text(owner.post(f"{PAGE}/test", headers=HTMX))


def test_disconnect_asks_first_and_starts_on_the_harmless_button(
    owner: Any, granted: SimpleNamespace
) -> None:
    queue(granted, 2)
    answer = owner.get(f"{PAGE}/disconnect", headers=HTMX)
    assert "Disconnect Northgate Promo Co.?" in text(answer)
    assert "2 queued documents stay here, unsent." in text(answer)
    assert soup(answer).select_one("[autofocus]").get_text() == "Keep connected"
    assert Connection.get().status == ConnectionStatus.CONNECTED


def test_the_question_works_as_a_page(owner: Any) -> None:
    page = soup(owner.get(f"{PAGE}/disconnect"))
    assert page.find("h1") is not None
    form = page.select_one("[role=dialog] form")
    assert (form["method"], form["action"]) == ("post", f"{PAGE}/disconnect")


def test_keeping_it_answers_the_section_with_the_focus_on_disconnect(owner: Any) -> None:
    answer = owner.get(f"{PAGE}/keep", headers=HTMX)
    assert soup(answer).find(id="disconnect").has_attr("autofocus")
    assert owner.get(f"{PAGE}/keep").location == PAGE


def test_disconnecting_wipes_the_tokens_and_revokes_the_grant(owner: Any, granted: SimpleNamespace) -> None:
    queue(granted, 1)
    DocumentStatus.update(needs_check=False).execute()
    answer = owner.post(f"{PAGE}/disconnect")
    assert (answer.status_code, answer.location) == (303, PAGE)
    row = db.database.execute_sql("SELECT access_token, refresh_token, status FROM connection").fetchone()
    assert tuple(row) == (None, None, "disconnected")
    calls = [call["path"] for call in granted.sandbox.requests()]
    assert calls.count("/v2/oauth2/tokens/revoke") == 1
    activity = Activity.get()
    assert (activity.verb, activity.user, activity.facts["company"]) == (
        "connection.disconnected",
        granted.owner,
        "Northgate Promo Co.",
    )
    assert Delivery.get().state == DeliveryState.QUEUED
    assert DocumentStatus.get().needs_check
    page = text(owner.get(PAGE))
    assert "QuickBooks Online is disconnected. Links, settings and history are kept." in page


def test_disconnecting_under_htmx_shows_the_page_anew(owner: Any) -> None:
    assert owner.post(f"{PAGE}/disconnect", headers=HTMX).headers["HX-Redirect"] == PAGE


@pytest.mark.parametrize("kind", ["500", "drop_before"])
def test_tokens_are_wiped_even_when_quickbooks_does_not_answer(
    owner: Any, granted: SimpleNamespace, kind: str
) -> None:
    granted.sandbox.control("faults", kind=kind, entity="revoke")
    owner.post(f"{PAGE}/disconnect")
    assert Connection.get().refresh_token is None
    assert "remove Ledgerbridge there too" in text(owner.get(PAGE))


def test_disconnecting_twice_is_harmless(owner: Any) -> None:
    owner.post(f"{PAGE}/disconnect")
    assert owner.post(f"{PAGE}/disconnect").status_code == 303
    assert owner.get(f"{PAGE}/disconnect").location == PAGE
    assert Activity.select().count() == 1


def test_a_disconnected_section_is_read_only_and_offers_to_connect(owner: Any) -> None:
    owner.post(f"{PAGE}/disconnect")
    page = soup(owner.get(PAGE))
    section = page.find(id="account-information")
    assert "Northgate Promo Co." in section.get_text()
    assert section.select_one("form[data-connect] button").get_text(" ").startswith("Connect")
    assert page.find(id="disconnect") is None
    assert page.find(id="test-connection") is None


def test_the_section_speaks_french(owner: Any, granted: SimpleNamespace) -> None:
    type(granted.owner).update(language="fr").execute()
    told = facts(owner.get(SECTION, headers=HTMX))
    assert told["Pays et devise principale"] == "États-Unis, dollar des États-Unis (USD)"
    assert told["Appels utilisés ce mois-ci"] == "0 sur 500 000"
    assert told["Environnement"] == "Démonstration"
