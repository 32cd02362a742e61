"""The outbox: deliveries and their attempts."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL, BlobField, CharField, ForeignKeyField, IntegerField, TextField

from webapp.clock import now
from webapp.db.fields import EnumField, JsonField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.connection import Connection, Provider
from webapp.models.document import Document
from webapp.models.user import User
from webapp.models.workspace import Workspace


class Operation(StrEnum):
    """What a delivery does with the document."""

    CREATE = "create"


class DeliveryState(StrEnum):
    """Where a delivery stands; the document's own status is told from it and from more."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


TRANSITIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.QUEUED: frozenset({DeliveryState.SENDING, DeliveryState.FAILED}),
    DeliveryState.SENDING: frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.QUEUED}),
    DeliveryState.SENT: frozenset(),
    DeliveryState.FAILED: frozenset(),
}


class Delivery(BaseModel):
    """One operation on one document for one provider, from click to final answer.

    ``request_id`` and ``payload`` are written together by the claim and committed before the call; every
    repeat sends those bytes under that id, so that the provider can tell a repeat from a new order. So are
    ``billable`` and, for a purchase order, ``line_keys``: they say of the bytes what their answer does not.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    connection = ForeignKeyField(Connection, on_delete="CASCADE")
    provider = EnumField(Provider, default=Provider.QUICKBOOKS)
    realm_id = CharField(max_length=32)
    document = ForeignKeyField(Document, backref="deliveries", on_delete="CASCADE")
    revision = IntegerField()
    operation = EnumField(Operation, default=Operation.CREATE)
    state = EnumField(DeliveryState, default=DeliveryState.QUEUED)
    attempts = IntegerField(default=0)
    next_attempt_at = UtcDateTimeField(default=now)
    lease_until = UtcDateTimeField(null=True)
    lease_owner = CharField(max_length=64, default="")
    request_id = CharField(max_length=50, null=True)
    payload = BlobField(null=True)
    payload_hash = CharField(max_length=64, null=True)
    billable = IntegerField(default=0)
    line_keys = JsonField(default=list, constraints=[SQL("DEFAULT '[]'")])
    remote_id = CharField(max_length=32, null=True)
    error = JsonField(null=True)
    created_by = ForeignKeyField(User, null=True, on_delete="SET NULL")
    created_at = UtcDateTimeField(default=now)
    finished_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = (
            (("state", "next_attempt_at"), False),
            (("document", "provider", "id"), False),
        )
        constraints = [
            one_of("provider", Provider),
            one_of("operation", Operation),
            one_of("state", DeliveryState),
        ]


Delivery.add_index(
    Delivery.index(
        Delivery.document,
        Delivery.provider,
        unique=True,
        where=Delivery.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING]),
        name="delivery_one_open_per_document",
    )
)


class DeliveryAttempt(BaseModel):
    """One try of a delivery and what came of it; ``outcome`` is ``sent`` or an error's code."""

    delivery = ForeignKeyField(Delivery, backref="tries", on_delete="CASCADE")
    number = IntegerField()
    started_at = UtcDateTimeField(default=now)
    finished_at = UtcDateTimeField(null=True)
    outcome = CharField(max_length=40, default="")
    http_status = IntegerField(null=True)
    provider_code = CharField(max_length=40, default="")
    trace_id = CharField(max_length=80, default="")
    message = TextField(default="")

    class Meta:
        indexes = ((("delivery", "number"), True),)
