"""What there is one of per company, CompanyInfo and Preferences: updates keep whatever they do not name."""

from copy import deepcopy

from . import faults
from .books import Body
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


def _pairs(old: Body, sent: Body) -> list[Body]:
    """Named values by name: a sent one replaces the old one."""
    pairs = {pair["Name"]: pair for pair in (*old.get("NameValue", ()), *sent.get("NameValue", ()))}
    return list(pairs.values())
