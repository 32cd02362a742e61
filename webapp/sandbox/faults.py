"""Intuit's fault bodies: one exception, and one function for each refusal the server knows.

Codes: https://developer.intuit.com/app/developer/qbo/docs/develop/troubleshooting/error-codes
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from . import jsontext


class Fault(Exception):
    """A refusal in Intuit's terms; the API answers it as the usual fault body."""

    def __init__(
        self,
        code: int,
        message: str,
        detail: str,
        element: str | None = None,
        *,
        status: int = 400,
        kind: str = "ValidationFault",
    ):
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.kind = kind
        self.code = str(code)
        self.error = {"Message": message, "Detail": detail, "code": self.code}
        if element is not None:
            self.error["element"] = element

    def content(self) -> dict[str, Any]:
        """What stands under the key Fault, in an answer of its own or in an item of a batch."""
        return {"Error": [self.error], "type": self.kind}

    def body(self, time: str) -> bytes:
        """The JSON body of this fault."""
        return jsontext.dumps({"Fault": self.content(), "time": time}).encode()


def unsupported(path: str) -> Fault:
    """Nothing is served at this address or by this operation; the code is 500, the status is not."""
    return Fault(500, "Unsupported Operation", f"Could not find resource for relative : {path}")


def not_found(detail: str = "The object you asked for does not exist or was deleted") -> Fault:
    """The object is not there."""
    return Fault(610, "Object Not Found", f"Object Not Found : {detail}")


def inactive(element: str) -> Fault:
    """A reference names an object that was made inactive."""
    detail = "Object Not Found : Something that is used here (account, name, item) has been made inactive"
    return Fault(610, "Object Not Found", detail, element)


def unlinkable(detail: str) -> Fault:
    """A transaction cannot be tied to the one that a link names."""
    return Fault(620, "Transaction cannot be linked", f"Transaction cannot be linked : {detail}", "LinkedTxn")


def unknown_property(name: str, owner: str, known: Iterable[str]) -> Fault:
    """The body has a property that the object does not have."""
    names = ", ".join(f'"{key}"' for key in sorted(known))
    owner_knows = f"({owner}), not marked as ignorable (known properties: {names})"
    return bad_property(f'Unrecognized field "{name}" {owner_knows}')


def bad_property(problem: str) -> Fault:
    """A property, or the JSON itself, cannot be read."""
    detail = f"Property Name:{problem} specified is unsupported or invalid"
    return Fault(2010, "Request has invalid or unsupported property", detail)


def required(name: str) -> Fault:
    """A required parameter is missing."""
    detail = f"Required parameter {name} is missing in the request"
    return Fault(2020, "Required param missing, need to supply the required value for the API", detail, name)


def bad_id(value: str) -> Fault:
    """An id is not a number."""
    return Fault(2030, "Invalid ID", f"Id should be a valid number. Supplied value:{value}", "Id")


def bad_text(name: str) -> Fault:
    """A text has characters that the field does not take."""
    return Fault(2040, "Invalid String", f"{name} has characters that are not allowed", name)


def too_long(name: str, limit: int) -> Fault:
    """A text is longer than the field."""
    return Fault(2050, "Length exceeds limit", f"Length of the field exceeds {limit} chars", name)


def bad_number(name: str) -> Fault:
    """A number cannot be read or has too many digits."""
    return Fault(
        2080, "Illegal number format", f"{name} is not a number within the limits of the field", name
    )


def bad_requestid(longest: int) -> Fault:
    """The requestid is empty or too long."""
    return Fault(2130, "Invalid Request Id", f"requestid must have 1 to {longest} characters", "requestid")


def bad_reference(label: str, value: str, element: str) -> Fault:
    """A reference names an object that does not exist."""
    return Fault(
        2500, "Invalid Reference Id", f"Invalid Reference Id : {label} element id {value} not found", element
    )


def parse_error(detail: str) -> Fault:
    """The query is not in the query language."""
    return Fault(4000, "Error parsing query", f"QueryParserError: {detail}")


def query_error(detail: str) -> Fault:
    """The query is in the language but asks for what it may not."""
    return Fault(4001, "Invalid query", f"QueryValidationError: {detail}")


