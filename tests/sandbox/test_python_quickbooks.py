"""An independent client, python-quickbooks with intuit-oauth, works against the sandbox as it is."""

import importlib
import warnings

import pytest
import requests

pytest.importorskip("quickbooks", reason="python-quickbooks is a test-only client")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from intuitlib.client import AuthClient
    from intuitlib.enums import Scopes
    from quickbooks import QuickBooks, objects
    from quickbooks.batch import batch_create
    from quickbooks.cdc import change_data_capture
    from quickbooks.exceptions import QuickbooksException
    from quickbooks.objects import Account, Customer, Invoice, Item, SalesItemLine, SalesItemLineDetail

from tests.sandbox.documents import account_line, bill, invoice
from tests.sandbox.money import bill_payment, pays
from tests.sandbox.quickbooks_table import READ_ONLY, ROWS

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
    made = Invoice()
    made.CustomerRef, made.DocNumber = customer.to_ref(), number
    made.Line.append(line)
    return made


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


# Classes that the package of the client's objects does not offer by themselves.
APART = {
    "CompanyCurrency": "companycurrency",
    "CreditCardPayment": "creditcardpayment_entity",
    "CustomerType": "customertype",
    "ExchangeRate": "exchangerate",
    "RecurringTransaction": "recurringtransaction",
}


def kind_of(name):
    module = importlib.import_module(f"quickbooks.objects.{APART[name]}") if name in APART else objects
    return getattr(module, name)


def saved(name, body, quickbooks):
    return kind_of(name).from_json(body).save(qb=quickbooks)


@pytest.mark.parametrize("name", ROWS)
def test_every_class_can_be_made_changed_found_and_removed(quickbooks, name):
    body, change, deletable = ROWS[name]
    kind = kind_of(name)
    made = saved(name, body, quickbooks)
    found = kind.get(made.Id, qb=quickbooks)
    for key, value in change.items():
        setattr(found, key, value)
    found.save(qb=quickbooks)
    again = kind.get(made.Id, qb=quickbooks)
    assert {key: getattr(again, key) for key in change} == change
    assert again.SyncToken == "1"
    wanted = "Active IN (true, false) AND " if "Active" in change else ""
    assert [one.Id for one in kind.where(f"{wanted}Id = '{made.Id}'", qb=quickbooks)] == [made.Id]
    if deletable:
        again.delete(qb=quickbooks)
        with pytest.raises(QuickbooksException):
            kind.get(made.Id, qb=quickbooks)


@pytest.mark.parametrize("name", READ_ONLY)
def test_every_read_only_class_can_be_listed_and_read(quickbooks, name):
    kind = kind_of(name)
    first = kind.all(qb=quickbooks)[0]
    assert kind.get(first.Id, qb=quickbooks).Name == first.Name


def test_bill_can_be_paid_and_the_payment_voided(quickbooks):
    owed = saved("Bill", bill(account_line(80)), quickbooks)
    paid = saved("BillPayment", bill_payment(80, pays("Bill", owed.Id, 80)), quickbooks)
    assert objects.Bill.get(owed.Id, qb=quickbooks).Balance == 0
    paid.void(qb=quickbooks)
    assert objects.Bill.get(owed.Id, qb=quickbooks).Balance == 80


@pytest.mark.parametrize("name", ["Payment", "SalesReceipt"])
def test_receipts_and_payments_can_be_voided(quickbooks, name):
    made = saved(name, ROWS[name][0], quickbooks)
    made.void(qb=quickbooks)
    assert getattr(objects, name).get(made.Id, qb=quickbooks).TotalAmt == 0


def test_company_and_preferences_can_be_read_and_changed(quickbooks):
    company = objects.CompanyInfo.get(1, qb=quickbooks)
    company.LegalName = "Northgate Holdings"
    company.save(qb=quickbooks)
    assert objects.CompanyInfo.all(qb=quickbooks)[0].LegalName == "Northgate Holdings"
    preferences = objects.Preferences.get(qb=quickbooks)
    assert preferences.OtherPrefs.NameValue[0].Name == "SalesFormsPrefs.DefaultCustomerMessage"
    preferences.SalesFormsPrefs.DefaultCustomerMessage = "Thanks."
    preferences.save(qb=quickbooks)
    changed = objects.Preferences.get(qb=quickbooks)
    assert changed.SalesFormsPrefs.DefaultCustomerMessage == "Thanks."
    assert changed.TaxPrefs.UsingSalesTax is True


def test_exchange_rate_can_be_found_and_set(quickbooks):
    rate = kind_of("ExchangeRate").where("SourceCurrencyCode = 'EUR'", qb=quickbooks)[0]
    assert rate.TargetCurrencyCode == "USD"
    rate.Rate = 1.25
    assert rate.save(qb=quickbooks).Rate == 1.25


def test_tax_agency_rate_and_code_can_be_made(quickbooks):
    agency = saved("TaxAgency", {"DisplayName": "Delaware Revenue"}, quickbooks)
    detail = {"TaxRateName": "Delaware", "RateValue": 5, "TaxAgencyId": agency.Id, "TaxApplicableOn": "Sales"}
    objects.TaxService.from_json({"TaxCode": "Delaware", "TaxRateDetails": [detail]}).save(qb=quickbooks)
    code = objects.TaxCode.filter(Name="Delaware", qb=quickbooks)[0]
    rate = code.SalesTaxRateList.TaxRateDetail[0].TaxRateRef
    assert objects.TaxRate.get(rate.value, qb=quickbooks).RateValue == 5


def test_recurring_transaction_can_be_made_changed_and_deleted(quickbooks):
    info = {"Name": "Rent", "RecurType": "Automated", "Active": True}
    made = saved("RecurringTransaction", {"Bill": {**bill(), "RecurringInfo": info}}, quickbooks)
    made.Bill.PrivateNote = "changed"
    made.save(qb=quickbooks)
    found = kind_of("RecurringTransaction").all(qb=quickbooks)[0]
    assert (found.Bill.Id, found.Bill.PrivateNote) == (made.Bill.Id, "changed")
    found.delete(qb=quickbooks)
    assert kind_of("RecurringTransaction").all(qb=quickbooks) == []


def test_batch_and_change_data_capture_work(quickbooks):
    twins = [Customer.from_json({"DisplayName": name}) for name in ("Batch One", "Kestrel Dental")]
    answer = batch_create(twins, qb=quickbooks)
    assert [one.DisplayName for one in answer.successes] == ["Batch One"]
    assert answer.faults[0].Error[0].code == "6240"
    changes = change_data_capture([Customer, Invoice], "2026-01-01T00:00:00Z", qb=quickbooks)
    assert answer.successes[0].Id in [one.Id for one in changes.Customer]


def test_file_can_be_attached_and_found_at_its_invoice(quickbooks, tmp_path):
    billed = saved("Invoice", invoice(), quickbooks)
    file = tmp_path / "art.txt"
    file.write_text("two colours")
    body = {"FileName": "art.txt", "ContentType": "text/plain",
            "AttachableRef": [{"EntityRef": {"type": "Invoice", "value": billed.Id}}]}  # fmt: skip
    attachable = objects.Attachable.from_json(body)
    attachable._FilePath = str(file)
    attachable.save(qb=quickbooks)
    found = objects.Attachable.get(attachable.Id, qb=quickbooks)
    assert requests.get(found.TempDownloadUri, timeout=10).text == "two colours"


def test_report_can_be_read(quickbooks):
    report = quickbooks.get_report("ProfitAndLoss", {"start_date": "2026-01-01", "end_date": "2026-12-31"})
    assert report["Header"]["ReportName"] == "ProfitAndLoss"
