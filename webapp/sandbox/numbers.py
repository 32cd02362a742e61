"""Document numbers: given or counted, and each used once per type."""

from . import faults
from .books import Books
from .change import Change
from .entities import Entity

FIRST_NUMBER = 1000


def settle(change: Change) -> None:
    """Number a transaction, or check the number that was sent; raises Fault 6140.

    A company that lets QuickBooks number its sales forms or orders ignores what was sent for them; one that
    numbers by itself gets none when it sends none. A bill bears its vendor's number, and like all other
    transactions it is never numbered.
    """
    books, spec, body, old = change.books, change.spec, change.body, change.old
    if (spec.side == "Sales" or spec.name == "PurchaseOrder") and not _custom(books, spec):
        body["DocNumber"] = old["DocNumber"] if old and "DocNumber" in old else _next(books, spec)
        return
    number = body.get("DocNumber")
    if number is None or change.allow_duplicates or not change.is_new("DocNumber"):
        return
    owner = books.owner_of_number(spec.name, number)
    if owner is not None:
        raise faults.duplicate_number(number, spec.name, owner)


def _custom(books: Books, spec: Entity) -> bool:
    preferences = books.preferences()
    if spec.name == "PurchaseOrder":
        pairs = preferences.get("OtherPrefs", {}).get("NameValue", ())
        values = {pair["Name"]: pair["Value"] for pair in pairs}
        return values.get("VendorAndPurchasesPrefs.UseCustomTxnNumbers") == "true"
    return preferences["SalesFormsPrefs"]["CustomTxnNumbers"] is True


def _next(books: Books, spec: Entity) -> str:
    while True:
        number = str(FIRST_NUMBER + int(books.next_id(f"number:{spec.name}")))
        if books.owner_of_number(spec.name, number) is None:
            return number
