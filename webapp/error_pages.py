"""The edge: what went wrong, said to the reader as a page, a toast or a sign-in form."""

from __future__ import annotations

import json
import logging
from typing import Any

from flask import Flask, Response, flash, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from peewee import InterfaceError, OperationalError
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from webapp import htmx
from webapp.auth import access, service
from webapp.auth.forms import SignInForm
from webapp.errors import AppError
from webapp.extensions import login_manager
from webapp.security import safe_path

logger = logging.getLogger("webapp.errors")

DATABASE_AWAY = (OperationalError, InterfaceError, MaxConnectionsExceeded)
CONSENT_ANSWER = "integrations.connect_callback"
NOT_CARRIED = {"csrf_token", "password", "next", "carried"}


def words(status: int) -> tuple[str, str]:
    """A title and a sentence for an HTTP status, in the reader's language."""
    texts = {
        400: (
            _("This request cannot be used"),
            _("It is damaged or too old. Go back, reload the page and try again."),
        ),
        403: (
            _("You may not do this"),
            _("Ask an owner or admin of your company to do it or to change your permissions."),
        ),
        404: (
            _("Nothing is here"),
            _("The address is wrong, or the thing was removed, or you may not see it."),
        ),
        405: (_("This address works differently"), _("Go back and use the buttons of the page.")),
        409: (
            _("Somebody changed this first"),
            _("Reload the page to see what is there now. What you typed was not saved."),
        ),
        413: (
            _("This file is too large"),
            _("Split it into smaller files and try again. Nothing was imported."),
        ),
        500: (
            _("Something broke on our side"),
            _("Nothing you saved before is lost. Try again; if it goes on, tell your administrator when."),
        ),
        502: (
            _("The accounting system did not answer as expected"),
            _("Nothing was changed. Try again in a minute."),
        ),
    }
    return texts.get(status, texts[500] if status >= 500 else texts[400])


def answer(status: int, title: str | None = None, message: str | None = None) -> Response:
    """An error page, or for HTMX a toast that leaves the page as it is."""
    fallback_title, fallback = words(status)
    title, message = title or fallback_title, message or fallback
    if htmx.is_htmx():
        response = Response(status=status, headers={"HX-Reswap": "none"})
        return htmx.toast(response, f"{title}. {message}")
    page = render_template("errors/error.html", title=title, message=message, status=status)
    return make_response(page, status)


def expired() -> BaseResponse:
    """Ask for a sign-in; a form that was sent comes along and is opened again, filled, afterwards."""
    if request.method in {"GET", "HEAD"}:
        target = here()
        if request.endpoint == CONSENT_ANSWER:
            flash(_("Sign in, then connect again. Nothing was changed."))
        if htmx.is_htmx():
            target = _page_of_htmx()
            headers = {"HX-Redirect": url_for("auth.sign_in", next=target)}
            return Response(status=401, headers=headers)
        return htmx.redirect(url_for("auth.sign_in", next=target))
    form = SignInForm(formdata=None)
    fields = _typed()
    form.next.data = _form_of_post()
    form.carried.data = json.dumps(fields) if fields else ""
    is_file_lost = any(file.filename for file in request.files.values())
    page = render_template("auth/sign_in.html", form=form, expired=True, is_file_lost=is_file_lost)
    response = make_response(page, 401)
    response.headers.update({"HX-Retarget": "body", "HX-Reswap": "innerHTML"})
    return response


def here() -> str:
    """The page that is open, to come back to; never the consent's answer, since its address holds a code."""
    if request.method != "GET" or request.endpoint == CONSENT_ANSWER:
        return "/"
    return request.full_path.rstrip("?")


def _page_of_htmx() -> str:
    return safe_path(_path(request.headers.get("HX-Current-URL", "")))


def _path(url: str) -> str:
    base = request.host_url.rstrip("/")
    return url.removeprefix(base) if url.startswith(base) else ""


def _typed() -> dict[str, list[str]]:
    """The fields of the posted form that are worth keeping."""
    return {name: values for name, values in request.form.lists() if name not in NOT_CARRIED}


def _form_of_post() -> str:
    """Where the posted form can be opened again: its edit address if it has one, else where it stood."""
    here_it_stood = _page_of_htmx() if htmx.is_htmx() else safe_path(_path(request.referrer or ""))
    return _edit_address() or here_it_stood


def _edit_address() -> str | None:
    """The address that opens the posted form for editing, if it has one."""
    candidate = request.path.rstrip("/") + "/edit"
    adapter = g.get("url_adapter") or request_adapter()
    try:
        adapter.match(candidate, method="GET")
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return None
    return candidate


def _outdated() -> BaseResponse:
    """A form of an earlier sign-in, whose token is worth nothing now: refused, but what was typed is kept."""
    title, fields, edit = _("This form is too old to be sent"), _typed(), _edit_address()
    if not fields or edit is None or not current_user.is_authenticated:
        return answer(
            400, title, _("Nothing was saved. Reload the page, check what you typed and send it again.")
        )
    again = f"{edit}?draft={service.keep_draft(current_user.id, fields)}"
    message = _("Nothing was saved yet. The form opens again as you left it; check it and save.")
    if htmx.is_htmx():
        flash(f"{title}. {message}")
        return Response(status=400, headers={"HX-Redirect": again})
    page = render_template("errors/error.html", title=title, message=message, status=400, again=again)
    return make_response(page, 400)


def request_adapter() -> Any:
    """The URL map bound to the current request."""
    from flask.globals import app_ctx

    return app_ctx.app.create_url_adapter(request)


def init_app(app: Flask) -> None:
    """Register the guard and a handler for every kind of error."""
    access.init_app(app)
    app.jinja_env.globals["here"] = here
    login_manager.unauthorized_handler(expired)

    @app.errorhandler(AppError)
    def app_error(error: AppError) -> BaseResponse:
        return answer(error.status)

    @app.errorhandler(CSRFError)
    def csrf_error(_error: CSRFError) -> BaseResponse:
        view = app.view_functions.get(request.endpoint or "")
        if not current_user.is_authenticated and not getattr(view, "is_public", False):
            return expired()
        return _outdated()

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> BaseResponse:
        return answer(413)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> BaseResponse:
        if isinstance(error, RequestRedirect):
            return error.get_response()
        return answer(error.code or 500)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> BaseResponse:
        logger.exception("unexpected error at %s %s", request.method, request.path)
        if app.testing:
            raise error
        if not isinstance(error, DATABASE_AWAY):
            return answer(500)
        g._login_user = login_manager.anonymous_user()  # who it is cannot be looked up for the page
        return answer(503)
