"""What concerns a company as a whole: its data, preferences, currencies, taxes and recurring templates."""

import pytest

from tests.sandbox.conftest import code_of, error_of
from tests.sandbox.documents import bill, invoice
from tests.sandbox.money import sparse

INFO = {"Name": "Rent", "RecurType": "Automated", "Active": True,
        "ScheduleInfo": {"IntervalType": "Monthly", "NumInterval": 1, "DayOfMonth": 1}}  # fmt: skip


def own(company, name):
    return company.get(name.lower()).json()[name]


def test_preferences_keep_the_sections_and_keys_that_an_update_leaves_out(us):
    before = own(us, "Preferences")
    changed = us.made(
        "preferences", {"Id": "1", "SyncToken": "0", "SalesFormsPrefs": {"AllowDiscount": False}}
    )
    before["SalesFormsPrefs"]["AllowDiscount"] = False
    skip = ("SyncToken", "MetaData")
    assert {k: v for k, v in changed.items() if k not in skip} == {
        k: v for k, v in before.items() if k not in skip
    }
    pairs = {"NameValue": [{"Name": "SalesFormsPrefs.DefaultItem", "Value": "3"}]}
    changed = us.made("preferences", sparse(changed, OtherPrefs=pairs))["OtherPrefs"]["NameValue"]
    assert changed[0]["Name"] == "SalesFormsPrefs.DefaultCustomerMessage"
    assert pairs["NameValue"][0] in changed


def test_home_currency_and_several_currencies_stay(us):
    wish = {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "EUR"}}
    changed = us.made("preferences", {"Id": "1", "SyncToken": "0", "CurrencyPrefs": wish})["CurrencyPrefs"]
    assert (changed["MultiCurrencyEnabled"], changed["HomeCurrency"]["value"]) == (True, "USD")


def test_company_needs_name_and_address_in_a_full_update_only(us):
    company = us.get("companyinfo/1").json()["CompanyInfo"]
    answer = us.post("companyinfo", {"Id": "1", "SyncToken": "0", "CompanyName": "North"})
    assert (code_of(answer), error_of(answer)["element"]) == ("2020", "CompanyAddr")
    changed = us.made("companyinfo", sparse(company, CompanyName="North"))
    assert (changed["CompanyName"], changed["Country"], changed["SyncToken"]) == ("North", "US", "1")
    assert code_of(us.post("companyinfo", sparse(changed, CompanyName="x" * 1025))) == "2050"


@pytest.mark.parametrize("path", ["preferences", "companyinfo"])
def test_what_there_is_one_of_cannot_be_made_or_deleted(us, path):
    assert code_of(us.post(path, {"domain": "QBO"})) == "500"
    assert code_of(us.post(path, {"Id": "1", "SyncToken": "0"}, operation="delete")) == "500"


def test_exchange_rate_is_read_by_day_and_replaced(us):
    assert us.get("exchangerate?sourcecurrencycode=EUR").json()["ExchangeRate"]["Rate"] == 1.1
    wish = {"SourceCurrencyCode": "EUR", "AsOfDate": "2025-06-01", "Rate": 1.15}
    assert us.made("exchangerate", wish)["TargetCurrencyCode"] == "USD"
    assert us.made("exchangerate", {**wish, "Rate": 1.2})["Rate"] == 1.2
    rates = {day: us.get(f"exchangerate?sourcecurrencycode=EUR&asofdate={day}").json()["ExchangeRate"]["Rate"]
             for day in ("2025-05-31", "2025-06-01", "2026-01-01")}  # fmt: skip
    assert rates == {"2025-05-31": 1.1, "2025-06-01": 1.2, "2026-01-01": 1.2}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Rate": 0}, "2080"),
        ({"SourceCurrencyCode": "XXZ"}, "2010"),
        ({"TargetCurrencyCode": "GBP"}, "6000"),
        ({"Rate": None}, "2020"),
    ],
)
def test_exchange_rate_that_breaks_a_rule_is_refused(us, changes, code):
    wish = {"SourceCurrencyCode": "EUR", "AsOfDate": "2025-06-01", "Rate": 1.15}
    assert code_of(us.post("exchangerate", wish | changes)) == code


def test_rate_that_nobody_knows_is_not_found(us):
    assert code_of(us.get("exchangerate?sourcecurrencycode=JPY")) == "610"
    assert code_of(us.get("exchangerate")) == "2020"


def test_tax_service_makes_code_and_rates(us):
    detail = {"TaxRateName": "Delaware", "RateValue": "5.5", "TaxAgencyId": "1", "TaxApplicableOn": "Sales"}
    wish = {"TaxCode": "Delaware", "TaxRateDetails": [detail, {"TaxRateId": "1"}]}
    answer = us.post("taxservice/taxcode", wish).json()
    assert [rate["RateValue"] for rate in answer["TaxRateDetails"]] == [5.5, 6]
    code = us.get(f"taxcode/{answer['TaxCodeId']}").json()["TaxCode"]
    rates = [entry["TaxRateRef"]["value"] for entry in code["SalesTaxRateList"]["TaxRateDetail"]]
    assert rates == [rate["TaxRateId"] for rate in answer["TaxRateDetails"]]
    taxed = us.made("invoice", invoice(TxnTaxDetail={"TxnTaxCodeRef": {"value": code["Id"]}}))
    assert taxed["TxnTaxDetail"]["TotalTax"] == 0


