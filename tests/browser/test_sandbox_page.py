"""The sandbox server's own page: accessible, light and dark, in both languages, without JavaScript."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.conftest import Sandbox


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_of_the_sandbox_is_accessible(
    browser: Browser, sandbox: Sandbox, theme: str, language: str
) -> None:
    sandbox.query("SELECT * FROM Term")
    context = browser.new_context(
        color_scheme=theme, locale=language, viewport={"width": 320, "height": 800}, base_url=sandbox.url
    )
    page = context.new_page()
    page.goto("/")
    expect(page.locator("tbody").last).to_contain_text("/query")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()


def test_buttons_work_without_javascript(browser: Browser, sandbox: Sandbox) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-US", base_url=sandbox.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Number of calls").fill("0")
    page.get_by_role("button", name="Limit reached (429)").click()
    expect(page.get_by_role("alert")).to_contain_text("whole number from 1")
    page.get_by_label("Number of calls").fill("3")
    page.get_by_role("button", name="Limit reached (429)").click()
    expect(page.get_by_role("status")).to_have_text("The failure is waiting for its calls.")
    page.get_by_role("button", name="Forget waiting failures").click()
    expect(page.get_by_text("No failure is waiting.", exact=True)).to_be_visible()
    context.close()
