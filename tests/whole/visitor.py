"""A person with a browser that has no JavaScript: follows links, fills forms, reads pages."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag


class Visitor:
    """Keeps cookies and the page that is open."""

    def __init__(self, base: str, language: str = "en-US") -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Language"] = language
        self.url = base
        self.status = 0
        self.page = BeautifulSoup("", "html.parser")

    def open(self, address: str) -> Visitor:
        return self._arrive(self.session.get(urljoin(self.url, address), timeout=30))

    def submit(
        self, form: Tag, files: dict[str, tuple[str, bytes]] | None = None, **changes: object
    ) -> Visitor:
        """Send a form as it stands, with some fields changed (a list gives a field several values)."""
        fields = {**self._fields(form), **changes}
        target = urljoin(self.url, str(form["action"]))
        if str(form.get("method", "get")).lower() == "get":
            return self._arrive(self.session.get(target, params=fields, timeout=30))
        return self._arrive(self.session.post(target, data=fields, files=files, timeout=30))

    def form(self, action: str) -> Tag:
        """The form whose action ends with or matches ``action``."""
        for form in self.page.find_all("form"):
            if re.search(action, str(form.get("action", ""))):
                return form
        raise AssertionError(f"no form {action} on {self.url}: {self.text()[:500]}")

    def text(self) -> str:
        return " ".join(self.page.get_text(" ").split())

    def wait(
        self, ready: Callable[[Visitor], bool], address: str | None = None, seconds: float = 30
    ) -> Visitor:
        """Reload until something is there."""
        deadline = time.monotonic() + seconds
        while True:
            self.open(address or self.url)
            if ready(self):
                return self
            if time.monotonic() > deadline:
                raise AssertionError(f"not there after {seconds} s on {self.url}: {self.text()[:2000]}")
            time.sleep(0.2)

    @staticmethod
    def _fields(form: Tag) -> dict[str, list[str]]:
        fields: dict[str, list[str]] = {}
        for control in form.find_all(["input", "select", "textarea"]):
            name = control.get("name")
            if not name or control.has_attr("disabled"):
                continue
            if control.name == "select":
                options = control.find_all("option")
                chosen = [o for o in options if o.has_attr("selected")] or options[:1]
                fields.setdefault(name, []).extend(str(o.get("value", o.text)) for o in chosen)
            elif control.get("type") in {"checkbox", "radio"}:
                if control.has_attr("checked"):
                    fields.setdefault(name, []).append(str(control.get("value", "on")))
            elif control.get("type") not in {"file", "submit"}:
                fields.setdefault(name, []).append(str(control.get("value", "") or control.text))
        return fields

    def _arrive(self, answer: requests.Response) -> Visitor:
        self.url, self.status = answer.url, answer.status_code
        self.page = BeautifulSoup(answer.text, "html.parser")
        refresh = re.search(r"url=(.+)", answer.headers.get("Refresh", ""))
        return self.open(refresh.group(1)) if refresh else self