@pytest.mark.parametrize(
    ("details", "code", "element"),
    [
        ([], "2020", "TaxRateDetails"),
        ([{"TaxRateName": "New", "RateValue": 5}], "2020", "TaxAgencyId"),
        ([{"TaxRateName": "New", "RateValue": 5, "TaxAgencyId": "99"}], "2500", "TaxAgencyId"),
        ([{"TaxRateName": "New", "RateValue": 101, "TaxAgencyId": "1"}], "2080", "RateValue"),
        ([{"TaxRateName": "Maryland", "RateValue": 5, "TaxAgencyId": "1"}], "6240", None),
        ([{"TaxRateId": "99"}], "2500", "TaxRateId"),
        ([{"TaxRateId": "1", "TaxApplicableOn": "Gifts"}], "2010", None),
    ],
)
def test_tax_code_that_breaks_a_rule_leaves_nothing_behind(us, details, code, element):
    good = {"TaxRateName": "Half made", "RateValue": 5, "TaxAgencyId": "1"}
    sent = [good, *details] if details else []
    answer = us.post("taxservice/taxcode", {"TaxCode": "New", "TaxRateDetails": sent})
    assert (code_of(answer), error_of(answer).get("element")) == (code, element)
    assert us.rows("SELECT * FROM TaxRate WHERE Name = 'Half made'") == []


def test_recurring_transaction_stands_under_its_kind_and_posts_nothing(us):
    made = us.made("recurringtransaction", {"Bill": {**bill(), "RecurringInfo": INFO}})
    assert list(made) == ["Bill"]
    assert made["Bill"]["RecurringInfo"]["Name"] == "Rent"
    assert us.rows("SELECT * FROM RecurringTransaction") == [made]
    assert us.rows("SELECT * FROM Bill") == []
    changed = us.made("recurringtransaction", {"Bill": sparse(made["Bill"], PrivateNote="Note")})
    assert (changed["Bill"]["PrivateNote"], changed["Bill"]["SyncToken"]) == ("Note", "1")
    gone = {"Bill": {"Id": made["Bill"]["Id"], "SyncToken": "1"}}
    assert us.made("recurringtransaction", gone, operation="delete")["status"] == "Deleted"


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        ({"Bill": bill()}, "2020", "RecurringInfo"),
        ({"Bill": {**bill(), "RecurringInfo": {"Name": "Rent"}}}, "2020", "RecurType"),
        ({"Bill": {**bill(), "RecurringInfo": {**INFO, "RecurType": "Never"}}}, "2010", None),
        ({"Bill": {"Line": bill()["Line"], "RecurringInfo": INFO}}, "2020", "VendorRef"),
        ({"Bill": {**bill(vendor="99"), "RecurringInfo": INFO}}, "2500", "VendorRef"),
        ({"Spaceship": {}}, "2010", None),
        ({}, "2010", None),
    ],
)
def test_recurring_transaction_that_breaks_a_rule_is_refused(us, body, code, element):
    answer = us.post("recurringtransaction", body)
    assert (code_of(answer), error_of(answer).get("element")) == (code, element)


def test_invoice_link_comes_on_request_where_the_invoice_can_be_paid_online(us):
    made = us.made(
        "invoice", invoice(AllowOnlineCreditCardPayment=True, BillEmail={"Address": "a@b.example"})
    )
    plain = us.made("invoice", invoice())
    assert "InvoiceLink" not in us.get(f"invoice/{made['Id']}").json()["Invoice"]
    assert (
        us.get(f"invoice/{made['Id']}?include=invoiceLink")
        .json()["Invoice"]["InvoiceLink"]
        .startswith("https:")
    )
    assert "InvoiceLink" not in us.get(f"invoice/{plain['Id']}?include=invoiceLink").json()["Invoice"]


def test_sample_company_has_what_published_suites_take_from_intuits(us):
    preferences = own(us, "Preferences")
    assert preferences["CurrencyPrefs"]["MultiCurrencyEnabled"] is True
    assert preferences["AccountingInfoPrefs"]["TaxYearMonth"] == "January"
    assert preferences["ProductAndServicesPrefs"]["ForPurchase"] is True
    assert preferences["VendorAndPurchasesPrefs"]["BillableExpenseTracking"] is True
    assert preferences["TimeTrackingPrefs"]["WorkWeekStartDate"] == "Monday"
    assert preferences["OtherPrefs"]["NameValue"][0]["Name"] == "SalesFormsPrefs.DefaultCustomerMessage"
    assert us.get("companycurrency/1").json()["CompanyCurrency"]["Name"] == "Canadian Dollar"
    assert us.get("taxagency/1").json()["TaxAgency"]["Id"] == "1"
    assert us.rows("SELECT * FROM TaxCode MAXRESULTS 1")[0]["Id"] in ("NON", "TAX")
    assert us.get("taxpayment/1").json()["TaxPayment"]["PaymentAmount"] == 184.2
    banks = us.rows("SELECT * FROM Account WHERE AccountType = 'Bank'")
    assert len(banks) == 2
    assert "Checking" in {bank["Name"] for bank in banks}
    wanted = ("SalesOfProductIncome", "SuppliesMaterialsCogs", "Inventory", "Checking", "AccountsPayable")
    for subtype in wanted:
        assert us.rows(f"SELECT * FROM Account WHERE AccountSubType = '{subtype}'"), subtype
