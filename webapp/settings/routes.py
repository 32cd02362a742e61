"""Activity: who did what when."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.auth import access
from webapp.inputs import row_id
from webapp.integrations import permissions
from webapp.settings import service

settings_pages = Blueprint("settings_pages", __name__)


@settings_pages.get("/activity")
def activity() -> ResponseReturnValue:
    """The workspace's activity, newest first, a page at a time."""
    home = access.workspace_id()
    page = service.activity(
        home,
        before=row_id(request.args.get("before")),
        with_integration=permissions.sees(access.person()),
    )
    return render_template("settings/activity.html", page=page, area="activity")
