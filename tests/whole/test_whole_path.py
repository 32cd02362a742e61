"""From sign-in to an invoice that an independent client reads back, without any mock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from intuitlib.client import AuthClient
from quickbooks import QuickBooks
from quickbooks.objects.invoice import Invoice

from tests import factories
from tests.conftest import Sandbox
from tests.whole.visitor import Visitor
from webapp.config import Settings

QUICKBOOKS = "/settings/integrations/quickbooks"
INVOICE = """ESP+ ID,Type,Number,Order number,Company ESP+ ID,Date,Currency,Total,Line kind,Product number,\
Product name,Description,Quantity,Unit price,Amount,Ship to line 1,Ship to city,Ship to state or province,\
Ship to postal code,Ship to country
I-9001,Invoice,20417,SO-9001,C-9001,2026-11-20,USD,757.50,Product,DRK-1100,Ceramic Mug 11 oz,\
"Ceramic mug, navy",100,4.85,485.00,12 Quay Street,Hartford,CT,06103,US
I-9001,Invoice,20417,SO-9001,C-9001,2026-11-20,USD,757.50,Set-up charge,,Screen set-up,Screen set-up,1,45,\
45.00,12 Quay Street,Hartford,CT,06103,US
I-9001,Invoice,20417,SO-9001,C-9001,2026-11-20,USD,757.50,Freight,,Ground,Ground freight,1,227.50,227.50,\
12 Quay Street,Hartford,CT,06103,US
"""


@pytest.fixture
def visitor(settings: Settings, panel: Flask, request: pytest.FixtureRequest) -> Visitor:
    return Visitor(settings.public_url, getattr(request, "param", "en-US"))


@pytest.fixture
def independent(sandbox: Sandbox) -> Iterator[QuickBooks]:
    """python-quickbooks, unchanged, pointed at the sandbox by configuration only."""
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    before = QuickBooks.sandbox_api_url_v3
    QuickBooks.sandbox_api_url_v3 = f"{sandbox.url}/v3"
    grant = sandbox.tokens("us")
    client = AuthClient(
        "sandbox-client",
        "sandbox-secret",
        "http://localhost/callback",
        environment=f"{sandbox.url}/.well-known/openid_sandbox_configuration",
    )
    client.environment = "sandbox"
    yield QuickBooks(
        auth_client=client, refresh_token=grant["refresh_token"], company_id=grant["realmId"], minorversion=75
    )
    QuickBooks.sandbox_api_url_v3 = before
    del os.environ["OAUTHLIB_INSECURE_TRANSPORT"]


def sign_in(visitor: Visitor, email: str) -> None:
    visitor.open("/sign-in")
    visitor.submit(visitor.form("/sign-in$"), email=email, password=factories.PASSWORD)


def connect(visitor: Visitor) -> None:
    visitor.open("/settings/integrations")
    visitor.submit(visitor.form("/quickbooks/connect$"))
    visitor.submit(visitor.form("/connect/oauth2"), company="us", decision="allow")
    assert visitor.url.endswith(QUICKBOOKS), visitor.url
    visitor.wait(lambda page: bool(page.page.select("#preferences a[href$='/preferences/edit']")))


@pytest.mark.parametrize("visitor", ["en-US", "fr-CA"], indirect=True)
def test_owner_goes_the_whole_path(
    cast: SimpleNamespace, visitor: Visitor, independent: QuickBooks, sandbox: Sandbox
) -> None:
    company = factories.company(cast.workspace, "Harborlight Credit Union", esp_id="C-9001")
    sign_in(visitor, cast.owner.email)
    connect(visitor)

    visitor.submit(visitor.form("/test$"))
    assert "Northgate Promo Co." in visitor.text()

    visitor.open(f"{QUICKBOOKS}/permissions/edit")
    visitor.submit(visitor.form("/permissions$"))
    assert visitor.status == 200

    visitor.open(f"{QUICKBOOKS}/preferences/edit")
    visitor.submit(visitor.form("/preferences$"))
    assert visitor.status == 200, visitor.text()

    customer = sandbox.query("SELECT * FROM Customer WHERE DisplayName = 'Harborlight Credit Union'")[0]
    row = rf"/links/customers/{company.id}(\?|$)"
    visitor.open(f"/links/customers/{company.id}/edit")
    visitor.submit(visitor.form(row), q="harborlight", action="search")
    visitor.submit(visitor.form(row), remote_id=customer["Id"], action="link")
    assert visitor.status == 200, visitor.text()

    visitor.open("/documents/import")
    visitor.submit(visitor.form("/documents/import"), files={"file": ("invoices.csv", INVOICE.encode())})
    visitor.submit(visitor.form("/commit$"), mode="all")
    visitor.open("/documents?q=20417")
    visitor.open(str(visitor.page.find("a", string=lambda text: text and "20417" in text)["href"]))
    visitor.wait(lambda page: bool(page.page.select("form[action$='/send']")))
    visitor.submit(visitor.form("/send$"))
    visitor.wait(lambda page: bool(page.page.select(".badge.good")))

    found = Invoice.filter(DocNumber="20417", qb=independent)
    assert len(found) == 1
    invoice = found[0]
    assert invoice.CustomerRef.value == customer["Id"]
    assert float(invoice.TotalAmt) == pytest.approx(757.50)
    assert [line.Amount for line in invoice.Line[:3]] == [485.00, 45.00, 227.50]
    assert invoice.Id in visitor.text()
