"""Account Information: read, test and disconnect."""

from __future__ import annotations

from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_name
from flask import flash, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp import htmx
from webapp.auth import access
from webapp.errors import Conflict
from webapp.integrations import account_information, account_view, connections, page, permissions
from webapp.integrations.blueprint import integrations
from webapp.models import Connection

SECTION = "account_information"
READ = "integrations/account_information/_read.html"
CONFIRM = "integrations/account_information/_disconnect.html"
TESTED = "integrations/account_information/_tested.html"


@integrations.get("/quickbooks/account-information")
def account_information_read() -> Response:
    """Answer the section in read state; what reads itself again when the connection has changed."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.quickbooks"))
    is_focused = "focus" in request.args
    return page.render_section(SECTION, READ, account_information=_context(), focus_test=is_focused)


@integrations.post("/quickbooks/test")
def test_connection() -> Response:
    """Make one call to QuickBooks and say in words what it found."""
    finding = account_information.test_connection(access.person())
    head = account_view.head_context(access.person(), page.connection())
    fragment = TESTED if htmx.is_htmx() else READ
    context: dict[str, Any] = {"account_information": _context(), "head": head, "finding": finding}
    return page.render_section(SECTION, fragment, focus_test=htmx.is_htmx(), **context)


@integrations.get("/quickbooks/disconnect")
def disconnect_confirm() -> Response:
    """Ask before disconnecting: say what stops and what stays."""
    permissions.require_manages(access.person())
    connection = connections.living(access.workspace_id())
    if connection is None:
        return htmx.redirect(url_for("integrations.quickbooks"))
    return _confirm(connection)


@integrations.get("/quickbooks/keep")
def disconnect_cancel() -> Response:
    """Leave the question and go on connected."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.quickbooks"))
    return page.render_section(SECTION, READ, account_information=_context(), focus_edit=True)


@integrations.post("/quickbooks/disconnect")
def disconnect() -> Response:
    """End the connection and show the page anew, since every section changes with it."""
    try:
        revoked = account_information.disconnect(access.person(), request.form.get("company"))
    except Conflict:
        connection = connections.living(access.workspace_id())
        return (
            htmx.redirect(url_for("integrations.quickbooks"))
            if connection is None
            else _confirm(connection, 409)
        )
    if revoked:
        flash(_("QuickBooks Online is disconnected. Links, settings and history are kept."))
    else:
        flash(
            _(
                "QuickBooks Online is disconnected and our access is deleted. Links, settings and history are"
                " kept. QuickBooks did not confirm it: to be sure, remove Ledgerbridge there too, under Apps."
            )
        )
    return htmx.redirect(url_for("integrations.quickbooks"))


@integrations.app_template_filter()
def country(code: str) -> str:
    """A country's name in the reader's language; an unknown code as it is."""
    return _locale().territories.get("US" if code == "USA" else code, code)


@integrations.app_template_filter()
def currency_name(code: str) -> str:
    """A currency's name and code in the reader's language."""
    return f"{get_currency_name(code, locale=_locale())} ({code})" if code else ""


def _confirm(connection: Connection, status: int = 200) -> Response:
    """The question; with 409 it is asked again, since another company is connected by now."""
    waiting = account_view.waiting(connection)
    return page.render_section(SECTION, CONFIRM, status, account_information=_context(), waiting=waiting)


def _locale() -> Locale:
    try:
        return Locale.parse(str(get_locale()))
    except UnknownLocaleError:
        return Locale("en")


def _context() -> dict[str, Any]:
    return account_view.read_context(access.person(), page.connection())
