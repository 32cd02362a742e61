"""The section Permissions: who sees the integration, and what users may send."""

from __future__ import annotations

from enum import StrEnum

from peewee import BooleanField, ForeignKeyField, IntegerField

from webapp.db.fields import EnumField
from webapp.models.base import BaseModel, one_of
from webapp.models.connection import Provider
from webapp.models.user import User
from webapp.models.workspace import Workspace


class Visibility(StrEnum):
    """Who sees the integration and the transaction details."""

    ALL = "all"
    SELECTED = "selected"


class Permission(BaseModel):
    """A workspace's permissions for one provider; no row means the defaults below."""

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    provider = EnumField(Provider, default=Provider.QUICKBOOKS)
    visible_to = EnumField(Visibility, default=Visibility.ALL)
    send_invoices = BooleanField(default=True)
    send_bills = BooleanField(default=True)
    send_purchase_orders = BooleanField(default=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("workspace", "provider"), True),)
        constraints = [one_of("provider", Provider), one_of("visible_to", Visibility)]


class PermittedPerson(BaseModel):
    """A member who sees the integration although it is for selected people only."""

    permission = ForeignKeyField(Permission, backref="people", on_delete="CASCADE")
    user = ForeignKeyField(User, on_delete="CASCADE")

    class Meta:
        indexes = ((("permission", "user"), True),)
