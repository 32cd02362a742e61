"""Names as QuickBooks takes them: the same rule for creating an object and for finding it again."""

from __future__ import annotations

from webapp.quickbooks.payloads.common import cut

PARTY_LENGTH = 500
ITEM_LENGTH = 100


def party_name(text: str) -> str:
    """A customer's or vendor's display name; see ``item_name``."""
    return _plain(text, PARTY_LENGTH)


def item_name(text: str) -> str:
    """An item's name: no tabs or line breaks, and no colon, which would make it a part of another item."""
    return _plain(text, ITEM_LENGTH)


def _plain(text: str, length: int) -> str:
    return cut(" ".join(text.replace(":", "-").split()), length)
