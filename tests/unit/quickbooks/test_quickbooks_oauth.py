from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from webapp.quickbooks import errors, oauth
from webapp.quickbooks.endpoints import endpoints_for

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENDPOINTS = endpoints_for("production")
APP = oauth.AppCredentials("our-id", "our-secret", "https://panel.example/callback")
TOKENS = {
    "token_type": "bearer",
    "access_token": "access-1",
    "refresh_token": "refresh-2",
    "expires_in": 3600,
    "x_refresh_token_expires_in": 8_726_400,
    "x_refresh_token_hard_expires_in": 157_680_000,
}


@pytest.fixture
def intuit():
    with responses.RequestsMock() as mock:
        yield mock


CALLS = {
    "exchange": lambda: oauth.exchange_code(ENDPOINTS, APP, "code-1", NOW),
    "refresh": lambda: oauth.refresh(ENDPOINTS, APP, "refresh-1", NOW),
    "revoke": lambda: oauth.revoke(ENDPOINTS, APP, "refresh-1"),
}
TOKEN_CALLS = [CALLS["exchange"], CALLS["refresh"]]


def test_authorize_url_asks_for_accounting_with_our_state():
    url = urlsplit(oauth.authorize_url(ENDPOINTS, APP, "state &1"))
    assert f"{url.scheme}://{url.netloc}{url.path}" == ENDPOINTS.authorize_url
    assert parse_qs(url.query) == {
        "client_id": ["our-id"],
        "response_type": ["code"],
        "scope": ["com.intuit.quickbooks.accounting"],
        "redirect_uri": ["https://panel.example/callback"],
        "state": ["state &1"],
    }


def test_exchange_sends_the_code_and_dates_the_tokens(intuit):
    intuit.post(ENDPOINTS.token_url, json=TOKENS)
    tokens = CALLS["exchange"]()
    request = intuit.calls[0].request
    assert parse_qs(request.body) == {
        "grant_type": ["authorization_code"],
        "code": ["code-1"],
        "redirect_uri": ["https://panel.example/callback"],
    }
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"our-id:our-secret").decode()
    assert request.headers["Accept"] == "application/json"
    assert request.headers["x-include-refresh-token-hard-expires-in"] == "true"
    assert (tokens.access_token, tokens.refresh_token) == ("access-1", "refresh-2")
    assert tokens.access_expires_at == NOW + timedelta(hours=1)
    assert tokens.refresh_expires_at == NOW + timedelta(days=101)
    assert tokens.refresh_hard_expires_at == NOW + timedelta(days=1825)


def test_refresh_sends_the_token_and_nothing_of_the_scope(intuit):
    intuit.post(ENDPOINTS.token_url, json=TOKENS)
    assert CALLS["refresh"]().refresh_token == "refresh-2"
    assert parse_qs(intuit.calls[0].request.body) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["refresh-1"],
    }


def test_lifetimes_that_the_answer_leaves_out_are_the_documented_ones(intuit):
    intuit.post(
        ENDPOINTS.token_url,
        json={key: TOKENS[key] for key in ("access_token", "refresh_token", "expires_in")},
    )
    tokens = CALLS["refresh"]()
    assert tokens.refresh_expires_at == NOW + timedelta(days=100)
    assert tokens.refresh_hard_expires_at is None


def test_every_call_waits_a_limited_time(intuit):
    intuit.post(ENDPOINTS.token_url, json=TOKENS)
    intuit.post(ENDPOINTS.token_url, json=TOKENS)
    intuit.post(ENDPOINTS.revoke_url)
    for call in CALLS.values():
        call()
    for call in intuit.calls:
        assert call.request.req_kwargs["timeout"] == (5, 20)


