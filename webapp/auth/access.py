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

MOVED_AFTER = 300
"""Seconds after which the end of a sign-in is moved; with each request, each would sign a cookie."""
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
    """Let the sign-in last ``hours`` from now; who goes on working has the end moved."""
    session["until"] = (clock.now() + timedelta(hours=hours)).timestamp()
    session["hours"] = hours


def init_app(app: Flask) -> None:
    """Guard every address, and end sign-ins whose time is over."""

    @login_manager.user_loader
    def load(user_id: str) -> User | None:
        user: User | None = User.by(id=int(user_id)) if user_id.isdigit() else None
        return user if user and user.active else None

    @app.before_request
    def guard() -> Any:
        if request.endpoint is None or request.endpoint == "static":
            return None
        if current_user.is_authenticated:
            left = session.get("until", 0) - clock.now().timestamp()
            if left < 0:
                session["last_user"] = current_user.id
                logout_user()
            elif left < session["hours"] * 3600 - MOVED_AFTER:
                start_session(session["hours"])
        view = current_app.view_functions[request.endpoint]
        if current_user.is_authenticated or getattr(view, "is_public", False):
            return None
        return login_manager.unauthorized()
