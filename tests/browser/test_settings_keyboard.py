"""All four sections edited and saved by keyboard alone: the focus stays, and a screen reader is told."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.conftest import Sandbox
from webapp.accounting.sources import ItemNameSource
from webapp.models import Connection, Link, Permission, Preferences, Visibility

QUICKBOOKS = "/settings/integrations/quickbooks"
MOST_TABS = 250


@pytest.fixture
def keyboard(cast: SimpleNamespace, sandbox: Sandbox, page: Page) -> Page:
    """The QuickBooks page, signed in and opened with nothing focused; from here on only keys are pressed."""
    cast.connection = factories.connect(cast.workspace, cast.owner, sandbox.tokens("us"))
    factories.company(cast.workspace, "Alder & Finch Events", terms="Net 30")
    factories.company(cast.workspace, "Birchline Outfitters")
    sign_in(page, cast.owner.email)
    page.goto(QUICKBOOKS)
    return page


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the control has the focus, as somebody does who does not see a pointer."""
    for _ in range(MOST_TABS):
        if wanted.count() and wanted.first.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def assert_focus_in(page: Page, section: str) -> None:
    """The focus is on something, inside the section."""
    where = "id => document.activeElement !== document.body && !!document.activeElement.closest(`#${id}`)"
    page.wait_for_function(where, arg=section, timeout=5_000)


def assert_told(page: Page, words: str) -> None:
    """A screen reader says it: the words stand in a live region."""
    expect(
        page.locator("[role=status], [role=alert], [aria-live]").filter(has_text=words).first
    ).to_be_visible()


def choose(page: Page, control: Locator, words: str) -> None:
    """Choose from a drop-down or from a combobox, whichever it is."""
    tab_to(page, control)
    is_list = control.evaluate("element => element.tagName === 'SELECT'")
    page.keyboard.type(words)
    if not is_list:
        expect(page.get_by_role("option").filter(has_text=words).first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")


def test_account_information_by_keyboard(keyboard: Page) -> None:
    section = keyboard.locator("#account-information")
    press(keyboard, section.get_by_role("button", name="Test connection"))
    assert_told(keyboard, "The connection works.")
    assert_focus_in(keyboard, "account-information")
    press(keyboard, section.get_by_text("Disconnect", exact=True))
    expect(section.get_by_role("dialog")).to_be_visible()
    assert_focus_in(keyboard, "account-information")
    press(keyboard, section.get_by_text("Keep connected"))
    expect(section.get_by_role("dialog")).to_have_count(0)
    assert_focus_in(keyboard, "account-information")
    assert Connection.get().is_usable


def test_permissions_by_keyboard(keyboard: Page, cast: SimpleNamespace) -> None:
    section = keyboard.locator("#permissions")
    press(keyboard, section.get_by_role("link", name="Edit"))
    expect(section.get_by_role("button", name="Save")).to_be_visible()
    assert_focus_in(keyboard, "permissions")
    press(keyboard, section.get_by_role("radio", name="All users"), "ArrowDown")
    tab_to(keyboard, section.get_by_role("searchbox"))
    keyboard.keyboard.type("Rowan")
    press(keyboard, section.get_by_role("checkbox", name="Rowan Tessel"), "Space")
    press(keyboard, section.get_by_role("checkbox", name="Bills"), "Space")
    press(keyboard, section.get_by_role("button", name="Save"))
    assert_told(keyboard, "Permissions are saved.")
    assert_focus_in(keyboard, "permissions")
    saved = Permission.get()
    assert (saved.visible_to, saved.send_bills, saved.send_invoices) == (Visibility.SELECTED, False, True)
    assert [chosen.user_id for chosen in saved.people] == [cast.member.id]


def test_permissions_refused_and_left_by_keyboard(keyboard: Page) -> None:
    section = keyboard.locator("#permissions")
    press(keyboard, section.get_by_role("link", name="Edit"))
    press(keyboard, section.get_by_role("radio", name="All users"), "ArrowDown")
    press(keyboard, section.get_by_role("button", name="Save"))
    expect(section.locator(".error").first).to_be_visible()
    assert_focus_in(keyboard, "permissions")
    press(keyboard, section.get_by_text("Cancel", exact=True))
    expect(section.get_by_role("button", name="Save")).to_have_count(0)
    assert_focus_in(keyboard, "permissions")
    assert Permission.select().count() == 0


def test_preferences_by_keyboard(keyboard: Page) -> None:
    section = keyboard.locator("#preferences")
    press(keyboard, section.get_by_role("link", name="Edit QuickBooks Accounts and Settings"))
    expect(section.get_by_role("button", name="Save", exact=True)).to_be_visible()
    assert_focus_in(keyboard, "preferences")
    press(keyboard, section.get_by_role("radio", name="Product number"), "ArrowDown")
    choose(keyboard, section.get_by_label("Income account", exact=True), "Decoration Income")
    press(keyboard, section.get_by_role("button", name="Save", exact=True))
    assert_told(keyboard, "are saved")
    assert_focus_in(keyboard, "preferences")
    expect(section).to_contain_text("Decoration Income")
    saved = Preferences.get()
    assert (saved.item_name_source, saved.income_account_id) == (ItemNameSource.NAME, "3")


def test_lists_are_refreshed_by_keyboard(keyboard: Page) -> None:
    before = Connection.get().lists_read_at
    section = keyboard.locator("#preferences")
    press(keyboard, section.get_by_role("button", name="Refresh lists"))
    assert_told(keyboard, "being read from QuickBooks")
    assert_focus_in(keyboard, "preferences")
    expect(section.get_by_role("status").first).to_contain_text("Lists from QuickBooks, read")
    assert_focus_in(keyboard, "preferences")
    assert Connection.get().lists_read_at > before


def test_companies_are_linked_by_keyboard(keyboard: Page) -> None:
    press(keyboard, keyboard.locator("#links").get_by_role("link", name="Edit Customers"))
    keyboard.wait_for_url("**/links/customers*")
    press(keyboard, keyboard.get_by_role("link", name="Edit Alder & Finch Events"))
    row = keyboard.get_by_role("row").filter(has_text="Alder & Finch Events")
    expect(row.get_by_role("combobox")).to_be_focused()
    keyboard.keyboard.type("alder")
    expect(keyboard.get_by_role("option", name="Alder & Finch Events")).to_be_visible()
    keyboard.keyboard.press("ArrowDown")
    keyboard.keyboard.press("Enter")
    assert_told(keyboard, "Alder & Finch Events")
    expect(row).to_contain_text("Linked")
    assert row.evaluate("row => row.contains(document.activeElement)")
    assert [link.remote_id for link in Link.select()] == ["1"]
