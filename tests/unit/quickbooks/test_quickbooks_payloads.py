from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from webapp.accounting.drafts import (
    AddressDraft,
    AppliedRule,
    CustomFieldDraft,
    DocumentDraft,
    DocumentKind,
    ItemDraft,
    LineDraft,
    LineKind,
    PartyDraft,
    TaxMode,
)
from webapp.errors import Invalid
from webapp.quickbooks.payloads import (
    customer,
    document_payload,
    dump,
    entity_for,
    item,
    reference_payload,
    update_payload,
    vendor,
)
from webapp.quickbooks.payloads.names import item_name, party_name


def line(**changes):
    draft = LineDraft(
        kind=LineKind.PRODUCT,
        description="Mug",
        amount=Decimal("120.00"),
        quantity=Decimal(100),
        unit_price=Decimal("1.2"),
        item_id="10",
    )
    return replace(draft, **changes)


def document(*lines, **changes):
    draft = DocumentDraft(
        kind=DocumentKind.INVOICE,
        number="INV-1001",
        date=date(2026, 3, 1),
        currency="USD",
        party_id="58",
        lines=lines or (line(),),
        tax_mode=TaxMode.US,
    )
    return replace(draft, **changes)


def discount(**changes):
    given = {"kind": LineKind.DISCOUNT, "amount": Decimal("-12.50"), "item_id": None, "account_id": "86"}
    return line(quantity=None, unit_price=None, description="Loyalty", **(given | changes))


def bill(*lines, **changes):
    return document(*lines, **({"kind": DocumentKind.BILL, "tax_mode": TaxMode.NONE} | changes))


def order(*lines, **changes):
    return document(*lines, **({"kind": DocumentKind.PURCHASE_ORDER, "tax_mode": TaxMode.NONE} | changes))


@pytest.mark.parametrize(
    ("kind", "entity"),
    [
        (DocumentKind.INVOICE, "Invoice"),
        (DocumentKind.BILL, "Bill"),
        (DocumentKind.PURCHASE_ORDER, "PurchaseOrder"),
    ],
)
def test_each_kind_has_its_entity(kind, entity):
    assert entity_for(kind) == entity


def test_invoice_carries_everything_that_quickbooks_would_not_fill_in():
    draft = document(
        line(tax_code_id="TAX"),
        line(
            kind=LineKind.FREIGHT,
            description="Freight",
            amount=Decimal("15.00"),
            quantity=None,
            unit_price=None,
            item_id="12",
            tax_code_id="NON",
        ),
        discount(),
        due_date=date(2026, 3, 31),
        term_id="3",
        memo="Thank you for your order",
        email="ap@client.example",
        bill_to=AddressDraft("1 Main St", "", "Dayton", "OH", "45402", "US"),
        ship_to=AddressDraft("Dock 4", "9 Mill Rd", "Troy", "OH", "45373", "US"),
    )
    assert document_payload(draft) == {
        "CustomerRef": {"value": "58"},
        "DocNumber": "INV-1001",
        "TxnDate": "2026-03-01",
        "DueDate": "2026-03-31",
        "SalesTermRef": {"value": "3"},
        "CustomerMemo": {"value": "Thank you for your order"},
        "BillEmail": {"Address": "ap@client.example"},
        "BillAddr": {
            "Line1": "1 Main St",
            "City": "Dayton",
            "CountrySubDivisionCode": "OH",
            "PostalCode": "45402",
            "Country": "US",
        },
        "ShipAddr": {
            "Line1": "Dock 4",
            "Line2": "9 Mill Rd",
            "City": "Troy",
            "CountrySubDivisionCode": "OH",
            "PostalCode": "45373",
            "Country": "US",
        },
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal("120.00"),
                "Description": "Mug",
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "10"},
                    "Qty": Decimal(100),
                    "UnitPrice": Decimal("1.2"),
                    "TaxCodeRef": {"value": "TAX"},
                },
            },
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal("15.00"),
                "Description": "Freight",
                "SalesItemLineDetail": {"ItemRef": {"value": "12"}, "TaxCodeRef": {"value": "NON"}},
            },
            {
                "DetailType": "DiscountLineDetail",
                "Amount": Decimal("12.50"),
                "Description": "Loyalty",
                "DiscountLineDetail": {"PercentBased": False, "DiscountAccountRef": {"value": "86"}},
            },
        ],
    }


def test_invoice_says_no_more_than_it_must():
    assert document_payload(document(line(description=""), number=None, tax_mode=TaxMode.NONE)) == {
        "CustomerRef": {"value": "58"},
        "TxnDate": "2026-03-01",
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal("120.00"),
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "10"},
                    "Qty": Decimal(100),
                    "UnitPrice": Decimal("1.2"),
                },
            }
        ],
    }


