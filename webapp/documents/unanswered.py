"""What went out without an answer: since when, and whether it is time to look instead of repeating.

Whether the bytes were carried out is not known then, and they are repeated under their request id. For how
long Intuit remembers that id is not said anywhere; after a day QuickBooks itself is looked through instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from peewee import Expression, fn

from webapp.clock import now
from webapp.models import Delivery, DeliveryAttempt, DeliveryState, Provider

LOOK_AFTER: Final = timedelta(hours=24)
LOOKED: Final = frozenset({"several_found", "unclear_found", "changed_found"})
"""The codes of a look that found what may or may not be the document."""


@dataclass(frozen=True)
class Unanswered:
    """Bytes without an answer: the last ``delivery`` of them, ``since`` when, in how many ``tries``.

    ``is_over``: nobody waits for the answer any more. ``is_unclear``: a look did not settle it.
    """

    delivery: Delivery
    since: datetime
    tries: int
    is_over: bool

    @property
    def is_unclear(self) -> bool:
        """Whether QuickBooks was looked through without a clear finding."""
        return _error(self.delivery).get("code") in LOOKED


def of_document(document_id: int, provider: Provider, realm_id: str) -> Unanswered | None:
    """What a document's last delivery to a company left open; None when its outcome is known."""
    return _last((Delivery.document == document_id) & (Delivery.provider == provider), realm_id)


def of_company(company_id: int, remote_kind: str, realm_id: str) -> Unanswered | None:
    """What a company's last delivery to a list left open; None when its outcome is known."""
    return _last((Delivery.company == company_id) & (Delivery.remote_kind == remote_kind), realm_id)


def _last(mine: Expression, realm_id: str) -> Unanswered | None:
    query = Delivery.select().where(mine & (Delivery.realm_id == realm_id))
    last = query.order_by(Delivery.id.desc()).first()
    return None if last is None or not _is_unknown(last) else _of(last, now())


def of_repeat(delivery: Delivery) -> Unanswered | None:
    """What the earlier deliveries of the same bytes left open, as it stood when this one was queued.

    As it stood then, so that no look follows a repeat within one delivery.
    """
    same = _same_bytes(delivery)
    query = Delivery.select().where(same & (Delivery.id < delivery.id)).order_by(Delivery.id.desc())
    last = next((row for row in query if _is_unknown(row)), None)
    return None if last is None else _of(last, delivery.created_at)


def _is_unknown(delivery: Delivery) -> bool:
    is_failed = delivery.state == DeliveryState.FAILED and delivery.payload is not None
    return is_failed and bool(_error(delivery).get("unknown"))


def _same_bytes(delivery: Delivery) -> Any:
    is_same = Delivery.request_id == delivery.request_id
    if delivery.document_id is None:
        return is_same & (Delivery.company == delivery.company_id)
    return is_same & (Delivery.document == delivery.document_id)


def _error(delivery: Delivery) -> dict[str, Any]:
    return delivery.error or {}


def _of(last: Delivery, moment: datetime) -> Unanswered:
    same = _same_bytes(last)
    first_end = Delivery.select(fn.MIN(Delivery.finished_at)).where(same).scalar(as_tuple=False)
    first_try, tries = (
        DeliveryAttempt.select(fn.MIN(DeliveryAttempt.started_at), fn.COUNT(DeliveryAttempt.id))
        .join(Delivery)
        .where(same)
        .tuples()
        .get()
    )
    return Unanswered(last, first_try or last.created_at, tries, first_end + LOOK_AFTER <= moment)
