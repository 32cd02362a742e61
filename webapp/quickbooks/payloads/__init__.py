"""Drafts in the shape that QuickBooks takes. Pure.

Property names and lengths: https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice
and the pages beside it. QuickBooks refuses a property that it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from webapp.accounting.drafts import DocumentDraft, DocumentKind
from webapp.quickbooks.jsontext import dump
from webapp.quickbooks.payloads.bill import bill
from webapp.quickbooks.payloads.invoice import invoice
from webapp.quickbooks.payloads.item import item
from webapp.quickbooks.payloads.party import customer, vendor
from webapp.quickbooks.payloads.purchase_order import purchase_order

__all__ = [
    "customer",
    "document_payload",
    "dump",
    "entity_for",
    "item",
    "reference_payload",
    "update_payload",
    "vendor",
]

ENTITIES = {
    DocumentKind.INVOICE: "Invoice",
    DocumentKind.BILL: "Bill",
    DocumentKind.PURCHASE_ORDER: "PurchaseOrder",
}
BUILDERS = {
    DocumentKind.INVOICE: invoice,
    DocumentKind.BILL: bill,
    DocumentKind.PURCHASE_ORDER: purchase_order,
}


def entity_for(kind: DocumentKind) -> str:
    """QuickBooks' name for a kind of document."""
    return ENTITIES[kind]


def document_payload(draft: DocumentDraft) -> dict[str, Any]:
    """What creates the document in QuickBooks.

    Raises:
        Invalid: for what QuickBooks would refuse or silently change: a number over 21 characters, an
            e-mail address over 100, a custom field over 31, a line without an item or account.
    """
    return BUILDERS[draft.kind](draft)


def update_payload(
    draft: DocumentDraft, remote_id: str, sync_token: str, line_ids: Sequence[str] = ()
) -> dict[str, Any]:
    """What brings the document in QuickBooks up to the draft and leaves alone what the draft does not say.

    The lines replace those in QuickBooks. With ``line_ids``, in the draft's order, they keep their ids, by
    which a bill stays tied to its purchase order; not so when the number of lines has changed.

    Raises:
        Invalid: as ``document_payload``.
    """
    payload = document_payload(draft)
    if len(line_ids) == len(payload["Line"]):
        payload["Line"] = [
            {"Id": line_id, **line} for line_id, line in zip(line_ids, payload["Line"], strict=True)
        ]
    return {**payload, **reference_payload(remote_id, sync_token), "sparse": True}


def reference_payload(remote_id: str, sync_token: str) -> dict[str, Any]:
    """What names an object and its version: the whole body of a void or a delete."""
    return {"Id": remote_id, "SyncToken": sync_token}
