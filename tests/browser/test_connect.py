"""Connecting in a window of its own: it turns the card over, and every other end leaves a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.conftest import Sandbox
from webapp import config
from webapp.clock import now
from webapp.models import Connection, ConnectionStatus, OAuthState

INTEGRATIONS = "/settings/integrations"
QUICKBOOKS = f"{INTEGRATIONS}/quickbooks"
US, CA = "us", "ca"


@pytest.fixture
def desk(cast: SimpleNamespace, page: Page) -> Page:
    """The owner before the cards of a workspace that is not connected; loads of the page would be noticed."""
    return at_the_cards(page, cast.owner.email)


@pytest.fixture
def failing(cast: SimpleNamespace, new_context: Callable[..., BrowserContext]) -> Page:
    """The same, where Chromium may complain of a page that is answered with 502."""
    return at_the_cards(new_context(listen=False).new_page(), cast.owner.email)


def at_the_cards(page: Page, email: str, address: str = INTEGRATIONS) -> Page:
    sign_in(page, email)
    page.goto(address)
    page.evaluate("window.same = true")
    return page


def open_window(page: Page, button: str = "#card-connect") -> Page:
    with page.expect_popup() as opened:
        page.click(button)
    opened.value.wait_for_selector("button[name=decision]")
    return opened.value


def allow(window: Page, company: str = US) -> None:
    window.check(f"input[name=company][value={company}]")
    window.click("button[name=decision][value=allow]")


def come_back(page: Page) -> None:
    """Without a screen every window has the focus, so the browser does not tell that it came back."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def is_same(page: Page) -> bool:
    """Whether the page was never loaded again."""
    return bool(page.evaluate("window.same === true"))


def test_the_card_turns_over_when_the_window_closes(desk: Page) -> None:
    window = open_window(desk)
    with window.expect_event("close"):
        allow(window)
    expect(desk.locator("#card-quickbooks .badge")).to_have_text("Connected")
    expect(desk.locator("#toasts")).to_contain_text("is connected.")
    expect(desk.locator("#card-open")).to_be_focused()
    assert is_same(desk)
    assert Axe().run(desk).violations_count == 0


def test_every_section_follows_when_a_disconnected_company_is_connected_again(
    cast: SimpleNamespace, page: Page, sandbox: Sandbox
) -> None:
    factories.connect(cast.workspace, cast.owner, sandbox.tokens(US))
    factories.company(cast.workspace)
    Connection.update(status=ConnectionStatus.DISCONNECTED, refresh_token=None, access_token=None).execute()
    at_the_cards(page, cast.owner.email, QUICKBOOKS)
    expect(page.locator("#permissions")).to_contain_text("Read only until QuickBooks is connected again.")
    expect(page.locator("#links")).to_contain_text("Read only")
    window = open_window(page, "#connect")
    with window.expect_event("close"):
        allow(window)
    expect(page.locator("#quickbooks-head .badge").first).to_have_text("Connected")
    expect(page.locator("#test-connection")).to_be_focused()
    expect(page.locator("#permissions-edit")).to_be_visible()
    expect(page.locator("#links")).not_to_contain_text("Read only")
    expect(page.locator("#preferences")).not_to_contain_text("Read only")
    assert is_same(page)


def test_closing_the_window_leaves_a_message_the_old_state_and_the_focus(desk: Page) -> None:
    open_window(desk).close()
    come_back(desk)
    expect(desk.locator("#toasts")).to_contain_text("Nothing was changed.")
    expect(desk.locator("#card-quickbooks .badge")).to_have_text("Not connected")
    expect(desk.locator("#card-connect")).to_be_focused()
    assert is_same(desk)


def test_refusing_leaves_a_message_and_the_old_state(desk: Page) -> None:
    window = open_window(desk)
    with window.expect_event("close"):
        window.click("button[name=decision][value=deny]")
    expect(desk.locator("#toasts")).to_contain_text("You cancelled. Nothing was changed.")
    expect(desk.locator("#card-quickbooks .badge")).to_have_text("Not connected")
    assert is_same(desk)


