"""Consents and tokens: what the OAuth endpoints promise, on the server's clock.

Lifetimes and rotation: access tokens live an hour; the refresh token rolls on for 101 days with each
use, changes its value on the first use after a day, and ends five years after the consent at the latest.
"""

import secrets
import sqlite3
from typing import NamedTuple

from . import choices
from .clock import Clock
from .store import Store

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 8_726_400
HARD_SECONDS = 157_680_000
CODE_SECONDS = 600
MOST_KEPT = 1000
ACCOUNTING = "com.intuit.quickbooks.accounting"
SCOPES = {ACCOUNTING, "com.intuit.quickbooks.payment", "openid", "profile", "email", "phone", "address"}


class GrantError(Exception):
    """A refusal of the token endpoint, with OAuth's error word and a description."""

    def __init__(self, error: str, description: str | None = None):
        super().__init__(error)
        self.error = error
        self.description = description


class Tokens(NamedTuple):
    """What a token request gives."""

    realm: str
    scope: str
    access: str
    refresh: str
    hard_expires_in: int
    nonce: str | None


class Bearer(NamedTuple):
    """What an access token stands for."""

    realm: str
    scopes: frozenset[str]


class Grants:
    """The consents of the one client.

    rotate_after: the age in seconds after which a refresh token changes its value; 0 changes it on every use.
    """

    def __init__(self, store: Store, clock: Clock, rotate_after: int):
        self._store = store
        self._clock = clock
        self._rotate_after = rotate_after
        # Good tokens with their ends, as read since so many revocations.
        self._bearers: dict[str, tuple[Bearer, int]] = {}
        self._revocations = 0

    def consent(self, realm: str, scope: str, redirect_uri: str, nonce: str | None = None) -> str:
        """Record that the user agreed, and return the code for the redirect."""
        code = "AB" + secrets.token_urlsafe(36)
        with self._store.writing() as db:
            db.execute(
                "INSERT INTO consent (realm, scope, created, code, redirect_uri, nonce) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (realm, scope, self._clock.now(), code, redirect_uri, nonce),
            )
        return code

    def exchange(self, code: str, redirect_uri: str) -> Tokens:
        """Take a code for tokens, once; a second try also ends what the first one got."""
        refused = GrantError("invalid_grant", "Invalid authorization code")
        with self._store.writing() as db:
            row = db.execute(
                "SELECT id, created, redirect_uri, code_used, revoked FROM consent WHERE code = ?", (code,)
            ).fetchone()
            if row is None:
                raise refused
            consent, created, wanted_uri, used, revoked = row
            if used:
                self._end(db, consent)
            elif redirect_uri == wanted_uri and created + CODE_SECONDS > self._clock.now() and not revoked:
                db.execute("UPDATE consent SET code_used = 1 WHERE id = ?", (consent,))
                return self._issue(db, consent, rotate=True)
        if used:
            self._store.withdraw()
        raise refused

    def refresh(self, refresh_token: str) -> Tokens:
        """Give a new access token, and sometimes a new refresh token, for the current refresh token.

        The one before it may still do for a while, by the choice `old_refresh`; then nothing is rotated.
        """
        now = self._clock.now()
        with self._store.writing() as db:
            row = db.execute(
                "SELECT id, created, refresh_issued, refresh_expires, revoked FROM consent "
                "WHERE refresh_token = :token OR (old_refresh_token = :token AND old_refresh_expires > :now)",
                {"token": refresh_token, "now": now},
            ).fetchone()
            if row is None:
                raise self._unknown_refresh_token(db, refresh_token)
            consent, created, issued, expires, revoked = row
            if revoked or now >= expires or now >= created + HARD_SECONDS:
                raise GrantError("invalid_grant", "Token invalid")
            return self._issue(db, consent, rotate=now - issued >= self._rotation(db))

    def revoke(self, token: str) -> None:
        """End the consent that a token of either kind belongs to; raises GrantError for an unknown one.

        By the choice `revoked_access` an access token ends alone.
        """
        with self._store.writing() as db:
            row = db.execute(
                "SELECT id, 0 FROM consent WHERE refresh_token = ? AND NOT revoked UNION "
                "SELECT consent.id, 1 FROM access_token JOIN consent ON consent.id = consent "
                "WHERE token = ? AND NOT revoked",
                (token, token),
            ).fetchone()
            if row is None:
                raise GrantError("invalid_request", "Token invalid")
            consent, is_access = row
            if is_access and choices.made(db, "revoked_access") == "token":
                db.execute("DELETE FROM access_token WHERE token = ?", (token,))
            else:
                self._end(db, consent)
        self._store.withdraw()

    def bearer(self, access_token: str) -> Bearer | None:
        """What an access token stands for now, or None."""
        known = self._bearers.get(access_token)
        if known is None or self._revocations != self._store.withdrawals():
            known = self._look_up(access_token)
        return known[0] if known and known[1] > self._clock.now() else None

    def _look_up(self, access_token: str) -> tuple[Bearer, int] | None:
        """A good token with its end, from the store, and kept; all that was kept before is forgotten when
        something was revoked since."""
        with self._store.reading() as db:
            revocations = self._store.withdrawals()
            if self._revocations != revocations or len(self._bearers) > MOST_KEPT:
                self._bearers.clear()
                self._revocations = revocations
            row = db.execute(
                "SELECT realm, scope, expires FROM access_token JOIN consent ON consent.id = consent "
                "WHERE token = ? AND NOT revoked",
                (access_token,),
            ).fetchone()
            if row is None:
                return None
            found = self._bearers[access_token] = (Bearer(row[0], frozenset(row[1].split())), row[2])
        return found

    def _rotation(self, db: sqlite3.Connection) -> int:
        return int(choices.made(db, "rotate_after") or self._rotate_after)

    def _end(self, db: sqlite3.Connection, consent: int) -> None:
        db.execute("UPDATE consent SET revoked = 1 WHERE id = ?", (consent,))

    def _unknown_refresh_token(self, db: sqlite3.Connection, token: str) -> GrantError:
        is_access = db.execute("SELECT 1 FROM access_token WHERE token = ?", (token,)).fetchone()
        description = (
            "Incorrect Token type or clientID" if is_access else "Incorrect or invalid refresh token"
        )
        return GrantError("invalid_grant", description)

    def _issue(self, db: sqlite3.Connection, consent: int, rotate: bool) -> Tokens:
        now = self._clock.now()
        if rotate:
            old_expires = now + int(choices.made(db, "old_refresh"))
            db.execute(
                "UPDATE consent SET old_refresh_token = refresh_token, old_refresh_expires = ?, "
                "refresh_token = ?, refresh_issued = ? WHERE id = ?",
                (old_expires, "AB11" + secrets.token_urlsafe(34), now, consent),
            )
        db.execute("UPDATE consent SET refresh_expires = ? WHERE id = ?", (now + REFRESH_SECONDS, consent))
        # As long as Intuit's, so that a column that is too short shows itself.
        access = "eyJ" + secrets.token_urlsafe(600)
        db.execute("DELETE FROM access_token WHERE expires < ?", (now,))
        db.execute("INSERT INTO access_token VALUES (?, ?, ?)", (access, consent, now + ACCESS_SECONDS))
        realm, scope, refresh, created, nonce = db.execute(
            "SELECT realm, scope, refresh_token, created, nonce FROM consent WHERE id = ?", (consent,)
        ).fetchone()
        return Tokens(realm, scope, access, refresh, created + HARD_SECONDS - now, nonce)
