"""Items: which accounts and quantities each type of item must have."""

from . import faults
from .change import Change

TYPES = ("Inventory", "Service", "NonInventory", "Category", "Group", "Bundle")
_INVENTORY = ("AssetAccountRef", "IncomeAccountRef", "ExpenseAccountRef", "QtyOnHand", "InvStartDate")


def settle(change: Change) -> None:
    """Check an item before it is stored; raises Fault 2010 or 2020."""
    body = change.body
    kind = body["Type"]
    if kind not in TYPES:
        raise faults.bad_property(f"Type must be one of {', '.join(TYPES)};")
    if kind == "Inventory":
        body["TrackQtyOnHand"] = True
        for name in _INVENTORY:
            if body.get(name) is None:
                raise faults.required(name)
    elif kind in ("Service", "NonInventory"):
        body["TrackQtyOnHand"] = False
        if not body.get("IncomeAccountRef") and not body.get("ExpenseAccountRef"):
            raise faults.required("IncomeAccountRef")
