"""A customer's tax exemptions in a browser: by keyboard, inline, accessible, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.conftest import sign_in
from webapp.companies import exemptions
from webapp.companies.exemptions import Certificate
from webapp.models import Company, TaxExemption


@pytest.fixture
def customer(cast: SimpleNamespace) -> Company:
    return factories.company(cast.workspace, "Blue Ridge School")


def open_page(page: Page, who: str, customer: Company) -> None:
    sign_in(page, who)
    page.goto(f"/companies/{customer.id}")
    page.evaluate("window.same = true")


def is_same_page(page: Page) -> bool:
    return bool(page.evaluate("window.same === true"))


def violations(page: Page) -> int:
    return int(Axe().run(page).violations_count)


def test_certificate_is_added_corrected_and_removed_by_keyboard(
    cast: SimpleNamespace, customer: Company, page: Page
) -> None:
    open_page(page, cast.owner.email, customer)
    assert violations(page) == 0
    page.locator("#exemptions a", has_text="Add a certificate").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#number")).to_be_focused()
    page.keyboard.type("CT-88")
    page.keyboard.press("Tab")
    page.keyboard.type("CT, ZZ")
    page.keyboard.press("Enter")
    expect(page.locator("#states")).to_be_focused()
    expect(page.locator("#states-error")).to_contain_text("“ZZ” is no state or province.")
    assert violations(page) == 0
    page.keyboard.press("Control+A")
    page.keyboard.type("ct ny")
    page.keyboard.press("Enter")
    expect(page.locator("#exemptions tbody tr")).to_contain_text("CT, NY")
    expect(page.locator("#exemptions a", has_text="Add a certificate")).to_be_focused()
    expect(page.locator(".toasts")).to_contain_text("The certificate is saved.")
    assert violations(page) == 0
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#number")).to_be_focused()
    page.locator("#exemptions button", has_text="Remove").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#exemptions .empty")).to_be_visible()
    expect(page.locator("#exemptions a", has_text="Add a certificate")).to_be_focused()
    assert TaxExemption.select().count() == 0
    assert is_same_page(page)


def test_cancel_gives_the_focus_back(cast: SimpleNamespace, customer: Company, page: Page) -> None:
    row = TaxExemption.create(workspace=cast.workspace, company=customer, number="CT-88")
    open_page(page, cast.owner.email, customer)
    page.click(f"#exemption-{row.id} a")
    page.locator("#exemptions a", has_text="Cancel").click()
    expect(page.locator(f"#exemption-{row.id} a")).to_be_focused()
    assert is_same_page(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_second_of_two_people_sees_what_the_first_saved(
    cast: SimpleNamespace, customer: Company, new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    row = TaxExemption.create(
        workspace=cast.workspace, company=customer, number="CT-88", expires_on=date(2020, 1, 1)
    )
    page = new_context(color_scheme=scheme, viewport={"width": 320, "height": 800}).new_page()
    open_page(page, cast.owner.email, customer)
    expect(page.locator(f"#exemption-{row.id} .badge")).to_have_text("Expired")
    assert violations(page) == 0
    page.click(f"#exemption-{row.id} a")
    expect(page.locator("#number")).to_be_focused()
    exemptions.change(cast.admin, customer.id, row.id, Certificate("CT-90"), 1)
    page.fill("#number", "CT-91")
    page.keyboard.press("Enter")
    expect(page.locator("#exemptions [role=alert]")).to_contain_text("Mika Orlen changed this certificate")
    expect(page.locator("#number")).to_have_value("CT-91")
    assert violations(page) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    page.keyboard.press("Enter")
    expect(page.locator("#exemptions tbody tr")).to_contain_text("CT-91")


def test_everything_works_without_javascript(
    cast: SimpleNamespace, customer: Company, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False, locale="fr-CA").new_page()
    sign_in(page, cast.admin.email)
    page.goto(f"/companies/{customer.id}")
    page.click("#exemptions .empty a")
    page.fill("#number", "QC-1")
    page.fill("#states", "Oz")
    page.click("#exemptions button.primary")
    expect(page.locator("#states-error")).to_contain_text("ni une province ni un État")
    page.fill("#states", "qc")
    page.fill("#expires_on", "2100-12-31")
    page.click("#exemptions button.primary")
    expect(page.locator("#exemptions tbody tr")).to_contain_text("31 décembre 2100")
    page.click("#exemptions tbody a")
    page.click("#exemptions button.danger")
    expect(page.locator("#exemptions .empty")).to_be_visible()
