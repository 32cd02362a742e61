"""What there is one of per company, CompanyInfo and Preferences: updates keep whatever they do not name."""

from copy import deepcopy

from . import bookfaults, faults
from .books import Body, Books
from .entities import Entity

# What only QuickBooks itself can change.
_KEPT = {"CurrencyPrefs": ("HomeCurrency",)}


def merged(spec: Entity, old: Body, sent: Body, sparse: bool) -> Body:
    """The object with the sent sections laid over its own; raises Fault 2020.

    Several currencies cannot be given up again, and the home currency cannot be changed.
    """
    for name in () if sparse else spec.update_required:
        if sent.get(name) is None:
            raise faults.required(name)
    body = deepcopy(old)
    for name, value in sent.items():
        if value is None:
            body.pop(name, None)
        elif name == "OtherPrefs":
            body[name] = {"NameValue": _pairs(old.get(name, {}), value)}
        elif isinstance(value, dict) and isinstance(body.get(name), dict) and spec.name == "Preferences":
            kept = {key: body[name][key] for key in _KEPT.get(name, ()) if key in body[name]}
            body[name] = body[name] | value | kept
        else:
            body[name] = value
    currencies = (old.get("CurrencyPrefs") or {}, body.get("CurrencyPrefs") or {})
    if currencies[0].get("MultiCurrencyEnabled"):
        currencies[1]["MultiCurrencyEnabled"] = True
    return body


def refuse_without_edition(books: Books, spec: Entity) -> None:
    """Raise Fault 5020 when the company's edition of QuickBooks lacks what is to be made.

    The edition is the last word of OfferingSku among the company's named values; without one all is there.
    """
    if not spec.editions:
        return
    pairs = books.get("CompanyInfo", "1").get("NameValue", ())
    sku = next((pair["Value"] for pair in pairs if pair["Name"] == "OfferingSku"), spec.editions[0])
    if sku.split()[-1] not in spec.editions:
        raise bookfaults.no_feature(f"{spec.name}: it comes with QuickBooks {' and '.join(spec.editions)}")


def _pairs(old: Body, sent: Body) -> list[Body]:
    """Named values by name: a sent one replaces the old one."""
    pairs = {pair["Name"]: pair for pair in (*old.get("NameValue", ()), *sent.get("NameValue", ()))}
    return list(pairs.values())
