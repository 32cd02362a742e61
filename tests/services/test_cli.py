"""Commands for the host."""

from __future__ import annotations

from types import SimpleNamespace

from cryptography.fernet import Fernet
from flask import Flask

from tests import factories
from webapp import crypto
from webapp.config import Settings
from webapp.models import Connection


def test_rekey_brings_every_token_under_the_newest_key(
    app: Flask, world: SimpleNamespace, settings: Settings
) -> None:
    row = factories.connection(world.workspace)
    factories.connection(world.other, realm_id="777", access_token=None, refresh_token=None)
    newest = Fernet.generate_key().decode()
    crypto.configure([newest, *settings.encryption_keys])
    result = app.test_cli_runner().invoke(args=["db", "rekey"])
    assert (result.exit_code, result.output) == (0, "2 connections are under the newest key.\n")
    crypto.configure([newest])
    kept = Connection.get_by_id(row.id)
    assert (kept.access_token, kept.refresh_token) == ("at-secret", "rt-secret")
    assert kept.version == row.version


def test_rekey_without_the_old_key_changes_nothing(
    app: Flask, world: SimpleNamespace, settings: Settings
) -> None:
    row = factories.connection(world.workspace)
    crypto.configure([Fernet.generate_key().decode()])
    result = app.test_cli_runner().invoke(args=["db", "rekey"])
    assert result.exit_code == 1
    assert "ENCRYPTION_KEYS" in result.output
    crypto.configure(list(settings.encryption_keys))
    assert Connection.get_by_id(row.id).refresh_token == "rt-secret"
