"""Name lists: customers, vendors, items and their like - display names, parents, uniqueness, deactivation."""

from . import faults, rules
from .books import Body, Books
from .change import Change
from .entities import Entity

# Customers, vendors and employees share one space of names.
PEOPLE = ("Customer", "Vendor", "Employee")
NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
DEEPEST_LEVEL = 4
LONGEST_CHECK_NAME = 110
_CHECKED = ("DisplayName", "Name", "PrintOnCheckName", *NAME_PARTS)
_SUB_MARKS = {"Customer": "Job", "Item": "SubItem", "Account": "SubAccount", "Class": "SubClass",
              "Department": "SubDepartment"}  # fmt: skip
# Lists of which Intuit's schema knows full names but its answers do not.
_FLAT = ("Vendor", "Employee", "TaxAgency")


def settle(change: Change) -> None:
    """Settle the names of a person or list object before it is stored.

    Raises Fault 2020 (no name), 2040 (forbidden characters), 6240 (taken) or 6000 (too deep).
    """
    _refuse_characters(change)
    if change.spec.family == "person":
        _settle_display_name(change)
    _suffix_when_deactivated(change)
    _settle_full_name(change)
    if _taken(change):
        raise faults.duplicate_name()


def after(books: Books, spec: Entity, body: Body, old: Body | None) -> None:
    """Carry a new full name to the objects below."""
    if old is None or old.get("FullyQualifiedName") == body.get("FullyQualifiedName"):
        return
    for child in books.where(spec.name, "$.ParentRef.value", body["Id"]):
        before = dict(child)
        name = child[spec.name_field or "Name"]
        child["ParentRef"]["name"] = body[spec.name_field or "Name"]
        child["FullyQualifiedName"] = f"{body['FullyQualifiedName']}:{name}"
        books.touch(spec.name, child)
        after(books, spec, child, before)


def _refuse_characters(change: Change) -> None:
    for name in change.sent.intersection(_CHECKED):
        text = change.body.get(name, "").strip()
        if any(character in text for character in ":\t\n\r"):
            raise faults.bad_text(name)
        if text:
            change.body[name] = text


def _settle_display_name(change: Change) -> None:
    body, old = change.body, change.old
    if "DisplayName" not in body:
        body["DisplayName"] = " ".join(body[part] for part in NAME_PARTS if body.get(part))
    if not body["DisplayName"].strip():
        raise faults.required("DisplayName")
    renamed = old is not None and old["DisplayName"] != body["DisplayName"]
    if "PrintOnCheckName" not in body or (renamed and "PrintOnCheckName" not in change.sent):
        body["PrintOnCheckName"] = body["DisplayName"][:LONGEST_CHECK_NAME]


def _suffix_when_deactivated(change: Change) -> None:
    """Give the name free: a deactivated object is renamed, as recorded traffic shows."""
    body, old, field = change.body, change.old, change.spec.name_field
    if field is None or old is None or body.get("Active") is not False or old.get("Active") is False:
        return
    name, attempt = body[field], 0
    while True:
        suffix = f" (deleted-{attempt})" if attempt else " (deleted)"
        body[field] = name + suffix
        _settle_full_name(change)
        if not _taken(change):
            return
        attempt += 1


def _settle_full_name(change: Change) -> None:
    body, spec = change.body, change.spec
    name, parent_ref = body[spec.name_field or "Name"], body.get("ParentRef")
    if spec.name in _SUB_MARKS:
        body[_SUB_MARKS[spec.name]] = bool(parent_ref)
    if not parent_ref or spec.name in _FLAT:
        body.pop("Level", None)
        if spec.name not in _FLAT and "FullyQualifiedName" in rules.fields(spec.name):
            body["FullyQualifiedName"] = name
        return
    if _is_below(change, parent_ref["value"]):
        raise faults.business("An object cannot lie below itself", "ParentRef")
    parent = change.books.get(spec.name, parent_ref["value"])
    level = parent["FullyQualifiedName"].count(":") + 1
    if level > DEEPEST_LEVEL:
        raise faults.business(f"A hierarchy has at most {DEEPEST_LEVEL} levels below the top", "ParentRef")
    if "Level" in rules.fields(spec.name):
        body["Level"] = level
    body["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{name}"


def _is_below(change: Change, object_id: str) -> bool:
    """Whether an object is the changed one or lies below it."""
    while object_id != change.body.get("Id"):
        parent_ref = change.books.get(change.spec.name, object_id).get("ParentRef")
        if not parent_ref:
            return False
        object_id = parent_ref["value"]
    return True


def _taken(change: Change) -> bool:
    body, spec = change.body, change.spec
    lists = PEOPLE if spec.family == "person" else (spec.name,)
    full_name = body.get("FullyQualifiedName") or body[spec.name_field or "Name"]
    myself = (spec.name, body.get("Id"))
    return any(owner != myself for owner in change.books.owners_of_name(lists, full_name))
