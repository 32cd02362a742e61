"""Logging: one line per event on standard error, and never a secret in it."""

from __future__ import annotations

import logging
import re
import sys

SECRET = re.compile(
    r"(?i)((?:access_token|refresh_token|client_secret|code|state|password|authorization)"
    r"[\"']?\s*[=:]\s*[\"']?(?:(?:bearer|basic)\s+)?)[^\s&\"',}]+"
)


class HideSecrets(logging.Formatter):
    """Blanks what looks like a token, a code or a password in any message and in any traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished text, with the secrets in it replaced."""
        return SECRET.sub(r"\1…", super().format(record))


def configure(level: str, *, propagate: bool = False) -> None:
    """Send the program's log to standard error at ``level``; ``propagate`` hands it on to tests as well."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(HideSecrets("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("webapp")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = propagate
