"""Canadian tax: a code on every line, rates with dates, exclusive and inclusive amounts."""

import pytest

from .conftest import code_of
from .documents import account_line, bill, invoice, sales_line


@pytest.mark.parametrize(
    ("code", "day", "tax", "rates"),
    [
        ("2", "2026-05-01", 0, 1),
        ("3", "2026-05-01", 0, 1),
        ("4", "2026-05-01", 5, 1),
        ("5", "2026-05-01", 13, 1),
        ("6", "2026-05-01", 14, 1),
        ("6", "2025-04-01", 14, 1),
        ("6", "2025-03-31", 15, 1),
        ("7", "2026-05-01", 15, 1),
        ("10", "2026-05-01", 14.98, 2),
        ("11", "2026-05-01", 12, 2),
        ("12", "2026-05-01", 7, 1),
    ],
)
def test_code_gives_its_tax_on_the_day(ca, code, day, tax, rates):
    made = ca.made("invoice", invoice(sales_line(100, tax=code), TxnDate=day))
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (tax, 100 + tax)
    assert len(made["TxnTaxDetail"]["TaxLine"]) == rates
    assert made["GlobalTaxCalculation"] == "TaxExcluded"


def test_lines_are_summed_for_each_rate_before_rounding(ca):
    lines = [sales_line(0.1, tax="10"), sales_line(0.1, tax="10"), sales_line(10, tax="4")]
    made = ca.made("invoice", invoice(*lines))
    found = [
        (line["TaxLineDetail"]["NetAmountTaxable"], line["Amount"])
        for line in made["TxnTaxDetail"]["TaxLine"]
    ]
    assert found == [(10.2, 0.51), (0.2, 0.02)]


def test_line_without_a_code_is_refused(ca):
    line = sales_line(1)
    del line["SalesItemLineDetail"]["TaxCodeRef"]
    assert code_of(ca.post("invoice", invoice(line))) == "6000"
    assert code_of(ca.post("bill", bill(vendor="21"))) == "6000"
    assert ca.made("invoice", invoice(line, GlobalTaxCalculation="NotApplicable"))["TotalAmt"] == 1


def test_pseudo_codes_are_american(ca):
    assert code_of(ca.post("invoice", invoice(sales_line(1, tax="TAX")))) == "2500"


def test_inclusive_amounts_contain_the_tax_and_stay_put(ca):
    line = sales_line(113, tax="5", Qty=1, UnitPrice=113)
    made = ca.made("invoice", invoice(line, GlobalTaxCalculation="TaxInclusive"))
    assert (made["TotalAmt"], made["TxnTaxDetail"]["TotalTax"]) == (113, 13)
    assert made["Line"][0]["Amount"] == 100
    assert made["Line"][0]["SalesItemLineDetail"]["TaxInclusiveAmt"] == 113
    assert ca.made("invoice", made) == made


def test_bill_takes_the_purchase_rates(ca):
    made = ca.made("bill", bill(account_line(200, TaxCodeRef={"value": "10"}), vendor="21"))
    rates = [line["TaxLineDetail"]["TaxRateRef"]["value"] for line in made["TxnTaxDetail"]["TaxLine"]]
    assert (made["TotalAmt"], rates) == (229.95, ["2", "14"])


def test_tax_total_that_was_sent_is_shared_among_the_rates(ca):
    made = ca.made("invoice", invoice(sales_line(100, tax="10"), TxnTaxDetail={"TotalTax": 14.97}))
    amounts = [line["Amount"] for line in made["TxnTaxDetail"]["TaxLine"]]
    assert made["TotalAmt"] == 114.97
    assert round(sum(amounts), 2) == 14.97


def discount(amount, code=None, **detail):
    tax = {"TaxCodeRef": {"value": code}} if code else {}
    return {"Amount": amount, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {**tax, **detail}}


@pytest.mark.parametrize(
    ("line", "tax", "total"),
    [
        (discount(10, "5"), 11.7, 101.7),
        (discount(None, "5", PercentBased=True, DiscountPercent=10), 11.7, 101.7),
        (discount(10, "4"), 12.5, 102.5),
        (discount(10), 13, 103),
    ],
)
def test_discount_with_a_code_lowers_what_that_code_taxes(ca, line, tax, total):
    made = ca.made("invoice", invoice(sales_line(100, tax="5"), line))
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (tax, total)


def test_sales_tax_is_owed_to_each_agency(ca):
    def owed():
        return [ca.get(f"account/{number}").json()["Account"]["CurrentBalance"] for number in (89, 91, 92)]

    before = owed()
    ca.made("invoice", invoice(sales_line(100, tax="10"), sales_line(100, tax="12")))
    ca.made("bill", bill(account_line(200, TaxCodeRef={"value": "4"}), vendor="21"))
    after = [round(now - then, 2) for now, then in zip(owed(), before, strict=True)]
    assert after == [-5 + 10, -9.98, -7]


@pytest.mark.parametrize("way", ["TaxExcluded", "TaxInclusive"])
def test_voided_invoice_that_is_sent_back_stays_as_it_is(ca, way):
    made = ca.made("invoice", invoice(sales_line(100, tax="10"), GlobalTaxCalculation=way))
    token = {"Id": made["Id"], "SyncToken": "0"}
    voided = ca.made("invoice", token, operation="void")
    assert (voided["TotalAmt"], voided["TxnTaxDetail"]["TotalTax"]) == (0, 0)
    assert {line["Amount"] for line in voided["TxnTaxDetail"]["TaxLine"]} == {0}
    assert ca.made("invoice", voided) == voided
