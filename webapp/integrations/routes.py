"""Account Integrations: the providers' cards and the QuickBooks page."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.wrappers import Response

from webapp import htmx
from webapp.auth import access
from webapp.integrations import (
    account_information,
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
    return render_template("integrations/_card.html", card=_card())


@integrations.get("/quickbooks")
def quickbooks() -> Response:
    """Show the page of four sections, once there was a connection."""
    if Connection.of(access.workspace_id()) is None:
        return htmx.redirect(url_for("integrations.index"))
    return page.render_page()


@integrations.get("/quickbooks/head")
def quickbooks_head() -> Response | str:
    """Answer what stands above the sections, which reads itself again like the card."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.quickbooks"))
    user = access.person()
    head = account_information.head_context(user, Connection.of(access.workspace_id()))
    return render_template("integrations/_head.html", head=head)


def _card() -> dict[str, object]:
    return account_information.card_context(access.person(), Connection.of(access.workspace_id()))