def test_bill_lines_are_booked_billed_on_and_tied():
    draft = bill(
        line(
            billable_customer_id="58",
            purchase_order_id="201",
            purchase_order_line_id="2",
        ),
        line(item_id=None, account_id="77", description="Import duty", amount=Decimal("9.10")),
        ap_account_id="33",
        term_id="4",
        memo="Order 5001",
        email="nobody@vendor.example",
    )
    assert document_payload(draft) == {
        "VendorRef": {"value": "58"},
        "APAccountRef": {"value": "33"},
        "DocNumber": "INV-1001",
        "TxnDate": "2026-03-01",
        "SalesTermRef": {"value": "4"},
        "PrivateNote": "Order 5001",
        "Line": [
            {
                "DetailType": "ItemBasedExpenseLineDetail",
                "Amount": Decimal("120.00"),
                "Description": "Mug",
                "LinkedTxn": [{"TxnId": "201", "TxnType": "PurchaseOrder", "TxnLineId": "2"}],
                "ItemBasedExpenseLineDetail": {
                    "ItemRef": {"value": "10"},
                    "Qty": Decimal(100),
                    "UnitPrice": Decimal("1.2"),
                    "CustomerRef": {"value": "58"},
                    "BillableStatus": "Billable",
                },
            },
            {
                "DetailType": "AccountBasedExpenseLineDetail",
                "Amount": Decimal("9.10"),
                "Description": "Import duty",
                "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "77"}},
            },
        ],
    }


def test_a_tie_without_the_orders_line_is_not_sent():
    payload = document_payload(bill(line(purchase_order_id="201")))
    assert "LinkedTxn" not in payload["Line"][0]


def test_purchase_order_tells_the_vendor_where_and_what():
    draft = order(
        ap_account_id="33",
        memo="Ship complete",
        email="orders@vendor.example",
        ship_to=AddressDraft("Dock 4", city="Troy"),
        bill_to=AddressDraft("ours"),
    )
    payload = document_payload(draft)
    assert payload["Memo"] == "Ship complete"
    assert payload["POEmail"] == {"Address": "orders@vendor.example"}
    assert payload["ShipAddr"] == {"Line1": "Dock 4", "City": "Troy"}
    assert payload["APAccountRef"] == {"value": "33"}
    assert not {"VendorAddr", "BillAddr", "CustomerMemo", "PrivateNote", "CustomerRef"} & payload.keys()


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_class_stands_on_every_kind_of_line(kind):
    lines = [line(class_id="7"), line(item_id=None, account_id="77", class_id="8")]
    if kind is DocumentKind.INVOICE:
        lines[1] = discount(class_id="8")
    payload = document_payload(document(*lines, kind=kind))
    assert [part[part["DetailType"]]["ClassRef"] for part in payload["Line"]] == [
        {"value": "7"},
        {"value": "8"},
    ]
    assert "ClassRef" not in payload


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_location_is_the_whole_documents(kind):
    assert document_payload(document(kind=kind, location_id="4"))["DepartmentRef"] == {"value": "4"}


@pytest.mark.parametrize("kind", [DocumentKind.INVOICE, DocumentKind.PURCHASE_ORDER])
def test_custom_fields_and_a_class_of_the_whole_document(kind):
    fields = (CustomFieldDraft("1", "PO-9"), CustomFieldDraft("3", "2026-10-02"))
    payload = document_payload(document(kind=kind, class_id="7", custom_fields=fields))
    assert payload["ClassRef"] == {"value": "7"}
    assert payload["CustomField"] == [
        {"DefinitionId": "1", "Type": "StringType", "StringValue": "PO-9"},
        {"DefinitionId": "3", "Type": "StringType", "StringValue": "2026-10-02"},
    ]


def test_a_bill_has_neither_custom_fields_nor_a_class_of_its_own():
    payload = document_payload(bill(class_id="7", custom_fields=(CustomFieldDraft("1", "PO-9"),)))
    assert not {"ClassRef", "CustomField"} & payload.keys()


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_what_is_for_the_preview_only_is_not_sent(kind):
    rule = AppliedRule("sales_rep", "Dana Reyes")
    ruled = document(line(rule=rule, tie_key="product:mug"), kind=kind, class_rule=rule, location_rule=rule)
    assert document_payload(ruled) == document_payload(document(line(), kind=kind))


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_tax_by_code_names_the_code_on_every_line_and_excludes_tax(kind):
    lines = (line(tax_code_id="5"), line(tax_code_id="6"))
    payload = document_payload(document(*lines, kind=kind, tax_mode=TaxMode.CODES))
    assert payload["GlobalTaxCalculation"] == "TaxExcluded"
    assert [part[part["DetailType"]]["TaxCodeRef"] for part in payload["Line"]] == [
        {"value": "5"},
        {"value": "6"},
    ]


