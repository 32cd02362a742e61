"""References: does what they name exist, is it active, of the right type; and the names filled in."""

from collections.abc import Iterable, Iterator

from . import bookfaults, entities, faults, reading
from .books import Body
from .change import Change

# References whose value is free text, or that another rule checks.
_UNCHECKED = {"CurrencyRef", "HomeCurrency", "ShipMethodRef", "TemplateRef"}
# Tax code references come back without a name.
_NAMELESS = {"TaxCode", "TaxRate"}
SHIPPING_ITEM = "SHIPPING_ITEM_ID"
# What a reference that says no kind can name.
_PEOPLE = ("Vendor", "Customer", "Employee")


def settle(change: Change, found: Iterable[tuple[str, Body]]) -> None:
    """Check the references of a request and fill in their names.

    found: them with the names of their fields. What the request did not send was checked when it was written.
    Raises Fault 2500 (unknown), 610 (inactive) or 6430 (wrong account type).
    """
    settled: dict[tuple[str, str], str | None] = {}
    for key, reference in found:
        if key in reading.TYPED:
            _settle_typed(change, key, reference)
            continue
        one = (key, reference["value"])
        if one not in settled:
            settled[one] = _name_of(change, *one)
        if settled[one] is not None:
            reference["name"] = settled[one]


def within(body: Body) -> Iterator[tuple[str, Body]]:
    """All references at any depth of an object, with the names of their fields."""
    for key, value in body.items():
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, dict):
                continue
            if "value" in part and reading.is_reference(key):
                yield key, part
            else:
                yield from within(part)


def _name_of(change: Change, key: str, value: str) -> str | None:
    """The name of what a reference refers to, or None where none is shown."""
    if key in _UNCHECKED or value == SHIPPING_ITEM:
        return None
    target = change.spec.name if key == "ParentRef" else entities.REFERENCES.get(key, "")
    spec = entities.BY_NAME.get(target)
    if spec is None or spec.name_field is None:
        raise faults.bad_reference(key.removesuffix("Ref"), value, key)
    found = change.books.peek(target, value)
    if found is None:
        raise faults.bad_reference(spec.label, value, key)
    if found.get("Active") is False:
        raise faults.inactive(key)
    if key == "ItemRef" and "InvStartDate" in found:
        _check_start(change, found)
    wanted = entities.ACCOUNT_TYPES.get(key)
    if wanted and found["AccountType"] not in wanted:
        raise faults.wrong_account_type(key, " or ".join(wanted))
    if target in _NAMELESS:
        return None
    return str(found["FullyQualifiedName"] if target == "Account" else found[spec.name_field])


def _check_start(change: Change, item: Body) -> None:
    """An inventory item has no past before its start date; raises Fault 6270."""
    day = change.body.get("TxnDate")
    if change.spec.family == "transaction" and day and day < item["InvStartDate"]:
        raise bookfaults.before_inventory_start(item["Name"], item["InvStartDate"])


def _settle_typed(change: Change, key: str, reference: Body) -> None:
    """A reference that says of what kind its object is; spelling and case of the kind do not count."""
    kind = entities.BY_PATH.get(reference.get("type", "").lower())
    kinds = (kind.name,) if kind else _PEOPLE
    found = next((body for name in kinds if (body := change.books.peek(name, reference["value"]))), None)
    if found is None:
        label = kind.label if kind else "Names"
        raise faults.bad_reference(label, reference["value"], key)
    if found.get("Active") is False:
        raise faults.inactive(key)
    if kind is None or kind.name in _PEOPLE:
        reference["name"] = found["DisplayName"]
