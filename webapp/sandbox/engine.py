"""The one engine for all entities: create, full and sparse update, delete and void.

What differs between entities is in the table of `entities` and in the modules that settle a family.
"""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import NamedTuple

from . import (
    company,
    currencies,
    faults,
    jsontext,
    ledger,
    names,
    reading,
    recurring,
    references,
    rules,
    settling,
    transactions,
)
from .books import Body, Books
from .change import Change
from .entities import Entity
from .values import References

LAST_USER = "another user"
_SERVER_KEYS = ("domain", "sparse", "Id", "SyncToken", "MetaData", "LinkedTxn")
# A full update clears what it leaves out, but recorded traffic shows that it keeps these.
_KEPT_KEYS = (*_SERVER_KEYS, "Active", "DocNumber", "CurrencyRef", "POStatus", "ManuallyClosed", "Level",
              recurring.KIND)  # fmt: skip
_NOT_COMPARED = ("SyncToken", "MetaData")


class Clean(NamedTuple):
    """A request whose shape is in order: its fields, and what they refer to."""

    fields: Body
    references: References


def read(spec: Entity, body: Body) -> Clean:
    """Check what needs no books: names, types and limits of everything in a request; raises their Faults.

    A recurring transaction is told by what it recurs.
    """
    found: References = []
    clean = reading.clean_object(spec.name, body, spec.name, found)
    return Clean(recurring.unpacked(clean) if spec.name == recurring.NAME else clean, found)


def begin(books: Books, spec: Entity, clean: Clean, allow_duplicates: bool = False) -> Change:
    """Make of a request the object as it will be stored, but for what only its turn tells.

    allow_duplicates: let a document number that is taken pass. Raises the Faults of the rules.
    """
    sent = currencies.identify(books, clean.fields) if spec.name == "ExchangeRate" else clean.fields
    change = _update(books, spec, sent) if sent.get("Id") else _create(books, spec, sent)
    change.allow_duplicates, change.links = allow_duplicates, sent.get("LinkedTxn")
    references.settle(change, clean.references)
    settling.settle(change)
    return change


def finish(change: Change) -> Body:
    """Number and store what was begun, with all that follows from it; answers the stored object."""
    books, spec, old, body = change.books, change.spec, change.old, change.body
    settling.number(change)
    if old is None:
        add(books, spec, body, change.ready.text.completed if change.ready else jsontext.dumps)
    elif _compared(body) == _compared(old):
        return _answered(old)
    else:
        books.change(spec.name, body)
    _after(change)
    return _answered(body)


def save(books: Books, spec: Entity, clean: Clean, allow_duplicates: bool = False) -> Body:
    """Create the object, or update it when the request has an Id; answers the stored object."""
    return finish(begin(books, spec, clean, allow_duplicates))


def add(books: Books, spec: Entity, body: Body, write: Callable[[Body], str] = jsontext.dumps) -> None:
    """Store a new object that has been settled, under the next id of its kind."""
    for name, value in (("domain", "QBO"), ("sparse", False)):
        body.setdefault(name, value)
    body["Id"] = currencies.new_id(body) if spec.name == "ExchangeRate" else books.next_id(spec.id_space)
    books.add(spec.name, body, write)


def delete(books: Books, spec: Entity, clean: Clean) -> Body:
    """Delete a transaction and answer what QuickBooks answers in its place."""
    old = _current(books, spec, "delete", clean.fields)
    if spec.family == "transaction":
        transactions.refuse_removal(books, spec, old)
    books.remove(spec.name, old["Id"])
    if spec.family == "transaction":
        transactions.after(books, spec, None, old)
    return {"domain": "QBO", "status": "Deleted", "Id": old["Id"]}


def void(books: Books, spec: Entity, clean: Clean) -> Body:
    """Void a transaction: it stays, with amounts of zero."""
    old = _current(books, spec, "void", clean.fields)
    transactions.refuse_removal(books, spec, old)
    voided = books.get(spec.name, old["Id"])
    transactions.void(books, spec, voided)
    books.change(spec.name, voided)
    transactions.after(books, spec, voided, old)
    return voided


