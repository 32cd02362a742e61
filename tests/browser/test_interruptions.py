"""A sign-in that runs out in the middle of a form: what was typed comes back, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.conftest import Sandbox

QUICKBOOKS = "/settings/integrations/quickbooks"


@pytest.fixture
def ready(cast: SimpleNamespace, sandbox: Sandbox) -> SimpleNamespace:
    cast.connection = factories.connect(cast.workspace, cast.owner, sandbox.tokens("us"))
    factories.company(cast.workspace, "Saltmarsh Brewing")
    return cast


@pytest.fixture(params=[True, False], ids=["htmx", "plain"])
def desk(
    ready: SimpleNamespace, new_context: Callable[..., BrowserContext], request: pytest.FixtureRequest
) -> Page:
    page = new_context(java_script_enabled=request.param).new_page()
    sign_in(page, ready.owner.email)
    return page


def lose_the_sign_in(page: Page, email: str, button: str) -> None:
    """Send a form whose sign-in is gone, and sign in again on the form that stands there instead."""
    page.context.clear_cookies()
    page.click(button)
    expect(page.locator(".banner.warn")).to_contain_text("What you typed is kept.")
    page.fill("#email", email)
    page.fill("#password", factories.PASSWORD)
    page.click("form[action='/sign-in'] button[type=submit]")
    expect(page.locator(".toast")).to_contain_text("not saved yet")


def test_permissions_come_back_filled(ready: SimpleNamespace, desk: Page) -> None:
    desk.goto(QUICKBOOKS)
    desk.click("#permissions-edit")
    desk.check("#visible_to-selected")
    desk.uncheck("#send-bill")
    lose_the_sign_in(desk, ready.owner.email, "#permissions .section-foot button[type=submit]")
    expect(desk.locator("#visible_to-selected")).to_be_checked()
    expect(desk.locator("#send-bill")).not_to_be_checked()
    expect(desk.locator("#send-invoice")).to_be_checked()


def test_preferences_come_back_filled(ready: SimpleNamespace, desk: Page) -> None:
    desk.goto(QUICKBOOKS)
    desk.click("#preferences a[href$='/preferences/edit']")
    desk.select_option("#income_account_id", label="Decoration Income")
    chosen = desk.input_value("#income_account_id")
    lose_the_sign_in(desk, ready.owner.email, "#preferences .section-foot button[type=submit]")
    expect(desk.locator("#income_account_id")).to_have_value(chosen)


def test_a_row_of_links_comes_back_filled(ready: SimpleNamespace, desk: Page) -> None:
    desk.goto(f"{QUICKBOOKS}/links/customers")
    desk.click("tr:has-text('Saltmarsh') a:has-text('Edit')")
    box = desk.locator(".combo .input")
    box.fill("harb")
    if desk.locator("[data-without-script]").is_visible():
        desk.click("[data-without-script] button:has-text('Search')")
        desk.check("input[type=radio] >> nth=0")
        lose_the_sign_in(desk, ready.owner.email, "button[value=link]")
        expect(box).to_have_value("harb")
        expect(desk.locator("input[type=radio]:checked")).to_have_count(1)
    else:
        desk.wait_for_selector("[role=option]")
        lose_the_sign_in(desk, ready.owner.email, "[role=option] >> nth=0")
        expect(box).to_have_value("Harborlight Credit Union")
