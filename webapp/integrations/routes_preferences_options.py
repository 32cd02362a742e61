"""What a drop-down of the preferences offers, for the field that searches it as you type."""

from __future__ import annotations

from flask import render_template, request

from webapp.auth import access
from webapp.errors import NotFound
from webapp.inputs import search_text
from webapp.integrations import permissions
from webapp.integrations.blueprint import integrations
from webapp.integrations.forms_preference_words import group_words
from webapp.integrations.preference_fields import is_drop_down
from webapp.integrations.preference_mirror import CompanyLists
from webapp.integrations.preference_options import MOST_FOUND, find
from webapp.integrations.preference_view import may_edit
from webapp.models import Connection


@integrations.get("/quickbooks/preferences/options")
def preferences_options() -> str:
    """Answer what ``q`` finds for the drop-down ``field``, from our mirror of QuickBooks' lists."""
    permissions.require_manages(access.person())
    connection = Connection.of(access.workspace_id())
    field = request.args.get("field", "")
    if connection is None or not may_edit(access.person(), connection) or not is_drop_down(field):
        raise NotFound
    text = search_text(request.args.get("q"))
    groups = find(CompanyLists.of(connection), field, text)
    return render_template(
        "integrations/preferences/_options.html",
        groups=groups,
        words=group_words(field),
        is_whole=not text,
        has_more=any(len(options) == MOST_FOUND for options in groups.values()),
    )
