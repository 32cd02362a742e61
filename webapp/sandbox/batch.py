"""Batches: several writes and queries in one call, each carried out and refused for itself.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/batch
"""

from typing import Any

from . import choices, clock, entities, faults, jsontext, orders, query, selecting, writing
from .books import Body, Books
from .state import Sandbox

LONGEST_REQUESTID = 36
# How long a bId may be beside a requestid, and at all.
LONGEST_BID, LONGEST_LONELY_BID = 10, 50
_WORDS = ("bId", "operation", "optionsData")
_OPERATIONS = ("create", "update", "delete")


def run(box: Sandbox, realm: str, requestid: str | None, body: Body) -> bytes:
    """Carry out the items in their order and answer with one part for each.

    requestid: with it, an item whose bId was answered under the same requestid is answered with the same
    bytes and done no second time. Raises Fault 1040 for too many items, 2010 for no items at all.
    """
    with box.store.reading() as db:
        most = int(choices.made(db, "batch_items"))
    items = _items(body, most)
    if requestid is not None and any(len(str(item.get("bId", ""))) > LONGEST_BID for item in items):
        raise bad_bid(LONGEST_BID)
    parts = [_run_one(box, realm, requestid, item) for item in items]
    time = clock.answer_time(box.clock.now())
    return b'{"BatchItemResponse":[' + b",".join(parts) + f'],"time":"{time}"}}'.encode()


def _items(body: Body, most: int) -> list[Body]:
    unknown = set(body) - {"BatchItemRequest"}
    if unknown:
        raise faults.bad_property(f'Unrecognized field "{min(unknown)}"')
    items = body.get("BatchItemRequest")
    if not items:
        raise empty_batch()
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise faults.bad_property("BatchItemRequest must be a list of objects;")
    if len(items) > most:
        raise too_many_items(most)
    return items


def _run_one(box: Sandbox, realm: str, requestid: str | None, item: Body) -> bytes:
    """One item's part of the answer: its object, its rows, or its own fault."""
    bid = item.get("bId")

    def refuse(fault: faults.Fault) -> bytes:
        return _part(bid, "Fault", jsontext.dumps(fault.content()))

    try:
        if not isinstance(bid, str) or not 1 <= len(bid) <= LONGEST_LONELY_BID:
            raise faults.required("bId") if not bid else bad_bid(LONGEST_LONELY_BID)
        if "Query" in item:
            return _part(bid, "QueryResponse", _rows(box, realm, item))
        name, content, operation, options = _parts_of(item)
    except faults.Fault as fault:
        return refuse(fault)
    spec = entities.BY_NAME[name]
    order = orders.Order(spec, content, operation, options)
    orders.prepare(box.store, realm, box.clock.now(), order)

    def act(books: Books) -> bytes:
        return _part(bid, spec.name, writing.answered(books, spec, order.carry_out(books)))

    key = None
    if requestid is not None:
        key = writing.Key.of(f"{requestid}\n{bid}", jsontext.dumps(item).encode())
    return writing.perform(box, realm, key, act, refuse)[1]


def _rows(box: Sandbox, realm: str, item: Body) -> str:
    if set(item) - {"bId", "Query"} or not isinstance(item["Query"], str):
        raise faults.bad_property("An item with a Query has nothing else but its bId;")
    with box.store.reading() as db:
        return selecting.run(db, realm, query.parse(item["Query"]))


def _parts_of(item: Body) -> tuple[str, Body, str, str]:
    """The entity's name, the object, the operation and its options; raises Fault 2010, 2020 or 500."""
    operation, options = item.get("operation"), item.get("optionsData") or ""
    if not operation:
        raise faults.required("operation")
    if operation not in _OPERATIONS or not isinstance(options, str):
        raise faults.unsupported(f"operation={operation}")
    names = [name for name in item if name not in _WORDS]
    unknown = [name for name in names if name not in entities.BY_NAME]
    if unknown:
        raise faults.bad_property(f'Unrecognized field "{unknown[0]}"')
    if len(names) != 1 or not isinstance(item[names[0]], dict):
        raise faults.bad_property("An item holds exactly one object;")
    if operation == "create" and item[names[0]].get("Id"):
        raise faults.bad_property("An object that is to be created has no Id;")
    return names[0], item[names[0]], operation, options.lower()


def _part(bid: Any, key: str, text: str) -> bytes:
    mark = f',"bId":{jsontext.dumps(bid)}' if isinstance(bid, str) else ""
    return f'{{"{key}":{text}{mark}}}'.encode()


def too_many_items(most: int) -> faults.Fault:
    """More items than Intuit takes."""
    return faults.Fault(
        1040, "The maximum number of batch items is exceeded", f"A batch has at most {most} items"
    )


def empty_batch() -> faults.Fault:
    """No items; Intuit documents the words, no code."""
    return faults.Fault(2010, "MalformedRequest", "Batch Request is Empty")


def bad_bid(longest: int) -> faults.Fault:
    """A bId that is too long to be remembered beside a requestid, or at all."""
    return faults.Fault(2130, "Invalid Request Id", f"bId must have 1 to {longest} characters", "bId")
