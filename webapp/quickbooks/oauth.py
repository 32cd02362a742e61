"""Intuit's OAuth 2: the consent address, the code exchange, the refresh, the revocation.

Nothing is kept here between calls. A refresh token and a code serve one call at a time, so callers hold
the connection's lock around ``refresh`` and ``exchange_code``.
https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session

from webapp.quickbooks.endpoints import Endpoints
from webapp.quickbooks.errors import (
    InvalidClient,
    InvalidGrant,
    QuickBooksError,
    ServerError,
    Throttled,
    UnexpectedAnswer,
    Unreachable,
)
from webapp.quickbooks.faults import header

SCOPE = "com.intuit.quickbooks.accounting"
TIMEOUT = (5, 20)
QUICK_TIMEOUT = (3, 5)
ROLLING_LIFE = 100 * 24 * 3600  # seconds an unused refresh token lives, where the answer does not say
HEADERS = {
    "Accept": "application/json",
    # Asks for the day on which the grant ends whatever happens (five years at most)
    "x-include-refresh-token-hard-expires-in": "true",
}


@dataclass(frozen=True)
class AppCredentials:
    """What identifies our app to Intuit."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True)
class TokenSet:
    """The tokens of one grant and until when they serve; ``refresh_hard_expires_at`` None when not told."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_expires_at: datetime
    refresh_hard_expires_at: datetime | None = None


def authorize_url(endpoints: Endpoints, credentials: AppCredentials, state: str) -> str:
    """The address at which the user signs in to QuickBooks and consents."""
    with _session(endpoints, credentials) as session:
        url, _state = session.create_authorization_url(endpoints.authorize_url, state=state, scope=SCOPE)
    return url


def check_reachable(endpoints: Endpoints) -> None:
    """Raise Unreachable when the token endpoint gives no answer at all; what it says does not matter."""
    with requests.Session() as session:
        session.trust_env = not endpoints.is_local
        try:
            session.get(endpoints.token_url, timeout=QUICK_TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            raise Unreachable(f"token endpoint: {type(error).__name__}") from error


def exchange_code(endpoints: Endpoints, credentials: AppCredentials, code: str, now: datetime) -> TokenSet:
    """The tokens for an authorization code, which serves once.

    Raises:
        InvalidGrant: the code was used, is too old, or is of another app.
        InvalidClient: our credentials are wrong.
        Unreachable, ServerError, Throttled, UnexpectedAnswer: no usable answer; the code may be used up.
    """
    return _tokens(
        endpoints,
        credentials,
        now,
        lambda session, options: session.fetch_token(
            endpoints.token_url, grant_type="authorization_code", code=code, **options
        ),
    )


def refresh(endpoints: Endpoints, credentials: AppCredentials, refresh_token: str, now: datetime) -> TokenSet:
    """Fresh tokens for a refresh token; store both, since Intuit changes the refresh token about daily.

    Raises:
        InvalidGrant: the refresh token is dead, or another worker's refresh replaced it.
        InvalidClient: our credentials are wrong.
        Unreachable, ServerError, Throttled, UnexpectedAnswer: no usable answer.
    """
    return _tokens(
        endpoints,
        credentials,
        now,
        lambda session, options: session.refresh_token(
            endpoints.token_url, refresh_token=refresh_token, **options
        ),
    )


def revoke(endpoints: Endpoints, credentials: AppCredentials, token: str) -> None:
    """End the grant that an access or refresh token belongs to.

    Raises:
        InvalidGrant: Intuit does not know the token, so there is nothing left to revoke.
        InvalidClient, Unreachable, ServerError, Throttled, UnexpectedAnswer: as with the other calls.
    """
    with _session(endpoints, credentials) as session:
        try:
            # As JSON, which is what Intuit documents; authlib's own revoke_token sends a form
            answer = session.post(
                endpoints.revoke_url,
                json={"token": token},
                auth=session.client_auth("client_secret_basic"),
                headers=HEADERS,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unreachable(f"revocation: {type(error).__name__}") from error
    if answer.status_code != 200:
        raise _refusal(answer, bad_request=InvalidGrant)


def _session(endpoints: Endpoints, credentials: AppCredentials) -> Any:
    session = OAuth2Session(
        credentials.client_id,
        credentials.client_secret,
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106  (a method, no secret)
        redirect_uri=credentials.redirect_uri,
        trust_env=not endpoints.is_local,
    )
    # Before authlib reads the answer: its own errors drop the status and Intuit's trace id
    session.register_compliance_hook("access_token_response", _checked)
    session.register_compliance_hook("refresh_token_response", _checked)
    return session


def _tokens(
    endpoints: Endpoints,
    credentials: AppCredentials,
    now: datetime,
    call: Callable[[Any, dict[str, Any]], dict[str, Any]],
) -> TokenSet:
    options = {"headers": dict(HEADERS), "timeout": TIMEOUT, "allow_redirects": False}
    with _session(endpoints, credentials) as session:
        try:
            return _token_set(call(session, options), now)
        except requests.RequestException as error:
            raise Unreachable(f"token endpoint: {type(error).__name__}") from error
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise UnexpectedAnswer(f"token endpoint: {type(error).__name__}", http_status=200) from None


def _token_set(token: dict[str, Any], now: datetime) -> TokenSet:
    hard, seconds = token.get("x_refresh_token_hard_expires_in"), int(token["expires_in"])
    if seconds <= 0:
        raise ValueError("a token that has run out")
    return TokenSet(
        access_token=str(token["access_token"]),
        refresh_token=str(token["refresh_token"]),
        access_expires_at=now + timedelta(seconds=seconds),
        refresh_expires_at=now
        + timedelta(seconds=int(token.get("x_refresh_token_expires_in", ROLLING_LIFE))),
        refresh_hard_expires_at=None if hard is None else now + timedelta(seconds=int(hard)),
    )


def _checked(answer: requests.Response) -> requests.Response:
    if answer.status_code == 200 and isinstance(_json(answer), dict) and "error" not in _json(answer):
        return answer
    raise _refusal(answer)


def _refusal(
    answer: requests.Response, bad_request: type[QuickBooksError] = UnexpectedAnswer
) -> QuickBooksError:
    body = _json(answer)
    word = str(body.get("error") or "") if isinstance(body, dict) else ""
    description = str(body.get("error_description") or "") if isinstance(body, dict) else ""
    return _refusal_kind(answer.status_code, word, bad_request)(
        ": ".join(part for part in (word or f"HTTP {answer.status_code}", description[:200]) if part),
        provider_code=word or None,
        trace_id=header(answer.headers, "intuit_tid"),
        http_status=answer.status_code,
    )


def _refusal_kind(status: int, word: str, bad_request: type[QuickBooksError]) -> type[QuickBooksError]:
    """``bad_request`` is what status 400 means at this address when its word is not one of the two known."""
    if status == 429:
        return Throttled
    if status >= 500:
        return ServerError
    if word == "invalid_grant":
        return InvalidGrant
    if word == "invalid_client" or status == 401:
        return InvalidClient
    return bad_request if status == 400 else UnexpectedAnswer


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
