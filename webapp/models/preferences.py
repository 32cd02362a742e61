"""The section QuickBooks Accounts and Settings, kept per QuickBooks company."""

from __future__ import annotations

from enum import StrEnum

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField

from webapp.accounting.sources import ItemNameSource, UnknownItems
from webapp.clock import now
from webapp.db.fields import EnumField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.workspace import Workspace


class Preferences(BaseModel):
    """How a workspace's documents map to one QuickBooks company.

    Ids are QuickBooks'; ``freight``, ``setup`` and ``decoration`` hold ``item:12`` or ``account:45``.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    realm_id = CharField(max_length=32)
    billable = BooleanField(default=False)
    item_name_source = EnumField(ItemNameSource, default=ItemNameSource.NUMBER)
    unknown_items = EnumField(UnknownItems, default=UnknownItems.NON_INVENTORY)
    fixed_item_id = CharField(max_length=32, null=True)
    income_account_id = CharField(max_length=32, null=True)
    cost_account_id = CharField(max_length=32, null=True)
    ap_account_id = CharField(max_length=32, null=True)
    freight = CharField(max_length=40, null=True)
    setup = CharField(max_length=40, null=True)
    decoration = CharField(max_length=40, null=True)
    discount_account_id = CharField(max_length=32, null=True)
    taxable_code_id = CharField(max_length=32, null=True)
    non_taxable_code_id = CharField(max_length=32, null=True)
    use_our_numbers = BooleanField(default=True)
    version = IntegerField(default=1)
    updated_at = UtcDateTimeField(default=now)

    class Meta:
        indexes = ((("workspace", "realm_id"), True),)
        constraints = [
            one_of("item_name_source", ItemNameSource),
            one_of("unknown_items", UnknownItems),
        ]


class MappedField(StrEnum):
    """What a row of the value mapping is about."""

    TERM = "term"
    PROVINCE = "province"


class ValueMapping(BaseModel):
    """One value of ours and the QuickBooks id that stands for it (terms; tax codes by province)."""

    preferences = ForeignKeyField(Preferences, backref="values", on_delete="CASCADE")
    field = EnumField(MappedField)
    ours = CharField(max_length=100)
    theirs_id = CharField(max_length=32)

    class Meta:
        indexes = ((("preferences", "field", "ours"), True),)
        constraints = [one_of("field", MappedField)]
