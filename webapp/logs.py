"""Logging: one line per event on standard error, and never a secret in it."""

from __future__ import annotations

import logging
import re
import sys

SECRET = re.compile(
    r"(?i)((?:access_token|refresh_token|client_secret|code|state|password|authorization)"
    r"[\"']?\s*[=:]\s*[\"']?(?:(?:bearer|basic)\s+)?)[^\s&\"',}]+"
)


class HideSecrets(logging.Filter):
    """Blanks what looks like a token, a code or a password in any message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; every record passes."""
        message = record.getMessage()
        cleaned = SECRET.sub(r"\1…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True


def configure(level: str) -> None:
    """Send the program's log to standard error at ``level``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(HideSecrets())
    logger = logging.getLogger("webapp")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