def stale(user: str) -> Fault:
    """The SyncToken is not the current one."""
    detail = (
        f"Stale Object Error : {user} changed this object after you had read it, so your work was not saved."
    )
    return Fault(5010, "Stale Object Error", detail)


def business(detail: str, element: str | None = None) -> Fault:
    """A rule of the books forbids it; the detail says which."""
    return Fault(
        6000, "A business validation error has occurred while processing your request", detail, element
    )


def account_type_missing() -> Fault:
    """An account has neither type nor sub-type."""
    return Fault(6010, "Account type or sub-type missing", "AccountType or AccountSubType is required")


def amount_mismatch(amount: Decimal) -> Fault:
    """A line's Amount is not its quantity times its price."""
    detail = f"Amount is not equal to UnitPrice * Qty. Supplied value:{jsontext.plain(amount)}"
    return Fault(6070, "Amount calculation incorrect in the request", detail, "Amount")


def us_tax_code(value: str) -> Fault:
    """A line of a US transaction has a tax code other than TAX and NON."""
    return Fault(
        6100,
        "Invalid tax code",
        f"TaxCodeRef {value} of a line must be TAX or NON in a US company",
        "TaxCodeRef",
    )


def duplicate_number(number: str, kind: str, txn_id: str) -> Fault:
    """The document number is taken; clients read the owner's id out of the detail."""
    detail = (
        "Duplicate Document Number Error : You must specify a different number. "
        "This number has already been used. "
        f"DocNumber={number} is assigned to TxnType={kind} with TxnId={txn_id}"
    )
    return Fault(6140, "Duplicate Document Number Error", detail, "DocNumber")


def subscription_ended() -> Fault:
    """The company's subscription has ended."""
    detail = (
        "Business Validation Error: the subscription of this company has ended or there is a billing problem"
    )
    return Fault(6190, "Invalid Company Status", detail)


def closed_books() -> Fault:
    """The transaction's date lies in a closed period."""
    detail = "The account period has closed; only inside QuickBooks can the books be changed there"
    return Fault(6210, "Account Period Closed, Cannot Update Through Services API", detail, "TxnDate")


def duplicate_name() -> Fault:
    """The name is taken by another customer, vendor, employee or item."""
    return Fault(6240, "Duplicate Name Exists Error", "The name supplied already exists. : null")


def billable_without_customer() -> Fault:
    """A line is billable to nobody."""
    detail = "A billable line must name the customer to bill: CustomerRef is missing"
    return Fault(6310, "Billable line without customer", detail, "CustomerRef")


def not_billable() -> Fault:
    """The company does not bill expenses to its customers."""
    detail = "This company does not track billable expenses: BillableStatus cannot be Billable"
    return Fault(6320, "Billable expense not allowed", detail, "BillableStatus")


def wrong_account_type(element: str, expected: str) -> Fault:
    """An account reference names an account of the wrong type."""
    return Fault(
        6430, "Invalid account type used", f"{element} must name an account of type {expected}", element
    )


def deposited() -> Fault:
    """The transaction lies in a bank deposit."""
    detail = "Deposited Transaction cannot be changed : it is part of a deposit, which must be deleted first"
    return Fault(6540, "Deposited Transaction cannot be changed", detail)


def throttled() -> Fault:
    """Too many calls."""
    message = "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    return Fault(3001, message, "The request limit was reached.  Try again later", status=429, kind="SERVICE")


def system_fault() -> Fault:
    """Something broke inside."""
    detail = "An application error has occurred while processing your request"
    return Fault(10000, "System failure", detail, status=500, kind="SystemFault")


def media_type(value: str) -> Fault:
    """The body's type is not one that the address takes; Intuit documents no code for it."""
    return Fault(
        500, "Unsupported Operation", f"Content-Type {value or 'missing'} is not taken here", status=415
    )


def too_large(limit: int) -> Fault:
    """The body is larger than the server reads; Intuit documents no code for it."""
    return Fault(500, "Request entity too large", f"The body has more than {limit} bytes", status=413)
