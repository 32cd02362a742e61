"""Sales tax: TAX and NON in the US, a code with rates on every line elsewhere.

Rates have dates (an EffectiveTaxRate list), and the transaction's date chooses among them.
"""

from decimal import ROUND_HALF_UP, Decimal

from . import faults
from .books import Body, Books

CENT = Decimal("0.01")
TAXABLE, EXEMPT = "TAX", "NON"
# The tax codes of the US sample company that stand in for Intuit's tax engine, by state.
AUTOMATED_CODES = {"MD": "2", "VA": "3"}
END_OF_TIME = "9999-12-31"
# The percentage and the summed net amount for each TaxRate id.
Bases = dict[str, tuple[Decimal, Decimal]]


def cents(amount: Decimal) -> Decimal:
    """Round to cents, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def rate_on(rate: Body, day: str) -> Decimal:
    """A TaxRate's percentage on an ISO date."""
    for period in rate.get("EffectiveTaxRate", ()):
        if period.get("EffectiveDate", "")[:10] <= day <= period.get("EndDate", END_OF_TIME)[:10]:
            return Decimal(period["RateValue"])
    return Decimal(rate["RateValue"])


def code_rates(books: Books, code_id: str, side: str, day: str) -> list[tuple[str, Decimal]]:
    """The (TaxRate id, percentage) pairs of a tax code; side is "Sales" or "Purchase"."""
    code = _required(books, "TaxCode", code_id)
    details = code.get(f"{side}TaxRateList", {}).get("TaxRateDetail", ())
    ids = [detail["TaxRateRef"]["value"] for detail in details]
    return [(rate_id, rate_on(_required(books, "TaxRate", rate_id), day)) for rate_id in ids]


def check_us_codes(details: list[Body]) -> None:
    """Fill in NON where a US line has no code; raises Fault 6100 for any other than TAX and NON."""
    for detail in details:
        code = detail.setdefault("TaxCodeRef", {"value": EXEMPT})["value"]
        if code not in (TAXABLE, EXEMPT):
            raise faults.us_tax_code(code)


def settle_us_code(books: Books, body: Body) -> None:
    """With automated sales tax, put the code of the ship-to's state in place of what was sent.

    Without a ship-to it is the company's own state. States without a code in the company are not taxed.
    """
    if not books.preferences()["TaxPrefs"].get("PartnerTaxEnabled"):
        return
    address = body.get("ShipAddr") or books.get("CompanyInfo", "1")["CompanyAddr"]
    code = AUTOMATED_CODES.get(address.get("CountrySubDivisionCode", ""))
    detail = body.setdefault("TxnTaxDetail", {})
    detail.pop("TxnTaxCodeRef", None)
    if code:
        detail["TxnTaxCodeRef"] = {"value": code}


def us_bases(books: Books, body: Body, taxable: Decimal) -> Bases:
    """The taxable amount for each rate of the transaction's own tax code."""
    code = body.get("TxnTaxDetail", {}).get("TxnTaxCodeRef")
    if not code:
        return {}
    rates = code_rates(books, code["value"], "Sales", body["TxnDate"])
    return {rate_id: (percentage, taxable) for rate_id, percentage in rates}


def line_bases(books: Books, lines: list[tuple[Body, Decimal]], side: str, day: str) -> Bases:
    """The taxable amount for each rate over lines that carry their own code.

    lines: (line detail, net amount) pairs. Raises Fault 6000 when a line has no code.
    """
    bases: Bases = {}
    for detail, amount in lines:
        code = detail.get("TaxCodeRef")
        if not code:
            raise faults.business("Every line needs a tax code, such as a GST/HST rate", "TaxCodeRef")
        for rate_id, percentage in code_rates(books, code["value"], side, day):
            _, before = bases.get(rate_id, (percentage, Decimal(0)))
            bases[rate_id] = (percentage, before + amount)
    return bases


def take_tax_out(books: Books, line: Body, detail: Body, side: str, day: str) -> None:
    """Turn a line of a tax-inclusive transaction into its net amount, with the gross beside it."""
    gross: Decimal = detail["TaxInclusiveAmt"] if "TaxInclusiveAmt" in detail else line["Amount"]
    code = detail.get("TaxCodeRef")
    rates = code_rates(books, code["value"], side, day) if code else []
    percentage = sum((rate for _, rate in rates), Decimal(0))
    detail["TaxInclusiveAmt"] = cents(gross)
    line["Amount"] = cents(gross / (1 + percentage / 100))


def settle_detail(body: Body, bases: Bases) -> Decimal:
    """Write the transaction's TxnTaxDetail and return its tax.

    A TotalTax that the request sent stands as it is, together with its own TaxLine; otherwise tax is computed
    rate by rate over the summed amounts.
    """
    sent = body.get("TxnTaxDetail", {})
    lines = [_tax_line(rate_id, percentage, base) for rate_id, (percentage, base) in bases.items()]
    total = sum((line["Amount"] for line in lines), Decimal(0))
    if sent.get("TotalTax") is not None:
        lines = sent.get("TaxLine") or _share(lines, total, cents(sent["TotalTax"]))
        total = cents(sent["TotalTax"])
    detail: Body = {"TotalTax": total}
    if sent.get("TxnTaxCodeRef"):
        detail["TxnTaxCodeRef"] = sent["TxnTaxCodeRef"]
    if lines:
        detail["TaxLine"] = lines
    body["TxnTaxDetail"] = detail
    return total


def _tax_line(rate_id: str, percentage: Decimal, base: Decimal) -> Body:
    return {
        "Amount": cents(base * percentage / 100),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": rate_id},
            "PercentBased": True,
            "TaxPercent": percentage,
            "NetAmountTaxable": base,
        },
    }


def _share(lines: list[Body], computed: Decimal, total: Decimal) -> list[Body]:
    """Spread an explicit total over the computed tax lines in proportion, so that they still add up to it."""
    if not lines or not computed or computed == total:
        return lines
    for line in lines:
        line["Amount"] = cents(line["Amount"] * total / computed)
    lines[-1]["Amount"] += total - sum(line["Amount"] for line in lines)
    return lines


def _required(books: Books, entity: str, object_id: str) -> Body:
    found = books.peek(entity, object_id)
    if found is None:
        raise faults.not_found()
    return found
