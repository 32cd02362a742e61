"""Create in QuickBooks in a browser: by keyboard alone in place, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.conftest import Sandbox
from tests.web.test_links_table import LINKS
from tests.worker.test_kill import until
from webapp.models import Link

UNDER_WAY = re.compile("Queued|Sending")


@pytest.fixture
def table(cast: SimpleNamespace, sandbox: Sandbox) -> SimpleNamespace:
    """Two companies that a real QuickBooks company does not know."""
    cast.connection = factories.connect(cast.workspace, cast.owner, sandbox.tokens("us"))
    for name in ("Ropewalk Press", "Saltmarsh Brewing"):
        factories.company(
            cast.workspace, name, email="desk@made.example", bill_city="Mystic", bill_region="CT"
        )
    sandbox.control("faults", kind="slow", seconds=1.5, method="POST", entity="customer")
    return cast


def test_keyboard_alone_creates_below_a_parent_and_sees_the_end(table: SimpleNamespace, page: Page) -> None:
    sign_in(page, table.member.email)
    page.goto(f"{LINKS}/customers")
    page.evaluate("window.stays = true")
    row = page.locator("tr", has_text="Saltmarsh Brewing")
    row.get_by_role("link", name="Edit").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Saltmarsh Brewing")).to_be_focused()
    page.get_by_role("link", name="Create in QuickBooks").focus()
    page.keyboard.press("Enter")
    name = page.get_by_label("Name in QuickBooks")
    expect(name).to_be_focused()
    expect(name).to_have_value("Saltmarsh Brewing")
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Tab")
    parent = page.get_by_role("combobox", name="Sub-customer of")
    expect(parent).to_be_focused()
    page.keyboard.type("alder")
    expect(page.get_by_role("option").first).to_contain_text("Alder")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(parent).to_have_value("Alder & Finch Events")
    name.focus()
    page.keyboard.press("Enter")
    expect(row.locator(".badge")).to_have_text(UNDER_WAY)
    expect(row.get_by_role("link", name="Edit")).to_be_focused()
    expect(row.locator(".badge")).to_have_text("Linked", timeout=10_000)
    expect(row).to_contain_text("Sub-customer of Alder & Finch Events")
    expect(row.get_by_role("link", name="Edit")).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("is in QuickBooks and linked")
    assert page.locator("[hx-trigger='every 2s']").count() == 0
    assert page.evaluate("window.stays")


def test_taken_name_is_linked_or_replaced_in_place(table: SimpleNamespace, page: Page) -> None:
    sign_in(page, table.member.email)
    page.goto(f"{LINKS}/customers")
    row = page.locator("tr", has_text="Ropewalk Press")
    row.get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Create in QuickBooks").click()
    name = page.get_by_label("Name in QuickBooks")
    name.fill("Alder & Finch Events")
    page.get_by_role("button", name="Create in QuickBooks").click()
    expect(page.locator(".error")).to_contain_text("has a customer of this name already")
    expect(name).to_be_focused()
    expect(name).to_have_value("Alder & Finch Events")
    expect(page.get_by_role("button", name="Create as “Alder & Finch Events (Mystic)”")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Link to Alder & Finch Events").click()
    expect(row.locator(".badge")).to_have_text("Linked")
    assert Link.get().remote_id == "1"


def test_without_javascript_the_page_says_where_it_stands(
    table: SimpleNamespace, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, table.owner.email)
    page.goto(f"{LINKS}/customers")
    page.locator("tr", has_text="Saltmarsh").get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Create in QuickBooks").click()
    page.get_by_label("Sub-customer of").first.fill("alder")
    page.locator("tbody").get_by_role("button", name="Search").click()
    page.get_by_label("Alder & Finch Events", exact=True).check()
    page.get_by_role("button", name="Create in QuickBooks").click()
    row = page.locator("tr", has_text="Saltmarsh")
    expect(row.locator(".badge")).to_have_text(UNDER_WAY)
    until(lambda: Link.select().exists())
    page.reload()
    expect(row.locator(".badge")).to_have_text("Linked")
    expect(row).to_contain_text("Sub-customer of Alder & Finch Events")
