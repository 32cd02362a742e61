"""Nothing secret reaches a log."""

from __future__ import annotations

import logging

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
    assert HideSecrets().filter(record)
    assert "s3cret" not in record.getMessage()
