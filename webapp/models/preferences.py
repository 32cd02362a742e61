"""The section QuickBooks Accounts and Settings, kept per QuickBooks company."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL, BooleanField, CharField, DateField, ForeignKeyField, IntegerField

from webapp.accounting.sources import ItemNameSource, MemoSource, RuleField, SalesTaxSource, UnknownItems
from webapp.clock import now
from webapp.db.fields import EnumField, JsonField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.workspace import Workspace


class Preferences(BaseModel):
    """How a workspace's documents map to one QuickBooks company.

    Ids are QuickBooks'; ``freight``, ``setup`` and ``decoration`` hold ``item:12`` or ``account:45``.
    ``custom_fields`` has QuickBooks' DefinitionId by ``kind:field`` of ours ("invoice:customer_po": "1"),
    ``layouts`` what becomes of a line kind by ``kind:line kind`` ("bill:freight": "folded").
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
    deposit_account_id = CharField(max_length=32, null=True)
    taxable_code_id = CharField(max_length=32, null=True)
    non_taxable_code_id = CharField(max_length=32, null=True)
    use_our_numbers = BooleanField(default=True)
    class_id = CharField(max_length=32, null=True)
    location_id = CharField(max_length=32, null=True)
    memo = EnumField(MemoSource, default=MemoSource.ALL, constraints=[SQL("DEFAULT 'all'")])
    sales_tax = EnumField(
        SalesTaxSource, default=SalesTaxSource.QUICKBOOKS, constraints=[SQL("DEFAULT 'quickbooks'")]
    )
    start_date = DateField(null=True)
    custom_fields = JsonField(default=dict, constraints=[SQL("DEFAULT '{}'")])
    layouts = JsonField(default=dict, constraints=[SQL("DEFAULT '{}'")])
    version = IntegerField(default=1)
    updated_at = UtcDateTimeField(default=now)

    class Meta:
        indexes = ((("workspace", "realm_id"), True),)
        constraints = [
            one_of("item_name_source", ItemNameSource),
            one_of("unknown_items", UnknownItems),
            one_of("memo", MemoSource),
            one_of("sales_tax", SalesTaxSource),
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


class PreferenceRule(BaseModel):
    """One rule of the preferences: documents or lines of this ``value`` go elsewhere; the first match wins.

    ``target`` is ``item:12`` or ``account:45`` like the line kinds of the preferences.
    """

    preferences = ForeignKeyField(Preferences, backref="mapping_rules", on_delete="CASCADE")
    position = IntegerField()
    field = EnumField(RuleField)
    value = CharField(max_length=120)
    target = CharField(max_length=40, null=True)
    class_id = CharField(max_length=32, null=True)
    location_id = CharField(max_length=32, null=True)

    class Meta:
        indexes = ((("preferences", "position"), True),)
        constraints = [one_of("field", RuleField)]
