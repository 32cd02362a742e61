"""What QuickBooks' answers say about documents. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from webapp.accounting.drafts import DocumentKind, LineDraft, SentDocument
from webapp.quickbooks.payloads.invoice import is_discount_line

Entity = dict[str, Any]


def sent_document(kind: DocumentKind, entity: Entity, lines: Sequence[LineDraft] = ()) -> SentDocument:
    """The facts to keep of a document that QuickBooks took or was read from it.

    ``line_ids`` leave out the sub-total line that QuickBooks adds. QuickBooks puts discount lines last; with
    the draft's ``lines`` given, their ids come at the place that they have there.
    """
    return SentDocument(
        remote_id=str(entity["Id"]),
        number=entity.get("DocNumber") or None,
        sync_token=str(entity.get("SyncToken", "")),
        total=_amount(entity.get("TotalAmt")),
        tax=_amount((entity.get("TxnTaxDetail") or {}).get("TotalTax")),
        balance=_balance(kind, entity),
        currency=str((entity.get("CurrencyRef") or {}).get("value", "")),
        line_ids=_line_ids(entity, lines if kind is DocumentKind.INVOICE else ()),
    )


def dropped_links(entity: Entity, lines: Sequence[LineDraft]) -> tuple[int, ...]:
    """The places of the draft's lines whose tie to a purchase order QuickBooks did not keep.

    It answers without a word when it drops a tie, so the answer to every bill is looked through.
    """
    kept = {
        (str(link.get("TxnId")), str(link.get("TxnLineId")))
        for line in entity.get("Line") or ()
        for link in line.get("LinkedTxn") or ()
    }
    return tuple(
        index
        for index, line in enumerate(lines)
        if line.purchase_order_id and (line.purchase_order_id, line.purchase_order_line_id) not in kept
    )


def line_amounts(entity: Mapping[str, Any]) -> list[Decimal]:
    """The amounts of a document's lines in QuickBooks' order, without the sub-total line that it adds."""
    return [_amount(line.get("Amount")) for line in _lines(entity)]


def has_billable_lines(entity: Mapping[str, Any]) -> bool:
    """Whether a cost is billable to a customer, or was billed already."""
    details = (line.get(line.get("DetailType", "")) or {} for line in _lines(entity))
    return any(detail.get("BillableStatus") in {"Billable", "HasBeenBilled"} for detail in details)


def _lines(entity: Mapping[str, Any]) -> list[Entity]:
    return [line for line in entity.get("Line") or () if line.get("DetailType") != "SubTotalLineDetail"]


def _line_ids(entity: Entity, lines: Sequence[LineDraft]) -> tuple[str, ...]:
    answered = _lines(entity)
    discounts = [line for line in answered if line.get("DetailType") == "DiscountLineDetail"]
    others = [line for line in answered if line.get("DetailType") != "DiscountLineDetail"]
    is_discount = [is_discount_line(line) for line in lines]
    if len(answered) != len(lines) or len(discounts) != sum(is_discount):
        return _ids(answered)
    discount, other = iter(discounts), iter(others)
    return _ids(next(discount if wanted else other) for wanted in is_discount)


def _ids(lines: Iterable[Entity]) -> tuple[str, ...]:
    return tuple(str(line["Id"]) for line in lines if "Id" in line)


def _balance(kind: DocumentKind, entity: Entity) -> Decimal | None:
    """What is still to be paid; purchase orders post nothing and have none."""
    if kind is DocumentKind.PURCHASE_ORDER or entity.get("Balance") is None:
        return None
    return _amount(entity["Balance"])


def _amount(value: object) -> Decimal:
    return Decimal(0) if value in (None, "") else Decimal(str(value))
