"""Objects that are neither named nor posted, and the small lists: what each of them insists on."""

from decimal import Decimal

from . import faults
from .change import Change
from .clock import stamp

_WORKERS = {"Employee": "EmployeeRef", "Vendor": "VendorRef"}


def settle_time(change: Change) -> None:
    """A time activity says who worked, and how long or from when to when; raises Fault 2020 or 6310."""
    body = change.body
    worker = _WORKERS.get(body["NameOf"])
    if worker and worker not in body:
        raise faults.required(worker)
    if not ("StartTime" in body and "EndTime" in body) and not ("Hours" in body or "Minutes" in body):
        raise faults.required("Hours")
    if body.get("BillableStatus") == "Billable" and "CustomerRef" not in body:
        raise faults.billable_without_customer()
    body.setdefault("TxnDate", stamp(change.books.now)[:10])


def settle_attachable(change: Change) -> None:
    """An attachment is a file or a note, of which a target must exist; raises Fault 2020."""
    body = change.body
    if not body.get("FileName") and not body.get("Note"):
        raise faults.required("Note")


def settle_term(change: Change) -> None:
    """A term counts days, or names a day of the month; raises Fault 2020."""
    body = change.body
    if "DueDays" not in body and "DayOfMonthDue" not in body:
        raise faults.required("DueDays")
    by_date = "DayOfMonthDue" in body and "DueDays" not in body
    body["Type"] = "DATE_DRIVEN" if by_date else "STANDARD"
    if not by_date:
        body.setdefault("DiscountDays", 0)


def settle_agency(change: Change) -> None:
    """A tax agency tracks tax on sales, on purchases or both; raises Fault 6000."""
    body = change.body
    if not body.get("TaxTrackedOnSales") and not body.get("TaxTrackedOnPurchases"):
        raise faults.business("A tax agency tracks tax on sales, on purchases or both", "TaxTrackedOnSales")


def settle_rate(change: Change) -> None:
    """An exchange rate is a positive number of the home currency; raises Fault 6000 or 2080."""
    body = change.body
    home = change.books.preferences()["CurrencyPrefs"]["HomeCurrency"]["value"]
    if body.setdefault("TargetCurrencyCode", home) != home:
        raise faults.business(f"TargetCurrencyCode must be {home}", "TargetCurrencyCode")
    if body["Rate"] <= Decimal(0):
        raise faults.bad_number("Rate")