@pytest.mark.parametrize("blocker", ["window.open = () => null", "window.open = undefined"])
def test_a_blocked_window_becomes_a_plain_navigation(
    cast: SimpleNamespace, new_context: Callable[..., BrowserContext], blocker: str
) -> None:
    context = new_context(listen="undefined" not in blocker)
    context.add_init_script(blocker)
    page = context.new_page()
    at_the_cards(page, cast.owner.email)
    page.click("#card-connect")
    page.wait_for_selector("button[name=decision]")
    allow(page)
    page.wait_for_url(f"**{QUICKBOOKS}")
    expect(page.locator("#toasts")).to_contain_text("is connected.")
    assert len(context.pages) == 1


def test_without_htmx_the_card_turns_over_too(
    cast: SimpleNamespace, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(cdn=False, listen=False).new_page()
    at_the_cards(page, cast.owner.email)
    window = open_window(page)
    with window.expect_event("close"):
        allow(window)
    expect(page.locator("#card-quickbooks .badge")).to_have_text("Connected")
    expect(page.locator("#card-open")).to_be_focused()
    assert is_same(page)


def test_a_failure_is_said_in_the_window_and_again_when_people_come_back(
    failing: Page, sandbox: Sandbox
) -> None:
    window = open_window(failing)
    sandbox.control("faults", kind="500", entity="companyinfo")
    allow(window)
    expect(window.locator("h1")).to_have_text("QuickBooks did not answer as expected")
    expect(window.locator("main")).to_contain_text("Nothing was changed.")
    assert Axe().run(window).violations_count == 0
    come_back(failing)
    expect(failing.locator("#toasts")).to_contain_text("QuickBooks did not answer as expected. Nothing was")
    expect(failing.locator("#card-quickbooks .badge")).to_have_text("Not connected")
    window.click("#connect-again")
    window.wait_for_selector("button[name=decision]")
    with window.expect_event("close"):
        allow(window)
    expect(failing.locator("#card-quickbooks .badge")).to_have_text("Connected")
    assert is_same(failing)


@pytest.fixture
def wrong_secret() -> Iterator[None]:
    before = config.current()
    config.use(replace(before, intuit_client_secret="not-the-secret"))
    yield
    config.use(before)


def test_a_wrong_secret_is_said_in_words(failing: Page, wrong_secret: None) -> None:
    window = open_window(failing)
    allow(window)
    expect(window.locator("h1")).to_have_text("QuickBooks does not know this program")
    expect(window.locator("main")).to_contain_text("Tell your administrator.")
    assert window.locator("form").count() == 0


def test_a_consent_that_took_too_long_is_said_in_words(desk: Page) -> None:
    window = open_window(desk)
    OAuthState.update(expires_at=now() - timedelta(seconds=1)).execute()
    allow(window)
    expect(window.locator("h1")).to_have_text("This consent cannot be used")
    assert window.locator("a[href='/settings/integrations']").count() == 0
    come_back(desk)
    expect(desk.locator("#toasts")).to_contain_text("This consent cannot be used.")


def test_another_company_is_asked_about_and_then_connected_in_the_same_window(
    cast: SimpleNamespace, page: Page, sandbox: Sandbox
) -> None:
    factories.connect(cast.workspace, cast.owner, sandbox.tokens(US))
    Connection.update(status=ConnectionStatus.RECONNECT_NEEDED).execute()
    at_the_cards(page, cast.owner.email)
    window = open_window(page)
    allow(window, CA)
    expect(window.locator("h1")).to_have_text("This is another QuickBooks company")
    assert Axe().run(window).violations_count == 0
    assert Connection.get().company["country"] == "US"
    window.click("#connect-other")
    window.wait_for_selector("button[name=decision]")
    with window.expect_event("close"):
        allow(window, CA)
    expect(page.locator("#card-quickbooks")).to_contain_text("Maple Crest Promotions Inc.")
    assert is_same(page)


def test_a_company_of_another_workspace_is_refused_without_naming_it(
    cast: SimpleNamespace, desk: Page, sandbox: Sandbox
) -> None:
    factories.connect(cast.other, cast.outsider, sandbox.tokens(US))
    window = open_window(desk)
    allow(window)
    expect(window.locator("h1")).to_have_text("This QuickBooks company is already in use")
    assert cast.other.name not in window.content()
    expect(desk.locator("#card-quickbooks .badge")).to_have_text("Not connected")
