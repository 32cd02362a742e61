"""Opening a form again with what was typed before the sign-in ran out."""

from __future__ import annotations

from flask import request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from webapp.auth import service
from webapp.inputs import row_id


def formdata() -> MultiDict[str, str] | None:
    """The kept fields that ``?draft=`` names, for a form's ``formdata``; None when there are none."""
    draft = row_id(request.args.get("draft"))
    if draft is None or not current_user.is_authenticated:
        return None
    fields = service.take_draft(current_user.id, draft)
    pairs = [(name, value) for name, values in fields.items() for value in values]
    return MultiDict(pairs) if pairs else None
