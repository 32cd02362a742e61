"""The directory: our local mirror of QuickBooks' lists."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL, BooleanField, CharField, ForeignKeyField, IntegerField, ModelSelect

from webapp.clock import now
from webapp.db.fields import EnumField, JsonField, UtcDateTimeField
from webapp.db.search import searched
from webapp.models.base import BaseModel, one_of
from webapp.models.workspace import Workspace


class ListKind(StrEnum):
    """The lists that are mirrored."""

    ACCOUNT = "account"
    CUSTOMER = "customer"
    VENDOR = "vendor"
    ITEM = "item"
    TERM = "term"
    TAX_CODE = "tax_code"
    CLASS = "class"
    LOCATION = "location"


@searched("folded")
class DirectoryEntry(BaseModel):
    """One object of one QuickBooks list; ``seen_in`` is the run of the list refresh that last saw it.

    ``name_key`` is the name without regard to case, by which QuickBooks holds names to be unique. One that is
    ``deleted`` is not in the list any more, not even as inactive; ``merged_into`` is the id of the one that
    it was merged into, as far as QuickBooks told.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    realm_id = CharField(max_length=32)
    kind = EnumField(ListKind)
    remote_id = CharField(max_length=32)
    name = CharField(max_length=1024)
    full_name = CharField(max_length=4096, default="")
    folded = CharField(max_length=4096, default="")
    name_key = CharField(max_length=300, default="")
    active = BooleanField(default=True)
    number = CharField(max_length=100, default="")
    type = CharField(max_length=60, default="")
    subtype = CharField(max_length=60, default="")
    currency = CharField(max_length=3, default="")
    email = CharField(max_length=254, default="")
    phone = CharField(max_length=60, default="")
    city = CharField(max_length=255, default="")
    region = CharField(max_length=255, default="")
    postal_code = CharField(max_length=60, default="")
    parent_id = CharField(max_length=32, default="")
    sync_token = CharField(max_length=20, default="")
    income_account_id = CharField(max_length=32, null=True)
    expense_account_id = CharField(max_length=32, null=True)
    extra = JsonField(default=dict)
    deleted = BooleanField(default=False, constraints=[SQL("DEFAULT false")])
    merged_into = CharField(max_length=32, default="", constraints=[SQL("DEFAULT ''")])
    seen_in = IntegerField(default=0)
    updated_at = UtcDateTimeField(default=now)

    class Meta:
        indexes = (
            (("workspace", "realm_id", "kind", "remote_id"), True),
            (("workspace", "realm_id", "kind", "folded"), False),
            (("workspace", "realm_id", "kind", "name_key"), False),
        )
        constraints = [one_of("kind", ListKind)]

    @classmethod
    def list(cls, workspace_id: int, realm_id: str, kind: ListKind) -> ModelSelect:
        """The entries of one list of one QuickBooks company, in name order."""
        return (
            cls.select()
            .where((cls.workspace == workspace_id) & (cls.realm_id == realm_id) & (cls.kind == kind))
            .order_by(cls.folded, cls.id)
        )
