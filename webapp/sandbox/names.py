"""Name lists: customers, vendors, items and their like - display names, parents, uniqueness and deactivation."""

from . import faults

# Customers, vendors and employees share one space of names.
PEOPLE = ("Customer", "Vendor", "Employee")
NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
DEEPEST_LEVEL = 4
_CHECKED = ("DisplayName", "Name", "PrintOnCheckName", *NAME_PARTS)


def settle(books, spec, body: dict, old: dict | None, changed) -> None:
    """Settle the names of a person or list object before it is stored.

    Raises Fault 2020 (no name), 2040 (forbidden characters), 6240 (taken) or 6000 (too deep).
    """
    _refuse_characters(body, changed)
    if spec.family == "person":
        _settle_display_name(body, old, changed)
    _suffix_when_deactivated(books, spec, body, old)
    _settle_full_name(books, spec, body)
    _refuse_taken_name(books, spec, body, old)


def after(books, spec, body: dict, old: dict | None) -> None:
    """Carry a new full name to the objects below."""
    if old is None or old.get("FullyQualifiedName") == body.get("FullyQualifiedName"):
        return
    for child in books.where(spec.name, "$.ParentRef.value", body["Id"]):
        before = dict(child)
        child["ParentRef"]["name"] = body[spec.name_field]
        child["FullyQualifiedName"] = f"{body['FullyQualifiedName']}:{child[spec.name_field]}"
        books.touch(spec.name, child)
        after(books, spec, child, before)


def _refuse_characters(body: dict, changed) -> None:
    for name in _CHECKED:
        if name in changed and any(character in body.get(name, "") for character in ":\t\n\r"):
            raise faults.bad_text(name)


def _settle_display_name(body: dict, old: dict | None, changed) -> None:
    if "DisplayName" not in body:
        body["DisplayName"] = " ".join(body[part] for part in NAME_PARTS if body.get(part))
    if not body["DisplayName"].strip():
        raise faults.required("DisplayName")
    renamed = old is not None and old["DisplayName"] != body["DisplayName"]
    if "PrintOnCheckName" not in body or (renamed and "PrintOnCheckName" not in changed):
        body["PrintOnCheckName"] = body["DisplayName"][:110]


def _suffix_when_deactivated(books, spec, body: dict, old: dict | None) -> None:
    """Give the name free: a deactivated object is renamed, as recorded traffic shows."""
    if old is None or body.get("Active") is not False or old.get("Active") is False:
        return
    name, attempt = body[spec.name_field], 0
    while True:
        suffix = f" (deleted-{attempt})" if attempt else " (deleted)"
        body[spec.name_field] = name + suffix
        _settle_full_name(books, spec, body)
        if not _taken(books, spec, body, old):
            return
        attempt += 1


def _settle_full_name(books, spec, body: dict) -> None:
    name, parent_ref = body[spec.name_field], body.get("ParentRef")
    if spec.name == "Customer":
        body["Job"] = bool(parent_ref)
    if spec.name in ("Item", "Account"):
        body["SubItem" if spec.name == "Item" else "SubAccount"] = bool(parent_ref)
    if not parent_ref:
        body.pop("Level", None)
        if spec.name != "Vendor":
            body["FullyQualifiedName"] = name
        return
    if parent_ref["value"] == body.get("Id"):
        raise faults.business("An object cannot be its own parent", "ParentRef")
    parent = books.get(spec.name, parent_ref["value"])
    body["Level"] = parent.get("Level", 0) + 1
    if body["Level"] > DEEPEST_LEVEL:
        raise faults.business(f"A hierarchy has at most {DEEPEST_LEVEL} levels below the top", "ParentRef")
    body["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{name}"


def _refuse_taken_name(books, spec, body: dict, old: dict | None) -> None:
    if _taken(books, spec, body, old):
        raise faults.duplicate_name()


def _taken(books, spec, body: dict, old: dict | None) -> bool:
    names = PEOPLE if spec.family == "person" else (spec.name,)
    full_name = body.get("FullyQualifiedName") or body[spec.name_field]
    myself = (spec.name, old["Id"]) if old else None
    return any(owner != myself for owner in books.owners_of_name(names, full_name))
