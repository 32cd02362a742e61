"""Transactions: dates, numbers, lines, tax and totals, and what they move in other objects."""

from datetime import date, timedelta
from decimal import Decimal

from . import faults, lines, purchase_links, tax
from .clock import stamp
from .tax import cents

# What a transaction owes moves the balance of its customer or vendor.
PARTY = {"Invoice": ("Customer", "CustomerRef"), "Bill": ("Vendor", "VendorRef")}
DAYS_WITHOUT_TERM = {"Invoice": 30, "Bill": 0}


def settle(books, spec, body: dict, old: dict | None, changed, allow_duplicates: bool) -> None:
    """Settle a transaction before it is stored: everything that QuickBooks checks or computes.

    changed: the properties that the request sent. Raises the Faults of lines, tax, numbers and closed books.
    """
    body.setdefault("TxnDate", stamp(books.now)[:10])
    refuse_closed(books, spec, body, old)
    _settle_currency(books, body)
    _settle_number(books, spec, body, old, allow_duplicates)
    if spec.name == "Invoice":
        _settle_sales_form(books, body, old)
    else:
        _settle_payable_account(books, body)
    if spec.name in DAYS_WITHOUT_TERM and "DueDate" not in body:
        body["DueDate"] = _due_date(books, spec, body)
    _settle_amounts(books, spec, body, old, changed)
    if spec.name == "Bill":
        purchase_links.settle(books, body, old)
    if spec.name == "PurchaseOrder":
        purchase_links.settle_order(books, body, old, changed)


def after(books, spec, body: dict | None, old: dict | None) -> None:
    """Carry a stored (or, with body None, deleted) transaction over to the objects that it touches."""
    if spec.name in PARTY:
        _move_balance(books, spec, old, -1)
        _move_balance(books, spec, body, 1)
    if spec.name == "Bill":
        purchase_links.after_bill(books, body, old)
    if spec.name == "PurchaseOrder" and body is None:
        purchase_links.after_order_deleted(books, old)


def void(body: dict) -> None:
    """Turn a transaction into its voided self: amounts zero, a note that says so."""
    zero = Decimal(0)
    for line in body["Line"]:
        line["Amount"] = zero
        detail = line.get(line["DetailType"], {})
        if "Qty" in detail:
            detail["Qty"] = zero
    body["TxnTaxDetail"] = {"TotalTax": zero}
    body["TotalAmt"] = body["Balance"] = zero
    note = body.get("PrivateNote")
    body["PrivateNote"] = f"Voided - {note}" if note else "Voided"


def refuse_closed(books, spec, *versions: dict | None) -> None:
    """Raise Fault 6210 when any version of a posting transaction lies in a closed period."""
    closed = books.preferences().get("AccountingInfoPrefs", {}).get("BookCloseDate")
    if closed and spec.name in PARTY and any(body and body["TxnDate"] <= closed for body in versions):
        raise faults.closed_books()


def _settle_currency(books, body: dict) -> None:
    home = books.preferences()["CurrencyPrefs"]["HomeCurrency"]
    sent = body.get("CurrencyRef") or home
    if sent["value"] != home["value"]:
        raise faults.business("This company does not use several currencies", "CurrencyRef")
    body["CurrencyRef"] = dict(home)
    body.pop("ExchangeRate", None)


def _settle_number(books, spec, body: dict, old: dict | None, allow_duplicates: bool) -> None:
    """Number the transaction, or check the number that was sent."""
    if spec.name != "Bill" and not _custom_numbers(books, spec):
        body["DocNumber"] = old["DocNumber"] if old and "DocNumber" in old else _next_number(books, spec)
        return
    number = body.get("DocNumber")
    if number is None or allow_duplicates or (old and old.get("DocNumber") == number):
        return
    owner = books.owner_of_number(spec.name, number)
    if owner is not None:
        raise faults.duplicate_number(number, spec.name, owner)


def _custom_numbers(books, spec) -> bool:
    preferences = books.preferences()
    if spec.name == "PurchaseOrder":
        pairs = preferences.get("OtherPrefs", {}).get("NameValue", ())
        values = {pair["Name"]: pair["Value"] for pair in pairs}
        return values.get("VendorAndPurchasesPrefs.UseCustomTxnNumbers") == "true"
    return preferences["SalesFormsPrefs"]["CustomTxnNumbers"]


def _next_number(books, spec) -> str:
    while True:
        number = str(1000 + int(books.next_id(f"number:{spec.name}")))
        if books.owner_of_number(spec.name, number) is None:
            return number


