"""What QuickBooks can answer instead of what was asked, or fail to answer: one class per next step.

Intuit's codes: https://developer.intuit.com/app/developer/qbo/docs/develop/troubleshooting/error-codes
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from webapp.errors import ProviderError

THROTTLE_PAUSE = 60  # Intuit's own advice: its answers carry no Retry-After that could be relied on


@dataclass(frozen=True)
class FaultError:
    """One entry of a fault's error list, in Intuit's words."""

    message: str = ""
    detail: str = ""
    code: str = ""
    element: str = ""


class QuickBooksError(ProviderError):
    """The base of everything QuickBooks refuses; ``errors`` keeps every entry of the fault."""

    code = "quickbooks_error"

    def __init__(
        self,
        message: str = "",
        *,
        provider_code: str | None = None,
        trace_id: str | None = None,
        http_status: int | None = None,
        errors: tuple[FaultError, ...] = (),
        **detail: object,
    ) -> None:
        if errors:
            detail["errors"] = [asdict(error) for error in errors]
        super().__init__(
            message, provider_code=provider_code, trace_id=trace_id, http_status=http_status, **detail
        )
        self.errors = errors


class AuthExpired(QuickBooksError):
    """The access token is not valid (any more): refresh once, then ask to reconnect."""

    code = "auth_expired"


class NotAuthorised(QuickBooksError):
    """The token is not for this company, or its user lost the rights: reconnect."""

    code = "not_authorised"


class Throttled(QuickBooksError):
    """Too many calls: the whole connection waits ``retry_after`` seconds; the call was not carried out."""

    code = "throttled"
    retryable = True

    def __init__(self, message: str = "", *, retry_after: int = THROTTLE_PAUSE, **rest: object) -> None:
        super().__init__(message, retry_after=retry_after, **rest)  # type: ignore[arg-type]  # passed through
        self.retry_after = retry_after


class SubscriptionEnded(QuickBooksError):
    """The company's QuickBooks subscription has lapsed: pause the connection."""

    code = "subscription_ended"


class StaleObject(QuickBooksError):
    """Somebody changed the object after it was read: read it again and decide."""

    code = "stale_object"


class DuplicateName(QuickBooksError):
    """The name is taken: names are unique over customers, vendors and employees, and among items."""

    code = "duplicate_name"


class DuplicateNumber(QuickBooksError):
    """The document number is taken, by ``existing_type`` ``existing_id`` when QuickBooks says so."""

    code = "duplicate_number"

    def __init__(
        self,
        message: str = "",
        *,
        existing_id: str | None = None,
        existing_type: str | None = None,
        **rest: object,
    ) -> None:
        super().__init__(message, existing_id=existing_id, existing_type=existing_type, **rest)  # type: ignore[arg-type]  # passed through
        self.existing_id = existing_id
        self.existing_type = existing_type


class ObjectNotFound(QuickBooksError):
    """The object, or one that it names, was deleted or made inactive: link or map again."""

    code = "not_found_remote"


class InvalidReference(QuickBooksError):
    """A reference names an object that QuickBooks does not have."""

    code = "invalid_reference"


class ClosedPeriod(QuickBooksError):
    """The date lies in a closed period; the API cannot give the password: change the date."""

    code = "closed_period"


class FeatureMissing(QuickBooksError):
    """The company's QuickBooks plan or the user's role lacks this (purchase orders need Plus)."""

    code = "feature_missing"


class Refused(QuickBooksError):
    """Any other refusal of the content; ``errors`` says which."""

    code = "refused"


class ServerFault(QuickBooksError):
    """QuickBooks broke inside; what was asked may have been done: repeat with the same request id."""

    code = "server_fault"
    retryable = True


class Unreachable(QuickBooksError):
    """No answer came: no connection, or none in time; what was asked may have been done."""

    code = "unreachable"
    retryable = True


class UnexpectedAnswer(QuickBooksError):
    """An answer that is not Intuit's (a proxy's page, say): what was asked may have been done."""

    code = "unexpected_answer"
    retryable = True


class InvalidGrant(QuickBooksError):
    """The authorization code or refresh token is not accepted (any more): reconnect."""

    code = "invalid_grant"


class InvalidClient(QuickBooksError):
    """Intuit does not know our client id and secret: the host must correct the settings."""

    code = "invalid_client"


class ServerError(ServerFault):
    """The token endpoint broke inside; the token may have been used up."""
