"""``make screenshots``: the README's three pictures, made from the running product with its demo data.

With ``ONLY=gallery`` every section in every state instead, to look through, in build/gallery/: in both
languages and themes, wide and narrow.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from itertools import product

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, ROOT, serve_htmx
from webapp.config import HTMX_URL
from webapp.gallery.cells import CELLS

PICTURES = ROOT / "docs"
GALLERY = ROOT / "build/gallery"
SIZE = {"width": 1280, "height": 860}
WIDTHS = (1280, 320)
LOCALES = {"en": "en-US", "fr": "fr-CA"}
THEMES = ("light", "dark")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            pass
        if time.monotonic() > deadline:
            raise SystemExit(f"{url} does not answer")
        time.sleep(0.2)


def take(page: Page, name: str) -> None:
    page.evaluate("document.getElementById('toasts').replaceChildren()")
    page.screenshot(path=PICTURES / f"{name}.png")


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/sign-in")
    page.fill("#email", "owner@demo.test")
    page.fill("#password", "ledgerbridge")
    page.click("form[action='/sign-in'] button[type=submit]")


def open_page(browser: Browser, locale: str) -> Page:
    page = browser.new_context(viewport=SIZE, locale=locale).new_page()
    page.context.route(HTMX_URL, serve_htmx)
    return page


def picture_readme(browser: Browser, base: str) -> None:
    """Connect, save the proposals, link one company, send one invoice."""
    page = open_page(browser, "en-US")
    sign_in(page, base)
    with page.expect_popup() as opened:
        page.click("#card-connect")
    with opened.value.expect_event("close"):
        opened.value.click("button[name=decision][value=allow]")
    page.wait_for_selector("#card-quickbooks .badge.good")
    quickbooks = f"{base}/settings/integrations/quickbooks"
    page.goto(quickbooks)
    page.click("#preferences a[href$='/preferences/edit']")
    page.click("#preferences .section-foot button[type=submit]")
    page.wait_for_selector("#preferences:not(.editing)")
    page.goto(f"{quickbooks}/links/customers")
    page.click("tr:has-text('Corvid') .offer button")
    page.wait_for_selector("tr:has-text('Corvid') .badge.good")
    page.goto(f"{base}/documents?q=20103")
    page.click("a:has-text('20103')")
    page.wait_for_selector("form[action$='/send'] button:not([aria-disabled])")
    take(page, "document")
    page.click("form[action$='/send'] button")
    page.wait_for_selector(".page-head .badge.good")
    page.goto(f"{base}/settings/integrations")
    page.wait_for_selector("#card-quickbooks .badge.good")
    take(page, "integrations")
    page.goto(quickbooks)
    take(page, "quickbooks")


def picture_gallery(browser: Browser, base: str) -> None:
    """Look at every cell in every language, theme and width."""
    GALLERY.mkdir(parents=True, exist_ok=True)
    for language, locale in LOCALES.items():
        page = open_page(browser, locale)
        sign_in(page, base)
        for section, states in CELLS.items():
            for state in states:
                page.goto(f"{base}/gallery/{section}/{state}")
                for theme, width in product(THEMES, WIDTHS):
                    page.emulate_media(color_scheme=theme)
                    page.set_viewport_size({**SIZE, "width": width})
                    name = f"{section}.{state}.{language}.{theme}.{width}.png"
                    page.screenshot(path=GALLERY / name, full_page=True)


PICTURES_OF = {"readme": (picture_readme, PICTURES), "gallery": (picture_gallery, GALLERY)}


def main(only: str = "readme") -> int:
    """Start the product in a folder of its own, take the pictures, end it."""
    if only not in PICTURES_OF:
        print(f"unknown: {only}; there is {', '.join(PICTURES_OF)}")  # noqa: T201
        return 2
    picture, folder = PICTURES_OF[only]
    PICTURES.mkdir(exist_ok=True)
    port, sandbox_port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as instance:
        environ = {
            **os.environ,
            "INSTANCE_PATH": instance,
            "PORT": str(port),
            "SANDBOX_PORT": str(sandbox_port),
            "GALLERY": "1",
        }
        program = subprocess.Popen([sys.executable, "-m", "webapp.supervisor"], cwd=ROOT, env=environ)
        try:
            wait_for(f"http://localhost:{port}/healthz")
            wait_for(f"http://localhost:{sandbox_port}/.well-known/openid_configuration")
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                picture(browser, f"http://localhost:{port}")
                browser.close()
        finally:
            program.terminate()
            program.wait(timeout=30)
    print(*sorted(folder.glob("*.png")), sep="\n")  # noqa: T201 - what was made
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
