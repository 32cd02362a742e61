"""Nothing secret reaches a log."""

from __future__ import annotations

import logging
import sys

import pytest

from webapp.logs import HideSecrets


@pytest.mark.parametrize(
    "message",
    [
        "POST /token refresh_token=s3cret&grant_type=refresh_token",
        '{"access_token": "s3cret"}',
        "Authorization: Bearer s3cret",
        "callback?code=s3cret&state=other",
        "password='s3cret'",
    ],
)
def test_secret_is_blanked(message: str) -> None:
    record = logging.LogRecord("webapp", logging.INFO, __file__, 1, "%s", (message,), None)
    assert "s3cret" not in HideSecrets().format(record)


def test_secret_in_a_traceback_is_blanked() -> None:
    try:
        raise ValueError("GET /callback?code=s3cret")
    except ValueError:
        record = logging.LogRecord("webapp", logging.ERROR, __file__, 1, "broke", (), sys.exc_info())
    text = HideSecrets().format(record)
    assert "Traceback" in text
    assert "s3cret" not in text