def seed(books: Books, spec: Entity, body: Body) -> None:
    """Store a sample object under the id that it brings, with everything that a create would fill in."""
    active = {"Active": True} if "Active" in rules.fields(spec.name) else {}
    whole = {"domain": "QBO", "sparse": False, **spec.defaults, **active, **body}
    if "FullyQualifiedName" in rules.fields(spec.name):
        change = Change(books, spec, whole, None, frozenset(body))
        references.settle(change, references.within(whole))
        settling.number_addresses(change)
        names.settle(change)
    if spec.family == "person":
        settling.settle_person(change)
    books.add(spec.name, whole)
    if whole["Id"].isdigit():
        books.reserve_ids(spec.id_space, int(whole["Id"]))


def check_id(object_id: str) -> None:
    """Raise Fault 2030 for an id that is not a number."""
    if not re.fullmatch(r"[0-9]{1,18}", object_id):
        raise faults.bad_id(object_id)


def _create(books: Books, spec: Entity, clean: Body) -> Change:
    """A new object; empty values are as good as none."""
    _require_operation(spec, "create")
    company.refuse_without_edition(books, spec)
    sent = {key: value for key, value in clean.items() if value not in (None, []) and key not in _SERVER_KEYS}
    for name in spec.required:
        if name not in sent:
            raise faults.required(name)
    body = {"domain": "QBO", "sparse": False, **spec.defaults, **sent}
    return Change(books, spec, body, None, frozenset(sent))


def _update(books: Books, spec: Entity, clean: Body) -> Change:
    """A changed object: the request over all of the old one, or over what a full update keeps."""
    old = _current(books, spec, "update", clean)
    sparse = clean.get("sparse") is True
    sent = {key: value for key, value in clean.items() if key not in _SERVER_KEYS}
    for name in spec.sparse_required if sparse else ():
        if not sent.get(name):
            raise faults.required(name)
    if spec.family == "fixed":
        return Change(books, spec, company.merged(spec, old, sent, sparse), old, frozenset(sent))
    known = rules.fields(old.get(recurring.KIND, spec.name))
    kept = old if sparse else {k: v for k, v in old.items() if k in _KEPT_KEYS or known[k].read_only}
    body = {key: value for key, value in {**deepcopy(kept), **sent}.items() if value is not None}
    for name in spec.required:
        if body.get(name) in (None, "", []):
            raise faults.required(name)
    return Change(books, spec, {**spec.defaults, **body}, old, frozenset(sent))


def _current(books: Books, spec: Entity, operation: str, clean: Body) -> Body:
    """The stored object that an operation is about; raises Fault 500, 2020, 2030, 610 or 5010."""
    _require_operation(spec, operation)
    unread = operation == "delete" and spec.deleted_unread and clean.get("SyncToken") is None
    for name in ("Id",) if unread else ("Id", "SyncToken"):
        if clean.get(name) is None:
            raise faults.required(name)
    if spec.name != "ExchangeRate":
        check_id(clean["Id"])
    old = books.get(spec.name, clean["Id"])
    if not unread and clean["SyncToken"] != old["SyncToken"]:
        raise faults.stale(LAST_USER)
    return old


def _require_operation(spec: Entity, operation: str) -> None:
    if operation not in spec.operations:
        raise faults.unsupported(f"{operation} of {spec.name}")


def _after(change: Change) -> None:
    books, spec, body, old = change.books, change.spec, change.body, change.old
    if spec.family == "transaction":
        transactions.after(books, spec, body, old, change.ready)
    elif spec.name_field:
        names.after(books, spec, body, old)
    if spec.name == "Account" and old is None:
        ledger.open_new_account(books, body)


def _answered(body: Body) -> Body:
    return recurring.packed(body) if recurring.KIND in body else body


def _compared(body: Body) -> Body:
    return {key: value for key, value in body.items() if key not in _NOT_COMPARED}
