"""More of Intuit's refusals: those that concern what the books hold rather than how a request is written."""

from .faults import Fault


def duplicate_request() -> Fault:
    """The requestid is taken."""
    return Fault(600, "Duplicate Request Id", "This requestid has been used for another request")


def duplicate_object(detail: str, element: str | None = None) -> Fault:
    """An object like this exists."""
    return Fault(630, "Duplicate Object", f"Duplicate Object : {detail}", element)


def no_feature(feature: str) -> Fault:
    """The company's subscription or preferences lack what the request needs."""
    detail = f"Permission Denied Error : this company does not use {feature}"
    return Fault(5020, "Feature Not Supported Error", detail)


def closed_without_password() -> Fault:
    """The transaction's date lies in a closed period that no password protects."""
    detail = "The account period has closed; the closing date must be moved inside QuickBooks first"
    return Fault(6200, "Account Period Closed", detail, "TxnDate")


def before_inventory_start(item: str, day: str) -> Fault:
    """A transaction is older than the inventory item that it names."""
    detail = f"Transaction date is prior to start date {day} for inventory item {item}"
    return Fault(6270, "Transaction date is prior to start date for inventory item", detail, "TxnDate")


def line_without_target(element: str) -> Fault:
    """A line names no item or account."""
    detail = "Every line must name the item or the account that it is posted to"
    return Fault(6440, "Line has no item or account", detail, element)
