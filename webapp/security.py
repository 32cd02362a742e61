"""Response headers, cookies and who may come in: the same for every page."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, request

from webapp.config import Settings

STATIC = {"static"}


def content_security_policy(settings: Settings) -> str:
    """Everything from ourselves, and HTMX from its one address; nothing inline, nothing evaluated."""
    scripts = "'self'" if settings.htmx_url.startswith("/") else f"'self' {settings.htmx_url}"
    rules = {
        "default-src": "'none'",
        "script-src": scripts,
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def cookie_settings(settings: Settings) -> dict[str, object]:
    """Flask's cookie settings; named so that panel and sandbox on one host never share a cookie."""
    prefix = "__Host-" if settings.uses_tls else ""
    return {
        "SESSION_COOKIE_NAME": f"{prefix}ledgerbridge",
        "SESSION_COOKIE_SECURE": settings.uses_tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": (settings.max_upload_mb + 1) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    }


def init_app(app: Flask, settings: Settings) -> None:
    """Add the headers that every answer carries."""
    policy = content_security_policy(settings)

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if settings.uses_tls:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint not in STATIC:
            headers.add("Vary", "HX-Request")
            headers["Cache-Control"] = "no-store"  # a stranger's too: an expired form carries what was typed
        return response


def safe_path(target: str | None, default: str = "/") -> str:
    """A path on this host to go on to, or ``default`` when ``target`` leads anywhere else."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(char) < 32 for char in target):
        return default
    return target
