"""The three legacy custom fields of sales forms and purchase orders, whose names are in Preferences."""

from . import faults
from .books import Body
from .change import Change

_SALES = ("SalesFormsPrefs", "CustomField", "SalesFormsPrefs.SalesCustomName")
_ORDERS = ("VendorAndPurchasesPrefs", "POCustomField", "PurchasePrefs.PurchaseOrderCustomName")


def settle(change: Change) -> None:
    """Answer every field that the company uses, with the value that was sent; raises Fault 2020.

    A value for a field that the company does not use is left out.
    """
    section = _SALES if change.spec.side == "Sales" else _ORDERS
    if change.spec.side != "Sales" and change.spec.name != "PurchaseOrder":
        return
    values = {}
    for field in change.body.get("CustomField", ()):
        if not field.get("DefinitionId"):
            raise faults.required("DefinitionId")
        values[field["DefinitionId"]] = field.get("StringValue")
    change.body["CustomField"] = [
        {"DefinitionId": number, "Name": name, "Type": "StringType"}
        | ({"StringValue": values[number]} if values.get(number) else {})
        for number, name in _names(change.books.preferences(), *section).items()
    ]


def _names(preferences: Body, section: str, key: str, prefix: str) -> dict[str, str]:
    """The names of the fields in use, by DefinitionId."""
    groups = preferences.get(section, {}).get(key, ())
    entries = [entry for group in groups for entry in group["CustomField"]]
    return {
        entry["Name"].removeprefix(prefix): entry["StringValue"]
        for entry in entries
        if entry["Name"].startswith(prefix) and entry.get("StringValue")
    }
