"""What comes in with an address or a form, brought into bounds that both databases can hold."""

from __future__ import annotations

from typing import Final

from werkzeug.routing import IntegerConverter

LARGEST_ID: Final = 2**31 - 1
LONGEST_SEARCH: Final = 200


class RowIdConverter(IntegerConverter):
    """``<id:…>`` in an address: a row's id, of ASCII digits and no larger than the databases' ids are."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: object) -> None:
        super().__init__(url_map, max=LARGEST_ID)  # type: ignore[arg-type]  # werkzeug's own Map


def row_id(text: str | None) -> int | None:
    """A row's id, or a version, as a query or a hidden field gives it; None for anything else."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > LARGEST_ID:
        return None
    return int(text)


def search_text(text: str | None) -> str:
    """What was typed to search for, without what no database takes, cut to what a search looks at."""
    return " ".join((text or "").replace("\0", " ").split())[:LONGEST_SEARCH]
