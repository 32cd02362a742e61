"""Inventory: what sales and purchases take from and add to the quantity on hand, and what that cost.

Goods leave at the item's PurchaseCost; layers of first in, first out are not kept.
"""

from decimal import Decimal

from . import lines
from .books import Body, Books

# What goods do: they leave with a sale and come with a purchase; credits and refunds turn that round.
MOVES = {"Invoice": -1, "SalesReceipt": -1, "CreditMemo": 1, "RefundReceipt": 1, "Bill": 1, "Purchase": 1,
         "VendorCredit": -1}  # fmt: skip
ZERO = Decimal(0)


def after(books: Books, name: str, body: Body | None, old: Body | None) -> None:
    """Move the quantities on hand by what a stored or deleted transaction changed."""
    now, before = _quantities(books, name, body), _quantities(books, name, old)
    for item_id in dict.fromkeys([*before, *now]):
        moved = now.get(item_id, ZERO) - before.get(item_id, ZERO)
        item = books.find("Item", item_id) if moved else None
        if item is not None:
            books.adjust("Item", item_id, {"QtyOnHand": Decimal(item["QtyOnHand"]) + moved})


def cost(item: Body, quantity: Decimal) -> Decimal:
    """What so many of an item cost."""
    return Decimal(item.get("PurchaseCost", 0)) * quantity


def inventory_item(books: Books, line: Body) -> tuple[Body, Decimal] | None:
    """The inventory item of a line with its quantity, or None for any other line."""
    detail = line.get(line["DetailType"])
    if not detail or not detail.get("ItemRef") or not detail.get("Qty"):
        return None
    item = books.peek("Item", detail["ItemRef"]["value"])
    if not item or item.get("Type") != "Inventory":
        return None
    return item, Decimal(detail["Qty"])


def _quantities(books: Books, name: str, body: Body | None) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    sign = MOVES.get(name, 0) * (-1 if body and body.get("Credit") else 1)
    for line in lines.posted(body["Line"]) if body and sign else ():
        part = inventory_item(books, line)
        if part:
            item, quantity = part
            found[item["Id"]] = found.get(item["Id"], ZERO) + sign * quantity
    return found
