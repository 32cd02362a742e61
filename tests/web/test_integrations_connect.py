"""Connecting QuickBooks: the state, the consent, what is kept, and every way in which it can fail."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from werkzeug.serving import make_server

from tests import factories
from tests.html import soup, text
from webapp import config, db
from webapp.clock import now
from webapp.models import Activity, Connection, ConnectionStatus, Link, OAuthState, User
from webapp.sandbox import create_sandbox

INDEX = "/settings/integrations"
PAGE = f"{INDEX}/quickbooks"
US, CA = "us", "ca"


@pytest.fixture
def owner(world: SimpleNamespace, sandbox: Any, client: Any) -> Any:
    """A browser of the owner, and a QuickBooks to connect to."""
    world.sandbox = sandbox
    return client.sign_in(world.owner)


def begin(browser: Any, **fields: str) -> str:
    """Press Connect; gives the address of the consent page."""
    answer = browser.post(f"{PAGE}/connect", data=fields)
    assert answer.status_code == 200
    seconds, _, address = answer.headers["Refresh"].partition("; url=")
    assert seconds == "0"
    assert soup(answer).select_one("main a.btn.primary")["href"] == address
    return address


def consent(address: str, company: str = US, decision: str = "allow") -> str:
    """Decide on the consent page like a browser; gives the path that QuickBooks sends it back to."""
    page = soup_of(requests.get(address, timeout=10).text)
    form = page.find("form")
    fields = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    target = address.partition("/connect/")[0] + form["action"]
    answer = requests.post(
        target, data=fields | {"company": company, "decision": decision}, allow_redirects=False, timeout=10
    )
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == f"http://localhost:8000{PAGE}/callback"
    return f"{back.path}?{back.query}"


def soup_of(page: str) -> Any:
    return soup(SimpleNamespace(get_data=lambda as_text: page))


def connect(browser: Any, company: str = US, **fields: str) -> Any:
    return browser.get(consent(begin(browser, **fields), company))


def test_connecting_keeps_the_company_and_its_tokens(owner: Any, world: SimpleNamespace) -> None:
    answer = connect(owner)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/connected")
    connection = Connection.get()
    assert connection.status == ConnectionStatus.CONNECTED
    assert (connection.workspace, connection.connected_by) == (world.workspace, world.owner)
    assert connection.company["home_currency"] == "USD"
    assert connection.company_name == connection.company["company_name"] != ""
    assert connection.environment == "demo"
    assert connection.lists_requested_at is not None
    assert connection.refresh_hard_expires_at > now() + timedelta(days=1800)
    activity = Activity.get()
    assert (activity.verb, activity.user) == ("connection.connected", world.owner)


def test_connected_leads_to_the_page_with_a_message(owner: Any) -> None:
    answer = owner.get(connect(owner).location)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert f"{Connection.get().company_name} is connected." in text(owner.get(PAGE))


def test_in_a_window_the_last_page_reports_and_closes_itself(owner: Any) -> None:
    answer = connect(owner, window="1")
    assert answer.location == f"{PAGE}/connected?window=1"
    last = owner.get(answer.location)
    report = soup(last).select_one("[data-report]")["data-report"]
    assert report == f"{Connection.get().company_name} is connected."
    assert soup(last).find("header") is None


def test_connected_without_a_connection_leads_to_the_cards(owner: Any) -> None:
    assert owner.get(f"{PAGE}/connected").location == INDEX


def test_leaving_keeps_the_content_security_policy(owner: Any) -> None:
    answer = owner.post(f"{PAGE}/connect")
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]


def test_only_the_hash_of_the_state_is_stored(owner: Any, world: SimpleNamespace) -> None:
    state = parse_qs(urlsplit(begin(owner)).query)["state"][0]
    row = OAuthState.get()
    assert row.state_hash == hashlib.sha256(state.encode()).hexdigest()
    assert (row.user, row.workspace) == (world.owner, world.workspace)


def test_the_stored_tokens_cannot_be_read(owner: Any) -> None:
    connect(owner)
    connection = Connection.get()
    raw = db.database.execute_sql("SELECT access_token, refresh_token FROM connection").fetchone()
    assert all(value.startswith("v1:") for value in raw)
    assert connection.access_token not in raw[0]
    assert connection.refresh_token not in raw[1]


def test_nothing_secret_is_logged_or_recorded(owner: Any, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("webapp").addHandler(caplog.handler)
    with caplog.at_level(logging.DEBUG):
        path = consent(begin(owner))
        owner.get(path)
    logging.getLogger("webapp").removeHandler(caplog.handler)
    connection = Connection.get()
    code = parse_qs(urlsplit(path).query)["code"][0]
    for secret in (connection.access_token, connection.refresh_token, code):
        assert secret not in caplog.text
        assert secret not in str(Activity.get().facts)


@pytest.mark.parametrize("state", ["", "forged", "é"])
def test_a_forged_state_is_refused(owner: Any, state: str) -> None:
    answer = owner.get(f"{PAGE}/callback", query_string={"state": state, "code": "x", "realmId": "1"})
    assert answer.status_code == 400
    assert "This consent cannot be used" in text(answer)
    assert Connection.select().count() == 0


def test_a_used_state_is_refused_and_what_it_brought_stays(owner: Any) -> None:
    path = consent(begin(owner))
    owner.get(path)
    token = Connection.get().refresh_token
    assert owner.get(path).status_code == 400
    assert Connection.get().refresh_token == token


def test_a_state_older_than_ten_minutes_is_refused(owner: Any) -> None:
    path = consent(begin(owner))
    OAuthState.update(expires_at=now() - timedelta(seconds=1)).execute()
    assert owner.get(path).status_code == 400
    assert Connection.select().count() == OAuthState.select().count() == 0


def test_a_state_of_a_colleague_is_refused_and_gone(owner: Any, world: SimpleNamespace, app: Any) -> None:
    path = consent(begin(owner))
    assert app.test_client().sign_in(world.admin).get(path).status_code == 400
    assert owner.get(path).status_code == 400
    assert Connection.select().count() == 0


def test_a_state_of_another_workspace_is_refused(owner: Any, world: SimpleNamespace, app: Any) -> None:
    path = consent(begin(owner))
    assert app.test_client().sign_in(world.outsider).get(path).status_code == 400
    assert Connection.select().count() == 0


def test_whoever_lost_the_right_meanwhile_connects_nothing(owner: Any, world: SimpleNamespace) -> None:
    path = consent(begin(owner))
    type(world.owner).update(role="member").where(type(world.owner).id == world.owner.id).execute()
    assert owner.get(path).status_code == 403
    assert Connection.select().count() == 0


def test_old_states_go_with_the_next_one(owner: Any) -> None:
    begin(owner)
    OAuthState.update(expires_at=now() - timedelta(minutes=1)).execute()
    begin(owner)
    assert OAuthState.select().count() == 1


def test_refusing_the_consent_changes_nothing(owner: Any) -> None:
    answer = owner.get(consent(begin(owner), decision="deny"))
    assert (answer.status_code, answer.location) == (303, INDEX)
    assert "You cancelled. Nothing was changed." in text(owner.get(INDEX))
    assert Connection.select().count() == OAuthState.select().count() == 0


def test_refusing_in_the_window_reports_it(owner: Any) -> None:
    answer = owner.get(consent(begin(owner, window="1"), decision="deny"))
    assert answer.status_code == 200
    assert soup(answer).select_one("[data-report]")["data-report"] == "You cancelled. Nothing was changed."


def test_another_error_of_the_consent_page_is_put_in_our_words(owner: Any) -> None:
    state = parse_qs(urlsplit(begin(owner)).query)["state"][0]
    answer = owner.get(f"{PAGE}/callback", query_string={"state": state, "error": "<b>server_error</b>"})
    assert answer.status_code == 400
    assert "QuickBooks did not grant access" in text(answer)
    assert "server_error" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "x"},
        {"realmId": "1"},
        {"code": "x", "realmId": "../1"},
        {"code": "x", "realmId": "1" * 33},
    ],
)
def test_an_answer_without_code_or_company_is_refused(owner: Any, query: dict[str, str]) -> None:
    state = parse_qs(urlsplit(begin(owner)).query)["state"][0]
    answer = owner.get(f"{PAGE}/callback", query_string={"state": state, **query})
    assert answer.status_code == 400
    assert Connection.select().count() == 0


def test_a_code_that_quickbooks_does_not_know_is_refused_in_words(owner: Any) -> None:
    state = parse_qs(urlsplit(begin(owner)).query)["state"][0]
    answer = owner.get(f"{PAGE}/callback", query_string={"state": state, "code": "AB0", "realmId": "1"})
    assert answer.status_code == 502
    assert "QuickBooks did not accept the consent" in text(answer)


@pytest.mark.parametrize(
    ("kind", "entity"),
    [
        ("500", "token"),
        ("503", "token"),
        ("429", "token"),
        ("drop_before", "token"),
        ("drop_after", "token"),
        ("500", "companyinfo"),
        ("401", "companyinfo"),
        ("drop_before", "preferences"),
    ],
)
def test_a_failure_of_quickbooks_leaves_the_old_state(
    owner: Any, world: SimpleNamespace, kind: str, entity: str
) -> None:
    connect(owner)
    before = Connection.get()
    path = consent(begin(owner))
    world.sandbox.control("faults", kind=kind, entity=entity)
    answer = owner.get(path)
    assert answer.status_code == 502
    assert "Nothing was changed" in text(answer)
    after = Connection.get()
    assert (after.status, after.refresh_token) == (before.status, before.refresh_token)


@pytest.fixture
def mortal(app: Any) -> Iterator[Any]:
    """A QuickBooks of this test's own, which it can shut down; the panel talks to it."""
    server = make_server("127.0.0.1", 0, create_sandbox(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    stopped: list[bool] = []

    def stop() -> None:
        if not stopped:
            server.shutdown()
            thread.join()
            server.server_close()
            stopped.append(True)

    before = config.current()
    config.use(replace(before, sandbox_url=f"http://127.0.0.1:{server.port}"))
    yield stop
    config.use(before)
    stop()


@pytest.mark.parametrize("window", ["0", "1"])
@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("en", "QuickBooks could not be reached", "Nothing was changed. Wait a minute, then connect again."),
        ("fr", "QuickBooks est injoignable", "Rien n’a été modifié. Attendez une minute, puis recommencez."),
    ],
)
def test_quickbooks_down_before_the_consent_is_said_here(
    owner: Any, world: SimpleNamespace, mortal: Any, window: str, language: str, title: str, words: str
) -> None:
    User.update(language=language).where(User.id == world.owner.id).execute()
    mortal()
    answer = owner.post(f"{PAGE}/connect", data={"window": window})
    assert answer.status_code == 502
    assert "Refresh" not in answer.headers
    assert soup(answer).h1.get_text() == title
    assert words in text(answer)
    assert bool(soup(answer).find("a", href=INDEX)) == (window == "0")
    assert OAuthState.select().count() == Connection.select().count() == 0


