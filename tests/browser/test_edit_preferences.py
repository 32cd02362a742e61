"""QuickBooks Accounts and Settings in a browser: in place, by keyboard, following the lists by itself."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.conftest import Sandbox
from webapp.models import Connection

QUICKBOOKS = "/settings/integrations/quickbooks"


@pytest.fixture
def ready(cast: SimpleNamespace, sandbox: Sandbox) -> SimpleNamespace:
    cast.connection = factories.connect(cast.workspace, cast.owner, sandbox.tokens("us"))
    factories.company(cast.workspace, terms="Net 30")
    return cast


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def test_preferences_are_edited_in_place(ready: SimpleNamespace, page: Page) -> None:
    sign_in(page, ready.owner.email)
    page.goto(QUICKBOOKS)
    page.evaluate("window.same = true")
    page.click("#preferences-edit")
    page.wait_for_selector("#preferences.editing")
    assert focused(page) == "billable"
    page.check("#billable")
    page.click("#preferences button.primary")
    page.wait_for_selector("#confirm_billable-error")
    assert focused(page) == "confirm_billable"
    page.check("#confirm_billable")
    page.click("#preferences button.primary")
    page.wait_for_selector("#preferences:not(.editing)")
    assert focused(page) == "preferences-edit"
    expect(page.locator("#preferences")).to_contain_text("1 of 1 mapped.")
    assert page.evaluate("window.same"), "the page was not loaded again"


def test_cancel_and_review_move_the_focus(ready: SimpleNamespace, page: Page) -> None:
    sign_in(page, ready.owner.email)
    page.goto(QUICKBOOKS)
    page.click("#preferences dd:has-text('Discounts Given') a")
    page.wait_for_selector("#preferences.editing")
    assert focused(page) == "discount_account_id"
    page.click("#preferences .section-foot a")
    page.wait_for_selector("#preferences:not(.editing)")
    assert focused(page) == "preferences-edit"


def test_the_section_follows_the_reading_of_the_lists(ready: SimpleNamespace, page: Page) -> None:
    before = Connection.get().lists_read_at
    sign_in(page, ready.owner.email)
    page.goto(QUICKBOOKS)
    page.click("#preferences-refresh")
    page.wait_for_selector("#preferences[hx-trigger]")
    page.wait_for_selector("#preferences:not([hx-trigger])")
    assert focused(page) == "preferences-refresh"
    expect(page.locator("#preferences [role=status]")).to_contain_text("Lists from QuickBooks, read")
    assert Connection.get().lists_read_at > before
