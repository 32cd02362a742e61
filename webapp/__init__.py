"""Ledgerbridge: connects a promotional-products distributor's ESP+ data to its accounting system."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Settings

__version__ = "0.1.0"


def create_app(settings: Settings | None = None) -> Flask:
    """Wire the program together; no I/O but making the host's own keys on its first start.

    ``settings`` come from the environment when not given.
    """
    from pathlib import Path

    from flask import Flask

    from webapp import cli, config, crypto, db, error_pages, i18n, logs, security
    from webapp.extensions import csrf, login_manager

    settings = settings or config.from_env()
    config.use(settings)
    root = Path(__file__).resolve().parent.parent
    app = Flask(
        __name__,
        template_folder=str(root / "templates"),
        static_folder=str(root / "static"),
        instance_path=str(config.INSTANCE),
    )
    app.extensions["settings"] = settings
    app.config.update(security.cookie_settings(settings), TESTING=settings.testing)
    app.secret_key = settings.secret_key or crypto.load_or_create_key(config.INSTANCE / "secret.key")
    crypto.configure(
        list(settings.encryption_keys) or [crypto.load_or_create_key(config.INSTANCE / "encryption.key")]
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals.update(settings=settings, version=__version__)
    logs.configure(settings.log_level)
    db.init_app(app, settings)
    csrf.init_app(app)
    login_manager.init_app(app)
    i18n.init_app(app)
    security.init_app(app, settings)
    error_pages.init_app(app)
    cli.init_app(app)
    _register_features(app)
    return app


FEATURES = {
    "auth": "auth",
    "companies": "companies",
    "documents": "documents",
    "imports": "imports",
    "integrations": "integrations",
    "links": "links",
    "settings": "settings_pages",
    "support": "support",
}


def _register_features(app: Flask) -> None:
    from importlib import import_module

    for package, blueprint in FEATURES.items():
        try:
            module = import_module(f"webapp.{package}.routes")
        except ModuleNotFoundError as error:
            print("NOT YET:", error)
            continue
        app.register_blueprint(getattr(module, blueprint))
