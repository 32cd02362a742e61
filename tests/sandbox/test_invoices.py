"""Invoices: lines, amounts, numbers, dates, tax, updates, void and delete."""

from decimal import Decimal

import pytest

from .conftest import code_of, error_of
from .documents import invoice, sales_line

MARYLAND = {"TxnTaxCodeRef": {"value": "2"}}


def sparse(obj, **changes):
    return {"Id": obj["Id"], "SyncToken": obj["SyncToken"], "sparse": True, **changes}


def kinds(obj):
    return [line["DetailType"] for line in obj["Line"]]


def test_new_invoice_gets_what_quickbooks_fills_in(us):
    made = us.made("invoice", invoice(TxnDate="2026-03-01"))
    assert (made["TotalAmt"], made["Balance"], made["DueDate"]) == (100, 100, "2026-03-31")
    assert made["CustomerRef"] == {"value": "1", "name": "Alder & Finch Events"}
    assert made["BillAddr"]["Line1"] == "220 Calvert St"
    assert "BillEmail" not in made
    assert "DocNumber" not in made
    assert made["LinkedTxn"] == []
    assert made["AllowOnlineACHPayment"] is False
    assert kinds(made) == ["SalesItemLineDetail", "SubTotalLineDetail"]
    assert made["Line"][0]["SalesItemLineDetail"]["ItemRef"]["name"] == "Imprinted T-Shirt"
    assert "Id" not in made["Line"][1]


