"""Reading pages in tests."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup


def soup(response: Any) -> BeautifulSoup:
    """The parsed page of an answer."""
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def text(response: Any) -> str:
    """The words of a page, with single spaces."""
    return " ".join(soup(response).get_text(" ").split())


def field_error(response: Any, field: str) -> str:
    """The error that stands at a field; empty when there is none."""
    found = soup(response).find(id=f"{field}-error")
    return " ".join(found.get_text(" ").split()) if found else ""