def test_revoke_sends_the_token_as_intuit_documents_it(intuit):
    intuit.post(ENDPOINTS.revoke_url)
    CALLS["revoke"]()
    request = intuit.calls[0].request
    assert json.loads(request.body) == {"token": "refresh-1"}
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize("call", TOKEN_CALLS)
@pytest.mark.parametrize(
    ("status", "body", "expected", "retryable"),
    [
        (400, '{"error":"invalid_grant"}', errors.InvalidGrant, False),
        (
            400,
            '{"error":"invalid_grant","error_description":"Incorrect or invalid refresh token"}',
            errors.InvalidGrant,
            False,
        ),
        (401, '{"error":"invalid_client"}', errors.InvalidClient, False),
        (401, "", errors.InvalidClient, False),
        (400, '{"error":"unsupported_grant_type"}', errors.UnexpectedAnswer, True),
        (400, '{"error":"invalid_request"}', errors.UnexpectedAnswer, True),
        (200, '{"error":"invalid_grant"}', errors.InvalidGrant, False),
        (429, "<html>", errors.Throttled, True),
        (500, '{"error":"server_error"}', oauth.ServerError, True),
        (503, "<html>Service Unavailable</html>", oauth.ServerError, True),
        (302, "", errors.UnexpectedAnswer, True),
        (403, "<html>Access denied</html>", errors.UnexpectedAnswer, True),
        (200, "<html>Sign in to the hotel network</html>", errors.UnexpectedAnswer, True),
        (200, '["a list"]', errors.UnexpectedAnswer, True),
        (200, "{}", errors.UnexpectedAnswer, True),
        (200, '{"access_token":"a","refresh_token":"b"}', errors.UnexpectedAnswer, True),
        (200, '{"access_token":"a","refresh_token":"b","expires_in":"soon"}', errors.UnexpectedAnswer, True),
        (200, '{"access_token":"a","refresh_token":"b","expires_in":1e300}', errors.UnexpectedAnswer, True),
    ],
)
def test_each_answer_of_the_token_endpoint_becomes_its_error(intuit, call, status, body, expected, retryable):
    elsewhere = {"Location": "https://elsewhere.example/"}  # followed, it would be unreachable here
    intuit.post(ENDPOINTS.token_url, status=status, body=body, headers=elsewhere)
    with pytest.raises(errors.QuickBooksError) as caught:
        call()
    assert type(caught.value) is expected
    assert caught.value.retryable is retryable
    assert caught.value.http_status == status


@pytest.mark.parametrize("name", list(CALLS))
def test_refusals_keep_intuits_word_and_trace(intuit, name):
    url = ENDPOINTS.revoke_url if name == "revoke" else ENDPOINTS.token_url
    intuit.post(url, status=401, json={"error": "invalid_client"}, headers={"intuit_tid": "t-8"})
    with pytest.raises(errors.InvalidClient) as caught:
        CALLS[name]()
    assert (caught.value.provider_code, caught.value.trace_id) == ("invalid_client", "t-8")


@pytest.mark.parametrize("name", list(CALLS))
@pytest.mark.parametrize(
    "failure", [requests.ConnectTimeout("x"), requests.ReadTimeout("x"), requests.ConnectionError("x")]
)
def test_no_answer_is_unreachable(intuit, name, failure):
    intuit.post(ENDPOINTS.revoke_url if name == "revoke" else ENDPOINTS.token_url, body=failure)
    with pytest.raises(oauth.Unreachable) as caught:
        CALLS[name]()
    assert caught.value.retryable
    assert caught.value.http_status is None


@pytest.mark.parametrize("body", ["", '{"error":"invalid_request"}', '{"error":"invalid_grant"}'])
def test_revoking_a_token_that_intuit_does_not_know_is_told_apart(intuit, body):
    intuit.post(ENDPOINTS.revoke_url, status=400, body=body)
    with pytest.raises(oauth.InvalidGrant):
        CALLS["revoke"]()


def test_secrets_and_tokens_do_not_show_in_representations():
    tokens = oauth.TokenSet("access-1", "refresh-2", NOW, NOW)
    shown = repr(APP) + repr(tokens)
    assert not any(secret in shown for secret in ("our-secret", "access-1", "refresh-2"))
    assert "our-id" in shown


def test_secrets_and_tokens_do_not_show_in_logs_or_errors(intuit, caplog):
    caplog.set_level("DEBUG")
    intuit.post(ENDPOINTS.token_url, status=400, json={"error": "invalid_grant"})
    with pytest.raises(errors.InvalidGrant) as caught:
        CALLS["refresh"]()
    shown = caplog.text + repr(caught.value) + str(caught.value.detail)
    assert not any(secret in shown for secret in ("our-secret", "refresh-1"))


@pytest.mark.parametrize(
    ("status", "expected"),
    [(302, errors.UnexpectedAnswer), (204, errors.UnexpectedAnswer), (500, oauth.ServerError)],
)
def test_only_an_answer_of_status_200_is_a_revocation(intuit, status, expected):
    intuit.post(ENDPOINTS.revoke_url, status=status, headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(expected):
        CALLS["revoke"]()
