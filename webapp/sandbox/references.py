"""References: does what they name exist, is it active, of the right type; and the names filled in."""

from typing import Any

from . import bookfaults, entities, faults
from .books import Body
from .change import Change

# References whose value is free text, or that another rule checks.
_UNCHECKED = {"CurrencyRef", "HomeCurrency", "ShipMethodRef", "TemplateRef"}
# Tax code references come back without a name.
_NAMELESS = {"TaxCode", "TaxRate"}
SHIPPING_ITEM = "SHIPPING_ITEM_ID"
# References that name an object of the kind that their type says; without one it is a name.
_TYPED = ("EntityRef", "Entity")
_PEOPLE = ("Vendor", "Customer", "Employee")


def settle(change: Change) -> None:
    """Check the references that a request sent and fill in their names.

    Those it did not send were checked when they were written. Raises Fault 2500 (unknown), 610
    (inactive) or 6430 (wrong account type).
    """
    for name in change.sent:
        _walk(change, name, change.body.get(name))


def _walk(change: Change, key: str, value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _walk(change, key, item)
    elif isinstance(value, dict):
        if "value" in value and key in _TYPED:
            _settle_typed(change, key, value)
        elif "value" in value and (key.endswith("Ref") or key in entities.REFERENCES):
            _settle_one(change, key, value)
        else:
            for inner, item in value.items():
                _walk(change, inner, item)


def _settle_one(change: Change, key: str, reference: Body) -> None:
    if key in _UNCHECKED or reference["value"] == SHIPPING_ITEM:
        return
    target = change.spec.name if key == "ParentRef" else entities.REFERENCES.get(key, "")
    spec = entities.BY_NAME.get(target)
    if spec is None or spec.name_field is None:
        raise faults.bad_reference(key.removesuffix("Ref"), reference["value"], key)
    found = change.books.peek(target, reference["value"])
    if found is None:
        raise faults.bad_reference(spec.label, reference["value"], key)
    if found.get("Active") is False:
        raise faults.inactive(key)
    if key == "ItemRef" and "InvStartDate" in found:
        _check_start(change, found)
    wanted = entities.ACCOUNT_TYPES.get(key)
    if wanted and found["AccountType"] not in wanted:
        raise faults.wrong_account_type(key, " or ".join(wanted))
    if target not in _NAMELESS:
        reference["name"] = found["FullyQualifiedName"] if target == "Account" else found[spec.name_field]


def _check_start(change: Change, item: Body) -> None:
    """An inventory item has no past before its start date; raises Fault 6270."""
    day = change.body.get("TxnDate")
    if change.spec.family == "transaction" and day and day < item["InvStartDate"]:
        raise bookfaults.before_inventory_start(item["Name"], item["InvStartDate"])


def _settle_typed(change: Change, key: str, reference: Body) -> None:
    """A reference that says of what kind its object is; spelling and case of the kind do not count."""
    kind = entities.BY_PATH.get(reference.get("type", "").lower())
    kinds = (kind.name,) if kind else _PEOPLE
    found = next((body for name in kinds if (body := change.books.find(name, reference["value"]))), None)
    if found is None:
        label = kind.label if kind else "Names"
        raise faults.bad_reference(label, reference["value"], key)
    if found.get("Active") is False:
        raise faults.inactive(key)
    if kind is None or kind.name in _PEOPLE:
        reference["name"] = found["DisplayName"]
