"""What a browser would send for a form: its controls as they stand. Pure."""

from __future__ import annotations

from html.parser import HTMLParser

Fields = dict[str, list[str]]


def fields_of(page: str, action: str) -> Fields:
    """The values of the form of ``page`` that is posted to ``action``; raises LookupError without one."""
    reader = _Reader(action)
    reader.feed(page)
    reader.close()
    if not reader.found:
        raise LookupError(f"no form is posted to {action}")
    return reader.fields


class _Reader(HTMLParser):
    """Collects a form's controls; buttons, disabled and unticked ones are not sent."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.fields: Fields = {}
        self.found = self.inside = False
        self.select = ""
        self.chosen: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = values.get("action") == self.action
            self.found = self.found or self.inside
        elif not self.inside or "disabled" in values:
            return
        elif tag == "input":
            self._input(values)
        elif tag == "select":
            self.select, self.chosen = values.get("name", ""), None
        elif tag == "option" and (self.chosen is None or "selected" in values):
            self.chosen = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.inside and self.select:
            self._add(self.select, self.chosen or "")
            self.select = ""

    def _input(self, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if kind in {"submit", "button", "reset", "image", "file"} or not values.get("name"):
            return
        if kind not in {"checkbox", "radio"}:
            self._add(values["name"], values.get("value", ""))
        elif "checked" in values:
            self._add(values["name"], values.get("value", "on"))

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)
