"""Link companies in a browser: by keyboard alone, in place, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.services.test_links import REALM, entry
from tests.web.test_links_table import LINKS
from webapp.models import Link


@pytest.fixture
def table(cast: SimpleNamespace) -> SimpleNamespace:
    """Two companies to link, one of them with an offer."""
    factories.connection(cast.workspace, lists_read_at=factories.now())
    for remote_id, name in (("58", "Harborlight Credit Union"), ("59", "Inner Harbor Rowing Club")):
        entry(cast.workspace, remote_id, name)
    factories.company(cast.workspace, "Harborlight Credit Union Inc.")
    factories.company(cast.workspace, "Saltmarsh Brewing")
    factories.suggest(cast.workspace)
    return cast


def linked() -> list[str]:
    return [link.remote_id for link in Link.select().order_by(Link.id)]


def test_keyboard_alone_links_and_takes_back_in_place(table: SimpleNamespace, page: Page) -> None:
    sign_in(page, table.member.email)
    page.goto(f"{LINKS}/customers")
    page.evaluate("window.stays = true")
    row = page.locator("tr", has_text="Saltmarsh Brewing")
    row.get_by_role("link", name="Edit").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("combobox", name="Saltmarsh Brewing")
    expect(box).to_be_focused()
    page.keyboard.type("harb")
    expect(page.locator(".combo [role=status]")).to_have_text("2 results")
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_have_text("Inner Harbor Rowing Club")
    page.keyboard.press("Home")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Harborlight")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(row.locator(".badge")).to_have_text("Linked")
    expect(row.get_by_role("link", name="Edit")).to_be_focused()
    assert linked() == ["59"]
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(row.locator(".badge")).to_have_text("Not linked")
    expect(row.get_by_role("link", name="Edit")).to_be_focused()
    assert linked() == []
    assert page.evaluate("window.stays")
    assert REALM not in page.url


def test_escape_closes_the_list_then_the_row(table: SimpleNamespace, page: Page) -> None:
    sign_in(page, table.owner.email)
    page.goto(f"{LINKS}/customers")
    row = page.locator("tr", has_text="Saltmarsh Brewing")
    row.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("combobox", name="Saltmarsh Brewing")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(row.get_by_role("link", name="Edit")).to_be_focused()
    assert linked() == []


def test_mouse_chooses_and_offers_are_accepted(table: SimpleNamespace, page: Page) -> None:
    sign_in(page, table.owner.email)
    page.goto(f"{LINKS}/customers")
    offered = page.locator("tr", has_text="Harborlight Credit Union Inc.")
    offered.get_by_role("button", name="Accept").click()
    expect(offered.locator(".badge")).to_have_text("Linked")
    row = page.locator("tr", has_text="Saltmarsh Brewing")
    row.get_by_role("link", name="Edit").click()
    page.get_by_role("combobox", name="Saltmarsh Brewing").fill("rowing")
    page.get_by_role("option", name="Inner Harbor").click()
    expect(row.locator(".badge")).to_have_text("Linked")
    assert linked() == ["58", "59"]


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {"cdn": False, "listen": False}])
def test_row_is_saved_without_htmx(
    table: SimpleNamespace, new_context: Callable[..., BrowserContext], options: dict[str, bool]
) -> None:
    page = new_context(**options).new_page()
    sign_in(page, table.owner.email)
    page.goto(f"{LINKS}/customers")
    page.locator("tr", has_text="Saltmarsh").get_by_role("link", name="Edit").click()
    if options.get("java_script_enabled") is not False:
        page.wait_for_selector(".combo [role=combobox]")
    page.locator(".combo .input").fill("rowing")
    if options.get("java_script_enabled") is False:
        page.locator("tbody").get_by_role("button", name="Search").click()
        page.get_by_label("Inner Harbor").check()
        page.get_by_role("button", name="Save").click()
    else:
        page.get_by_role("option", name="Inner Harbor").click()
    expect(page.locator("tr", has_text="Saltmarsh").locator(".badge")).to_have_text("Linked")
    assert linked() == ["59"]
