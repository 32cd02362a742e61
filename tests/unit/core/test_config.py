"""Settings are read strictly and documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp import config
from webapp.security import content_security_policy

README = Path(__file__).resolve().parents[3] / "README.md"


def test_defaults_are_the_demo() -> None:
    settings = config.from_env({})
    assert settings.is_demo
    assert settings.is_loopback
    assert settings.redirect_uri == "http://localhost:8000/settings/integrations/quickbooks/callback"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"PORT": "٣"}, "PORT"),
        ({"SESSION_HOURS": "0"}, "SESSION_HOURS"),
        ({"INTUIT_ENVIRONMENT": "staging"}, "INTUIT_ENVIRONMENT"),
        ({"INTUIT_ENVIRONMENT": "production"}, "INTUIT_CLIENT_ID"),
        ({"PUBLIC_URL": "example.com"}, "PUBLIC_URL"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"SECRET_KEY_FILE": "/does/not/exist"}, "SECRET_KEY_FILE"),
    ],
)
def test_bad_setting_is_refused_by_name(environ: dict[str, str], named: str) -> None:
    with pytest.raises(config.SettingsError, match=named):
        config.from_env(environ)


def test_production_needs_https() -> None:
    keys = {"INTUIT_CLIENT_ID": "id", "INTUIT_CLIENT_SECRET": "secret", "INTUIT_ENVIRONMENT": "production"}
    with pytest.raises(config.SettingsError, match="PUBLIC_URL"):
        config.from_env({**keys, "PUBLIC_URL": "http://books.example"})
    assert config.from_env({**keys, "PUBLIC_URL": "https://books.example"}).uses_tls


def test_intuit_keys_alone_mean_intuits_sandbox() -> None:
    settings = config.from_env({"INTUIT_CLIENT_ID": "id", "INTUIT_CLIENT_SECRET": "secret"})
    assert settings.intuit_environment == "sandbox"


def test_secrets_are_read_from_files_and_stay_out_of_repr(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("from-a-file\n")
    settings = config.from_env({"SECRET_KEY_FILE": str(path)})
    assert settings.secret_key == "from-a-file"
    assert "from-a-file" not in repr(settings)


def test_policy_allows_nothing_unsafe() -> None:
    policy = content_security_policy(config.Settings())
    assert "unsafe" not in policy
    assert f"script-src 'self' {config.HTMX_URL};" in policy


def test_every_setting_is_in_the_readme() -> None:
    text = README.read_text()
    names = {name.upper() for name in config.Settings.__dataclass_fields__} - {"TESTING"}
    missing = [name for name in sorted(names | {"PORT", "SANDBOX_PORT"}) if f"`{name}`" not in text]
    assert missing == []
