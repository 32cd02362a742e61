"""Files under import: kept from preview to commit."""

from __future__ import annotations

from enum import StrEnum

from peewee import BlobField, CharField, ForeignKeyField, IntegerField

from webapp.clock import now
from webapp.db.fields import EnumField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.user import User
from webapp.models.workspace import Workspace


class ImportKind(StrEnum):
    """What a file holds."""

    COMPANIES = "companies"
    DOCUMENTS = "documents"


class ImportFile(BaseModel):
    """An uploaded file between preview and commit; ``content`` is emptied once it is imported."""

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    user = ForeignKeyField(User, null=True, on_delete="SET NULL")
    kind = EnumField(ImportKind)
    filename = CharField(max_length=255)
    content = BlobField(null=True)
    created = IntegerField(default=0)
    updated = IntegerField(default=0)
    skipped = IntegerField(default=0)
    created_at = UtcDateTimeField(default=now)
    finished_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("workspace", "id"), False),)
        constraints = [one_of("kind", ImportKind)]
