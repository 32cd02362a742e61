"""Connecting QuickBooks, in a window of its own or as a plain navigation."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp import htmx
from webapp.auth import access
from webapp.errors import ProviderError
from webapp.integrations import connect, connections
from webapp.integrations.blueprint import integrations
from webapp.models import OAuthState
from webapp.quickbooks.errors import (
    AuthExpired,
    InvalidClient,
    InvalidGrant,
    NotAuthorised,
    SubscriptionEnded,
    Throttled,
    Unreachable,
)


@integrations.post("/quickbooks/connect")
def connect_begin() -> Response:
    """Lead to QuickBooks' consent page.

    By a Refresh header and a visible link, since a redirect of a form's answer would have to pass the
    Content-Security-Policy's ``form-action`` at every hop.
    """
    in_window = request.form.get("window") == "1"
    try:
        address = connect.begin(
            access.person(), in_window=in_window, expected_realm=request.form.get("expect") or None
        )
    except ProviderError as error:
        return _failure(error, in_window=in_window)
    page = render_template("integrations/connect_leaving.html", address=address, in_window=in_window)
    answer = make_response(page)
    answer.headers["Refresh"] = f"0; url={address}"
    return answer


@integrations.get("/quickbooks/callback")
def connect_callback() -> BaseResponse:
    """Take the consent's answer; what was connected before stays unless all of it succeeds."""
    user = access.person()
    try:
        consent = connect.take_state(user, request.args.get("state", ""))
    except connect.StateRefused as error:
        return _problem(
            error.status,
            _("This consent cannot be used"),
            _(
                "It was used before, took over 10 minutes, or was begun by somebody else."
                " Nothing was changed. Connect again."
            ),
            in_window=error.in_window,
        )
    in_window = consent.in_window
    refusal = request.args.get("error")
    if refusal == "access_denied":
        return _cancelled(consent)
    if refusal:
        return _problem(400, *_refused(), in_window=in_window)
    try:
        connect.complete(user, consent, request.args.get("code", ""), request.args.get("realmId", ""))
    except connect.OtherCompany as other:
        return _ask(consent, other)
    except connect.CompanyTaken as error:
        return _problem(
            error.status,
            _("This QuickBooks company is already in use"),
            _(
                "It is connected to another workspace, and nothing was changed. Have it disconnected there"
                " first, or connect again and choose another company."
            ),
            in_window=in_window,
        )
    except connect.AnswerRefused as error:
        return _problem(error.status, *_refused(), in_window=in_window)
    except ProviderError as error:
        return _failure(error, in_window=in_window)
    return htmx.redirect(url_for("integrations.connected", window=1 if consent.in_window else None))


@integrations.get("/quickbooks/connected")
def connected() -> BaseResponse:
    """Say that it worked, at an address without the code: in the window, or on the QuickBooks page."""
    connection = connections.living(access.workspace_id())
    if connection is None:
        return htmx.redirect(url_for("integrations.index"))
    message = _("%(company)s is connected.", company=connection.company_name)
    if request.args.get("window") == "1":
        return _report(_("Connected"), message)
    flash(message)
    return htmx.redirect(url_for("integrations.quickbooks"))


def _cancelled(consent: OAuthState) -> BaseResponse:
    message = _("You cancelled. Nothing was changed.")
    if consent.in_window:
        return _report(_("Cancelled"), message)
    flash(message)
    return htmx.redirect(url_for("integrations.index"))


def _report(title: str, message: str) -> Response:
    """The window's last page: it tells the main window and closes itself."""
    return _result(200, title=title, message=message, report=message, in_window=True)


def _problem(status: int, title: str, message: str, *, in_window: bool, **context: object) -> Response:
    """What went wrong. The window stays open to say it; the main window says it when people come back."""
    told = {"title": title, "message": message, "problem": f"{title}. {message}"}
    return _result(status, in_window=in_window, **({"again": True} | told | context))


def _failure(error: ProviderError, *, in_window: bool) -> Response:
    title, message = _words(error)
    is_hopeless = isinstance(error, InvalidClient | SubscriptionEnded)
    return _problem(502, title, message, in_window=in_window, error=error, again=not is_hopeless)


def _ask(consent: OAuthState, other: connect.OtherCompany) -> Response:
    return _result(
        other.status,
        title=_("This is another QuickBooks company"),
        message=_(
            "You chose %(new)s instead of %(present)s, which this workspace works with. Nothing was changed.",
            new=other.name,
            present=other.present,
        ),
        in_window=consent.in_window,
        other=other,
    )


def _result(status: int, **context: object) -> Response:
    return make_response(render_template("integrations/connect_result.html", **context), status)


def _refused() -> tuple[str, str]:
    return (
        _("QuickBooks did not grant access"),
        _("Its answer was not complete. Nothing was changed. Connect again."),
    )


def _words(error: ProviderError) -> tuple[str, str]:
    """What a failed exchange means, in words; the old state stays in every case."""
    if isinstance(error, InvalidGrant):
        return (
            _("QuickBooks did not accept the consent"),
            _("It was used already or is too old. Nothing was changed. Connect again."),
        )
    if isinstance(error, Throttled):
        return (
            _("QuickBooks asked us to slow down"),
            _("Nothing was changed. Wait a minute, then connect again."),
        )
    if isinstance(error, SubscriptionEnded):
        return (
            _("The QuickBooks subscription of this company has ended"),
            _("Nothing was changed. Renew it in QuickBooks, then connect again."),
        )
    if isinstance(error, InvalidClient):
        return (
            _("QuickBooks does not know this program"),
            _("The client ID or secret of this host is wrong. Nothing was changed. Tell your administrator."),
        )
    if isinstance(error, AuthExpired | NotAuthorised):
        return (
            _("QuickBooks did not let us read this company"),
            _("Nothing was changed. Sign in to QuickBooks as its administrator and connect again."),
        )
    if isinstance(error, Unreachable):
        return (
            _("QuickBooks could not be reached"),
            _("Nothing was changed. Wait a minute, then connect again."),
        )
    return (
        _("QuickBooks did not answer as expected"),
        _("Nothing was changed. Wait a minute, then connect again."),
    )
