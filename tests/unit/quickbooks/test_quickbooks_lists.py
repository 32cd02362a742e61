from __future__ import annotations

import json
from typing import Any

import pytest

from webapp.quickbooks.lists import ListRow, company_facts, is_deleted, row_for


def test_a_sub_customer_is_read_with_parent_and_contact():
    entity = {
        "Id": "12",
        "SyncToken": "3",
        "DisplayName": "Dayton branch",
        "FullyQualifiedName": "Acme:Dayton branch",
        "CompanyName": "Acme",
        "Active": True,
        "Job": True,
        "Taxable": False,
        "ParentRef": {"value": "11"},
        "CurrencyRef": {"value": "USD"},
        "PrimaryEmailAddr": {"Address": "ap@acme.example"},
        "PrimaryPhone": {"FreeFormNumber": "(937) 555-0100"},
        "BillAddr": {"City": "Dayton", "CountrySubDivisionCode": "OH", "PostalCode": "45402"},
        "WebAddr": {"URI": "https://acme.example"},
    }
    assert row_for("customer", entity) == ListRow(
        kind="customer",
        remote_id="12",
        name="Dayton branch",
        full_name="Acme:Dayton branch",
        active=True,
        currency="USD",
        email="ap@acme.example",
        phone="(937) 555-0100",
        city="Dayton",
        region="OH",
        postal_code="45402",
        parent_id="11",
        sync_token="3",
        extra={"company_name": "Acme", "taxable": False, "is_job": True, "website": "https://acme.example"},
    )


@pytest.mark.parametrize(
    ("kind", "entity", "expected"),
    [
        (
            "account",
            {
                "Name": "Sales",
                "AcctNum": "4000",
                "AccountType": "Income",
                "AccountSubType": "SalesOfProductIncome",
            },
            {"number": "4000", "type": "Income", "subtype": "SalesOfProductIncome", "full_name": "Sales"},
        ),
        ("vendor", {"DisplayName": "Mug Works", "AcctNum": "D-7"}, {"name": "Mug Works", "number": "D-7"}),
        (
            "item",
            {
                "Name": "Mug",
                "Sku": "MUG-11",
                "Type": "NonInventory",
                "IncomeAccountRef": {"value": "79"},
                "ExpenseAccountRef": {"value": "80"},
            },
            {
                "number": "MUG-11",
                "type": "NonInventory",
                "income_account_id": "79",
                "expense_account_id": "80",
            },
        ),
        ("term", {"Name": "Net 30", "DueDays": 30}, {"name": "Net 30", "extra": {"due_days": 30}}),
        (
            "tax_code",
            {"Name": "HST ON", "Description": "Ontario", "TaxGroup": True},
            {"extra": {"description": "Ontario", "tax_group": True}},
        ),
        ("class", {"Name": "West", "ParentRef": {"value": "1"}}, {"name": "West", "parent_id": "1"}),
        ("location", {"Name": "Dayton", "Active": False}, {"name": "Dayton", "active": False}),
    ],
)
def test_each_list_is_read(kind, entity, expected):
    row = row_for(kind, {"Id": "1", **entity})
    assert {name: getattr(row, name) for name in expected} == expected


KNOWN = {
    "DisplayName": "Mug Works",
    "PrintOnCheckName": "9123-4567 Québec inc.",
    "BillAddr": {"Country": "Canada"},
    "BusinessNumber": "123456789",
    "AlternatePhone": {"FreeFormNumber": "(937) 555-0101"},
    "Mobile": {"FreeFormNumber": "937 555 0102"},
}


