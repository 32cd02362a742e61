"""The error tree of the whole program: pure, standard library only.

Services and providers raise these; the edge (error_pages, worker) turns their ``code`` into a sentence
in the reader's language. ``retryable`` tells the delivery loop whether trying again can help.
"""

from __future__ import annotations


class AppError(Exception):
    """The base of every error the program raises on purpose.

    ``code`` is a stable identifier, ``status`` the HTTP status a page answers with, ``detail`` facts for
    the message (never a secret).
    """

    code = "error"
    status = 500
    retryable = False

    def __init__(self, message: str = "", **detail: object) -> None:
        super().__init__(message or self.code)
        self.detail = detail


class NotFound(AppError):
    """The thing does not exist, or not for this reader."""

    code = "not_found"
    status = 404


class Forbidden(AppError):
    """The reader may see it but may not do this."""

    code = "forbidden"
    status = 403


class Conflict(AppError):
    """Somebody else changed the same thing first."""

    code = "conflict"
    status = 409


class Invalid(AppError):
    """Input is not acceptable; ``errors`` maps a field's name to its error codes.

    A code is either a plain string or a tuple of a code and the values its sentence needs.
    """

    code = "invalid"
    status = 422

    def __init__(self, errors: dict[str, list[object]], message: str = "") -> None:
        super().__init__(message or "invalid")
        self.errors = errors


class ProviderError(AppError):
    """The base of everything an accounting provider can answer or fail to answer.

    ``provider_code`` is the provider's own code, ``trace_id`` what its support asks for
    (Intuit: ``intuit_tid``), ``http_status`` the status of its answer or None when none came.
    """

    code = "provider_error"
    status = 502

    def __init__(
        self,
        message: str = "",
        *,
        provider_code: str | None = None,
        trace_id: str | None = None,
        http_status: int | None = None,
        **detail: object,
    ) -> None:
        super().__init__(message, **detail)
        self.provider_code = provider_code
        self.trace_id = trace_id
        self.http_status = http_status
