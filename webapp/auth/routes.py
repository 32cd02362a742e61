"""Signing in and out, and the account menu's language and theme."""

from __future__ import annotations

import json

from flask import Blueprint, current_app, flash, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from webapp import htmx
from webapp.auth import access, service
from webapp.auth.forms import SignInForm
from webapp.i18n import LANGUAGES
from webapp.security import safe_path

auth = Blueprint("auth", __name__)

STAY_HOURS = 24 * 30
THEMES = ("light", "dark")


@auth.get("/")
def home() -> Response:
    """Lead everyone to the place where their work begins."""
    if current_user.is_support:
        return htmx.redirect(url_for("support.connections"))
    return htmx.redirect(url_for("integrations.index" if current_user.manages else "documents.index"))


@auth.route("/sign-in", methods=["GET", "POST"])
@access.public
def sign_in() -> Response | str | tuple[str, int]:
    """Show the form, or check it and go on to where the person was."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = safe_path(request.args.get("next"))
        return render_template("auth/sign_in.html", form=form)
    user = service.authenticate(form.email.data or "", form.password.data or "") if form.validate() else None
    if user is None:
        if not form.errors:
            form.password.errors = [
                _("This e-mail address and password do not belong together. Check both and try again.")
            ]
        return render_template("auth/sign_in.html", form=form), 422
    hours = STAY_HOURS if form.stay.data else current_app.extensions["settings"].session_hours
    chosen = session.get("language")
    same_person = session.get("last_user") in {None, user.id}
    session.clear()
    login_user(user)
    session.permanent = bool(form.stay.data)
    access.start_session(hours)
    if chosen and not user.language:
        service.set_language(user.id, chosen)
    carried = form.carried.data if same_person else None
    return htmx.redirect(_after_sign_in(user.id, safe_path(form.next.data), carried))


def _after_sign_in(user_id: int, target: str, carried: str | None) -> str:
    fields = _fields(carried)
    if not fields:
        return target
    flash(_("You are signed in again. Your form is as you left it and not saved yet."))
    draft = service.keep_draft(user_id, fields)
    return f"{target}{'&' if '?' in target else '?'}draft={draft}"


def _fields(carried: str | None) -> dict[str, list[str]]:
    try:
        fields = json.loads(carried or "{}")
    except ValueError:
        return {}
    if not isinstance(fields, dict):
        return {}
    return {
        name: [str(value) for value in values] for name, values in fields.items() if isinstance(values, list)
    }


@auth.post("/sign-out")
def sign_out() -> Response:
    """End the sign-in."""
    logout_user()
    session.clear()
    return htmx.redirect(url_for("auth.sign_in"))


@auth.post("/language")
@access.public
def set_language() -> Response:
    """Switch the language and remember it."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if current_user.is_authenticated:
            service.set_language(current_user.id, chosen)
    return htmx.redirect(safe_path(request.form.get("next")))


@auth.post("/theme")
def set_theme() -> Response:
    """Switch between light, dark and the system's theme, and remember it."""
    chosen = request.form.get("theme", "")
    service.set_theme(current_user.id, chosen if chosen in THEMES else None)
    return htmx.redirect(safe_path(request.form.get("next")))
