"""Every screen, in every state: accessible in light and dark, in French whole, the console clean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import BrowserContext, Page

from tests import factories
from tests.browser.conftest import sign_in
from tests.conftest import Sandbox
from webapp.accounting.sources import MappingRules
from webapp.integrations import preferences
from webapp.models import DirectoryEntry, DocumentStatus

ROOT = Path(__file__).resolve().parents[2]
QUICKBOOKS = "/settings/integrations/quickbooks"
NARROW = {"width": 320, "height": 800}


@pytest.fixture
def demo(cast: SimpleNamespace, sandbox: Sandbox) -> SimpleNamespace:
    """A connected workspace with a ready, a blocked and a sent document, and companies of every kind."""
    cast.connection = factories.connect(cast.workspace, cast.owner, sandbox.tokens("us"))
    customer = factories.company(cast.workspace, "Harborlight Credit Union", email="ap@harborlight.example")
    found = sandbox.query("SELECT * FROM Customer WHERE DisplayName = 'Harborlight Credit Union'")[0]
    factories.link(cast.workspace, cast.connection.realm_id, customer, found["Id"])
    factories.company(cast.workspace, "Birchline Outfitters")
    offered = {"email": "events@corvidstreet.example", "phone": "(443) 555-0113", "bill_postal_code": "21401"}
    factories.company(cast.workspace, "Corvid Street Books", **offered)
    factories.company(cast.workspace, "Brightside Drinkware", is_customer=False, is_supplier=True)
    cast.document = factories.document(cast.workspace, customer)
    cast.blocked = factories.document(cast.workspace, factories.company(cast.workspace, "Nobody Yet"))
    return cast


def edit(page: Page, section: str) -> None:
    page.goto(QUICKBOOKS)
    page.click(f"#{section} a[href$='/{section}/edit']")
    page.wait_for_selector(f"#{section}.editing")


def permissions_invalid(page: Page) -> None:
    edit(page, "permissions")
    page.check("#visible_to-selected")
    page.click("#permissions .section-foot button[type=submit]")
    page.wait_for_selector("#people-error")


def preferences_invalid(page: Page) -> None:
    edit(page, "preferences")
    page.check("input[name=unknown_items][value=fixed]")
    page.select_option("select[name=fixed_item_id]", "")
    page.click("#preferences .section-foot button[type=submit]")
    page.wait_for_selector("#preferences .invalid")


def disconnect_question(page: Page) -> None:
    page.goto(QUICKBOOKS)
    page.click("#disconnect")
    page.wait_for_selector("#h-disconnect")


def link_row(page: Page) -> None:
    page.goto(f"{QUICKBOOKS}/links/customers")
    page.click("tr:has-text('Birchline') a:has-text('Edit'), tr:has-text('Birchline') a:has-text('Modifier')")
    page.wait_for_selector(".combo input:focus")
    page.keyboard.type("birch")
    page.wait_for_selector("[role=option]")


def bad_import(page: Page) -> None:
    page.goto("/companies/import")
    page.set_input_files(
        "input[type=file]", {"name": "c.csv", "mimeType": "text/csv", "buffer": b"Name\nNobody\n"}
    )
    page.click("main form button[type=submit]")
    page.wait_for_selector(".error-summary, .error")


def preview(page: Page) -> None:
    content = b"ESP+ ID,Name,Member types\nC-1,Alder,Customer\nC-2,,Customer\n"
    page.goto("/companies/import")
    page.set_input_files("input[type=file]", {"name": "c.csv", "mimeType": "text/csv", "buffer": content})
    page.click("main form button[type=submit]")
    page.wait_for_selector("form[action$='/commit']")


def bad_sign_in(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.fill("#email", "nobody@example.test")
    page.fill("#password", "wrong")
    page.click("form[action='/sign-in'] button[type=submit]")
    page.wait_for_selector("#password-error")


def at(address: str) -> Callable[[Page], Any]:
    return lambda page: page.goto(address)


SCREENS: dict[str, Callable[[Page], Any]] = {
    "sign in, refused": bad_sign_in,
    "integrations": at("/settings/integrations"),
    "quickbooks": at(QUICKBOOKS),
    "disconnect": disconnect_question,
    "permissions, edit": lambda page: edit(page, "permissions"),
    "permissions, invalid": permissions_invalid,
    "preferences, edit": lambda page: edit(page, "preferences"),
    "preferences, invalid": preferences_invalid,
    "links": at(f"{QUICKBOOKS}/links/customers"),
    "links, edit": link_row,
    "links, nothing": at(f"{QUICKBOOKS}/links/customers?q=zzzz"),
    "companies": at("/companies"),
    "companies, nothing": at("/companies?q=zzzz"),
    "import": at("/companies/import"),
    "import, invalid": bad_import,
    "import, preview": preview,
    "import of documents": at("/documents/import"),
    "documents": at("/documents"),
    "documents, nothing": at("/documents?q=zzzz"),
    "activity": at("/activity"),
    "not found": at("/nowhere"),
}


@pytest.fixture(scope="module")
def english() -> set[str]:
    """English texts that look different in French."""
    with (ROOT / "webapp/translations/fr/LC_MESSAGES/messages.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="fr") if message.id]
    pairs = [(message.id, message.string) for message in messages if isinstance(message.id, str)]
    french = {string for _id, string in pairs}
    return {id_ for id_, string in pairs if id_ != string and "%(" not in id_ and id_ not in french}


def visible_texts(page: Page) -> set[str]:
    """Every piece of text of the page, labels and descriptions of controls too."""
    return set(
        page.evaluate(
            """() => {
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              const texts = [];
              while (walker.nextNode()) texts.push(walker.currentNode.textContent.trim());
              for (const element of document.querySelectorAll("[aria-label], [placeholder], [data-label]"))
                for (const name of ["aria-label", "placeholder", "data-label"])
                  texts.push(element.getAttribute(name) || "");
              return texts.filter(Boolean);
            }"""
        )
    )


def data() -> set[str]:
    """Words that are data and happen to be words of ours: names in QuickBooks, cells of an imported file."""
    return {entry.name for entry in DirectoryEntry.select(DirectoryEntry.name)} | {
        "Customer",
        "Customer PO",
        "In-hands date",
        "Sales rep",
    }


def check(page: Page, name: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen_is_accessible_and_whole_in_french(
    demo: SimpleNamespace,
    new_context: Callable[..., BrowserContext],
    english: set[str],
    name: str,
    theme: str,
) -> None:
    locale = "fr-CA" if theme == "dark" else "en-US"
    page = new_context(color_scheme=theme, locale=locale).new_page()
    sign_in(page, demo.owner.email)
    SCREENS[name](page)
    check(page, name)
    assert page.locator("h1").count() == 1
    if locale == "fr-CA":
        assert page.locator("html").get_attribute("lang") == "fr"
        assert visible_texts(page) & english - data() == set()
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    check(page, f"{name}, narrow")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("which", ["document", "blocked"])
def test_document_page_is_accessible(
    demo: SimpleNamespace,
    new_context: Callable[..., BrowserContext],
    english: set[str],
    which: str,
    theme: str,
) -> None:
    document = getattr(demo, which)
    rules = MappingRules(income_account_id="2", cost_account_id="7", ap_account_id="33")
    preferences.save(demo.owner, demo.connection, rules, version=0)
    locale = "fr-CA" if theme == "dark" else "en-US"
    page = new_context(color_scheme=theme, locale=locale).new_page()
    sign_in(page, demo.owner.email)
    page.goto(f"/documents/{document.id}")
    check(page, which)
    if which == "document":
        page.click("form[action$='/send'] button")
        page.wait_for_selector(".page-head .badge.good, .page-head .badge.bad")
        check(page, "document, after sending")
    if locale == "fr-CA":
        assert visible_texts(page) & english - data() == set()
    assert DocumentStatus.select().count() == 2


def test_support_sees_connections(demo: SimpleNamespace, page: Page) -> None:
    sign_in(page, demo.support.email)
    page.goto("/support/connections")
    assert "Northgate Promo Co." in page.inner_text("main")
    check(page, "support")


def test_page_reads_without_the_cdn(
    demo: SimpleNamespace, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(cdn=False, listen=False).new_page()
    sign_in(page, demo.owner.email)
    page.goto(f"{QUICKBOOKS}/permissions/edit")
    page.check("#send-bill")
    page.click("#permissions .section-foot button[type=submit]")
    page.wait_for_selector("#permissions:not(.editing)")
