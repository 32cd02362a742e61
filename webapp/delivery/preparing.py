"""Maps a delivery's document and makes its bytes, once: whatever happens later, a repeat sends the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.accounting.drafts import DocumentDraft, DocumentKind
from webapp.accounting.mapping import Mapped, with_created_items
from webapp.delivery import items, outbox
from webapp.delivery.errors import Blocked
from webapp.documents import readiness, sources
from webapp.models import Delivery, Document
from webapp.quickbooks import payloads
from webapp.quickbooks.client import QuickBooksClient


@dataclass(frozen=True)
class Ready:
    """A document that can be sent, as it is now; ``start_date`` is that of the preferences."""

    document: Document
    mapped: Mapped
    draft: DocumentDraft
    start_date: date | None

    @property
    def columns(self) -> dict[str, Any]:
        """What a delivery keeps of the document that it sends, beside its bytes."""
        is_order = self.draft.kind is DocumentKind.PURCHASE_ORDER
        return {
            "revision": self.document.revision,
            "billable": int(any(line.billable_customer_id for line in self.draft.lines)),
            "line_keys": [line.tie_key for line in self.draft.lines] if is_order else [],
        }


def map_now(delivery: Delivery) -> Ready:
    """Map the delivery's document as it is now; raises Blocked when something stands in the way by now."""
    (document,) = sources.load([delivery.document_id])
    around = readiness.surroundings(delivery.connection, [document])
    mapped = readiness.map_in(document, around)
    reasons = readiness.mapping_reasons(document, around, mapped)
    if reasons:
        raise Blocked(reasons)
    return Ready(document, mapped, _draft(mapped), around.rules.start_date)


def prepare(delivery: Delivery, ready: Ready, client: QuickBooksClient) -> bytes:
    """Make the delivery's bytes and commit them together with a request id.

    Raises:
        Blocked: something stands in the way of sending by now.
        Invalid: QuickBooks could not take what the document holds.
        LeaseLost: another worker has the delivery.
        QuickBooksError: creating a missing item failed.
    """
    draft = ready.draft
    if ready.mapped.missing_items:
        created = items.ensure(delivery, ready.mapped.missing_items, client)
        # an item that was found may post elsewhere than one that we would have made: map anew
        ready = map_now(delivery)
        draft = with_created_items(ready.draft, created)
    payload = payloads.dump(payloads.document_payload(draft))
    return outbox.keep_bytes(delivery, payload, **ready.columns)


def _draft(mapped: Mapped) -> DocumentDraft:
    if mapped.draft is None:
        raise Blocked(mapped.reasons)
    return mapped.draft
