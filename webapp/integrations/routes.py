"""Account Integrations: the providers' cards and the QuickBooks page."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import htmx
from webapp.auth import access
from webapp.integrations import (
    account_view,
    page,
    routes_account,
    routes_connect,
    routes_permissions,
    routes_preferences,
)
from webapp.integrations.blueprint import integrations
from webapp.models import Connection

__all__ = ["integrations", "routes_account", "routes_connect", "routes_permissions", "routes_preferences"]


@integrations.get("")
def index() -> str:
    """List the accounting systems, a card for each."""
    return render_template("integrations/index.html", card=_card())


@integrations.get("/quickbooks/card")
def quickbooks_card() -> Response | str:
    """Answer the QuickBooks card, which reads itself again when a consent has ended."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.index"))
    return render_template("integrations/_card.html", card=_card(), focus_edit="focus" in request.args)


@integrations.get("/quickbooks")
def quickbooks() -> Response:
    """Show the page of four sections, once there was a connection."""
    if Connection.of(access.workspace_id()) is None:
        return htmx.redirect(url_for("integrations.index"))
    return page.render_page()


@integrations.get("/quickbooks/links")
def links_overview() -> Response | str:
    """Answer how far linking has come, which reads itself again when the connection has changed."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.quickbooks", _anchor="links"))
    context = page.links_context(access.person(), Connection.of(access.workspace_id()))
    return render_template("links/_overview.html", **context)


@integrations.get("/quickbooks/head")
def quickbooks_head() -> Response | str:
    """Answer what stands above the sections, which reads itself again like the card."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.quickbooks"))
    user = access.person()
    head = account_view.head_context(user, Connection.of(access.workspace_id()))
    return render_template("integrations/_head.html", head=head, focus_edit="focus" in request.args)


def _card() -> dict[str, object]:
    return account_view.card_context(access.person(), Connection.of(access.workspace_id()))
