"""Where Intuit, or the local server that stands in for it, is to be reached. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from webapp.accounting.drafts import DocumentKind

PAGES = {
    DocumentKind.INVOICE: "invoice",
    DocumentKind.BILL: "bill",
    DocumentKind.PURCHASE_ORDER: "purchaseorder",
}


@dataclass(frozen=True)
class Endpoints:
    """The addresses of one environment; ``web_base`` is where people use QuickBooks.

    ``is_local`` says that the server is on this machine, so that a proxy for the internet is not asked.
    """

    authorize_url: str
    token_url: str
    revoke_url: str
    api_base: str
    web_base: str
    is_local: bool = False


def endpoints_for(environment: str, sandbox_url: str = "") -> Endpoints:
    """The addresses of an environment: ``production``, ``sandbox`` (Intuit's) or ``demo`` (our local server).

    OAuth is the same in Intuit's two environments:
    https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-openid-discovery-doc

    Args:
        environment: which one.
        sandbox_url: the local server's address; needed for ``demo`` only.

    Raises:
        ValueError: for another environment, or ``demo`` without an address.
    """
    if environment == "production":
        return _intuit("https://quickbooks.api.intuit.com", "https://qbo.intuit.com")
    if environment == "sandbox":
        return _intuit("https://sandbox-quickbooks.api.intuit.com", "https://sandbox.qbo.intuit.com")
    if environment == "demo" and sandbox_url:
        base = sandbox_url.rstrip("/")
        return replace(_endpoints(base, base, base, base, base), is_local=True)
    raise ValueError(f"no QuickBooks addresses for environment {environment!r}")


def document_url(endpoints: Endpoints, kind: DocumentKind, remote_id: str) -> str:
    """The address at which a person opens a document in QuickBooks."""
    return f"{endpoints.web_base}/app/{PAGES[kind]}?txnId={quote(remote_id, safe='')}"


def _intuit(api: str, web: str) -> Endpoints:
    return _endpoints(
        "https://appcenter.intuit.com",
        "https://oauth.platform.intuit.com",
        "https://developer.api.intuit.com",
        api,
        web,
    )


def _endpoints(consent: str, tokens: str, revocation: str, api: str, web: str) -> Endpoints:
    return Endpoints(
        f"{consent}/connect/oauth2",
        f"{tokens}/oauth2/v1/tokens/bearer",
        f"{revocation}/v2/oauth2/tokens/revoke",
        f"{api}/v3/company",
        web,
    )
