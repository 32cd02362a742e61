"""OAuth 2 as Intuit runs it: consent, codes, tokens, rotation, revocation, OpenID."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

CALLBACK = "http://localhost:8000/callback?own=1"
CLIENT = ("sandbox-client", "sandbox-secret")
DAY = 86_400


def ask(**changes):
    fields = {
        "client_id": "sandbox-client",
        "response_type": "code",
        "scope": "com.intuit.quickbooks.accounting openid",
        "redirect_uri": CALLBACK,
        "state": "s t&1",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def decide(server, decision="allow", company="us", **changes):
    form = {**ask(**changes), "company": company, "decision": decision}
    return requests.post(f"{server.base}/connect/oauth2", form, allow_redirects=False, timeout=10)


def returned(answer):
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def token(server, auth=CLIENT, headers=None, **form):
    return requests.post(
        f"{server.base}/oauth2/v1/tokens/bearer", form, auth=auth, headers=headers, timeout=10
    )


def exchange(server, code, redirect_uri=CALLBACK, **options):
    return token(server, grant_type="authorization_code", code=code, redirect_uri=redirect_uri, **options)


def refresh(server, refresh_token, **options):
    return token(server, grant_type="refresh_token", refresh_token=refresh_token, **options)


def test_discovery_names_addresses_on_the_host_that_was_asked(server):
    for name in ("openid_configuration", "openid_sandbox_configuration", "openid_configuration/"):
        document = requests.get(f"{server.base}/.well-known/{name}", timeout=10).json()
        assert document["token_endpoint"] == f"{server.base}/oauth2/v1/tokens/bearer"
        assert document["claims_supported"] == ["aud", "exp", "iat", "iss", "realmid", "sub"]


def test_another_host_name_is_refused(server):
    answer = requests.get(
        f"{server.base}/.well-known/openid_configuration", headers={"Host": "evil.example"}, timeout=10
    )
    assert answer.status_code == 421


@pytest.mark.parametrize(
    ("language", "button"), [("en", "Connect"), ("fr-CA,fr;q=0.9", "Connecter"), ("de", "Connect")]
)
def test_consent_page_speaks_the_readers_language(server, language, button):
    headers = {"Accept-Language": language}
    answer = requests.get(f"{server.base}/connect/oauth2", ask(), headers=headers, timeout=10)
    assert answer.text.count("<h1>") == 1
    assert f">{button}</button>" in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "form-action" not in answer.headers["Content-Security-Policy"]


def test_consent_page_takes_the_language_from_the_address(server):
    answer = requests.get(f"{server.base}/connect/oauth2", ask(locale="fr"), timeout=10)
    assert '<html lang="fr">' in answer.text


def test_allowing_sends_back_code_state_and_company(server):
    answer = decide(server, company="ca")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(CALLBACK)
    back = returned(answer)
    assert (back["state"], back["realmId"], back["own"]) == ("s t&1", "9130357766900001", "1")
    assert 0 < len(back["code"]) <= 512


def test_cancelling_sends_back_access_denied(server):
    assert returned(decide(server, "deny")) == {"own": "1", "error": "access_denied", "state": "s t&1"}


def test_unknown_scope_is_sent_back_as_invalid_scope(server):
    answer = requests.get(
        f"{server.base}/connect/oauth2", ask(scope="everything"), allow_redirects=False, timeout=10
    )
    assert returned(answer)["error"] == "invalid_scope"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "someone"},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": "http://localhost.evil.example/"},
        {"redirect_uri": "http://localhost:abc/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": None},
        {"response_type": "token"},
        {"state": None},
    ],
)
def test_request_that_cannot_be_trusted_gets_a_page_and_no_redirect(server, changes):
    for answer in (
        requests.get(f"{server.base}/connect/oauth2", ask(**changes), allow_redirects=False, timeout=10),
        decide(server, **changes),
    ):
        assert answer.status_code == 400
        assert "<h1>" in answer.text


def test_code_gives_tokens_that_open_the_company(server):
    code = returned(decide(server))["code"]
    answer = exchange(server, code)
    tokens = answer.json()
    assert answer.headers["intuit_tid"]
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 3600)
    assert tokens["x_refresh_token_expires_in"] == 8_726_400
    assert "x_refresh_token_hard_expires_in" not in tokens
    info = requests.get(
        f"{server.base}/v3/company/4620816365213508/companyinfo/4620816365213508",
        headers={"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"},
        timeout=10,
    ).json()["CompanyInfo"]
    assert (info["CompanyName"], info["Country"]) == ("Northgate Promo Co.", "US")


def test_second_exchange_is_refused_and_ends_the_first_tokens(server):
    code = returned(decide(server))["code"]
    first = exchange(server, code).json()
    second = exchange(server, code)
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")
    assert refresh(server, first["refresh_token"]).json()["error"] == "invalid_grant"


def test_code_is_bound_to_its_redirect_address_and_grows_old(server):
    code = returned(decide(server))["code"]
    assert exchange(server, code, "http://localhost:8000/callback").json()["error"] == "invalid_grant"
    server.control("clock", {"advance": 601})
    assert exchange(server, code).json()["error"] == "invalid_grant"


def test_client_may_prove_itself_in_the_form(server):
    tokens = server.control("tokens")
    secret = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    assert refresh(server, tokens["refresh_token"], auth=None, **secret).status_code == 200


@pytest.mark.parametrize("auth", [None, ("sandbox-client", "wrong"), ("other", "sandbox-secret")])
def test_client_without_proof_is_refused(server, auth):
    answer = refresh(server, "x", auth=auth)
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ],
)
def test_token_endpoint_names_what_is_wrong(server, form, error):
    answer = token(server, **form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_refresh_token_keeps_its_value_for_a_day_and_then_changes_it(server):
    first = server.control("tokens")["refresh_token"]
    assert refresh(server, first).json()["refresh_token"] == first
    server.control("clock", {"advance": DAY})
    second = refresh(server, first).json()["refresh_token"]
    assert second != first
    refused = refresh(server, first)
    assert refused.json() == {
        "error": "invalid_grant",
        "error_description": "Incorrect or invalid refresh token",
    }
    assert refresh(server, second).status_code == 200


def test_refresh_token_can_be_made_to_change_every_time(start):
    server = start(rotate_after=0)
    first = server.control("tokens")["refresh_token"]
    assert refresh(server, first).json()["refresh_token"] != first


def test_unused_refresh_token_dies_after_101_days(server):
    tokens = server.control("tokens")
    server.control("clock", {"advance": 101 * DAY - 10})
    alive = refresh(server, tokens["refresh_token"]).json()["refresh_token"]
    server.control("clock", {"advance": 101 * DAY})
    assert refresh(server, alive).json()["error"] == "invalid_grant"


def test_consent_ends_five_years_after_it_was_given(server):
    current = server.control("tokens")["refresh_token"]
    asking = {"x-include-refresh-token-hard-expires-in": "true"}
    left = refresh(server, current, headers=asking).json()["x_refresh_token_hard_expires_in"]
    assert 157_679_990 <= left <= 157_680_000
    for _ in range(18):
        server.control("clock", {"advance": 100 * DAY})
        current = refresh(server, current).json()["refresh_token"]
    server.control("clock", {"advance": 30 * DAY})
    assert refresh(server, current).json()["error"] == "invalid_grant"


def test_access_token_is_no_refresh_token(server):
    answer = refresh(server, server.control("tokens")["access_token"])
    assert answer.json()["error_description"] == "Incorrect Token type or clientID"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize("encoding", ["json", "data"])
def test_revoking_either_token_ends_the_consent(server, us, kind, encoding):
    address = f"{server.base}/v2/oauth2/tokens/revoke"
    answer = requests.post(address, auth=CLIENT, timeout=10, **{encoding: {"token": us.tokens[kind]}})
    assert (answer.status_code, answer.content) == (200, b"")
    assert us.get("preferences").status_code == 401
    assert refresh(server, us.tokens["refresh_token"]).json()["error"] == "invalid_grant"
    again = requests.post(address, auth=CLIENT, json={"token": us.tokens[kind]}, timeout=10)
    assert again.status_code == 400


def test_userinfo_tells_what_the_scopes_allow(server, us):
    address = f"{server.base}/v1/openid_connect/userinfo"
    claims = requests.get(address, headers=us.headers, timeout=10).json()
    assert {"sub", "email", "emailVerified", "givenName", "familyName", "phoneNumber"} <= set(claims)
    assert requests.get(address, timeout=10).status_code == 401


def test_tokens_survive_a_restart_on_a_file(start, tmp_path):
    file = str(tmp_path / "sandbox.sqlite3")
    first = start(file)
    tokens = first.control("tokens")
    assert refresh(start(file), tokens["refresh_token"]).status_code == 200
