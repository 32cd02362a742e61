"""Who may come in: every address needs a sign-in unless its view says ``@public``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request, session
from flask_login import current_user, logout_user

from webapp import clock
from webapp.errors import NotFound
from webapp.extensions import login_manager
from webapp.models import User

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Let strangers reach a view."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def person() -> User:
    """The signed-in person."""
    return cast(User, current_user._get_current_object())


def workspace_id() -> int:
    """The signed-in person's workspace; raises NotFound for support staff, who have none."""
    if current_user.workspace_id is None:
        raise NotFound
    return cast(int, current_user.workspace_id)


def start_session(hours: int) -> None:
    """Let the sign-in last ``hours`` from now; each request moves the end."""
    session["until"] = (clock.now() + timedelta(hours=hours)).timestamp()
    session["hours"] = hours


def init_app(app: Flask) -> None:
    """Guard every address, and end sign-ins whose time is over."""

    @login_manager.user_loader
    def load(user_id: str) -> User | None:
        return User.get_or_none((User.id == int(user_id)) & User.active) if user_id.isdigit() else None

    @app.before_request
    def guard() -> Any:
        if request.endpoint is None or request.endpoint == "static":
            return None
        if current_user.is_authenticated:
            if clock.now().timestamp() > session.get("until", 0):
                session["last_user"] = current_user.id
                logout_user()
            else:
                start_session(session["hours"])
        view = current_app.view_functions[request.endpoint]
        if current_user.is_authenticated or getattr(view, "is_public", False):
            return None
        return login_manager.unauthorized()
