"""The record of every try of a delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from peewee import fn

from webapp.clock import now
from webapp.db import transaction
from webapp.errors import ProviderError
from webapp.models import DeliveryAttempt

SENT: Final = "sent"
ADOPTED: Final = "adopted"
INTERRUPTED: Final = "interrupted"
LONGEST_MESSAGE: Final = 2000


def begin(delivery_id: int, moment: datetime) -> int:
    """Note that a try begins, in the claim's transaction; returns its id."""
    last = (
        DeliveryAttempt.select(fn.MAX(DeliveryAttempt.number))
        .where(DeliveryAttempt.delivery == delivery_id)
        .scalar()
    )
    return DeliveryAttempt.create(delivery=delivery_id, number=(last or 0) + 1, started_at=moment).id


def close_interrupted(delivery_id: int, moment: datetime) -> None:
    """Close what a process that died has left open; what QuickBooks answered it is not known."""
    DeliveryAttempt.update(outcome=INTERRUPTED, finished_at=moment).where(
        (DeliveryAttempt.delivery == delivery_id) & DeliveryAttempt.finished_at.is_null()
    ).execute()


def finish(
    attempt_id: int, outcome: str, error: BaseException | None = None, trace_id: str | None = None
) -> None:
    """Note how a try ended, unless that is noted already.

    Args:
        attempt_id: which try.
        outcome: ``sent``, ``adopted``, ``interrupted`` or an error's code.
        error: what went wrong.
        trace_id: the ``intuit_tid`` of the last answer, when there is no error that knows it.
    """
    provider = error if isinstance(error, ProviderError) else None
    with transaction():
        DeliveryAttempt.update(
            outcome=outcome,
            finished_at=now(),
            http_status=provider.http_status if provider else (200 if error is None else None),
            provider_code=(provider.provider_code if provider else "") or "",
            trace_id=(provider.trace_id if provider else trace_id) or "",
            message=str(error)[:LONGEST_MESSAGE] if provider else "",
        ).where((DeliveryAttempt.id == attempt_id) & DeliveryAttempt.finished_at.is_null()).execute()