def test_quickbooks_down_between_consent_and_answer_leaves_the_old_state(
    owner: Any, world: SimpleNamespace, mortal: Any
) -> None:
    connect(owner)
    before = Connection.get()
    path = consent(begin(owner))
    mortal()
    answer = owner.get(path)
    assert answer.status_code == 502
    assert "QuickBooks could not be reached" in text(answer)
    after = Connection.get()
    assert (after.status, after.refresh_token) == (before.status, before.refresh_token)


def test_a_token_for_another_company_than_the_answer_names_is_refused(
    owner: Any, world: SimpleNamespace
) -> None:
    path = consent(begin(owner), US)
    other = world.sandbox.tokens(CA)["realmId"]
    realm = parse_qs(urlsplit(path).query)["realmId"][0]
    answer = owner.get(path.replace(realm, other))
    assert answer.status_code == 502
    assert "did not let us read this company" in text(answer)
    assert Connection.select().count() == 0


def test_a_company_of_another_workspace_is_refused_without_naming_it(
    owner: Any, world: SimpleNamespace, app: Any
) -> None:
    connect(app.test_client().sign_in(world.outsider))
    answer = connect(owner)
    assert answer.status_code == 409
    assert "already in use" in text(answer)
    assert world.other.name not in answer.get_data(as_text=True)
    assert Connection.select().where(Connection.workspace == world.workspace).count() == 0
    assert revocations(world) == 0, "to give it back could end the other workspace's grant too"


