"""The outbox: deliveries and their attempts."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL, BlobField, CharField, Check, ForeignKeyField, IntegerField, TextField

from webapp.clock import now
from webapp.db.fields import EnumField, JsonField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.company import Company, MemberType
from webapp.models.connection import Connection, Provider
from webapp.models.document import Document
from webapp.models.job import Job
from webapp.models.user import User
from webapp.models.workspace import Workspace


class Operation(StrEnum):
    """What a delivery does with its subject."""

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
    """One operation on one document, or on one company as a member type, from click to final answer.

    A company becomes an entry of the provider's list ``remote_kind``, ``customer`` or ``vendor``; ``asked``
    is what was chosen for it (see ``links.asked``), ``job`` the creating of many that it is part of.

    ``request_id`` and ``payload`` are written together by the claim and committed before the call; every
    repeat sends those bytes under that id, so that the provider can tell a repeat from a new order. So are
    ``billable`` and, for a purchase order, ``line_keys``: they say of the bytes what their answer does not.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    connection = ForeignKeyField(Connection, on_delete="CASCADE")
    provider = EnumField(Provider, default=Provider.QUICKBOOKS)
    realm_id = CharField(max_length=32)
    document = ForeignKeyField(Document, null=True, backref="deliveries", on_delete="CASCADE")
    company = ForeignKeyField(Company, null=True, backref="deliveries", on_delete="CASCADE", index=False)
    member_type = EnumField(MemberType, null=True)
    remote_kind = CharField(max_length=24, null=True)
    asked = JsonField(default=dict, constraints=[SQL("DEFAULT '{}'")])
    job = ForeignKeyField(Job, null=True, backref="deliveries", on_delete="SET NULL")
    revision = IntegerField(default=0)
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
            one_of("member_type", MemberType),
            Check("(document_id IS NULL) <> (company_id IS NULL)"),
            Check("(company_id IS NULL) = (member_type IS NULL)"),
            Check("(company_id IS NULL) = (remote_kind IS NULL)"),
        ]


OPEN_DELIVERIES = (DeliveryState.QUEUED, DeliveryState.SENDING)

Delivery.add_index(
    Delivery.index(
        Delivery.document,
        Delivery.provider,
        unique=True,
        where=Delivery.state.in_(OPEN_DELIVERIES),
        name="delivery_one_open_per_document",
    )
)
Delivery.add_index(
    Delivery.index(
        Delivery.company,
        Delivery.remote_kind,
        Delivery.provider,
        unique=True,
        where=Delivery.state.in_(OPEN_DELIVERIES),
        name="delivery_one_open_per_company",
    )
)
Delivery.add_index(
    Delivery.index(
        Delivery.company,
        Delivery.remote_kind,
        Delivery.id,
        where=Delivery.company.is_null(False),
        name="delivery_of_company",
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
