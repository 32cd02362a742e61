"""The one engine for all entities: create, full and sparse update, delete and void.

What differs between entities is in the table of `entities` and in the modules that settle a family.
"""

import re

from . import faults, items, names, reading, references, rules, transactions
from .books import Books
from .entities import Entity

LAST_USER = "another user"
_SERVER_KEYS = ("domain", "sparse", "Id", "SyncToken", "MetaData", "LinkedTxn")
# A full update clears what it leaves out, but recorded traffic shows that it keeps these.
_KEPT_KEYS = (*_SERVER_KEYS, "Active", "DocNumber", "CurrencyRef", "POStatus", "ManuallyClosed")
_IGNORED_IN_COMPARISON = ("SyncToken", "MetaData")


def save(books: Books, spec: Entity, body: dict, allow_duplicates: bool = False) -> dict:
    """Create the object, or update it when the body has an Id; answers the stored object.

    allow_duplicates: let a document number that is taken pass. Raises the Faults of the rules.
    """
    clean = reading.clean_object(spec.name, body, spec.name)
    if clean.get("Id"):
        _require_operation(spec, "update")
        return _update(books, spec, clean, allow_duplicates)
    _require_operation(spec, "create")
    return _create(books, spec, clean, allow_duplicates)


def delete(books: Books, spec: Entity, body: dict) -> dict:
    """Delete a transaction and answer what QuickBooks answers in its place."""
    _require_operation(spec, "delete")
    old = _current(books, spec, reading.clean_object(spec.name, body, spec.name))
    transactions.refuse_closed(books, spec, old)
    books.remove(spec.name, old["Id"])
    transactions.after(books, spec, None, old)
    return {"domain": "QBO", "status": "Deleted", "Id": old["Id"]}


def void(books: Books, spec: Entity, body: dict) -> dict:
    """Void a transaction: it stays, with amounts of zero."""
    _require_operation(spec, "void")
    old = _current(books, spec, reading.clean_object(spec.name, body, spec.name))
    transactions.refuse_closed(books, spec, old)
    voided = books.get(spec.name, old["Id"])
    transactions.void(voided)
    books.change(spec.name, voided)
    transactions.after(books, spec, voided, old)
    return voided


def _require_operation(spec: Entity, operation: str) -> None:
    if operation not in spec.operations:
        raise faults.unsupported(f"{operation} of {spec.name}")


def _create(books: Books, spec: Entity, clean: dict, allow_duplicates: bool) -> dict:
    sent = {key: value for key, value in clean.items() if value not in (None, []) and key not in _SERVER_KEYS}
    body = {"domain": "QBO", "sparse": False, **sent}
    for name in spec.required:
        if not body.get(name):
            raise faults.required(name)
    for name, value in spec.defaults.items():
        body.setdefault(name, value)
    _settle(books, spec, body, None, frozenset(sent), allow_duplicates)
    body["Id"] = books.next_id(spec.id_space)
    books.add(spec.name, body)
    _after(books, spec, body, None)
    return body


def _update(books: Books, spec: Entity, clean: dict, allow_duplicates: bool) -> dict:
    old = _current(books, spec, clean)
    sparse = clean.pop("sparse", None) is True
    changes = {key: value for key, value in clean.items() if key not in _SERVER_KEYS}
    for name in spec.sparse_required if sparse else spec.required:
        if not changes.get(name):
            raise faults.required(name)
    body = _merged(spec, old, changes, sparse)
    _settle(books, spec, body, old, frozenset(changes), allow_duplicates)
    if _comparable(body) == _comparable(old):
        return old
    books.change(spec.name, body)
    _after(books, spec, body, old)
    return body


def _merged(spec: Entity, old: dict, changes: dict, sparse: bool) -> dict:
    """The object after the changes: over all of the old one, or over what a full update keeps."""
    known = rules.fields(spec.name)
    kept = old if sparse else {k: v for k, v in old.items() if k in _KEPT_KEYS or known[k].read_only}
    body = {**kept, **changes}
    if body.get("Line") == []:
        raise faults.required("Line")
    body = {key: value for key, value in body.items() if value is not None}
    for name, value in spec.defaults.items():
        body.setdefault(name, value)
    return body


def _current(books: Books, spec: Entity, clean: dict) -> dict:
    """The stored object that a change is about; raises Fault 2020, 2030, 610 or 5010."""
    object_id = clean.get("Id")
    if not object_id:
        raise faults.required("Id")
    check_id(object_id)
    if clean.get("SyncToken") is None:
        raise faults.required("SyncToken")
    old = books.get(spec.name, object_id)
    if clean["SyncToken"] != old["SyncToken"]:
        raise faults.stale(LAST_USER)
    return old


def check_id(object_id: str) -> None:
    """Raise Fault 2030 for an id that is not a number."""
    if not re.fullmatch(r"[0-9]{1,18}", object_id):
        raise faults.bad_id(object_id)


def _settle(books: Books, spec: Entity, body: dict, old: dict | None, changed, allow_duplicates: bool) -> None:
    references.settle(books, spec.name, body, changed)
    _number_addresses(books, spec, body, old)
    if spec.family == "transaction":
        transactions.settle(books, spec, body, old, changed, allow_duplicates)
        return
    names.settle(books, spec, body, old, changed)
    if spec.name == "Item":
        items.settle(body)
    if spec.family == "person":
        body["CurrencyRef"] = dict(books.preferences()["CurrencyPrefs"]["HomeCurrency"])


def _after(books: Books, spec: Entity, body: dict, old: dict | None) -> None:
    if spec.family == "transaction":
        transactions.after(books, spec, body, old)
    else:
        names.after(books, spec, body, old)


def _number_addresses(books: Books, spec: Entity, body: dict, old: dict | None) -> None:
    """Give every new address an id of its own and let a changed one keep its id."""
    for name, field in rules.fields(spec.name).items():
        address = body.get(name)
        if field.kind == "PhysicalAddress" and isinstance(address, dict):
            kept = (old or {}).get(name, {}).get("Id")
            address["Id"] = kept or books.next_id("addresses")


def _comparable(body: dict) -> dict:
    return {key: value for key, value in body.items() if key not in _IGNORED_IN_COMPARISON}


def seed(books: Books, spec: Entity, body: dict) -> None:
    """Store a sample object under the id it brings, with everything that a create would fill in."""
    object_id = body.pop("Id")
    whole = {"domain": "QBO", "sparse": False, "Id": object_id, **spec.defaults, **body}
    if spec.name_field and "FullyQualifiedName" in rules.fields(spec.name):
        references.settle(books, spec.name, whole)
        names.settle(books, spec, whole, None, frozenset(body))
    if spec.family == "person":
        whole["CurrencyRef"] = dict(books.preferences()["CurrencyPrefs"]["HomeCurrency"])
        _number_addresses(books, spec, whole, None)
    whole.setdefault("Active", True)
    books.add(spec.name, whole)
    if object_id.isdigit():
        books.reserve_ids(spec.id_space, int(object_id))
