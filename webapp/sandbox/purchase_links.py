"""Bills that bill purchase orders: line by line, and silently not when the link is wrong.

A bill line names the order (TxnId, TxnType PurchaseOrder) and the order's line (TxnLineId). Recorded
traffic shows that a wrong link is left out while the bill is stored all the same.
"""

from decimal import Decimal

from . import lines
from .books import Body, Books
from .change import Change

ORDER, BILL = "PurchaseOrder", "Bill"


def settle_bill(change: Change) -> None:
    """Keep the good links of a bill's lines, drop the others, and list the linked orders in the header.

    A line that was stored before keeps its link and cannot get one: an order is tied to a new line only.
    """
    books, body, old = change.books, change.body, change.old
    before = {line["Id"]: line.get("LinkedTxn") for line in old["Line"]} if old else {}
    for line in body["Line"]:
        if line["Id"] in before:
            links = before[line["Id"]]
        else:
            links = [link for link in line.get("LinkedTxn", ()) if _is_good(books, body, link)]
        line.pop("LinkedTxn", None)
        if links:
            line["LinkedTxn"] = links
    others = [link for link in old["LinkedTxn"] if link["TxnType"] != ORDER] if old else []
    body["LinkedTxn"] = [*({"TxnId": order, "TxnType": ORDER} for order in _orders(body)), *others]


def settle_order(change: Change) -> None:
    """Keep an order's own links and decide whether it is open; a client may close it by hand and open it."""
    books, body, old = change.books, change.body, change.old
    if change.is_new("POStatus") and "POStatus" in change.sent:
        body["ManuallyClosed"] = body.get("POStatus") == "Closed"
    body["LinkedTxn"] = old["LinkedTxn"] if old else []
    _settle_status(books, body)


def after_bill(books: Books, body: Body | None, old: Body | None) -> None:
    """Bring the orders of a stored or deleted bill up to date."""
    bill_id = (body or old or {})["Id"]
    for order_id in dict.fromkeys([*_orders(old), *_orders(body)]):
        order = books.find(ORDER, order_id)
        if order is None:
            continue
        links = [link for link in order["LinkedTxn"] if link["TxnId"] != bill_id]
        if order_id in _orders(body):
            links.append({"TxnId": bill_id, "TxnType": BILL})
        order["LinkedTxn"] = links
        _settle_status(books, order)
        books.touch(ORDER, order)


def after_order_deleted(books: Books, order: Body) -> None:
    """Take a deleted order out of the bills that named it."""
    for link in order["LinkedTxn"]:
        bill = books.get(BILL, link["TxnId"])
        for line in bill["Line"]:
            kept = [tie for tie in line.get("LinkedTxn", ()) if tie["TxnId"] != order["Id"]]
            line.pop("LinkedTxn", None)
            if kept:
                line["LinkedTxn"] = kept
        bill["LinkedTxn"] = [tie for tie in bill["LinkedTxn"] if tie["TxnId"] != order["Id"]]
        books.touch(BILL, bill)


def _orders(bill: Body | None) -> list[str]:
    ties = (link for line in (bill["Line"] if bill else ()) for link in line.get("LinkedTxn", ()))
    return list(dict.fromkeys(link["TxnId"] for link in ties if link["TxnType"] == ORDER))


def _is_good(books: Books, bill: Body, link: Body) -> bool:
    if link.get("TxnType") != ORDER or not link.get("TxnLineId") or not link.get("TxnId"):
        return False
    order = books.find(ORDER, link["TxnId"])
    return (
        order is not None
        and order["VendorRef"]["value"] == bill["VendorRef"]["value"]
        and order["POStatus"] == "Open"
        and any(line["Id"] == link["TxnLineId"] for line in order["Line"])
    )


def _settle_status(books: Books, order: Body) -> None:
    """An order is closed when it is worth nothing or when bills have taken every line whole."""
    bills = [books.get(BILL, link["TxnId"]) for link in order["LinkedTxn"]]
    taken = {line["Id"]: [Decimal(0), Decimal(0)] for line in order["Line"]}
    for bill in bills:
        for line in bill["Line"]:
            for link in line.get("LinkedTxn", ()):
                if link["TxnId"] == order["Id"] and link["TxnLineId"] in taken:
                    taken[link["TxnLineId"]][0] += lines.detail_of(line).get("Qty", Decimal(0))
                    taken[link["TxnLineId"]][1] += line["Amount"]
    for line in order["Line"]:
        line["Received"] = taken[line["Id"]][0]
    done = all(_is_taken(line, *taken[line["Id"]]) for line in order["Line"])
    order["POStatus"] = "Closed" if done or not order["TotalAmt"] or order.get("ManuallyClosed") else "Open"


def _is_taken(line: Body, quantity: Decimal, amount: Decimal) -> bool:
    wanted = lines.detail_of(line).get("Qty")
    return quantity >= wanted if wanted else amount >= line["Amount"]