@pytest.mark.parametrize("mode", [TaxMode.US, TaxMode.NONE])
@pytest.mark.parametrize("kind", [DocumentKind.BILL, DocumentKind.PURCHASE_ORDER])
def test_us_purchases_carry_no_tax_code(kind, mode):
    payload = document_payload(document(line(tax_code_id="TAX"), kind=kind, tax_mode=mode))
    assert "GlobalTaxCalculation" not in payload
    assert "TaxCodeRef" not in payload["Line"][0]["ItemBasedExpenseLineDetail"]


@pytest.mark.parametrize("amount", [Decimal("0"), Decimal("8.25")])
def test_our_own_tax_is_sent_when_given_even_if_it_is_nothing(amount):
    assert document_payload(document(tax_amount=amount))["TxnTaxDetail"] == {"TotalTax": amount}
    override = {"TxnTaxCodeRef": {"value": "TAX"}, "TotalTax": Decimal(0)}
    overridden = document(tax_amount=Decimal(0), tax_code_id="TAX")
    assert document_payload(overridden)["TxnTaxDetail"] == override
    assert "TxnTaxDetail" not in document_payload(document())


def test_currency_is_named_only_where_there_are_several():
    assert document_payload(document(multicurrency=True))["CurrencyRef"] == {"value": "USD"}
    assert "CurrencyRef" not in document_payload(document())


@pytest.mark.parametrize("changes", [{"unit_price": None}, {"quantity": None}])
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_line_that_cannot_be_made_exact_goes_out_as_an_amount_only(kind, changes):
    part = document_payload(document(line(**changes), kind=kind))["Line"][0]
    assert part["Amount"] == Decimal("120.00")
    assert not {"Qty", "UnitPrice"} & part[part["DetailType"]].keys()


def test_a_discount_on_an_item_is_a_sales_line_below_zero():
    part = document_payload(document(discount(item_id="30", account_id=None)))["Line"][0]
    assert (part["DetailType"], part["Amount"]) == ("SalesItemLineDetail", Decimal("-12.50"))


def test_an_amount_of_nothing_is_still_sent():
    part = document_payload(document(line(amount=Decimal(0), unit_price=Decimal(0))))["Line"][0]
    assert part["Amount"] == 0
    assert part["SalesItemLineDetail"]["UnitPrice"] == 0


@pytest.mark.parametrize(
    ("draft", "errors"),
    [
        (document(number="X" * 22), {"number": [("too_long", 21)]}),
        (bill(number="X" * 22), {"number": [("too_long", 21)]}),
        (document(email="a" * 95 + "@b.example"), {"email": [("too_long", 100)]}),
        (document(line(), line(item_id=None, account_id="5")), {"lines": [("unmapped", 1)]}),
        (document(discount(account_id=None)), {"lines": [("unmapped", 0)]}),
        (order(line(item_id=None)), {"lines": [("unmapped", 0)]}),
        (
            order(custom_fields=(CustomFieldDraft("1", "x" * 31), CustomFieldDraft("2", "x" * 32))),
            {"custom_fields": [("too_long", 31)]},
        ),
    ],
)
def test_what_quickbooks_would_refuse_or_change_is_refused_here(draft, errors):
    with pytest.raises(Invalid) as caught:
        document_payload(draft)
    assert caught.value.errors == errors


def test_a_number_of_full_length_is_sent_whole():
    assert document_payload(document(number="X" * 21))["DocNumber"] == "X" * 21


def test_long_texts_are_cut_at_quickbooks_limits():
    draft = bill(line(description="d" * 5000), memo="m" * 5000)
    payload = document_payload(draft)
    assert len(payload["PrivateNote"]) == len(payload["Line"][0]["Description"]) == 4000


def test_a_memo_too_long_for_the_customers_message_is_kept_whole_beside_it():
    payload = document_payload(document(memo="m" * 1001))
    assert (len(payload["CustomerMemo"]["value"]), len(payload["PrivateNote"])) == (1000, 1001)
    assert "PrivateNote" not in document_payload(document(memo="m" * 1000))


