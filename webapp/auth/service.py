"""Checking passwords and keeping what was typed when a sign-in ran out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from webapp.clock import now
from webapp.db import transaction
from webapp.models import Draft, User

hasher = PasswordHasher()
# Verified when no such user exists, so that a stranger cannot tell by the time which addresses do.
NOBODY = hasher.hash("nobody has this password")
DRAFT_LIFETIME = timedelta(hours=24)


def hash_password(password: str) -> str:
    """Hash a password with argon2id at the library's current parameters."""
    return hasher.hash(password)


def authenticate(email: str, password: str) -> User | None:
    """The active user with this e-mail address and password, or None."""
    address = email.replace("\0", "").strip().lower()  # Postgres takes no NUL
    user = User.get_or_none((User.email == address) & User.active)
    try:
        hasher.verify(user.password_hash if user else NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    if user and hasher.check_needs_rehash(user.password_hash):
        User.update(password_hash=hash_password(password)).where(User.id == user.id).execute()
    return user


def keep_draft(user_id: int, fields: Mapping[str, list[str]]) -> int:
    """Keep typed fields until the form is opened again; returns the draft's id. Old drafts go."""
    with transaction():
        Draft.delete().where(Draft.created_at < now() - DRAFT_LIFETIME).execute()
        return Draft.create(user=user_id, fields=dict(fields)).id


def take_draft(user_id: int, draft_id: int) -> dict[str, list[str]]:
    """The fields of a person's own draft, empty when it is gone; the draft stays until it is old."""
    draft = Draft.get_or_none((Draft.id == draft_id) & (Draft.user == user_id))
    return draft.fields if draft else {}


def set_language(user_id: int, language: str) -> None:
    """Remember a person's language."""
    User.update(language=language).where(User.id == user_id).execute()


def set_theme(user_id: int, theme: str | None) -> None:
    """Remember a person's theme; None follows the system."""
    User.update(theme=theme).where(User.id == user_id).execute()
