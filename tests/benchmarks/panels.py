"""The panel as it is measured: the real program with a database of its own, and people signed in to it."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from webapp import create_app
from webapp.clock import now
from webapp.config import Settings
from webapp.models import User

BROWSER = {"User-Agent": "benchmark"}
SECRET, RAW_CSRF = "benchmark", "0" * 40  # the panel of the measurement trusts no one else's


def panel(folder: str, key: str, url: str = "") -> Flask:
    """The panel with its database at ``url``, or else in the folder; gunicorn makes it."""
    return create_app(
        Settings(
            instance_path=Path(folder),
            database_url=url or f"sqlite:///{folder}/panel.sqlite3",
            secret_key=SECRET,
            encryption_keys=(key,),
            log_level="ERROR",
        )
    )


def headers(app: Flask, person: User) -> dict[str, str]:
    """What a signed-in browser sends along with HTMX."""
    until = now().timestamp() + 12 * 3600
    with app.test_request_context(headers=BROWSER, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        browser = app.login_manager._session_identifier_generator()
    session = {
        "_user_id": str(person.id), "_id": browser, "_fresh": True, "hours": 12, "until": until,
        "csrf_token": RAW_CSRF,
    }  # fmt: skip
    cookie = app.session_interface.get_signing_serializer(app).dumps(session)
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(RAW_CSRF)
    name = app.config["SESSION_COOKIE_NAME"]
    return {**BROWSER, "Cookie": f"{name}={cookie}", "X-CSRFToken": token, "HX-Request": "true"}
