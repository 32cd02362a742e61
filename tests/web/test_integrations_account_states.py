"""Account Information in every state: consent, calls, pauses, disconnecting while QuickBooks is away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import responses

from tests import factories
from tests.conftest import HTMX
from tests.html import soup, text
from tests.web.test_integrations_account_information import PAGE, SECTION, facts
from tests.web.test_integrations_connect import mortal  # noqa: F401 - a fixture
from tests.web.test_integrations_page import in_time
from webapp.clock import now
from webapp.integrations import connections
from webapp.models import Activity, CallCount, Connection, ConnectionStatus, Delivery, Link, Preferences

ENDED = {"refresh_token": None, "access_token": None, "status": ConnectionStatus.DISCONNECTED}


@pytest.fixture
def granted(world: SimpleNamespace, sandbox: Any) -> SimpleNamespace:
    """The world with a real grant of the sandbox."""
    grant = sandbox.tokens("us")
    tokens = {name: grant[name] for name in ("access_token", "refresh_token")}
    world.sandbox = sandbox
    world.connection = factories.connection(world.workspace, realm_id=grant["realmId"], **tokens)
    return world


@pytest.fixture
def owner(granted: SimpleNamespace, client: Any) -> Any:
    return client.sign_in(granted.owner)


@pytest.mark.parametrize(
    ("values", "badge", "words"),
    [
        ({"refresh_expires_at": timedelta(days=14, hours=1)}, "", "Without any use from now on"),
        ({"refresh_expires_at": timedelta(days=13, hours=1)}, "13 days left", "Without any use"),
        ({"refresh_hard_expires_at": timedelta(days=1, hours=1)}, "1 day left", "at the latest"),
        ({"refresh_hard_expires_at": timedelta(hours=-1)}, "0 days left", "at the latest"),
        ({"status": "reconnect_needed"}, "No longer accepted", "Reconnect to give it."),
    ],
)
def test_the_consent_warns_from_fourteen_days_before(
    owner: Any, values: dict[str, Any], badge: str, words: str
) -> None:
    Connection.update(**in_time(values)).execute()
    section = soup(owner.get(SECTION, headers=HTMX))
    row = next(row for row in section.select(".facts > div") if row.dt.get_text() == "Consent runs out")
    assert words in row.get_text()
    assert [found.get_text() for found in row.select(".badge")] == [badge] * bool(badge)


@pytest.mark.parametrize(
    ("values", "words", "offers"),
    [
        ({"refresh_expires_at": timedelta(days=3)}, "Each use gives it 100 more days", False),
        ({"refresh_hard_expires_at": timedelta(days=3)}, "Reconnect before then", True),
    ],
)
def test_what_helps_against_the_end_of_the_consent_is_offered(
    owner: Any, values: dict[str, Any], words: str, offers: bool
) -> None:
    Connection.update(**in_time(values)).execute()
    head = owner.get(f"{PAGE}/head", headers=HTMX)
    assert words in text(head)
    assert (soup(head).find(id="head-renew") is not None) == offers


def test_testing_a_connection_that_was_not_used_for_long_renews_it(owner: Any) -> None:
    soon = {"refresh_expires_at": timedelta(days=3), "access_expires_at": timedelta(hours=-1)}
    Connection.update(**in_time(soon)).execute()
    answer = soup(owner.post(f"{PAGE}/test", headers=HTMX))
    assert "The connection works." in answer.find(id="account-information").get_text()
    assert "The consent runs out" not in answer.find(id="quickbooks-head").get_text()
    assert Connection.get().refresh_expires_at > now() + timedelta(days=90)


@pytest.mark.parametrize(
    ("reads", "badge"),
    [(399_999, ""), (400_000, "Near the limit"), (499_999, "Near the limit"), (500_000, "Limit reached")],
)
def test_calls_warn_near_the_limit_and_say_until_when(
    owner: Any, granted: SimpleNamespace, reads: int, badge: str
) -> None:
    CallCount.create(connection=granted.connection, month=now().strftime("%Y-%m"), reads=reads, writes=9)
    told = facts(owner.get(SECTION, headers=HTMX))["Calls used this month"]
    assert told.startswith(f"{reads:,} of 500,000")
    assert badge in told
    assert ("Sending documents is not counted" in told) == bool(badge)


@pytest.mark.parametrize(("day", "first"), [((2026, 1, 31), (2026, 2, 1)), ((2026, 12, 9), (2027, 1, 1))])
def test_calls_are_counted_anew_on_the_first(
    monkeypatch: pytest.MonkeyPatch, day: tuple[int, int, int], first: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(connections, "now", lambda: datetime(*day, tzinfo=UTC))
    assert connections.next_month() == datetime(*first, tzinfo=UTC).date()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("500_html", "QuickBooks answered with an error."),
        ("no_rights", "QuickBooks no longer accepts our sign-in."),
        ("closed_books", "QuickBooks refused to be read."),
    ],
)
def test_every_finding_has_words_and_its_code_behind_details(
    owner: Any, granted: SimpleNamespace, kind: str, words: str
) -> None:
    granted.sandbox.control("faults", kind=kind, entity="companyinfo")
    answer = owner.post(f"{PAGE}/test", headers=HTMX)
    assert words in text(answer)
    assert soup(answer).select_one("details pre").get_text().strip()
    token = Connection.get().refresh_token
    assert token not in answer.get_data(as_text=True)


@responses.activate
def test_a_page_in_place_of_an_answer_is_called_what_it_is(owner: Any) -> None:
    responses.get(re.compile(".*/companyinfo/.*"), body="<h1>Sign in to the guest network</h1>")
    told = text(owner.post(f"{PAGE}/test", headers=HTMX))
    assert "Something else answered in place of QuickBooks." in told
    assert Connection.get().status == ConnectionStatus.CONNECTED


def test_testing_ends_the_pause_of_a_renewed_subscription(owner: Any, granted: SimpleNamespace) -> None:
    granted.sandbox.control("faults", kind="subscription_ended", entity="companyinfo")
    owner.post(f"{PAGE}/test")
    document = factories.document(granted.workspace, factories.company(granted.workspace))
    later = now() + timedelta(hours=1)
    waiting = factories.delivery(granted.connection, document, next_attempt_at=later)
    assert "subscription of this company has ended" in text(owner.get(f"{PAGE}/head", headers=HTMX))
    answer = owner.post(f"{PAGE}/test", headers=HTMX)
    assert "The pause is over, and sending goes on." in text(answer)
    assert "Connected" in soup(answer).find(id="quickbooks-head").select_one(".badge").get_text()
    assert Delivery.get_by_id(waiting.id).next_attempt_at < later


def test_the_focus_is_on_the_test_after_a_test(owner: Any) -> None:
    answer = soup(owner.post(f"{PAGE}/test", headers=HTMX))
    assert [found["id"] for found in answer.select("[autofocus]")] == ["test-connection"]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "500", "503", "429"])
def test_disconnecting_keeps_its_promises_though_quickbooks_is_away(
    owner: Any, granted: SimpleNamespace, kind: str
) -> None:
    company = factories.company(granted.workspace)
    factories.link(granted.workspace, granted.connection.realm_id, company, "1")
    Preferences.create(workspace=granted.workspace, realm_id=granted.connection.realm_id)
    factories.delivery(granted.connection, factories.document(granted.workspace, company))
    granted.sandbox.control("faults", kind=kind, entity="revoke")
    owner.post(f"{PAGE}/disconnect")
    kept = Connection.get()
    assert (kept.status, kept.access_token, kept.refresh_token) == ("disconnected", None, None)
    assert (kept.access_expires_at, kept.refresh_expires_at, kept.refresh_lease_until) == (None, None, None)
    assert Link.select().count() == Preferences.select().count() == Delivery.select().count() == 1
    assert Activity.get().verb == "connection.disconnected"
    told = text(owner.get(PAGE))
    assert "our access is deleted" in told
    assert "remove Ledgerbridge there too" in told


def test_tokens_are_wiped_though_nobody_is_there_at_all(
    owner: Any,
    granted: SimpleNamespace,
    mortal: Any,  # noqa: F811 - the fixture
) -> None:
    mortal()
    owner.post(f"{PAGE}/disconnect")
    assert Connection.get().refresh_token is None
    assert "did not confirm it" in text(owner.get(PAGE))


def test_a_question_about_another_company_than_is_connected_now_is_asked_again(
    owner: Any, granted: SimpleNamespace
) -> None:
    form = soup(owner.get(f"{PAGE}/disconnect", headers=HTMX)).form
    seen = form.find("input", {"name": "company"})["value"]
    Connection.update(realm_id="9130357766900001", company_name="Maple Crest").execute()
    answer = owner.post(f"{PAGE}/disconnect", data={"company": seen}, headers=HTMX)
    assert answer.status_code == 409
    assert "Disconnect Maple Crest?" in text(answer)
    assert Connection.get().status == ConnectionStatus.CONNECTED
    again = soup(answer).form.find("input", {"name": "company"})["value"]
    assert owner.post(f"{PAGE}/disconnect", data={"company": again}).status_code == 303
    assert Connection.get().status == ConnectionStatus.DISCONNECTED


STATES: dict[str, dict[str, Any]] = {
    "connected": {},
    "expiring": {"refresh_expires_at": timedelta(days=3)},
    "throttled": {"status": "paused", "paused_until": timedelta(minutes=1), "pause_reason": "throttled"},
    "lapsed": {"status": "paused", "paused_until": timedelta(hours=1), "pause_reason": "subscription_ended"},
    "wrong secret": {
        "status": "paused",
        "paused_until": timedelta(hours=1),
        "pause_reason": "invalid_client",
    },
    "reconnect": {"status": "reconnect_needed"},
    "lists failed": {"lists_error": "unreachable"},
    "disconnected": ENDED,
}
EDITS = {
    "account-information": ["test-connection", "disconnect"],
    "permissions": ["permissions-edit"],
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("who", ["owner", "member"])
@pytest.mark.parametrize("state", STATES)
def test_every_section_is_there_in_every_state_and_offers_what_is_possible(
    granted: SimpleNamespace, client: Any, state: str, who: str, language: str
) -> None:
    Connection.update(lists_read_at=now(), **in_time(STATES[state])).execute()
    factories.company(granted.workspace)
    browser = client.sign_in(getattr(granted, who))
    page = soup(browser.get(PAGE, headers={"Accept-Language": language}))
    for id_ in ("quickbooks-head", "account-information", "permissions", "preferences", "links"):
        assert page.find(id=id_), id_
    for section, buttons in EDITS.items():
        for button in buttons:
            expected = who == "owner" and state != "disconnected"
            assert (page.find(id=button) is not None) == expected, (section, button)
    connects = page.select("form[data-connect]")
    wanted = {"disconnected": 1, "reconnect": 1}.get(state, 0) if who == "owner" else 0
    assert len(connects) == wanted
    assert page.find(id="links").select_one("tbody tr .btn")
