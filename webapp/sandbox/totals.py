"""What a sales or purchase form comes to: lines, discount, tax, total and what is open of it."""

from decimal import Decimal

from . import faults, lines, tax
from .books import Body
from .change import Change
from .kinds import KINDS
from .tax import cents

ZERO = Decimal(0)


def settle(change: Change) -> None:
    """Check the lines and compute every amount of a form; raises the Faults of lines and tax."""
    body, old, spec = change.body, change.old, change.spec
    if "Line" in change.sent:
        body["Line"] = lines.settle(spec, body["Line"], old["Line"] if old else [])
    else:
        body["Line"] = lines.without_subtotal(body["Line"])
    bases = _tax_bases(change, spec.side)
    if "TxnTaxDetail" not in change.sent and "Line" in change.sent and "TxnTaxDetail" in body:
        # A tax total that was given for other lines counts no more.
        body["TxnTaxDetail"].pop("TotalTax", None)
    total = _net(body["Line"]) + tax.settle_detail(body, bases)
    if total < 0:
        raise faults.business("The amount of a transaction must be zero or more", "TotalAmt")
    if spec.side == "Sales":
        body["Line"] = lines.with_subtotal(body["Line"])
    body["TotalAmt"] = total
    _settle_open(change)


def taken(body: Body) -> Decimal:
    """What payments and credits have taken of a form."""
    return Decimal(body["TotalAmt"]) - Decimal(body.get("Deposit", 0)) - Decimal(body["Balance"])


def _settle_open(change: Change) -> None:
    """Write what is still open; raises Fault 6000 when that would be less than nothing."""
    body, old, kind = change.body, change.old, KINDS[change.spec.name]
    applied = taken(old) if old and kind.open else ZERO
    left = body["TotalAmt"] - body.get("Deposit", ZERO) - applied
    if applied and left < 0:
        raise faults.business("The amount must not be less than what is already applied to it", "TotalAmt")
    for name in kind.open:
        body[name] = left
    if change.spec.name == "SalesReceipt":
        body["Balance"] = ZERO


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
        amount = sum((line["Amount"] for line in taxed), ZERO)
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
    _net(body["Line"])
    priced = [(lines.detail_of(line), line["Amount"]) for line in rows]
    priced += [(line[lines.DISCOUNT], -line["Amount"]) for line in lines.taxed_discounts(body["Line"])]
    return tax.line_bases(books, priced, side, body["TxnDate"])


def _after_discount(body: Body, taxable: Decimal) -> Decimal:
    """The taxable amount with its part of the discount taken off, when the form says so."""
    if not body.get("ApplyTaxAfterDiscount"):
        return taxable
    before, after_discount = lines.total(body["Line"], (lines.SALES, lines.GROUP)), _net(body["Line"])
    return cents(taxable * after_discount / before) if before else taxable
