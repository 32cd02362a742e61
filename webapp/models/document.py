"""Documents (invoices, bills, purchase orders), their lines and their status at a provider."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL, BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.clock import now
from webapp.db import marks
from webapp.db.fields import DecimalField, EnumField, JsonField, UtcDateTimeField
from webapp.db.search import searched
from webapp.models.base import BaseModel, one_of
from webapp.models.company import Company
from webapp.models.connection import Provider
from webapp.models.user import User
from webapp.models.workspace import Workspace


@searched("folded")
class Document(BaseModel):
    """One invoice, bill or purchase order. ``revision`` grows with every change of what would be sent.

    ``customer`` is the order's customer, whose costs a bill or purchase order carries.
    """

    workspace = ForeignKeyField(Workspace, backref="documents", on_delete="CASCADE")
    kind = EnumField(DocumentKind)
    esp_id = CharField(max_length=60)
    number = CharField(max_length=60)
    order_number = CharField(max_length=60, default="", index=True)
    customer_po = CharField(max_length=60, default="")
    company = ForeignKeyField(Company, backref="documents", on_delete="RESTRICT")
    customer = ForeignKeyField(Company, null=True, backref="orders", on_delete="RESTRICT")
    folded = CharField(max_length=1200, default="")
    date = DateField()
    due_date = DateField(null=True)
    in_hands_date = DateField(null=True)
    currency = CharField(max_length=3)
    terms = CharField(max_length=60, default="")
    memo = TextField(default="")
    sales_rep = CharField(max_length=120, default="", constraints=[SQL("DEFAULT ''")])
    ship_line1 = CharField(max_length=300, default="")
    ship_line2 = CharField(max_length=300, default="")
    ship_city = CharField(max_length=120, default="")
    ship_region = CharField(max_length=60, default="")
    ship_postal_code = CharField(max_length=20, default="")
    ship_country = CharField(max_length=2, default="")
    subtotal = DecimalField(2)
    tax = DecimalField(2)
    total = DecimalField(2)
    revision = IntegerField(default=1)
    created_at = UtcDateTimeField(default=now)
    updated_at = UtcDateTimeField(default=now)

    class Meta:
        indexes = (
            (("workspace", "kind", "esp_id"), True),
            (("workspace", "date", "id"), False),
            (("workspace", "order_number", "kind"), False),
            (("workspace", "terms"), False),
        )
        constraints = [one_of("kind", DocumentKind)]


class DocumentLine(BaseModel):
    """One line of a document; ``amount`` is negative on discount lines only."""

    document = ForeignKeyField(Document, backref="lines", on_delete="CASCADE")
    position = IntegerField()
    kind = EnumField(LineKind, default=LineKind.PRODUCT)
    product_number = CharField(max_length=100, default="")
    product_name = CharField(max_length=300, default="")
    description = TextField(default="")
    quantity = DecimalField(5)
    unit_price = DecimalField(7)
    amount = DecimalField(2)
    taxable = BooleanField(default=True)
    category = CharField(max_length=120, default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        indexes = ((("document", "position"), True),)
        constraints = [one_of("kind", LineKind)]


class DocumentState(StrEnum):
    """Where a document stands at a provider."""

    READY = "ready"
    BLOCKED = "blocked"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CHANGED = "changed"
    VOIDED = "voided"


UNSENT = (DocumentState.READY, DocumentState.BLOCKED)


class DocumentStatus(BaseModel):
    """A document's state at one provider, stored so that lists need not compute it.

    ``needs_check`` is set when something the state depends on changed; the worker then computes it anew.
    ``remote_total`` is what the provider answered, to be compared with ours. ``remote_line_keys`` are, beside
    ``remote_line_ids``, what a purchase order's lines were when they were sent (see accounting.ties).
    """

    document = ForeignKeyField(Document, backref="statuses", on_delete="CASCADE")
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    provider = EnumField(Provider, default=Provider.QUICKBOOKS)
    state = EnumField(DocumentState, default=DocumentState.BLOCKED)
    reasons = JsonField(default=list)
    needs_check = BooleanField(default=True)
    realm_id = CharField(max_length=32, default="")
    remote_id = CharField(max_length=32, null=True)
    remote_number = CharField(max_length=60, null=True)
    remote_total = DecimalField(2, null=True)
    remote_balance = DecimalField(2, null=True)
    remote_line_ids = JsonField(default=list)
    remote_line_keys = JsonField(default=list, constraints=[SQL("DEFAULT '[]'")])
    sync_token = CharField(max_length=20, default="")
    sent_revision = IntegerField(null=True)
    sent_billable = BooleanField(default=False)
    sent_at = UtcDateTimeField(null=True)
    sent_by = ForeignKeyField(User, null=True, on_delete="SET NULL")

    class Meta:
        indexes = (
            (("document", "provider"), True),
            (("workspace", "provider", "state"), False),
        )
        constraints = [one_of("provider", Provider), one_of("state", DocumentState)]

    @classmethod
    def mark_for_check(cls, workspace_id: int, *company_ids: int) -> None:
        """Have the worker compute anew whether unsent documents can be sent, after a change elsewhere.

        With ``company_ids`` only documents of (or billed to) these companies; else the whole workspace's.
        """
        # Rows that wait already are written too: a check under way holds their lock and must run again after.
        where, values = f"workspace_id = ? AND state IN ({marks(UNSENT)})", [workspace_id, *UNSENT]
        if company_ids:
            theirs = marks(company_ids)
            where += (
                " AND document_id IN (SELECT id FROM document WHERE workspace_id = ?"
                f" AND (company_id IN ({theirs}) OR customer_id IN ({theirs})))"
            )
            values += [workspace_id, *company_ids, *company_ids]
        cls.change({"needs_check": True}, where, *values)


DocumentStatus.add_index(
    DocumentStatus.index(DocumentStatus.id, where=DocumentStatus.needs_check, name="document_status_to_check")
)
