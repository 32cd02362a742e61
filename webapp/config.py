"""Settings from the environment: parsed strictly, validated as a whole, never changed afterwards."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ENVIRONMENTS = ("demo", "sandbox", "production")
HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"
INSTANCE = Path(__file__).resolve().parent.parent / "instance"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingsError(ValueError):
    """The environment does not describe a program that can run; the message names the setting."""


@dataclass(frozen=True)
class Settings:
    """Everything a host can choose; one environment variable per field, in upper case.

    ``database_url`` is ``sqlite:///path`` or ``postgresql://…``; ``secret_key`` signs cookies and
    ``encryption_keys`` (newest first) encrypt tokens: both are made in ``instance/`` when not given.
    """

    instance_path: Path = INSTANCE
    database_url: str = f"sqlite:///{INSTANCE / 'ledgerbridge.sqlite3'}"
    secret_key: str = field(default="", repr=False)
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    public_url: str = "http://localhost:8000"
    sandbox_url: str = "http://localhost:8001"
    intuit_environment: str = "demo"
    intuit_client_id: str = "sandbox-client"
    intuit_client_secret: str = field(default="sandbox-secret", repr=False)
    intuit_webhook_verifier: str = field(default="", repr=False)
    calls_per_minute: int = 450
    htmx_url: str = HTMX_URL
    htmx_integrity: str = HTMX_INTEGRITY
    session_hours: int = 12
    max_upload_mb: int = 5
    log_level: str = "INFO"
    gallery: bool = False
    testing: bool = False

    @property
    def is_demo(self) -> bool:
        """Whether the panel talks to the local sandbox server instead of Intuit."""
        return self.intuit_environment == "demo"

    @property
    def uses_tls(self) -> bool:
        """Whether people reach the panel over https."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the panel under its public address."""
        return (urlsplit(self.public_url).hostname or "") in LOOPBACK

    @property
    def redirect_uri(self) -> str:
        """The address that Intuit sends people back to after consent."""
        return f"{self.public_url}/settings/integrations/quickbooks/callback"


def from_env(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from ``environ``; raises SettingsError that names the bad variable.

    Every variable may be given as ``NAME_FILE`` with the path of a file that holds the value.
    """
    env = _with_files(environ)
    port = _integer(env, "PORT", 8000, 1, 65535)
    sandbox_port = _integer(env, "SANDBOX_PORT", 8001, 1, 65535)
    intuit_environment = _choice(env, "INTUIT_ENVIRONMENT", _default_environment(env), ENVIRONMENTS)
    demo = intuit_environment == "demo"
    instance = Path(env.get("INSTANCE_PATH", INSTANCE)).resolve()
    settings = Settings(
        instance_path=instance,
        database_url=env.get("DATABASE_URL", f"sqlite:///{instance / 'ledgerbridge.sqlite3'}"),
        secret_key=env.get("SECRET_KEY", ""),
        encryption_keys=tuple(key for key in env.get("ENCRYPTION_KEYS", "").split(",") if key),
        public_url=_url(env, "PUBLIC_URL", f"http://localhost:{port}"),
        sandbox_url=_url(env, "SANDBOX_URL", f"http://localhost:{sandbox_port}"),
        intuit_environment=intuit_environment,
        intuit_client_id=env.get("INTUIT_CLIENT_ID", "sandbox-client" if demo else ""),
        intuit_client_secret=env.get("INTUIT_CLIENT_SECRET", "sandbox-secret" if demo else ""),
        intuit_webhook_verifier=env.get("INTUIT_WEBHOOK_VERIFIER", ""),
        calls_per_minute=_integer(env, "CALLS_PER_MINUTE", 450, 1, 100_000),
        htmx_url=env.get("HTMX_URL", HTMX_URL),
        htmx_integrity=env.get("HTMX_INTEGRITY", HTMX_INTEGRITY),
        session_hours=_integer(env, "SESSION_HOURS", 12, 1, 720),
        max_upload_mb=_integer(env, "MAX_UPLOAD_MB", 5, 1, 100),
        log_level=_choice(env, "LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        gallery=_choice(env, "GALLERY", "0", ("0", "1")) == "1",
    )
    validate(settings)
    return settings


def validate(settings: Settings) -> None:
    """Refuse a combination of settings that cannot work; raises SettingsError."""
    if not settings.is_demo and not (settings.intuit_client_id and settings.intuit_client_secret):
        raise SettingsError(
            "INTUIT_CLIENT_ID and INTUIT_CLIENT_SECRET are needed when INTUIT_ENVIRONMENT is not demo"
        )
    if settings.intuit_environment == "production" and not settings.uses_tls:
        raise SettingsError("PUBLIC_URL must begin with https:// when INTUIT_ENVIRONMENT is production")
    if settings.gallery and settings.intuit_environment == "production":
        raise SettingsError("GALLERY is for development and must be 0 when INTUIT_ENVIRONMENT is production")
    if urlsplit(settings.database_url).scheme not in {"sqlite", "postgresql", "postgres"}:
        raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://")


def _default_environment(env: Mapping[str, str]) -> str:
    return "sandbox" if env.get("INTUIT_CLIENT_ID") else "demo"


def _with_files(environ: Mapping[str, str]) -> dict[str, str]:
    values = {name: value for name, value in environ.items() if value}
    for name, path in environ.items():
        target = name.removesuffix("_FILE")
        if target == name or not path or target not in FILE_SETTINGS:
            continue
        try:
            values[target] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{name}: cannot read {path} ({error.strerror})") from error
    return values


FILE_SETTINGS = frozenset(
    {
        "DATABASE_URL",
        "SECRET_KEY",
        "ENCRYPTION_KEYS",
        "INTUIT_CLIENT_ID",
        "INTUIT_CLIENT_SECRET",
        "INTUIT_WEBHOOK_VERIFIER",
    }
)


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {text!r}")
    return int(text)


def _choice(env: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    text = env.get(name, default)
    if text not in choices:
        raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {text!r}")
    return text


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    text = env.get(name, default).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{name} must be an http(s) address, not {text!r}")
    return text


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Make ``settings`` what ``current()`` answers; called once by the factory."""
    global _current  # noqa: PLW0603 - services and the worker run outside any Flask context
    _current = settings


def current() -> Settings:
    """The running program's settings; raises RuntimeError before the factory has run."""
    if _current is None:
        raise RuntimeError("config.use() has not run")
    return _current