def test_line_without_tax_code_is_not_taxed(us):
    line = sales_line(100)
    del line["SalesItemLineDetail"]["TaxCodeRef"]
    made = us.made("invoice", invoice(line, TxnTaxDetail=MARYLAND))
    assert made["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "NON"}
    assert made["TxnTaxDetail"]["TotalTax"] == 0


@pytest.mark.parametrize(("term", "due"), [("1", "2026-03-01"), ("2", "2026-03-16"), ("4", "2026-04-30")])
def test_due_date_follows_the_term(us, term, due):
    body = invoice(TxnDate="2026-03-01", SalesTermRef={"value": term})
    assert us.made("invoice", body)["DueDate"] == due


def test_due_date_that_was_sent_stands(us):
    assert us.made("invoice", invoice(DueDate="2026-12-31"))["DueDate"] == "2026-12-31"


@pytest.mark.parametrize(
    ("changes", "code", "element"),
    [
        ({"CustomerRef": None}, "2020", "CustomerRef"),
        ({"Line": []}, "2020", "Line"),
        ({"Line": None}, "2020", "Line"),
        ({"Line": [{"DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}]}, "2020", "Line"),
        ({"Line": [{"Amount": 1}]}, "2020", "DetailType"),
        ({"Line": [{"Amount": 1, "DetailType": "SalesItemLineDetail"}]}, "2020", "SalesItemLineDetail"),
        ({"Line": [sales_line(None)]}, "2020", "Amount"),
        ({"Line": [{"Amount": 1, "DetailType": "JournalEntryLineDetail"}]}, "2010", None),
        ({"Line": [sales_line(1, item="99")]}, "2500", "ItemRef"),
        ({"Line": [sales_line(1, item="14")]}, "610", "ItemRef"),
        ({"Line": [sales_line(1, tax="2")]}, "6100", "TaxCodeRef"),
        ({"Line": [sales_line(-1)]}, "6000", "TotalAmt"),
        ({"Line": [sales_line(99999999999)]}, "2080", "Amount"),
        ({"CustomerRef": {"value": "99"}}, "2500", "CustomerRef"),
        ({"CustomerRef": {"value": "24"}}, "610", "CustomerRef"),
        ({"DocNumber": "x" * 22}, "2050", "DocNumber"),
        ({"EmailStatus": "NeedToSend"}, "2020", "BillEmail"),
        ({"EmailStatus": "Shouted"}, "2010", None),
        ({"CurrencyRef": {"value": "EUR"}}, "6000", "CurrencyRef"),
        ({"ClassRef": {"value": "99"}}, "2500", "ClassRef"),
        ({"TxnDate": "2026-02-30"}, "2010", None),
    ],
)  # fmt: skip
def test_invoice_that_breaks_a_rule_is_refused_and_not_stored(us, changes, code, element):
    answer = us.post("invoice", {**invoice(), **changes})
    assert (answer.status_code, code_of(answer), error_of(answer).get("element")) == (400, code, element)
    assert us.query("SELECT COUNT(*) FROM Invoice").json()["QueryResponse"]["totalCount"] == 0


@pytest.mark.parametrize(
    ("amount", "quantity", "price", "passes"),
    [
        (98.5, 10, 9.85, True),
        (98.51, 10, 9.85, False),
        (33.33, 3, 11.11, True),
        (100, 3, 33.3333333, True),
        (0.13, 1, 0.125, True),
        (0.12, 1, 0.125, False),
        (50, 0, 0, True),
        (50, None, 9.85, True),
        (50, 10, None, True),
        (50, 0, 9.85, False),
    ],
)
def test_amount_must_be_quantity_times_price(us, amount, quantity, price, passes):
    answer = us.post("invoice", invoice(sales_line(amount, Qty=quantity, UnitPrice=price)))
    assert (answer.status_code == 200) is passes
    assert passes or code_of(answer) == "6070"


def test_line_without_an_item_is_documentation_only(us):
    line = sales_line(75)
    del line["SalesItemLineDetail"]["ItemRef"]
    made = us.made("invoice", invoice(line, sales_line(20)))
    assert (made["TotalAmt"], made["Line"][0]["Amount"]) == (20, 0)


def test_shipping_is_a_line_with_a_word_for_an_item(us):
    made = us.made("invoice", invoice(sales_line(10), sales_line(5, item="SHIPPING_ITEM_ID")))
    assert made["TotalAmt"] == 15


def test_discount_stands_behind_the_subtotal(us):
    discount = {
        "DetailType": "DiscountLineDetail",
        "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10},
    }
    text = {"DetailType": "DescriptionOnly", "Description": "Thank you", "DescriptionLineDetail": {}}
    made = us.made("invoice", invoice(discount, sales_line(33.33), text))
    assert kinds(made) == [
        "SalesItemLineDetail",
        "DescriptionOnly",
        "SubTotalLineDetail",
        "DiscountLineDetail",
    ]
    assert [line.get("Amount") for line in made["Line"]] == [33.33, None, 33.33, 3.33]
    assert made["TotalAmt"] == 30


def test_group_line_adds_up_its_lines(us):
    group = {
        "DetailType": "GroupLineDetail",
        "GroupLineDetail": {"GroupItemRef": {"value": "2"}, "Line": [sales_line(10), sales_line(2.5)]},
    }
    assert us.made("invoice", invoice(group))["TotalAmt"] == 12.5


def test_us_tax_is_computed_from_the_transactions_code(us):
    made = us.made("invoice", invoice(sales_line(10.25, tax="TAX"), sales_line(50), TxnTaxDetail=MARYLAND))
    tax = made["TxnTaxDetail"]
    assert (tax["TotalTax"], made["TotalAmt"]) == (0.62, 60.87)
    assert tax["TaxLine"][0]["TaxLineDetail"] == {
        "TaxRateRef": {"value": "1"},
        "PercentBased": True,
        "TaxPercent": 6,
        "NetAmountTaxable": 10.25,
    }


def test_tax_of_two_rates_is_rounded_for_each(us):
    body = invoice(sales_line(12.5, tax="TAX"), TxnTaxDetail={"TxnTaxCodeRef": {"value": "3"}})
    made = us.made("invoice", body)
    assert [line["Amount"] for line in made["TxnTaxDetail"]["TaxLine"]] == [0.54, 0.21]


@pytest.mark.parametrize(("after", "tax"), [(False, 6), (True, 5.4)])
def test_tax_before_or_after_discount(us, after, tax):
    discount = {
        "Amount": 10,
        "DetailType": "DiscountLineDetail",
        "DiscountLineDetail": {"PercentBased": False},
    }
    made = us.made(
        "invoice",
        invoice(sales_line(100, tax="TAX"), discount, TxnTaxDetail=MARYLAND, ApplyTaxAfterDiscount=after),
    )
    assert made["TxnTaxDetail"]["TotalTax"] == tax


@pytest.mark.parametrize("detail", [{"TotalTax": 7.77}, {"TotalTax": 7.77, **MARYLAND}])
def test_tax_total_that_was_sent_stands(us, detail):
    made = us.made("invoice", invoice(sales_line(100, tax="TAX"), TxnTaxDetail=detail))
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (7.77, 107.77)


def test_tax_total_stays_until_the_lines_change(us):
    made = us.made(
        "invoice", invoice(sales_line(100, tax="TAX"), TxnTaxDetail={"TotalTax": 7.77, **MARYLAND})
    )
    noted = us.made("invoice", sparse(made, PrivateNote="called"))
    assert noted["TotalAmt"] == 107.77
    changed = us.made("invoice", sparse(noted, Line=[sales_line(50, tax="TAX")]))
    assert (changed["TxnTaxDetail"]["TotalTax"], changed["TotalAmt"]) == (3, 53)


@pytest.mark.parametrize(
    ("address", "tax"),
    [
        ({}, 6),
        ({"ShipAddr": {"CountrySubDivisionCode": "VA"}}, 6),
        ({"ShipAddr": {"CountrySubDivisionCode": "NH"}}, 0),
    ],
)
def test_automated_tax_follows_the_ship_to_and_not_the_code_that_was_sent(server, us, address, tax):
    server.control("preferences", {"TaxPrefs": {"PartnerTaxEnabled": True}})
    made = us.made("invoice", invoice(sales_line(100, tax="TAX"), TxnTaxDetail=MARYLAND, **address))
    assert made["TxnTaxDetail"]["TotalTax"] == tax
    sent = us.made("invoice", invoice(sales_line(100, tax="TAX"), TxnTaxDetail={"TotalTax": 1.23}, **address))
    assert sent["TotalAmt"] == 101.23


def test_number_is_taken_once_per_type_and_its_owner_is_named(us):
    first = us.made("invoice", invoice(DocNumber="1037"))
    answer = us.post("invoice", invoice(DocNumber="1037"))
    assert code_of(answer) == "6140"
    detail = error_of(answer)["Detail"]
    assert detail.endswith(f"DocNumber=1037 is assigned to TxnType=Invoice with TxnId={first['Id']}")
    assert us.made("invoice", invoice(DocNumber="1037"), include="allowduplicatedocnum")["Id"] != first["Id"]


def test_company_that_lets_quickbooks_number_gets_running_numbers(ca):
    made = [ca.made("invoice", invoice(sales_line(1, tax="4"), DocNumber="mine")) for _ in range(2)]
    assert [obj["DocNumber"] for obj in made] == ["1001", "1002"]


def test_sent_lines_replace_all_lines_and_keep_named_ids(us):
    made = us.made("invoice", invoice(sales_line(1), sales_line(2)))
    kept = {**made["Line"][1], "Amount": 5}
    changed = us.made("invoice", sparse(made, Line=[kept, sales_line(7)]))
    assert [(line.get("Id"), line["Amount"]) for line in changed["Line"]] == [("2", 5), ("3", 7), (None, 12)]


def test_sending_an_invoice_back_changes_nothing(us):
    made = us.made(
        "invoice", invoice(sales_line(98.5, tax="TAX", Qty=10, UnitPrice=9.85), TxnTaxDetail=MARYLAND)
    )
    assert us.made("invoice", made) == made


def test_full_update_keeps_the_number_and_clears_the_note(us):
    made = us.made("invoice", invoice(DocNumber="5", PrivateNote="x"))
    body = {**invoice(sales_line(3)), "Id": made["Id"], "SyncToken": made["SyncToken"]}
    changed = us.made("invoice", body)
    assert (changed["DocNumber"], changed["TotalAmt"]) == ("5", 3)
    assert "PrivateNote" not in changed


def test_sparse_update_cannot_take_the_customer_away(us):
    made = us.made("invoice", invoice())
    assert code_of(us.post("invoice", sparse(made, CustomerRef=None))) == "2020"


def test_custom_fields_answer_with_the_companys_names(us):
    sent = [{"DefinitionId": "1", "StringValue": "PO-7"}, {"DefinitionId": "9", "StringValue": "lost"}]
    made = us.made("invoice", invoice(CustomField=sent))
    assert made["CustomField"][0] == {
        "DefinitionId": "1",
        "Name": "Customer PO",
        "Type": "StringType",
        "StringValue": "PO-7",
    }
    assert [field["DefinitionId"] for field in made["CustomField"]] == ["1", "2", "3"]


def test_balance_of_the_customer_and_its_parents_moves(server, us):
    before = us.get("customer/21").json()["Customer"]
    server.control("clock", {"advance": 60})
    made = us.made("invoice", invoice(sales_line(10.1), customer="21"))
    child, parent = us.get("customer/21").json()["Customer"], us.get("customer/10").json()["Customer"]
    assert (child["Balance"], child["BalanceWithJobs"]) == (10.1, 10.1)
    assert (parent["Balance"], parent["BalanceWithJobs"]) == (0, 10.1)
    assert child["MetaData"]["LastUpdatedTime"] > before["MetaData"]["LastUpdatedTime"]
    assert child["SyncToken"] == before["SyncToken"]
    us.made("invoice", sparse(made), operation="delete")
    assert us.get("customer/10").json()["Customer"]["BalanceWithJobs"] == 0


def test_void_keeps_the_invoice_with_nothing_on_it(us):
    made = us.made("invoice", invoice(DocNumber="8", PrivateNote="x"))
    voided = us.made("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void")
    assert (voided["TotalAmt"], voided["Balance"], voided["SyncToken"]) == (0, 0, "1")
    assert voided["PrivateNote"].startswith("Voided")
    assert us.get("customer/1").json()["Customer"]["Balance"] == 0


def test_deleted_invoice_is_gone_and_its_number_free(us):
    made = us.made("invoice", invoice(DocNumber="8"))
    stale = us.post("invoice", {"Id": made["Id"], "SyncToken": "3"}, operation="delete")
    assert code_of(stale) == "5010"
    answer = us.made("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert answer == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    assert code_of(us.get(f"invoice/{made['Id']}")) == "610"
    assert us.made("invoice", invoice(DocNumber="8"))["Id"] != made["Id"]


def test_closed_books_refuse_every_change(server, us):
    made = us.made("invoice", invoice(TxnDate="2025-12-31"))
    server.control("preferences", {"AccountingInfoPrefs": {"BookCloseDate": "2025-12-31"}})
    same = {"Id": made["Id"], "SyncToken": "0"}
    refused = [
        us.post("invoice", invoice(TxnDate="2025-12-31")),
        us.post("invoice", {**same, "sparse": True, "TxnDate": "2026-02-01"}),
        us.post("invoice", same, operation="delete"),
        us.post("invoice", same, operation="void"),
    ]
    assert [code_of(answer) for answer in refused] == ["6210"] * 4
    assert us.post("invoice", invoice(TxnDate="2026-01-01")).status_code == 200


def test_many_cents_add_up_exactly(us):
    made = us.made("invoice", invoice(*[sales_line(0.1) for _ in range(30)]))
    assert Decimal(str(made["TotalAmt"])) == Decimal(3)
