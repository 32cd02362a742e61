"""An independent client, python-quickbooks with intuit-oauth, works against the sandbox as it is."""

import warnings

import pytest
import requests

pytest.importorskip("quickbooks", reason="python-quickbooks is a test-only client")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from intuitlib.client import AuthClient
    from intuitlib.enums import Scopes
    from quickbooks import QuickBooks
    from quickbooks.exceptions import QuickbooksException
    from quickbooks.objects import Account, Customer, Invoice, Item, SalesItemLine, SalesItemLineDetail

# Its id_token check calls datetime.utcnow, deprecated from Python 3.12; six and enum are older still.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
CALLBACK = "http://localhost:8000/callback"


@pytest.fixture
def auth(server, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setattr(QuickBooks, "api_url_v3", server.base + "/v3")
    monkeypatch.setattr(QuickBooks, "sandbox_api_url_v3", server.base + "/v3")
    discovery = server.base + "/.well-known/openid_sandbox_configuration/"
    with AuthClient("sandbox-client", "sandbox-secret", CALLBACK, environment=discovery) as client:
        yield client


@pytest.fixture
def quickbooks(auth, server):
    tokens = server.control("tokens")
    auth.refresh(refresh_token=tokens["refresh_token"])
    client = QuickBooks(
        auth_client=auth, refresh_token=auth.refresh_token, company_id=tokens["realmId"], minorversion=75
    )
    yield client
    client.session.close()


def invoice_for(customer, item, number):
    line = SalesItemLine()
    line.Amount = 98.5
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = item.to_ref()
    line.SalesItemLineDetail.Qty, line.SalesItemLineDetail.UnitPrice = 10, 9.85
    invoice = Invoice()
    invoice.CustomerRef, invoice.DocNumber = customer.to_ref(), number
    invoice.Line.append(line)
    return invoice


def test_connecting_gives_tokens_and_a_valid_id_token(auth):
    address = auth.get_authorization_url([Scopes.ACCOUNTING, Scopes.OPENID])
    form = dict(pair.split("=", 1) for pair in requests.utils.urlparse(address).query.split("&"))
    form = {name: requests.utils.unquote(value.replace("+", " ")) for name, value in form.items()}
    answer = requests.post(
        auth.auth_endpoint, {**form, "company": "us", "decision": "allow"}, allow_redirects=False, timeout=10
    )
    back = dict(
        pair.split("=", 1) for pair in requests.utils.urlparse(answer.headers["Location"]).query.split("&")
    )
    assert back["state"] == auth.state_token
    auth.get_bearer_token(requests.utils.unquote(back["code"]), realm_id=back["realmId"])
    assert auth.access_token
    assert auth.id_token
    assert auth.get_user_info().json()["sub"]


def test_revoking_ends_the_refresh_token(auth, server):
    auth.refresh(refresh_token=server.control("tokens")["refresh_token"])
    assert auth.revoke() is True
    with pytest.raises(Exception, match="invalid_grant"):
        auth.refresh()


def test_lists_can_be_read_whole_and_filtered(quickbooks):
    assert Account.all(qb=quickbooks)[0].Name == "Accounts Payable (A/P)"
    assert [item.Sku for item in Item.filter(Name="Tote Bag", qb=quickbooks)] == ["BAG-0450"]
    assert Customer.count(qb=quickbooks) == 24


def test_customer_can_be_made_changed_and_found(quickbooks):
    customer = Customer()
    customer.DisplayName, customer.Notes = "O'Hara & Søn", "first"
    customer.save(qb=quickbooks)
    found = Customer.filter(DisplayName="O'Hara & Søn", qb=quickbooks)[0]
    assert found.Id == customer.Id
    found.Notes = "second"
    found.save(qb=quickbooks)
    assert Customer.get(int(found.Id), qb=quickbooks).Notes == "second"


def test_invoice_can_be_made_voided_and_deleted(quickbooks):
    customer, item = Customer.all(qb=quickbooks)[0], Item.filter(Name="Imprinted T-Shirt", qb=quickbooks)[0]
    invoice = invoice_for(customer, item, "A-1")
    saved = invoice.save(qb=quickbooks, request_id="same")
    again = invoice_for(customer, item, "A-1").save(qb=quickbooks, request_id="same")
    assert (saved.Id, saved.TotalAmt) == (again.Id, 98.5)
    found = Invoice.get(int(saved.Id), qb=quickbooks)
    found.void(qb=quickbooks)
    voided = Invoice.get(int(saved.Id), qb=quickbooks)
    assert (voided.TotalAmt, voided.PrivateNote) == (0, "Voided")
    assert voided.delete(qb=quickbooks)["Invoice"]["status"] == "Deleted"


def test_refusals_reach_the_client_as_its_own_errors(quickbooks):
    twin = Customer()
    twin.DisplayName = "Kestrel Dental"
    with pytest.raises(QuickbooksException) as caught:
        twin.save(qb=quickbooks)
    assert caught.value.error_code == 6240
