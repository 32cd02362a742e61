"""What QuickBooks would answer in the gallery: the sandbox server's sample books, read as files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any, cast

from webapp.links import directory
from webapp.models import Connection
from webapp.quickbooks.client import QuickBooksClient


class SampleBooks:
    """Stands where the client stands while lists are read; makes no call."""

    def __init__(self, company: str) -> None:
        text = resources.files("webapp.sandbox.sample").joinpath(f"{company}.json").read_text("utf-8")
        self._lists: dict[str, list[dict[str, Any]]] = json.loads(text)

    def company_info(self) -> dict[str, Any]:
        """The company's facts."""
        return self._lists["CompanyInfo"][0]

    def preferences(self) -> dict[str, Any]:
        """The company's own settings."""
        return self._lists["Preferences"][0]

    def query(self, entity: str, *_conditions: object, **_options: object) -> Iterator[dict[str, Any]]:
        """Every object of one list."""
        return iter(self._lists.get(entity, []))


def read_lists(connection: Connection, company: str) -> None:
    """Read the lists of the ``us`` or ``ca`` sample company as the worker does."""
    directory.refresh(connection, cast(QuickBooksClient, SampleBooks(company)))
