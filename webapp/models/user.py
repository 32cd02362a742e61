"""People who sign in."""

from __future__ import annotations

from enum import StrEnum

from flask_login import UserMixin
from peewee import BooleanField, CharField, Check, ForeignKeyField

from webapp.clock import now
from webapp.db.fields import EnumField, JsonField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.workspace import Workspace


class Role(StrEnum):
    """What a person may do in the workspace."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class User(UserMixin, BaseModel):
    """A person; support staff belong to no workspace. ``email`` is stored in lower case."""

    workspace = ForeignKeyField(Workspace, null=True, backref="users", on_delete="CASCADE")
    email = CharField(max_length=254, unique=True)
    name = CharField(max_length=200)
    password_hash = CharField(max_length=255)
    role = EnumField(Role, default=Role.MEMBER)
    is_support = BooleanField(default=False)
    active = BooleanField(default=True)
    language = CharField(max_length=2, null=True)
    theme = CharField(max_length=6, null=True)
    created_at = UtcDateTimeField(default=now)

    class Meta:
        table_name = "users"
        constraints = [
            one_of("role", Role),
            Check("is_support OR workspace_id IS NOT NULL"),
        ]

    @property
    def is_active(self) -> bool:
        """Whether flask-login lets this person in."""
        return bool(self.active)

    @property
    def manages(self) -> bool:
        """Whether the person manages settings, users and connections."""
        return not self.is_support and self.role in {Role.OWNER, Role.ADMIN}


class Draft(BaseModel):
    """What a person had typed when the sign-in ran out, kept until the form is opened again."""

    user = ForeignKeyField(User, on_delete="CASCADE")
    fields = JsonField(default=dict)
    created_at = UtcDateTimeField(default=now, index=True)
