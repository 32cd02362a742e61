"""Who did what when; never edited."""

from __future__ import annotations

from peewee import CharField, ForeignKeyField, IntegerField

from webapp.clock import now
from webapp.db.bulk import insert_rows
from webapp.db.fields import JsonField, UtcDateTimeField
from webapp.models.base import BaseModel
from webapp.models.user import User
from webapp.models.workspace import Workspace


class Activity(BaseModel):
    """One thing that somebody (or the program, when ``user`` is None) did in a workspace.

    ``verb`` is a stable code such as ``permissions.saved``; ``facts`` holds names for the sentence and,
    for changes, ``before`` and ``after``. ``integration`` entries are hidden from whom it is hidden.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    user = ForeignKeyField(User, null=True, on_delete="SET NULL")
    at = UtcDateTimeField(default=now)
    verb = CharField(max_length=60)
    subject_type = CharField(max_length=30, default="")
    subject_id = IntegerField(null=True)
    facts = JsonField(default=dict)

    class Meta:
        indexes = ((("workspace", "id"), False),)


def record(
    workspace_id: int, user_id: int | None, verb: str, subject: tuple[str, int] | None = None, **facts: object
) -> None:
    """Write one activity row in the caller's transaction; ``subject`` is a type and an id."""
    kind, id_ = subject or ("", None)
    row = {"workspace": workspace_id, "user": user_id, "verb": verb, "facts": facts}
    insert_rows(Activity, [{**row, "subject_type": kind, "subject_id": id_}])