def test_a_discount_has_its_tax_code_where_tax_goes_by_code():
    lines = (line(tax_code_id="5"), discount(tax_code_id="5"))
    by_code = document_payload(document(*lines, tax_mode=TaxMode.CODES))["Line"][1]
    assert by_code["DiscountLineDetail"]["TaxCodeRef"] == {"value": "5"}
    assert "TaxCodeRef" not in document_payload(document(*lines))["Line"][1]["DiscountLineDetail"]


def test_update_names_the_version_and_keeps_the_lines_ids():
    payload = update_payload(order(line(), line()), "201", "4", ("1", "2"))
    assert (payload["Id"], payload["SyncToken"], payload["sparse"]) == ("201", "4", True)
    assert [part["Id"] for part in payload["Line"]] == ["1", "2"]
    assert payload["VendorRef"] == {"value": "58"}


def test_update_with_another_number_of_lines_makes_them_anew():
    payload = update_payload(order(line()), "201", "4", ("1", "2"))
    assert "Id" not in payload["Line"][0]


def test_void_and_delete_name_the_object_and_its_version():
    assert reference_payload("9", "0") == {"Id": "9", "SyncToken": "0"}


def test_payload_bytes_do_not_depend_on_the_order_of_making():
    assert dump(document_payload(document())) == dump(document_payload(document()))
    assert b'"Amount":120.00' in dump(document_payload(document()))


def test_customer_carries_contact_and_addresses():
    draft = PartyDraft(
        display_name="Acme:  Ohio\tBranch",
        company_name="Acme",
        email="ap@acme.example",
        phone="937-555-0100",
        website="https://acme.example",
        currency="USD",
        bill_to=AddressDraft("1 Main St", city="Dayton"),
        ship_to=AddressDraft("Dock 4"),
    )
    shared = {
        "DisplayName": "Acme- Ohio Branch",
        "CompanyName": "Acme",
        "PrimaryEmailAddr": {"Address": "ap@acme.example"},
        "PrimaryPhone": {"FreeFormNumber": "937-555-0100"},
        "WebAddr": {"URI": "https://acme.example"},
        "CurrencyRef": {"value": "USD"},
        "BillAddr": {"Line1": "1 Main St", "City": "Dayton"},
    }
    assert customer(draft) == {**shared, "ShipAddr": {"Line1": "Dock 4"}}
    assert vendor(draft) == shared
    assert vendor(PartyDraft("Acme", bill_to=AddressDraft())) == {"DisplayName": "Acme"}


def test_terms_have_a_name_per_list_and_only_customers_have_parents():
    draft = PartyDraft("Acme", term_id="3", parent_id="7")
    below = {"Job": True, "ParentRef": {"value": "7"}}
    assert customer(draft) == {"DisplayName": "Acme", "SalesTermRef": {"value": "3"}, **below}
    assert vendor(draft) == {"DisplayName": "Acme", "TermRef": {"value": "3"}}


def test_item_has_the_accounts_it_is_given():
    assert item(ItemDraft("MUG-11", "non_inventory", "Ceramic mug", "79", "80")) == {
        "Name": "MUG-11",
        "Type": "NonInventory",
        "Description": "Ceramic mug",
        "IncomeAccountRef": {"value": "79"},
        "ExpenseAccountRef": {"value": "80"},
        "PurchaseDesc": "Ceramic mug",
    }
    assert item(ItemDraft("Set-up", "service", income_account_id="79")) == {
        "Name": "Set-up",
        "Type": "Service",
        "IncomeAccountRef": {"value": "79"},
    }


@pytest.mark.parametrize(
    ("build", "errors"),
    [
        (lambda: customer(PartyDraft("  ")), {"display_name": ["required"]}),
        (lambda: vendor(PartyDraft("A", email="x" * 101)), {"email": [("too_long", 100)]}),
        (lambda: item(ItemDraft("", "service", income_account_id="1")), {"name": ["required"]}),
        (lambda: item(ItemDraft("A", "inventory", income_account_id="1")), {"type": ["unknown"]}),
        (lambda: item(ItemDraft("A", "service")), {"income_account_id": ["required"]}),
    ],
)
def test_list_objects_that_quickbooks_would_refuse_are_refused_here(build, errors):
    with pytest.raises(Invalid) as caught:
        build()
    assert caught.value.errors == errors


@pytest.mark.parametrize("name", ["A: B\tC\nD", "x" * 700, "  Mug  11 oz "])
def test_names_stay_the_same_when_cleaned_twice(name):
    assert item_name(item_name(name)) == item_name(name)
    assert party_name(party_name(name)) == party_name(name)
    assert len(item_name(name)) <= 100
    assert len(party_name(name)) <= 500
    assert not set(":\t\n") & set(item_name(name))
