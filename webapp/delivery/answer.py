"""What QuickBooks' answer to a sent document says, and what in it differs from what was sent. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from webapp.accounting.drafts import DocumentKind, LineDraft, LineKind, SentDocument
from webapp.accounting.sources import Reason
from webapp.quickbooks.answers import dropped_links, has_billable_lines, line_amounts, sent_document


@dataclass(frozen=True)
class Answer:
    """The document as QuickBooks took it, and how many ties to a purchase order it did not keep.

    An adopted document may have been made by others: ``has_our_lines`` is whether its lines are ours one by
    one, ``is_billable`` whether its costs wait for, or are on, an invoice, and ``by`` what it was known by.
    """

    sent: SentDocument
    lost_ties: int
    is_adopted: bool = False
    has_our_lines: bool = True
    is_billable: bool = False
    by: str = "number"

    def notes(self, our_total: Decimal | None) -> tuple[Reason, ...]:
        """What people should know of a sent document; ``our_total`` is None when ours has changed since."""
        found = []
        if self.is_adopted:
            facts = {"number": self.sent.number or "", "by": self.by}
            found.append(Reason("adopted", "document", facts))
        if our_total is not None and self.sent.total != our_total:
            facts = {
                "ours": str(our_total),
                "theirs": str(self.sent.total),
                "difference": str(self.sent.total - our_total),
            }
            found.append(Reason("total_differs", "document", facts))
        if self.lost_ties:
            found.append(Reason("ties_lost", "document", {"lines": str(self.lost_ties)}))
        return tuple(found)


def read_answer(
    kind: DocumentKind, entity: Mapping[str, Any], payload: bytes, *, is_adopted: bool = False
) -> Answer:
    """Read the answer to a payload.

    Args:
        kind: what was sent.
        entity: the document as QuickBooks gives it.
        payload: the bytes that were sent; they stand for the draft, which a repeat does not have.
        is_adopted: whether the document was there before.
    """
    body = json.loads(payload, parse_float=Decimal)
    lines = [_line(line) for line in body.get("Line", ())]
    return Answer(
        sent=sent_document(kind, dict(entity), lines),
        lost_ties=0 if is_adopted else len(dropped_links(dict(entity), lines)),
        is_adopted=is_adopted,
        has_our_lines=[line.amount for line in lines] == line_amounts(entity),
        is_billable=has_billable_lines(entity),
        by="number" if "DocNumber" in body else "party",
    )


def _line(line: Mapping[str, Any]) -> LineDraft:
    tie: Mapping[str, str] = next(iter(line.get("LinkedTxn") or ()), {})
    is_discount = line.get("DetailType") == "DiscountLineDetail"
    return LineDraft(
        kind=LineKind.DISCOUNT if is_discount else LineKind.OTHER,
        description=line.get("Description", ""),
        amount=Decimal(str(line["Amount"])),
        purchase_order_id=tie.get("TxnId"),
        purchase_order_line_id=tie.get("TxnLineId"),
    )
