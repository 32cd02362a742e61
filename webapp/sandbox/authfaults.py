"""Refusals that concern who calls: the token, the company it is good for, and the rights of its user."""

from typing import Any

from . import jsontext
from .faults import Fault


def no_rights() -> Fault:
    """The user who connected has lost the right to this company."""
    return Fault(
        120,
        "Authorization Failure",
        "AuthorizationFailure: the user has no right to this company, error code: -11014",
        status=401,
        kind="AuthorizationFault",
    )


def wrong_realm() -> Fault:
    """The token was not given for this company or not for accounting."""
    message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
    detail = "The token was not granted for this company or this scope"
    return Fault(3100, message, detail, status=403, kind="AuthorizationFault")


def unauthorized_body(now: int) -> bytes:
    """The 401 body, whose keys begin in lower case unlike every other fault's."""
    error = {
        "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
        "detail": "The access token is missing, unknown, expired or revoked",
        "code": "3200",
        "element": None,
    }
    body: dict[str, Any] = {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [error], "type": "AUTHENTICATION"},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": now * 1000,
        "status": None,
        "cdcresponse": [],
    }
    return jsontext.dumps(body).encode()
