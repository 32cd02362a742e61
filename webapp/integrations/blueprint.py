"""The blueprint that all section routes hang on; none of them is there for whom the integration is hidden."""

from __future__ import annotations

from flask import Blueprint, g

from webapp.auth import access
from webapp.integrations import permissions

integrations = Blueprint("integrations", __name__, url_prefix="/settings/integrations")


@integrations.before_request
def only_for_whom_it_is_visible() -> None:
    """Answer 404 on every address of this blueprint for whom the integration is hidden."""
    permissions.require_visible(access.person())


@integrations.app_template_global()
def sees_integrations() -> bool:
    """Whether the reader sees the integration at all, so that menus and pages show no trace of it."""
    if "sees_integrations" not in g:
        person = access.person()
        g.sees_integrations = person.is_authenticated and permissions.sees(person)
    return bool(g.sees_integrations)
