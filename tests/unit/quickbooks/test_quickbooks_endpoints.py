from __future__ import annotations

import pytest

from webapp.accounting.drafts import DocumentKind
from webapp.quickbooks.endpoints import document_url, endpoints_for


@pytest.mark.parametrize(
    ("environment", "api", "web"),
    [
        ("production", "https://quickbooks.api.intuit.com/v3/company", "https://qbo.intuit.com"),
        ("sandbox", "https://sandbox-quickbooks.api.intuit.com/v3/company", "https://sandbox.qbo.intuit.com"),
    ],
)
def test_intuits_environments_share_their_oauth_addresses(environment, api, web):
    endpoints = endpoints_for(environment)
    assert endpoints.authorize_url == "https://appcenter.intuit.com/connect/oauth2"
    assert endpoints.token_url == "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
    assert endpoints.revoke_url == "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"
    assert (endpoints.api_base, endpoints.web_base) == (api, web)


def test_demo_addresses_all_lie_on_the_local_server():
    endpoints = endpoints_for("demo", "http://localhost:8001/")
    assert endpoints.authorize_url == "http://localhost:8001/connect/oauth2"
    assert endpoints.token_url == "http://localhost:8001/oauth2/v1/tokens/bearer"
    assert endpoints.revoke_url == "http://localhost:8001/v2/oauth2/tokens/revoke"
    assert endpoints.api_base == "http://localhost:8001/v3/company"


@pytest.mark.parametrize(
    ("environment", "url"), [("demo", ""), ("staging", "http://localhost:8001"), ("", "")]
)
def test_unknown_environment_is_refused(environment, url):
    with pytest.raises(ValueError, match="environment"):
        endpoints_for(environment, url)


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        (DocumentKind.INVOICE, "invoice"),
        (DocumentKind.BILL, "bill"),
        (DocumentKind.PURCHASE_ORDER, "purchaseorder"),
    ],
)
def test_document_url_opens_the_page_of_its_kind(kind, page):
    assert document_url(endpoints_for("production"), kind, "145") == (
        f"https://qbo.intuit.com/app/{page}?txnId=145"
    )


def test_document_url_escapes_the_id():
    url = document_url(endpoints_for("demo", "http://localhost:8001"), DocumentKind.BILL, "1&a=b")
    assert url == "http://localhost:8001/app/bill?txnId=1%26a%3Db"
