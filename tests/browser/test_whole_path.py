"""The whole path in Chromium: inline with JavaScript, by pages without, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.conftest import Sandbox
from tests.whole.test_whole_path import INVOICE, QUICKBOOKS

LANGUAGES = pytest.mark.parametrize("locale", ["en-US", "fr-CA"])


@pytest.fixture
def company(cast: SimpleNamespace) -> object:
    return factories.company(cast.workspace, "Harborlight Credit Union", esp_id="C-9001")


def count_loads(page: Page) -> list[str]:
    """The addresses of every page load from now on."""
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    return loads


def connect_in_a_window(page: Page) -> None:
    page.goto("/settings/integrations")
    loads = count_loads(page)
    with page.expect_popup() as opened:
        page.click("#card-connect")
    window = opened.value
    window.check("input[name=company][value=us]")
    with window.expect_event("close"):
        window.click("button[name=decision][value=allow]")
    page.wait_for_selector("#card-quickbooks .badge.good")
    assert loads == []


def wait_for_lists(page: Page) -> None:
    page.goto(QUICKBOOKS)
    page.wait_for_selector("#preferences a[href$='/preferences/edit']")


def save_permissions(page: Page) -> None:
    page.click("#permissions-edit")
    page.wait_for_selector("#permissions.editing")
    assert page.evaluate("document.activeElement.closest('#permissions') !== null")
    page.uncheck("#send-bill")
    page.click("#permissions .section-foot button[type=submit]")
    page.wait_for_selector("#permissions:not(.editing)")
    assert page.evaluate("document.activeElement.id") == "permissions-edit"


def save_preferences(page: Page) -> None:
    page.click("#preferences a[href$='/preferences/edit']")
    page.wait_for_selector("#preferences.editing")
    page.click("#preferences .section-foot button[type=submit]")
    page.wait_for_selector("#preferences:not(.editing)")


def import_invoice(page: Page) -> None:
    page.goto("/documents/import")
    file = {"name": "invoices.csv", "mimeType": "text/csv", "buffer": INVOICE.encode()}
    page.set_input_files("input[type=file]", file)
    page.click("main form button[type=submit]")
    page.click("form[action$='/commit'] button[type=submit]")


def open_invoice(page: Page) -> None:
    page.goto("/documents?q=20417")
    page.click("a:has-text('20417')")


@LANGUAGES
def test_whole_path_without_a_page_load_for_the_edits(
    company: object,
    cast: SimpleNamespace,
    new_context: Callable[..., BrowserContext],
    sandbox: Sandbox,
    locale: str,
) -> None:
    page = new_context(locale=locale).new_page()
    sign_in(page, cast.owner.email)
    connect_in_a_window(page)
    wait_for_lists(page)

    loads = count_loads(page)
    page.click("#test-connection")
    page.wait_for_selector("#account-information .banner")
    save_permissions(page)
    save_preferences(page)
    assert loads == []

    page.goto(f"{QUICKBOOKS}/links/customers")
    loads.clear()
    page.click("tbody tr td:last-child a.btn")
    page.wait_for_selector(".combo input:focus")
    page.keyboard.type("harborlight credit")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody tr .badge.good")
    assert loads == []
    assert page.evaluate("document.activeElement.closest('tr') !== null")

    import_invoice(page)
    open_invoice(page)
    page.wait_for_selector("form[action$='/send'] button:not([aria-disabled])")
    page.wait_for_load_state()
    loads.clear()
    page.click("form[action$='/send'] button")
    page.wait_for_selector(".page-head .badge.good", timeout=30_000)
    assert loads == []
    assert len(sandbox.query("SELECT * FROM Invoice WHERE DocNumber = '20417'")) == 1


@LANGUAGES
def test_whole_path_without_javascript(
    company: object,
    cast: SimpleNamespace,
    new_context: Callable[..., BrowserContext],
    sandbox: Sandbox,
    locale: str,
) -> None:
    page = new_context(locale=locale, java_script_enabled=False).new_page()
    sign_in(page, cast.owner.email)
    page.goto("/settings/integrations")
    page.click("#card-connect")
    page.check("input[name=company][value=us]")
    page.click("button[name=decision][value=allow]")
    page.wait_for_url(lambda url: url.endswith(QUICKBOOKS))
    reload_until(page, "#preferences a[href$='/preferences/edit']")

    page.click("#permissions-edit")
    page.uncheck("#send-bill")
    page.click("#permissions .section-foot button[type=submit]")
    expect(page.locator("#permissions")).not_to_have_class("section editing")
    page.click("#preferences a[href$='/preferences/edit']")
    page.click("#preferences .section-foot button[type=submit]")
    expect(page.locator("#preferences")).not_to_have_class("section editing")

    page.goto(f"{QUICKBOOKS}/links/customers")
    page.click("tbody tr td:last-child a.btn")
    page.fill("tbody input[name=q]", "harborlight credit")
    page.click("button[name=action][value=search]")
    page.check("tbody input[type=radio] >> nth=0")
    page.click("button[name=action][value=link]")
    page.wait_for_selector("tbody tr .badge.good")

    import_invoice(page)
    open_invoice(page)
    reload_until(page, "form[action$='/send'] button:not([aria-disabled])")
    page.click("form[action$='/send'] button")
    reload_until(page, ".page-head .badge.good")
    assert len(sandbox.query("SELECT * FROM Invoice WHERE DocNumber = '20417'")) == 1


def reload_until(page: Page, selector: str) -> None:
    for _try in range(60):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(f"{selector} did not appear on {page.url}: {page.inner_text('main')[:800]}")


def test_refused_consent_leaves_a_message_and_the_old_state(cast: SimpleNamespace, page: Page) -> None:
    sign_in(page, cast.owner.email)
    page.goto("/settings/integrations")
    with page.expect_popup() as opened:
        page.click("#card-connect")
    with opened.value.expect_event("close"):
        opened.value.click("button[name=decision][value=deny]")
    expect(page.locator(".toast")).to_contain_text("You cancelled. Nothing was changed.")
    assert page.locator("#card-quickbooks .badge.idle").count() == 1


def test_closed_window_leaves_a_message_and_the_old_state(cast: SimpleNamespace, page: Page) -> None:
    sign_in(page, cast.owner.email)
    page.goto("/settings/integrations")
    with page.expect_popup() as opened:
        page.click("#card-connect")
    opened.value.wait_for_selector("button[name=decision]")
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # without a screen every window has the focus
    expect(page.locator(".toast")).to_contain_text("Nothing was changed.")
    assert page.locator("#card-quickbooks .badge.idle").count() == 1
    page.click("#card-connect")  # and the button still works
