"""The outbox: who may work on which delivery, and what becomes of it.

A delivery is claimed with a lease. Whoever holds the lease may change it; when the lease runs out, another
claims it and repeats the same bytes under the same request id, which QuickBooks answers as it did before.
"""

from __future__ import annotations

import hashlib
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from peewee import JOIN, ModelSelect

from webapp.clock import now
from webapp.db import durable_transaction, is_postgres, transaction
from webapp.delivery import attempts
from webapp.delivery.due import due, under_way
from webapp.errors import AppError
from webapp.models import (
    Company,
    Connection,
    ConnectionStatus,
    Delivery,
    DeliveryState,
    Document,
    DocumentState,
    DocumentStatus,
    JobItem,
)
from webapp.models.delivery import TRANSITIONS

LEASE_SECONDS: Final = 120
DOCUMENT_STATES: Final = {
    DeliveryState.QUEUED: DocumentState.QUEUED,
    DeliveryState.SENDING: DocumentState.SENDING,
    DeliveryState.SENT: DocumentState.SENT,
    DeliveryState.FAILED: DocumentState.FAILED,
}


class LeaseLost(AppError):
    """The lease ran out and somebody else has the delivery; what comes of it is theirs to record."""

    code = "lease_lost"


@dataclass(frozen=True)
class Claim:
    """A delivery that is ours until its lease ends, and the try that has begun with it."""

    delivery: Delivery
    attempt_id: int


def claim(owner: str, moment: datetime, lease_seconds: float = LEASE_SECONDS) -> Claim | None:
    """Take the delivery that has waited longest; None when nothing is due.

    Queued deliveries that are due are taken, and those whose lease has run out. A connection has one
    delivery under way at a time: its documents depend on each other, and Intuit limits its calls.

    Args:
        owner: who claims; different for each worker.
        moment: the current time.
        lease_seconds: how long the claim holds.
    """
    if not due(moment).exists():  # spares SQLite the write lock
        return None
    with transaction():
        row = _locked(due(moment)).first()
        if row is None or _is_busy(row.connection_id, moment):
            return None
        lease = {"lease_owner": owner, "lease_until": moment + timedelta(seconds=lease_seconds)}
        free = (Delivery.id == row.id) & (Delivery.lease_until.is_null() | (Delivery.lease_until < moment))
        if Delivery.update(state=DeliveryState.SENDING, **lease).where(free).execute() != 1:
            return None
        if row.state != DeliveryState.SENDING:
            _show(row, state=DocumentState.SENDING)
        attempts.close_interrupted(row.id, moment)
        attempt_id = attempts.begin(row.id, moment)
    return Claim(get(row.id), attempt_id)


def get(delivery_id: int) -> Delivery:
    """The delivery with its connection, and its document or company."""
    return (
        Delivery.select(Delivery, Connection, Document, Company)
        .join(Connection)
        .switch(Delivery)
        .join(Document, JOIN.LEFT_OUTER)
        .switch(Delivery)
        .join(Company, JOIN.LEFT_OUTER)
        .where(Delivery.id == delivery_id)
        .get()
    )


def renew(delivery: Delivery, **values: Any) -> None:
    """Hold the lease for its full time from now, and keep ``values`` with it, come what may.

    Raises:
        LeaseLost: the delivery is not ours any more.
    """
    values["lease_until"] = now() + timedelta(seconds=LEASE_SECONDS)
    with durable_transaction():
        if Delivery.update(**values).where(_ours(delivery)).execute() != 1:
            raise LeaseLost
    for name, value in values.items():
        setattr(delivery, name, value)


def keep_bytes(delivery: Delivery, payload: bytes, **values: Any) -> bytes:
    """Commit the bytes that are to be sent, with the id under which every repeat sends them again.

    Args:
        delivery: a claimed delivery of ours without bytes.
        payload: what QuickBooks will get.
        values: further columns that say something of these bytes.

    Returns:
        The bytes.

    Raises:
        LeaseLost: another worker has the delivery.
    """
    digest = hashlib.sha256(payload).hexdigest()
    renew(delivery, payload=payload, payload_hash=digest, request_id=str(uuid.uuid4()), **values)
    return payload


def move(delivery: Delivery, to: DeliveryState, status: dict[str, Any] | None = None, **values: Any) -> None:
    """Bring a delivery of ours to another state; its document's status, or the job it is part of, follows.

    Within the caller's transaction.

    Args:
        delivery: as claimed.
        to: the new state; one that TRANSITIONS allows.
        status: columns of the document's status, where they differ from what the new state implies.
        values: columns of the delivery.

    Raises:
        ValueError: for a move that is not allowed.
        LeaseLost: the delivery is not ours any more.
    """
    if to not in TRANSITIONS[delivery.state]:
        raise ValueError(f"a delivery does not go from {delivery.state} to {to}")
    if not TRANSITIONS[to]:
        values["finished_at"] = now()
    changed = (
        Delivery.update(state=to, lease_until=None, lease_owner="", **values)
        .where(_ours(delivery) & (Delivery.state == delivery.state))
        .execute()
    )
    if changed != 1:
        raise LeaseLost
    _show(delivery, **{"state": DOCUMENT_STATES[to], **(status or {})})
    if delivery.job_id and not TRANSITIONS[to]:
        told = (values.get("error") or {}).get("code") or to.value
        JobItem.update(outcome=told).where(
            (JobItem.job == delivery.job_id) & (JobItem.subject_id == delivery.company_id)
        ).execute()


def fail_strays(moment: datetime) -> int:
    """Fail what waits for a company that its workspace is no longer connected to; returns how many."""
    waits = (Delivery.state == DeliveryState.QUEUED) | (
        (Delivery.state == DeliveryState.SENDING) & (Delivery.lease_until < moment)
    )
    elsewhere = (Connection.status != ConnectionStatus.DISCONNECTED) & (
        Delivery.realm_id != Connection.realm_id
    )
    strays = list(Delivery.select().join(Connection).where(waits & elsewhere).limit(100))
    for delivery in strays:
        # whether bytes that were kept had been sent is not known
        error = {"code": "company_changed", "unknown": delivery.payload is not None}
        with suppress(LeaseLost), transaction():
            move(delivery, DeliveryState.FAILED, error=error)
    return len(strays)


def _show(delivery: Delivery, **columns: Any) -> None:
    """Have a document's status say where its delivery is; a company's row reads it from the delivery."""
    if delivery.document_id:
        DocumentStatus.update(**columns).where(
            (DocumentStatus.document == delivery.document_id) & (DocumentStatus.provider == delivery.provider)
        ).execute()


def _ours(delivery: Delivery) -> Any:
    return (Delivery.id == delivery.id) & (Delivery.lease_owner == delivery.lease_owner)


def _locked(query: ModelSelect) -> ModelSelect:
    """On Postgres lock the delivery and its connection, passing over what others have locked."""
    return query.for_update(of=[Delivery, Connection], skip_locked=True) if is_postgres() else query


def _is_busy(connection_id: int, moment: datetime) -> bool:
    """Asked again under the lock: on Postgres the first look may be older than another's claim."""
    if not is_postgres():
        return False
    return connection_id in {busy for (busy,) in under_way(moment).tuples()}
