"""The OAuth 2 and OpenID endpoints, all but the authorize page."""

import base64
import binascii
import secrets

from flask import Blueprint, Response, jsonify, request

from . import grants, identity, jsontext
from .failures import INVALID_TOKEN
from .state import sandbox

# What a view may answer.
Answer = Response | tuple[Response | str, int] | tuple[Response, int, dict[str, str]]
# Published on purpose: the server holds invented data only.
CLIENT_SECRET = "sandbox-secret"  # noqa: S105
blueprint = Blueprint("oauth", __name__)


@blueprint.get("/.well-known/openid_configuration")
@blueprint.get("/.well-known/openid_configuration/")
@blueprint.get("/.well-known/openid_sandbox_configuration")
@blueprint.get("/.well-known/openid_sandbox_configuration/")
def discovery() -> Answer:
    """The discovery document, with addresses on the host that was asked."""
    base = request.host_url.rstrip("/")
    return jsonify(
        issuer=identity.ISSUER,
        authorization_endpoint=f"{base}/connect/oauth2",
        token_endpoint=f"{base}/oauth2/v1/tokens/bearer",
        userinfo_endpoint=f"{base}/v1/openid_connect/userinfo",
        revocation_endpoint=f"{base}/v2/oauth2/tokens/revoke",
        jwks_uri=f"{base}/op/v1/jwks",
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
        scopes_supported=["openid", "email", "profile", "address", "phone"],
        token_endpoint_auth_methods_supported=["client_secret_post", "client_secret_basic"],
        claims_supported=["aud", "exp", "iat", "iss", "realmid", "sub"],
    )


@blueprint.get("/op/v1/jwks")
def jwks() -> Answer:
    """The public key that id_tokens are signed with."""
    return jsonify(sandbox().signing_key.jwks())


@blueprint.post("/oauth2/v1/tokens/bearer")
def token() -> Answer:
    """Exchange a code or refresh: the token endpoint."""
    _check_client()
    kind = request.form.get("grant_type")
    if kind == "authorization_code":
        fields = _form_fields("code", "redirect_uri")
        tokens = sandbox().grants.exchange(fields["code"], fields["redirect_uri"])
        return _token_answer(tokens, with_id_token="openid" in tokens.scope.split())
    if kind == "refresh_token":
        return _token_answer(sandbox().grants.refresh(_form_fields("refresh_token")["refresh_token"]))
    raise grants.GrantError("unsupported_grant_type" if kind else "invalid_request")


@blueprint.post("/v2/oauth2/tokens/revoke")
def revoke() -> Answer:
    """End a consent by one of its tokens, sent as JSON (Intuit's way) or as a form (everybody else's)."""
    _check_client()
    sandbox().grants.revoke(_revoked_token())
    return "", 200


@blueprint.get("/v1/openid_connect/userinfo")
def userinfo() -> Answer:
    """The claims about the user that the token's scopes allow."""
    bearer = sandbox().grants.bearer(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if bearer is None or "openid" not in bearer.scopes:
        return jsonify(error="invalid_token"), 401, INVALID_TOKEN
    return jsonify(identity.userinfo(bearer.scopes))


@blueprint.errorhandler(grants.GrantError)
def refuse(error: grants.GrantError) -> Answer:
    """OAuth's error body; 401 only when the client itself is unknown."""
    body = {"error": error.error}
    if error.description:
        body["error_description"] = error.description
    return jsonify(body), 401 if error.error == "invalid_client" else 400


def _token_answer(tokens: grants.Tokens, with_id_token: bool = False) -> Answer:
    body: dict[str, str | int] = {
        "token_type": "bearer",
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "expires_in": grants.ACCESS_SECONDS,
        "x_refresh_token_expires_in": grants.REFRESH_SECONDS,
    }
    if request.headers.get("x-include-refresh-token-hard-expires-in", "").lower() == "true":
        body["x_refresh_token_hard_expires_in"] = tokens.hard_expires_in
    if with_id_token:
        body["id_token"] = sandbox().signing_key.id_token(tokens.realm, tokens.nonce)
    return jsonify(body), 200, {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _form_fields(*names: str) -> dict[str, str]:
    fields = {name: request.form.get(name, "") for name in names}
    if not all(fields.values()):
        raise grants.GrantError("invalid_request")
    return fields


def _check_client() -> None:
    """Refuse a client that does not prove itself, by Basic authentication or in the form."""
    client_id, secret = _basic() or (request.form.get("client_id", ""), request.form.get("client_secret", ""))
    known_id = secrets.compare_digest(client_id.encode(), identity.CLIENT_ID.encode())
    if not (secrets.compare_digest(secret.encode(), CLIENT_SECRET.encode()) and known_id):
        raise grants.GrantError("invalid_client")


def _basic() -> tuple[str, str] | None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise grants.GrantError("invalid_client") from None
    return client_id, secret


def _revoked_token() -> str:
    found = request.form.get("token")
    if request.mimetype == "application/json":
        try:
            body = jsontext.loads(request.get_data())
        except jsontext.JsonError:
            raise grants.GrantError("invalid_request") from None
        found = body.get("token") if isinstance(body, dict) else None
    if not isinstance(found, str) or not found:
        raise grants.GrantError("invalid_request")
    return found
