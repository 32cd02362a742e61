"""QuickBooks Accounts and Settings in a browser: in place, by keyboard, following the lists by itself."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.conftest import Sandbox
from webapp.accounting.sources import MappingRules, MemoSource
from webapp.integrations import preferences
from webapp.models import Connection, DirectoryEntry, ListKind

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


@pytest.fixture
def branches(ready: SimpleNamespace) -> SimpleNamespace:
    """So many accounts and items that their drop-downs have to be searched."""
    for place, (kind, values) in enumerate(
        (
            (ListKind.ACCOUNT, {"type": "Income"}),
            (ListKind.ITEM, {"type": "Service", "income_account_id": "2"}),
        )
    ):
        rows = [
            {
                "workspace": ready.workspace, "realm_id": ready.connection.realm_id, "kind": kind,
                "remote_id": str(10_000 * (place + 1) + number), "name": f"Branch {number:03}",
                "full_name": f"Branch {number:03}", "folded": f"branch {number:03}", **values,
            }
            for number in range(300)
        ]  # fmt: skip
        DirectoryEntry.insert_many(rows).execute()
    return ready


def saved(world: SimpleNamespace) -> MappingRules:
    return preferences.rules_for(world.workspace.id, world.connection.realm_id)


def test_a_long_list_is_searched_by_keyboard_alone(branches: SimpleNamespace, page: Page) -> None:
    sign_in(page, branches.owner.email)
    page.goto(QUICKBOOKS)
    page.locator("#preferences-edit").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("combobox", name="Income account", exact=True)
    expect(box).to_have_value("Sales of Product Income (proposed)")
    expect(page.locator("#find")).to_have_count(0)
    assert focused(page) == "billable"
    assert Axe().run(page).violations_count == 0
    box.focus()
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.type("branch 12")
    status = box.locator("xpath=..").locator("[role=status]")
    expect(status).to_have_text("13 results")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".listbox .active > span:first-child")).to_have_text("Branch 121")
    assert box.get_attribute("aria-activedescendant") == "income_account_id-list-1"
    page.keyboard.press("End")
    expect(page.locator(".listbox .active > span:first-child")).to_have_text("Branch 212")
    page.keyboard.press("Home")
    expect(page.locator(".listbox .active > span:first-child")).to_have_text("Branch 120")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Branch 120")
    page.keyboard.press("Tab")
    assert focused(page) == "cost_account_id"
    freight = page.get_by_role("combobox", name="Freight", exact=True)
    freight.fill("branch 007")
    page.locator(".listbox [data-value='item:20007']").click()
    expect(freight).to_have_value("Branch 007")
    page.click("#preferences button.primary")
    page.wait_for_selector("#preferences:not(.editing)")
    assert (saved(branches).income_account_id, str(saved(branches).freight)) == ("10120", "item:20007")
    assert focused(page) == "preferences-edit"


def test_what_was_typed_and_not_chosen_comes_back_with_its_error(
    branches: SimpleNamespace, page: Page
) -> None:
    sign_in(page, branches.owner.email)
    page.goto(QUICKBOOKS)
    page.click("#preferences-edit")
    page.wait_for_selector(".combo [role=combobox]")
    box = page.get_by_role("combobox", name="Income account", exact=True)
    box.fill("Sal")
    page.click("#preferences button.primary")
    page.wait_for_selector("#income_account_id-error")
    expect(box).to_be_focused()
    expect(box).to_have_value("Sal (not in QuickBooks)")
    assert box.get_attribute("aria-invalid") == "true"
    assert box.get_attribute("aria-describedby") == "income_account_id-error"
    box.fill("")
    page.keyboard.press("ArrowDown")
    page.locator(".listbox:not([hidden]) [data-value='']").click()
    page.click("#preferences button.primary")
    page.wait_for_selector("#preferences:not(.editing)")
    assert saved(branches).income_account_id is None


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {"cdn": False, "listen": False}])
def test_a_long_list_is_chosen_from_without_htmx(
    branches: SimpleNamespace, new_context: Callable[..., BrowserContext], options: dict[str, bool]
) -> None:
    page = new_context(**options).new_page()
    sign_in(page, branches.owner.email)
    page.goto(QUICKBOOKS)
    page.click("#preferences-edit")
    page.fill("#start_date", "2026-01-31")
    if options.get("java_script_enabled") is False:
        page.fill("#find", "branch 123")
        page.keyboard.press("Enter")
        expect(page.locator("#find-hint")).to_contain_text("2 entries were found.")
        page.select_option("#income_account_id", "10123")
        page.select_option("#freight", "item:20123")
    else:
        page.wait_for_selector(".combo [role=combobox]")
        page.get_by_role("combobox", name="Income account", exact=True).fill("branch 123")
        page.locator(".listbox [data-value='10123']").click()
        page.get_by_role("combobox", name="Freight", exact=True).fill("branch 123")
        page.locator(".listbox [data-value='item:20123']").click()
    expect(page.locator("#start_date")).to_have_value("2026-01-31")
    page.click("#preferences button.primary")
    page.wait_for_selector("#preferences:not(.editing)")
    rules = saved(branches)
    assert (rules.income_account_id, str(rules.freight)) == ("10123", "item:20123")
    assert rules.start_date is not None


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_rules_are_added_moved_and_saved_by_keyboard(
    ready: SimpleNamespace, new_context: Callable[..., BrowserContext], options: dict[str, bool]
) -> None:
    page = new_context(**options).new_page()
    sign_in(page, ready.owner.email)
    page.goto(QUICKBOOKS)
    page.click("#preferences-edit")
    for place, (kind, value) in enumerate((("sales_rep", "Dana Reyes"), ("ship_to", "md"))):
        page.select_option("#added", kind)
        page.locator("#preferences button[value=add]").press("Enter")
        box = page.locator(f"#rule-{place}-value")
        expect(box).to_be_focused()
        page.keyboard.type(value)
        page.select_option(f"#rule-{place}-class_id", "2")
    page.locator("#preferences button[value=up-1]").press("Enter")
    expect(page.locator("#rule-0-value")).to_have_value("md")
    expect(page.locator("#preferences button[value=down-0]")).to_be_focused()
    page.locator("#rule-1-value").press("Enter")
    page.wait_for_selector("#preferences:not(.editing)")
    assert [rule.value for rule in saved(ready).rules] == ["MD", "Dana Reyes"]
    expect(page.locator("#preferences .rules")).to_contain_text("Ship-to state is MD → Class Education")


def test_the_pressed_button_waits_and_a_lost_answer_loses_nothing(
    ready: SimpleNamespace, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(listen=False).new_page()
    sign_in(page, ready.owner.email)
    page.goto(QUICKBOOKS)
    page.click("#preferences-edit")
    page.fill("#start_date", "2026-01-31")
    held: list[Route] = []
    page.route(f"**{QUICKBOOKS}/preferences", lambda route: held.append(route))  # noqa: PLW0108 - takes no builtin
    save = page.locator("#preferences button.primary")
    save.click()
    expect(save).to_have_attribute("aria-busy", "true")
    held[0].abort()
    expect(page.locator(".toast")).to_contain_text("There was no answer. Nothing is lost: try again.")
    assert save.get_attribute("aria-busy") is None
    expect(page.locator("#start_date")).to_have_value("2026-01-31")
    page.unroute(f"**{QUICKBOOKS}/preferences")
    save.click()
    page.wait_for_selector("#preferences:not(.editing)")
    assert str(saved(ready).start_date) == "2026-01-31"


def test_two_people_decide_in_place(
    ready: SimpleNamespace, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(listen=False).new_page()
    sign_in(page, ready.owner.email)
    page.goto(QUICKBOOKS)
    page.click("#preferences-edit")
    page.wait_for_selector("#preferences.editing")
    preferences.save(
        ready.admin, Connection.get(), MappingRules(memo=MemoSource.NOTHING, location_id="1"), version=0
    )
    page.select_option("#class_id", "2")
    page.select_option("#location_id", "2")
    page.click("#preferences button.primary")
    location = page.get_by_role("checkbox", name="Take theirs: Location")
    expect(location).to_be_focused()
    assert not location.is_checked()
    expect(page.get_by_role("checkbox", name="Take theirs: Memo")).to_be_checked()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Take theirs where ticked").press("Enter")
    expect(page.locator("#memo-nothing")).to_be_checked()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("#preferences:not(.editing)")
    rules = saved(ready)
    assert (rules.memo, rules.class_id, rules.location_id) == (MemoSource.NOTHING, "2", "2")