def _settle_sales_form(books, body: dict, old: dict | None) -> None:
    if body.get("EmailStatus") == "NeedToSend" and not body.get("BillEmail"):
        raise faults.required("BillEmail")
    if old is None:
        customer = books.get("Customer", body["CustomerRef"]["value"])
        for name in ("BillAddr", "ShipAddr"):
            if name not in body and customer.get(name):
                body[name] = customer[name]
        body.setdefault("LinkedTxn", [])


def _settle_payable_account(books, body: dict) -> None:
    if not body.get("APAccountRef"):
        account = books.first("Account", "$.AccountType", "Accounts Payable")
        body["APAccountRef"] = {"value": account["Id"], "name": account["Name"]}


def _due_date(books, spec, body: dict) -> str:
    days = DAYS_WITHOUT_TERM[spec.name]
    if body.get("SalesTermRef"):
        days = books.get("Term", body["SalesTermRef"]["value"]).get("DueDays", days)
    return (date.fromisoformat(body["TxnDate"]) + timedelta(days=int(days))).isoformat()


def _settle_amounts(books, spec, body: dict, old: dict | None, changed) -> None:
    if "Line" in changed:
        body["Line"] = lines.settle(spec, body["Line"], old["Line"] if old else [])
    else:
        body["Line"] = lines.without_subtotal(body["Line"])
    side = "Sales" if spec.name == "Invoice" else "Purchase"
    bases = _tax_bases(books, body, side)
    if "TxnTaxDetail" not in changed and "Line" in changed and "TxnTaxDetail" in body:
        body["TxnTaxDetail"].pop("TotalTax", None)
    total = _net(body["Line"]) + tax.settle_detail(body, bases)
    if total < 0:
        raise faults.business("The amount of a transaction must be zero or more", "TotalAmt")
    if spec.name == "Invoice":
        body["Line"] = lines.with_subtotal(body["Line"])
    body["TotalAmt"] = total
    if spec.name in PARTY:
        paid = old["TotalAmt"] - old["Balance"] if old else body.get("Deposit", Decimal(0))
        body["Balance"] = total - paid


def _net(rows: list[dict]) -> Decimal:
    """What the lines come to before tax; percentage discounts get their amount here."""
    before = lines.total(rows, (lines.SALES, lines.GROUP, *lines.COSTS))
    for line in rows:
        if line["DetailType"] == lines.DISCOUNT and line[lines.DISCOUNT].get("PercentBased"):
            line["Amount"] = cents(before * line[lines.DISCOUNT]["DiscountPercent"] / 100)
    return before - lines.total(rows, (lines.DISCOUNT,))


def _tax_bases(books, body: dict, side: str) -> dict[str, list]:
    rows = [line for line in body["Line"] if line["DetailType"] in (lines.SALES, *lines.COSTS)]
    if books.country() == "US":
        tax.check_us_codes([lines.detail_of(line) for line in rows])
        if side == "Purchase":
            return {}
        taxed = [line for line in rows if lines.detail_of(line)["TaxCodeRef"]["value"] == tax.TAXABLE]
        return tax.us_bases(books, body, _after_discount(body, lines.total(taxed, (lines.SALES,))))
    way = body.setdefault("GlobalTaxCalculation", "TaxExcluded")
    if way == "NotApplicable":
        return {}
    if way == "TaxInclusive":
        for line in rows:
            tax.take_tax_out(books, line, lines.detail_of(line), side, body["TxnDate"])
    return tax.line_bases(books, [(lines.detail_of(line), line["Amount"]) for line in rows], side, body["TxnDate"])


def _after_discount(body: dict, taxable: Decimal) -> Decimal:
    """The taxable amount with its part of the discount taken off, when the form says so."""
    before, after_discount = lines.total(body["Line"], (lines.SALES, lines.GROUP)), _net(body["Line"])
    if not body.get("ApplyTaxAfterDiscount") or not before:
        return taxable
    return cents(taxable * after_discount / before)


def _move_balance(books, spec, body: dict | None, sign: int) -> None:
    if body is None:
        return
    entity, reference = PARTY[spec.name]
    party = books.find(entity, body[reference]["value"])
    amount = sign * Decimal(body["Balance"])
    first = True
    while party is not None:
        if first:
            party["Balance"] = Decimal(party.get("Balance", 0)) + amount
        if "BalanceWithJobs" in party:
            party["BalanceWithJobs"] = Decimal(party["BalanceWithJobs"]) + amount
        books.touch(entity, party)
        parent = party.get("ParentRef")
        party, first = books.find(entity, parent["value"]) if parent else None, False
