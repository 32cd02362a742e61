"""Ties a bill's lines to the lines of its purchase order, by what the lines are. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from webapp.accounting.drafts import LineDraft
from webapp.accounting.names import CHARGE_NAMES
from webapp.accounting.sources import PurchaseOrderTie, SourceLine

MAX_KEY: Final = 200


def tie_key(line: SourceLine) -> str:
    """What a line is told by: its kind with its product number or words, case-folded; a summary has none."""
    words = line.product_number.strip() or line.description.strip() or line.product_name.strip()
    return f"{line.kind.value}:{words.casefold()}"[:MAX_KEY]


def tied(drafts: tuple[LineDraft, ...], tie: PurchaseOrderTie) -> tuple[LineDraft, ...]:
    """The bill's lines with their purchase order's line ids, each id used once.

    Lines of the same key come first, in their order. A charge that is left may be tied to a summary of its
    kind or the other way round: the layout may have changed since the purchase order was sent.
    """
    free = list(tie.lines)
    found: dict[int, str] = {}
    for is_match in (_is_same, _is_summary_of):
        for place, draft in enumerate(drafts):
            line_id = None if place in found else _take(draft.tie_key, free, is_match)
            if line_id is not None:
                found[place] = line_id
    return tuple(
        replace(draft, purchase_order_id=tie.remote_id, purchase_order_line_id=found[place])
        if place in found
        else draft
        for place, draft in enumerate(drafts)
    )


def _take(key: str, free: list[tuple[str, str]], is_match: Callable[[str, str], bool]) -> str | None:
    for pair in free if key else ():
        if is_match(key, pair[0]):
            free.remove(pair)
            return pair[1]
    return None


def _is_same(ours: str, theirs: str) -> bool:
    return ours == theirs


def _is_summary_of(ours: str, theirs: str) -> bool:
    kind, _, words = ours.partition(":")
    their_kind, _, their_words = theirs.partition(":")
    return kind == their_kind and kind in CHARGE_NAMES and not (words and their_words)
