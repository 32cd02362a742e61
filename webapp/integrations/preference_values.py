"""What the values of rules may be: what this workspace's documents used lately, and the codes of places."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from webapp.accounting.sources import RuleField
from webapp.integrations.preference_fields import PROVINCES
from webapp.models import Document, DocumentLine, MemberType

LATELY: Final = 300
"""So many of the newest documents are looked at, of which there may be millions."""

STATES: Final = (
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS",
    "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV",
    "NY", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
)  # fmt: skip


def suggestions(workspace_id: int, fields: Collection[str]) -> dict[str, list[str]]:
    """Values to suggest for rules that look at these fields, in order."""
    found: dict[str, list[str]] = {}
    lately = Document.select(Document.id).where(Document.workspace == workspace_id)
    lately = lately.order_by(Document.date.desc(), Document.id.desc()).limit(LATELY)
    if RuleField.SHIP_TO in fields:
        found[RuleField.SHIP_TO] = [*STATES, *PROVINCES]
    if RuleField.MEMBER_TYPE in fields:
        found[RuleField.MEMBER_TYPE] = [member.value for member in MemberType]
    if RuleField.SALES_REP in fields:
        newest = lately.select(Document.sales_rep)
        found[RuleField.SALES_REP] = _distinct(name for (name,) in newest.tuples())
    if RuleField.CATEGORY in fields:
        ids = [id_ for (id_,) in lately.tuples()]
        lines = DocumentLine.select(DocumentLine.category).distinct().where(DocumentLine.document.in_(ids))
        found[RuleField.CATEGORY] = _distinct(name for (name,) in lines.limit(LATELY).tuples())
    return found


def _distinct(texts: Iterable[str]) -> list[str]:
    return sorted({text for text in texts if text}, key=str.casefold)
