"""Secrets at rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from webapp.crypto import Keyring, UnreadableSecret, load_or_create_key


def key() -> str:
    return Fernet.generate_key().decode()


def test_stored_value_is_versioned_and_hides_the_text() -> None:
    stored = Keyring([key()]).encrypt("refresh-token")
    assert stored.startswith("v1:")
    assert "refresh-token" not in stored


def test_old_key_still_reads_and_the_new_one_writes() -> None:
    old, new = key(), key()
    both = Keyring([new, old])
    assert both.decrypt(Keyring([old]).encrypt("secret")) == "secret"
    assert Keyring([new]).decrypt(both.encrypt("secret")) == "secret"


@pytest.mark.parametrize("stored", ["v1:nonsense", "v9:abc", "", "plain text"])
def test_unknown_ciphertext_is_an_error_not_a_value(stored: str) -> None:
    with pytest.raises(UnreadableSecret):
        Keyring([key()]).decrypt(stored)


def test_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "encryption.key"
    made = load_or_create_key(path)
    assert load_or_create_key(path) == made
    assert path.stat().st_mode & 0o077 == 0
