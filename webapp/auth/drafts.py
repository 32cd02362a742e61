"""Opening a form again with what was typed before the sign-in ran out."""

from __future__ import annotations

from flask import request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from webapp.auth import service


def formdata() -> MultiDict[str, str] | None:
    """The kept fields that ``?draft=`` names, for a form's ``formdata``; None when there are none."""
    draft = request.args.get("draft", "")
    if not draft.isdigit() or not current_user.is_authenticated:
        return None
    fields = service.take_draft(current_user.id, int(draft))
    pairs = [(name, value) for name, values in fields.items() for value in values]
    return MultiDict(pairs) if pairs else None
