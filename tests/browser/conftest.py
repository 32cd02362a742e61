"""A real panel, worker, sandbox and Chromium, on loopback."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Route,
    sync_playwright,
)

from tests import factories
from tests.live import *  # noqa: F403 - the fixtures that serve the panel
from webapp.config import HTMX_URL, Settings

ROOT = Path(__file__).resolve().parents[2]
HTMX_FILE = ROOT / "build/npm/node_modules/htmx.org/dist/htmx.min.js"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_SAYS = (
    "Failed to load resource: the server responded with a status of 4",
    # A script types faster than a page settles: its field has the focus before autofocus is looked at.
    "Autofocus processing was blocked because a document already has a focused element",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(180))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if not Path(CHROMIUM).exists() or not HTMX_FILE.exists():
        missing = CHROMIUM if not Path(CHROMIUM).exists() else HTMX_FILE
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"REQUIRE_BROWSER=1 but {missing} is missing")
        pytest.skip(f"{missing} is missing")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield chromium
    chromium.close()


class Console:
    """What the browser said, without Chromium's own line on an expected 4xx."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self._message)
        page.on("pageerror", lambda error: self.lines.append(str(error)))

    def _message(self, message: ConsoleMessage) -> None:
        if not message.text.startswith(CHROMIUM_SAYS):
            self.lines.append(f"{message.type}: {message.text}")


def serve_htmx(route: Route) -> None:
    route.fulfill(
        path=HTMX_FILE, content_type="application/javascript", headers={"Access-Control-Allow-Origin": "*"}
    )


@pytest.fixture
def console() -> Iterator[Console]:
    heard = Console()
    yield heard
    assert heard.lines == []


@pytest.fixture
def new_context(
    browser: Browser, settings: Settings, console: Console
) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser profile; ``cdn=False`` blocks the address of HTMX."""
    opened: list[BrowserContext] = []

    def make(*, cdn: bool = True, listen: bool = True, **options: Any) -> BrowserContext:
        context = browser.new_context(base_url=settings.public_url, **{"locale": "en-US", **options})
        context.set_default_timeout(15_000)
        context.route(HTMX_URL, serve_htmx if cdn else lambda route: route.abort())
        if listen:
            context.on("page", console.listen)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


def sign_in(page: Page, email: str, password: str = factories.PASSWORD) -> None:
    """Sign in through the form, as a person does."""
    page.goto("/sign-in")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("form[action='/sign-in'] button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
