"""What a transaction comes to: lines, discount, tax, total and balance."""

from decimal import Decimal

from . import faults, lines, tax
from .books import Body
from .change import Change
from .tax import cents


def settle(change: Change) -> None:
    """Check the lines and compute every amount of a transaction; raises the Faults of lines and tax."""
    body, old, spec = change.body, change.old, change.spec
    if "Line" in change.sent:
        body["Line"] = lines.settle(spec, body["Line"], old["Line"] if old else [])
    else:
        body["Line"] = lines.without_subtotal(body["Line"])
    bases = _tax_bases(change, "Sales" if spec.name == "Invoice" else "Purchase")
    if "TxnTaxDetail" not in change.sent and "Line" in change.sent and "TxnTaxDetail" in body:
        # A tax total that was given for other lines counts no more.
        body["TxnTaxDetail"].pop("TotalTax", None)
    total = _net(body["Line"]) + tax.settle_detail(body, bases)
    if total < 0:
        raise faults.business("The amount of a transaction must be zero or more", "TotalAmt")
    if spec.name == "Invoice":
        body["Line"] = lines.with_subtotal(body["Line"])
    body["TotalAmt"] = total
    if spec.name != "PurchaseOrder":
        paid = old["TotalAmt"] - old["Balance"] if old else body.get("Deposit", Decimal(0))
        body["Balance"] = total - paid


def _net(rows: list[Body]) -> Decimal:
    """What the lines come to before tax; percentage discounts get their amount here."""
    before = lines.total(rows, (lines.SALES, lines.GROUP, *lines.COSTS))
    for line in rows:
        if line["DetailType"] == lines.DISCOUNT and line[lines.DISCOUNT].get("PercentBased"):
            line["Amount"] = cents(before * line[lines.DISCOUNT]["DiscountPercent"] / 100)
    return before - lines.total(rows, (lines.DISCOUNT,))


def _tax_bases(change: Change, side: str) -> tax.Bases:
    """The taxable amount per rate, by the rules of the company's country."""
    books, body = change.books, change.body
    rows = lines.taxable(body["Line"])
    if books.country() == "US":
        tax.check_us_codes([lines.detail_of(line) for line in rows])
        taxed = [line for line in rows if lines.detail_of(line)["TaxCodeRef"]["value"] == tax.TAXABLE]
        amount = sum((line["Amount"] for line in taxed), Decimal(0))
        if side == "Purchase":
            return {}
        tax.settle_us_code(books, body)
        return tax.us_bases(books, body, _after_discount(body, amount))
    way = body.setdefault("GlobalTaxCalculation", "TaxExcluded")
    if way == "NotApplicable":
        return {}
    if way == "TaxInclusive":
        for line in rows:
            tax.take_tax_out(books, line, lines.detail_of(line), side, body["TxnDate"])
    priced = [(lines.detail_of(line), line["Amount"]) for line in rows]
    return tax.line_bases(books, priced, side, body["TxnDate"])


def _after_discount(body: Body, taxable: Decimal) -> Decimal:
    """The taxable amount with its part of the discount taken off, when the form says so."""
    before, after_discount = lines.total(body["Line"], (lines.SALES, lines.GROUP)), _net(body["Line"])
    if not body.get("ApplyTaxAfterDiscount") or not before:
        return taxable
    return cents(taxable * after_discount / before)
