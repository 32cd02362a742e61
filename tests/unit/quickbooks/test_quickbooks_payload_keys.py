"""Every property we send is one that Intuit documents: it refuses a body with any other (fault 2010).

From the pages of https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/ and the
schema in Intuit's SDKs; properties that QuickBooks computes are left out.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from webapp.accounting.drafts import (
    AddressDraft,
    CustomFieldDraft,
    DocumentDraft,
    DocumentKind,
    ItemDraft,
    LineDraft,
    LineKind,
    PartyDraft,
    TaxMode,
)
from webapp.quickbooks.payloads import customer, document_payload, entity_for, item, update_payload, vendor

REFERENCE = "value name"
ADDRESS = "Line1 Line2 Line3 Line4 Line5 City Country CountrySubDivisionCode PostalCode"
LINE = (
    "Id LineNum Description Amount DetailType LinkedTxn SalesItemLineDetail DiscountLineDetail "
    "ItemBasedExpenseLineDetail AccountBasedExpenseLineDetail"
)
PROPERTIES = {
    "Invoice": (
        "Id SyncToken sparse ApplyTaxAfterDiscount BillAddr BillEmail BillEmailBcc BillEmailCc ClassRef "
        "CurrencyRef CustomField CustomerMemo CustomerRef DepartmentRef DepositToAccountRef DocNumber "
        "DueDate EmailStatus ExchangeRate GlobalTaxCalculation Line LinkedTxn PrintStatus PrivateNote "
        "SalesTermRef ShipAddr ShipDate ShipFromAddr ShipMethodRef TrackingNum TxnDate TxnSource TxnTaxDetail"
    ),
    "Bill": (
        "Id SyncToken sparse APAccountRef CurrencyRef DepartmentRef DocNumber DueDate ExchangeRate "
        "GlobalTaxCalculation Line LinkedTxn PrivateNote SalesTermRef TxnDate TxnTaxDetail VendorRef"
    ),
    "PurchaseOrder": (
        "Id SyncToken sparse APAccountRef ClassRef CurrencyRef CustomField DepartmentRef DocNumber DueDate "
        "EmailStatus ExchangeRate GlobalTaxCalculation Line Memo POEmail POStatus PrivateNote SalesTermRef "
        "ShipAddr ShipMethodRef ShipTo TxnDate TxnTaxDetail VendorAddr VendorRef"
    ),
    "Customer": (
        "Active BillAddr CompanyName CurrencyRef DisplayName Notes ParentRef PrimaryEmailAddr PrimaryPhone "
        "ResaleNum Job SalesTermRef ShipAddr Taxable WebAddr"
    ),
    "Vendor": (
        "APAccountRef AcctNum Active BillAddr CompanyName CurrencyRef DisplayName PrimaryEmailAddr "
        "PrimaryPhone TermRef WebAddr"
    ),
    "Item": (
        "Active Description ExpenseAccountRef IncomeAccountRef Name PurchaseCost PurchaseDesc Sku Type "
        "UnitPrice"
    ),
    "Line": LINE,
    "SalesItemLineDetail": "ItemRef Qty UnitPrice TaxCodeRef ClassRef ServiceDate DiscountAmt DiscountRate",
    "DiscountLineDetail": "PercentBased DiscountPercent DiscountAccountRef ClassRef TaxCodeRef",
    "ItemBasedExpenseLineDetail": "ItemRef Qty UnitPrice TaxCodeRef ClassRef CustomerRef BillableStatus",
    "AccountBasedExpenseLineDetail": "AccountRef TaxCodeRef ClassRef CustomerRef BillableStatus TaxAmount",
    "LinkedTxn": "TxnId TxnType TxnLineId",
    "TxnTaxDetail": "TxnTaxCodeRef TotalTax TaxLine",
    "CustomerMemo": "value",
    "CustomField": "DefinitionId Name Type StringValue",
    "BillAddr": ADDRESS,
    "ShipAddr": ADDRESS,
    "BillEmail": "Address",
    "POEmail": "Address",
    "PrimaryEmailAddr": "Address",
    "PrimaryPhone": "FreeFormNumber",
    "WebAddr": "URI",
}


def unknown_properties(name, value):
    """The paths of what Intuit does not document, at any depth."""
    if isinstance(value, list):
        return [path for member in value for path in unknown_properties(name, member)]
    if not isinstance(value, dict):
        return []
    known = (REFERENCE if name.endswith("Ref") else PROPERTIES[name]).split()
    found = [f"{name}.{key}" for key in value if key not in known]
    return found + [
        path
        for key, member in value.items()
        if f"{name}.{key}" not in found
        for path in unknown_properties(key, member)
    ]


def full_document(kind, tax_mode):
    address = AddressDraft("1 Main St", "Floor 2", "Dayton", "OH", "45402", "US")
    common = {
        "tax_code_id": "5",
        "billable_customer_id": "58",
        "purchase_order_id": "201",
        "purchase_order_line_id": "1",
        "class_id": "2",
    }
    lines = (
        LineDraft(LineKind.PRODUCT, "Mug", Decimal(10), Decimal(5), Decimal(2), item_id="10", **common),
        LineDraft(LineKind.DISCOUNT, "Loyalty", Decimal(-1), account_id="86", **common),
    )
    return DocumentDraft(
        kind,
        "1001",
        date(2026, 3, 1),
        "USD",
        "58",
        lines,
        tax_mode,
        due_date=date(2026, 3, 31),
        term_id="3",
        ap_account_id="33",
        memo="Thanks",
        email="a@b.example",
        bill_to=address,
        ship_to=address,
        tax_amount=Decimal("1.10"),
        multicurrency=True,
        class_id="2",
        location_id="4",
        custom_fields=(CustomFieldDraft("1", "PO-1"),),
    )


@pytest.mark.parametrize("tax_mode", list(TaxMode))
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_documents_have_documented_properties_only(kind, tax_mode):
    draft = full_document(kind, tax_mode)
    assert unknown_properties(entity_for(kind), document_payload(draft)) == []
    assert unknown_properties(entity_for(kind), update_payload(draft, "9", "1", ("1", "2"))) == []


@pytest.mark.parametrize(("build", "entity"), [(customer, "Customer"), (vendor, "Vendor")])
def test_parties_have_documented_properties_only(build, entity):
    address = AddressDraft("1 Main St", "Floor 2", "Dayton", "OH", "45402", "US")
    draft = PartyDraft(
        "Acme", "Acme", "a@b.example", "1", "https://a.example", "USD", address, address, "3", "7"
    )
    assert unknown_properties(entity, build(draft)) == []


def test_items_have_documented_properties_only():
    assert unknown_properties("Item", item(ItemDraft("Mug", "service", "Mug", "79", "80"))) == []


def test_an_undocumented_property_would_be_found():
    payload = {"CustomerRef": {"Value": "1"}, "Line": [{"Amount": 1, "SalesItemLineDetail": {"Quantity": 1}}]}
    assert unknown_properties("Invoice", payload) == ["CustomerRef.Value", "SalesItemLineDetail.Quantity"]