@pytest.mark.parametrize(
    ("entity", "extra"),
    [
        (
            KNOWN,
            {
                "check_name": "9123-4567 Québec inc.",
                "country": "Canada",
                "tax_number": "123456789",
                "phones": ["(937) 555-0101", "937 555 0102"],
            },
        ),
        ({"DisplayName": "Mug Works", "PrintOnCheckName": "Mug Works", "Mobile": {}}, {}),
        ({"TaxIdentifier": "XXXXXX6789"}, {}),
        ({"PrimaryTaxIdentifier": "XXXXXX56789", "ResaleNum": "R-4411"}, {"tax_number": "R-4411"}),
        ({"BillAddr": "nowhere", "Mobile": ["937"], "BusinessNumber": None}, {}),
    ],
)
@pytest.mark.parametrize("kind", ["customer", "vendor"])
def test_what_else_tells_who_a_party_is_is_kept(kind, entity, extra):
    assert row_for(kind, {"Id": "1", **entity}).extra == extra


def test_what_tells_who_a_party_is_concerns_no_other_list():
    assert row_for("item", {"Id": "1", **KNOWN}).extra == {}


def test_what_a_change_feed_leaves_of_a_deleted_object_is_told_apart():
    assert is_deleted({"Id": 4, "status": "Deleted", "domain": "QBO"})
    assert not is_deleted({"Id": 4, "Active": False})


COMPANY = {"CompanyName": "Northwind Promo", "LegalName": "Northwind Promo Inc.", "Country": "CA"}


def custom_fields(pattern: str, name: str, used: str) -> list[dict[str, Any]]:
    """Three custom fields as QuickBooks gives them, of which one is switched on."""
    switches = [
        {"Name": pattern.format("Use", number), "Type": "BooleanType", "BooleanValue": number == used}
        for number in "123"
    ]
    names = [
        {"Name": pattern.format("", f"Name{number}"), "Type": "StringType", "StringValue": name}
        for number in "123"
    ]
    return [{"CustomField": switches}, {"CustomField": names}]


def test_company_facts_are_read_from_the_preferences():
    preferences = {
        "SalesFormsPrefs": {
            "CustomTxnNumbers": True,
            "AllowDiscount": True,
            "AllowShipping": False,
            "CustomField": custom_fields("SalesFormsPrefs.{}SalesCustom{}", "Customer PO", used="1"),
        },
        "VendorAndPurchasesPrefs": {
            "POCustomField": custom_fields("PurchasePrefs.{}PurchaseOrderCustom{}", "In-hands date", used="3")
        },
        "AccountingInfoPrefs": {
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": True,
            "TrackDepartments": True,
            "BookCloseDate": "2025-12-31",
        },
        "TaxPrefs": {"UsingSalesTax": True, "PartnerTaxEnabled": True},
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "CAD"}},
        "OtherPrefs": {
            "NameValue": [{"Name": "VendorAndPurchasesPrefs.UseCustomTxnNumbers", "Value": "true"}]
        },
    }
    facts = company_facts(COMPANY, preferences)
    assert facts == {
        "company_name": "Northwind Promo",
        "legal_name": "Northwind Promo Inc.",
        "country": "CA",
        "home_currency": "CAD",
        "multicurrency": False,
        "sales_tax": True,
        "automated_sales_tax": True,
        "custom_sales_numbers": True,
        "custom_purchase_numbers": True,
        "allow_discount": True,
        "allow_shipping": False,
        "class_on_document": False,
        "class_on_lines": True,
        "class_tracking": True,
        "location_tracking": True,
        "sales_custom_fields": {"1": "Customer PO"},
        "purchase_custom_fields": {"3": "In-hands date"},
        "books_closed_until": "2025-12-31",
    }
    assert json.loads(json.dumps(facts)) == facts


def test_company_facts_default_to_no_where_preferences_say_nothing():
    facts = company_facts(COMPANY, {})
    flags = {name: value for name, value in facts.items() if isinstance(value, bool)}
    assert not any(flags.values())
    assert facts["books_closed_until"] is None


@pytest.mark.parametrize("value", [True, "true"])
def test_custom_purchase_numbers_are_read_from_their_own_group_too(value):
    preferences = {"VendorAndPurchasesPrefs": {"UseCustomTxnNumbers": value}}
    assert company_facts(COMPANY, preferences)["custom_purchase_numbers"] is True
