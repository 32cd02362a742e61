"""References: does what they name exist, is it active, is it of the right type; and the names QuickBooks fills in."""

from . import entities, faults

# References whose value is free text, or that another rule checks.
_UNCHECKED = {"CurrencyRef", "ShipMethodRef", "TemplateRef", "EntityRef"}
# Tax code references come back without a name.
_NAMELESS = {"TaxCode", "TaxRate"}
SHIPPING_ITEM = "SHIPPING_ITEM_ID"


def settle(books, entity: str, body: dict, changed=None) -> None:
    """Check every reference in an object and fill in the names.

    changed: the top-level properties that the request sent; references in others were checked when they were written.
    Raises Fault 2500 (unknown), 610 (inactive) or 6430 (wrong account type).
    """
    for key, value in body.items():
        if changed is None or key in changed:
            _walk(books, entity, key, value)


def _walk(books, entity: str, key: str, value) -> None:
    if isinstance(value, list):
        for item in value:
            _walk(books, entity, key, item)
    elif isinstance(value, dict):
        if "value" in value and (key.endswith("Ref") or key in entities.REFERENCES):
            _settle_one(books, entity, key, value)
        else:
            for inner, item in value.items():
                _walk(books, entity, inner, item)


def _settle_one(books, entity: str, key: str, reference: dict) -> None:
    if key in _UNCHECKED or reference["value"] == SHIPPING_ITEM:
        return
    target = entity if key == "ParentRef" else entities.REFERENCES.get(key)
    spec = entities.BY_NAME.get(target)
    if spec is None:
        raise faults.bad_reference(key.removesuffix("Ref"), reference["value"], key)
    found = books.find(target, reference["value"])
    if found is None:
        raise faults.bad_reference(spec.label, reference["value"], key)
    if found.get("Active") is False:
        raise faults.inactive(key)
    wanted = entities.ACCOUNT_TYPES.get(key)
    if wanted and found["AccountType"] not in wanted:
        raise faults.wrong_account_type(key, " or ".join(wanted))
    if target not in _NAMELESS:
        reference["name"] = found.get("FullyQualifiedName") if target == "Account" else found[spec.name_field]
