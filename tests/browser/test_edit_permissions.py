"""Permissions in a browser: people are searched while one types, and nobody who was chosen is lost."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.web.test_integrations_people import crowd
from webapp.integrations import permissions

QUICKBOOKS = "/settings/integrations/quickbooks"


@pytest.fixture
def ready(cast: SimpleNamespace) -> SimpleNamespace:
    """A connected workspace of 500 people."""
    factories.connection(cast.workspace)
    cast.crowd = crowd(cast, 497)
    return cast


def chosen(world: SimpleNamespace) -> list[str]:
    return [person.name for person in permissions.read(world.workspace.id).people]


def open_list(page: Page, who: str) -> None:
    sign_in(page, who)
    page.goto(QUICKBOOKS)
    page.evaluate("window.same = true")
    page.click("#permissions-edit")
    page.wait_for_selector("#permissions.editing")


def test_people_are_searched_ticked_and_saved_by_keyboard(ready: SimpleNamespace, page: Page) -> None:
    open_list(page, ready.owner.email)
    expect(page.locator("#people-search")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#visible_to-selected")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#people-search")).to_be_focused()
    page.keyboard.type("emile 0003")
    expect(page.locator("#people-count")).to_have_text("0 people chosen. 1 other found.")
    expect(page.locator("#people-search")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("rowan")
    expect(page.locator("#people-count")).to_have_text("1 person chosen. 1 other found.")
    expect(page.locator("#people-list label").first).to_contain_text("Émile Abbott 0003")
    page.get_by_label("Rowan Tessel").check()
    assert Axe().run(page).violations_count == 0
    page.locator("#permissions button.primary").press("Enter")
    page.wait_for_selector("#permissions:not(.editing)")
    expect(page.locator("#permissions-edit")).to_be_focused()
    assert chosen(ready) == ["Émile Abbott 0003", "Rowan Tessel"]
    assert page.evaluate("window.same"), "the page was not loaded again"


def test_enter_in_the_search_finds_and_does_not_save(ready: SimpleNamespace, page: Page) -> None:
    open_list(page, ready.owner.email)
    page.check("#visible_to-selected")
    page.fill("#people-search", "rowan")
    page.keyboard.press("Enter")
    expect(page.locator("#people-count")).to_have_text("0 people chosen. 1 other found.")
    expect(page.locator("#permissions.editing")).to_be_visible()
    assert permissions.read(ready.workspace.id).version == 0


def test_a_tick_while_a_search_is_under_way_is_not_lost(ready: SimpleNamespace, page: Page) -> None:
    open_list(page, ready.owner.email)
    page.check("#visible_to-selected")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/permissions", hold_the_first)
    with page.expect_request("**/permissions"):
        page.fill("#people-search", "rowan")
    first = page.locator("#people-list input[name=people]").first
    name = page.locator(f"label[for={first.get_attribute('id')}]").inner_text()
    first.check()
    expect(page.locator("#people-count")).to_have_text("1 person chosen. 1 other found.")
    expect(page.locator("#people-list label").first).to_have_text(name)
    expect(page.locator("#people-list input[name=people]").first).to_be_checked()


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {"cdn": False, "listen": False}])
def test_people_are_found_and_saved_without_htmx(
    ready: SimpleNamespace, new_context: Callable[..., BrowserContext], options: dict[str, bool]
) -> None:
    page = new_context(**options).new_page()
    sign_in(page, ready.owner.email)
    page.goto(f"{QUICKBOOKS}/permissions/edit")
    page.check("#visible_to-selected")
    page.uncheck("#send-bill")
    for words, name in (("emile 0003", "Émile Abbott 0003"), ("rowan", "Rowan Tessel")):
        page.fill("#people-search", words)
        page.get_by_role("button", name="Find people").click()
        expect(page.locator("#people-search")).to_have_value(words)
        page.get_by_label(name).check()
    page.locator("#permissions button.primary").click()
    page.wait_for_selector("#permissions:not(.editing)")
    assert chosen(ready) == ["Émile Abbott 0003", "Rowan Tessel"]
    assert len(permissions.read(ready.workspace.id).sends) == 2


def test_two_people_at_once_are_told_and_decide(
    ready: SimpleNamespace, page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    open_list(page, ready.owner.email)
    page.uncheck("#send-invoice")
    other = new_context().new_page()
    open_list(other, ready.admin.email)
    other.uncheck("#send-bill")
    other.click("#permissions button.primary")
    other.wait_for_selector("#permissions:not(.editing)")
    page.click("#permissions button.primary")
    told = page.locator("#permissions .banner")
    expect(told).to_contain_text("Mika Orlen saved other permissions meanwhile")
    expect(told).to_contain_text("Invoices, Bills, Purchase orders → Invoices, Purchase orders")
    expect(page.locator("#send-invoice")).not_to_be_checked()
    expect(page.locator("#send-bill")).to_be_checked()
    page.click("#permissions button.primary")
    page.wait_for_selector("#permissions:not(.editing)")
    expect(page.locator("#permissions")).to_contain_text("Bills, Purchase orders")
