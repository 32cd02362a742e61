"""A workspace: one distributor company, closed to all others."""

from __future__ import annotations

from peewee import BooleanField, CharField

from webapp.clock import now
from webapp.db.fields import UtcDateTimeField
from webapp.models.base import BaseModel


class Workspace(BaseModel):
    """One distributor with its users, companies, documents and connections."""

    name = CharField(max_length=200)
    country = CharField(max_length=2, default="US")
    is_demo = BooleanField(default=False)
    created_at = UtcDateTimeField(default=now)
