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


def after(
    books: Books, name: str, body: Body | None, old: Body | None, goods: dict[str, Decimal] | None = None
) -> None:
    """Move the quantities on hand by what a stored or deleted transaction changed.

    goods: what it adds of each item, where that is known.
    """
    moved = quantities(name, body) if goods is None else goods
    for item_id, quantity in quantities(name, old).items():
        moved[item_id] = moved.get(item_id, ZERO) - quantity
    for item_id, quantity in moved.items():
        if quantity and stocked(books, item_id):
            item = books.get("Item", item_id)
            books.adjust("Item", item_id, {"QtyOnHand": Decimal(item["QtyOnHand"]) + quantity})


def cost(item: Body, quantity: Decimal) -> Decimal:
    """What so many of an item cost."""
    return Decimal(item.get("PurchaseCost", 0)) * quantity


def stocked(books: Books, item_id: str) -> Body | None:
    """An item that is kept in stock, to look at; None for any other."""
    item = books.peek("Item", item_id)
    return item if item and item.get("Type") == "Inventory" else None


def quantities(name: str, body: Body | None) -> dict[str, Decimal]:
    """What a transaction adds of each item that it names, be it kept in stock or not."""
    found: dict[str, Decimal] = {}
    sign = MOVES.get(name, 0) * (-1 if body and body.get("Credit") else 1)
    for line in lines.posted(body["Line"]) if body and sign else ():
        detail = line.get(line["DetailType"]) or {}
        item, quantity = detail.get("ItemRef"), detail.get("Qty")
        if item and quantity:
            item_id = item["value"]
            found[item_id] = found.get(item_id, ZERO) + sign * Decimal(quantity)
    return found
