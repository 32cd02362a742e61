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
    from webapp.inputs import RowIdConverter

    settings = settings or config.from_env()
    config.use(settings)
    root = Path(__file__).resolve().parent.parent
    app = Flask(
        __name__,
        template_folder=str(root / "templates"),
        static_folder=str(root / "static"),
        instance_path=str(settings.instance_path),
    )
    app.extensions["settings"] = settings
    app.url_map.converters["id"] = RowIdConverter
    app.config.update(security.cookie_settings(settings), TESTING=settings.testing)
    keys = settings.instance_path
    app.secret_key = settings.secret_key or crypto.load_or_create_key(keys / "secret.key")
    crypto.configure(list(settings.encryption_keys) or [crypto.load_or_create_key(keys / "encryption.key")])
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals.update(settings=settings, version=__version__)
    logs.configure(settings.log_level, propagate=settings.testing)
    db.init_app(app, settings)
    csrf.init_app(app)
    login_manager.init_app(app)
    i18n.init_app(app)
    security.init_app(app, settings)
    error_pages.init_app(app)
    cli.init_app(app)
    _register_features(app)
    if settings.gallery:
        from webapp.gallery.routes import gallery

        app.register_blueprint(gallery)
    return app


def _register_features(app: Flask) -> None:
    from webapp.auth.routes import auth
    from webapp.companies.routes import companies
    from webapp.documents.routes import documents
    from webapp.imports.routes import imports
    from webapp.integrations.routes import integrations
    from webapp.integrations.routes_webhooks import webhooks
    from webapp.links.routes import links
    from webapp.settings.routes import settings_pages
    from webapp.support.routes import support

    own = (auth, companies, documents, imports, integrations, links, settings_pages, support, webhooks)
    for blueprint in own:
        app.register_blueprint(blueprint)
