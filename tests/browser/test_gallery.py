"""Every section in every state in Chromium: accessible, nothing cut off, French whole, the console clean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import sign_in
from tests.browser.test_screens import english, visible_texts  # noqa: F401 - english is a fixture
from webapp.config import Settings
from webapp.gallery.cells import CELLS

CUT_OFF = Path(__file__).with_name("cut_off.js").read_text()
WIDE = {"width": 1280, "height": 900}
ZOOMED = {"width": 640, "height": 450}  # a window of 1280 at 200 %: its pixels are two of the screen's
NARROW = {"width": 320, "height": 800}
ADDRESSES = [f"{section}/{state}" for section, states in CELLS.items() for state in states]
TELLS = {
    "permissions/saved": "#toasts[role=status] .toast",
    "permissions/unchanged": "#toasts[role=status] .toast",
    "preferences/saved": "#toasts[role=status] .toast",
    "preferences/unchanged": "#toasts[role=status] .toast",
    "account_information/tested": "#account-information [role=status]",
    "account_information/test_failed": "#account-information [role=alert]",
    "preferences/loading": "#preferences[aria-busy=true] [role=status]",
    "preferences/refreshing": "#preferences [role=status]",
}
"""Where a screen reader is told what an action came to."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, gallery=True)


# What the sample companies call their custom fields: data too
CUSTOM_FIELDS = {"Customer PO", "In-hands date", "Sales rep"}


@pytest.fixture(scope="module")
def names() -> set[str]:
    """What QuickBooks' lists are full of: names are data, in whatever language."""
    texts: set[str] = set()

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            texts.update(text for key, text in value.items() if isinstance(text, str) and "Name" in key)
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            gather(part)

    for company in ("us", "ca"):
        gather(json.loads(resources.files("webapp.sandbox.sample").joinpath(f"{company}.json").read_text()))
    return texts


@pytest.fixture
def opened(cast: SimpleNamespace, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    def open_gallery(**options: Any) -> Page:
        page = new_context(device_scale_factor=2, viewport=WIDE, **options).new_page()
        sign_in(page, cast.owner.email)
        return page

    return open_gallery


def problems(page: Page) -> Iterator[str]:
    """What is wrong with the page that is open, at three widths."""
    report = Axe().run(page)
    if report.violations_count:
        yield report.generate_report()
    for size in (ZOOMED, NARROW):
        page.set_viewport_size(size)
        for line in page.evaluate(CUT_OFF):
            yield f"at {size['width']} px, {line}"
    page.set_viewport_size(WIDE)


@pytest.mark.parametrize(("locale", "theme"), [("en-US", "light"), ("fr-CA", "dark")])
def test_every_state_is_accessible_and_nothing_is_cut_off(
    opened: Callable[..., Page],
    english: set[str],  # noqa: F811
    names: set[str],
    locale: str,
    theme: str,
) -> None:
    page = opened(locale=locale, color_scheme=theme)
    found: dict[str, list[str]] = {}
    for address in ADDRESSES:
        page.goto(f"/gallery/{address}")
        wrong = list(problems(page))
        if locale == "fr-CA":
            wrong += [f"in English: {text}" for text in visible_texts(page) & english - names - CUSTOM_FIELDS]
        if address in TELLS and not page.locator(TELLS[address]).count():
            wrong.append("nothing is announced")
        if wrong:
            found[address] = wrong
    assert not found, "\n".join(f"{address}: {line}" for address, lines in found.items() for line in lines)


def test_the_index_leads_everywhere(opened: Callable[..., Page]) -> None:
    page = opened()
    page.goto("/gallery")
    assert page.locator("main a").evaluate_all("links => links.map(link => link.pathname)") == [
        f"/gallery/{address}" for address in ADDRESSES
    ]
    assert list(problems(page)) == []
