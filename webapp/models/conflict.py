"""Links that somebody has to look at, kept so that no page has to look for them."""

from __future__ import annotations

from enum import StrEnum

from peewee import CharField, ForeignKeyField

from webapp.clock import now
from webapp.db.fields import EnumField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.company import Company, MemberType
from webapp.models.workspace import Workspace


class ConflictKind(StrEnum):
    """What happened to a link; with the first three its documents cannot be sent."""

    MERGED = "merged"
    DELETED = "deleted"
    INACTIVE = "inactive"
    NOT_MEMBER = "not_member"
    RENAMED = "renamed"
    SHARED = "shared"


class LinkConflict(BaseModel):
    """What is the matter with a company's link as one member type, for the QuickBooks company in use.

    ``remote_id`` is what it is linked to, ``successor_id`` the one that it had better be linked to, if one is
    known: None while nobody has looked yet, empty when there is none.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    company = ForeignKeyField(Company, on_delete="CASCADE")
    member_type = EnumField(MemberType)
    kind = EnumField(ConflictKind)
    remote_id = CharField(max_length=32)
    successor_id = CharField(max_length=32, null=True)
    noticed_at = UtcDateTimeField(default=now)

    class Meta:
        indexes = (
            (("company", "member_type"), True),
            (("workspace", "id"), False),
            (("workspace", "kind", "id"), False),
        )
        constraints = [one_of("member_type", MemberType), one_of("kind", ConflictKind)]
