"""Encryption of tokens and secrets at rest: versioned ciphertext with rotating keys.

A value is stored as ``v1:<Fernet token>``. The first key encrypts, all keys decrypt, so that a key can be
rotated without downtime (https://cryptography.io/en/latest/fernet/#cryptography.fernet.MultiFernet).
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from webapp.errors import AppError

PREFIX = "v1:"


class UnreadableSecret(AppError):
    """A stored secret was written with a key that this host does not have."""

    code = "unreadable_secret"


class Keyring:
    """Encrypts with the newest key and decrypts with any.

    ``keys`` are url-safe base64 Fernet keys, newest first; at least one.
    """

    def __init__(self, keys: list[str]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        """Return the versioned ciphertext of ``text``."""
        return PREFIX + self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, stored: str) -> str:
        """Return the text behind a stored value; raises UnreadableSecret for an unknown key or version."""
        if not stored.startswith(PREFIX):
            raise UnreadableSecret
        try:
            return self._fernet.decrypt(stored.removeprefix(PREFIX).encode()).decode()
        except InvalidToken as error:
            raise UnreadableSecret from error


def load_or_create_key(path: Path) -> str:
    """Read the key file at ``path``, making it (mode 0600) when it does not exist.

    Two processes may start at once: the file is created exclusively and the loser reads the winner's key.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = Fernet.generate_key().decode()
    with os.fdopen(handle, "w") as file:
        file.write(key + "\n")
    return key


_keyring: Keyring | None = None


def configure(keys: list[str]) -> None:
    """Set the keys that encrypted database fields use; called once by the factory."""
    global _keyring  # noqa: PLW0603 - fields are class attributes, they cannot be handed a keyring
    _keyring = Keyring(keys)


def keyring() -> Keyring:
    """The configured keyring; raises RuntimeError before the factory has run."""
    if _keyring is None:
        raise RuntimeError("crypto.configure() has not run")
    return _keyring
