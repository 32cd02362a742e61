"""Recurring transactions: a template of another transaction with its schedule; it is never posted.

On the wire the template stands under the name of what it recurs, `{"Bill": {…}}`; inside the engine it is
one flat object that remembers this name in a key of its own.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/recurringtransaction
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import faults, rules

if TYPE_CHECKING:
    from .change import Change

Body = dict[str, Any]
NAME = "RecurringTransaction"
KIND = "@kind"
RECUR_TYPES = ("Automated", "Reminded", "UnScheduled")


def unpacked(clean: Body) -> Body:
    """The template of a request with its kind; raises Fault 2010 when there is not exactly one."""
    kinds = [name for name, value in clean.items() if isinstance(value, dict) and rules.is_type(name)]
    if len(kinds) != 1:
        raise faults.bad_property("A recurring transaction of one kind;")
    return {**clean[kinds[0]], KIND: kinds[0]}


def packed(body: Body) -> Body:
    """A template as it is answered and stored."""
    inner = {key: value for key, value in body.items() if key != KIND}
    return {body[KIND]: inner}


def flat(stored: Body) -> Body:
    """A template as the engine handles it."""
    kind, inner = next(iter(stored.items()))
    return {**inner, KIND: kind}


def settle(change: Change) -> None:
    """A template has a name, a type and what its kind requires; raises Fault 2020 or 2010."""
    body = change.body
    for name in (*rules.required(body[KIND]), "RecurringInfo"):
        if body.get(name) in (None, []):
            raise faults.required(name)
    info = body["RecurringInfo"]
    for name in ("Name", "RecurType"):
        if not info.get(name):
            raise faults.required(name)
    if info["RecurType"] not in RECUR_TYPES:
        raise faults.bad_property(f"RecurType must be one of {', '.join(RECUR_TYPES)};")