def test_a_company_that_the_other_workspace_disconnected_is_free(
    owner: Any, world: SimpleNamespace, app: Any
) -> None:
    outsider = app.test_client().sign_in(world.outsider)
    connect(outsider)
    outsider.post(f"{PAGE}/disconnect")
    assert connect(owner).status_code == 303


def test_another_company_is_asked_about_first(owner: Any, world: SimpleNamespace) -> None:
    connect(owner, US)
    before = Connection.get()
    answer = connect(owner, CA)
    assert answer.status_code == 409
    assert "This is another QuickBooks company" in text(answer)
    assert before.company_name in text(answer)
    assert Connection.get().realm_id == before.realm_id
    assert revocations(world) == 1


def test_another_company_is_connected_after_agreeing(owner: Any, world: SimpleNamespace) -> None:
    connect(owner, US)
    before = Connection.get()
    company = factories.company(world.workspace)
    factories.link(world.workspace, before.realm_id, company, "1")
    form = soup(connect(owner, CA)).select_one("main form")
    fields = {
        field["name"]: field["value"] for field in form.select("input") if field["name"] != "csrf_token"
    }
    assert connect(owner, CA, **fields).status_code == 303
    after = Connection.get()
    assert after.realm_id == fields["expect"] != before.realm_id
    assert after.lists_read_at is None
    assert Link.get().realm_id == before.realm_id
    assert revocations(world) == 2
    assert Activity.select().order_by(Activity.id.desc()).get().facts["before"] == before.company_name


def test_agreeing_to_one_company_lets_no_third_one_in(owner: Any, world: SimpleNamespace) -> None:
    connect(owner, US)
    assert connect(owner, CA, expect="4620816999999999").status_code == 409


def test_reconnecting_the_same_company_takes_up_where_it_stopped(owner: Any, world: SimpleNamespace) -> None:
    connect(owner)
    first = Connection.get()
    Connection.update(
        status=ConnectionStatus.RECONNECT_NEEDED, lists_read_at=now(), lists_error="unreachable"
    ).execute()
    factories.link(world.workspace, first.realm_id, factories.company(world.workspace), "1")
    assert connect(owner).status_code == 303
    again = Connection.get()
    assert (again.id, again.realm_id, again.status) == (first.id, first.realm_id, ConnectionStatus.CONNECTED)
    assert again.refresh_token != first.refresh_token
    assert again.lists_read_at is not None
    assert (again.lists_error, again.pause_reason) == ("", "")
    assert Link.select().count() == 1


def revocations(world: SimpleNamespace) -> int:
    """How many grants were given back; a request that names no grant would not have been answered 200."""
    return sum(
        call["path"].endswith("/revoke") and call["status"] == 200 for call in world.sandbox.requests()
    )
