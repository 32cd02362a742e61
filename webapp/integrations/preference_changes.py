"""What differs between two states of the preferences, in names: ids would say nothing to who reads them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from webapp.accounting.sources import Rule
from webapp.accounting.terms import term_key
from webapp.integrations.preference_fields import (
    SINGLE,
    chosen,
    custom_field,
    effects,
    layout_field,
    province_field,
    rule_field,
    term_field,
)
from webapp.integrations.preference_mirror import CompanyLists, Known
from webapp.integrations.preference_options import describe
from webapp.integrations.preference_store import PLAIN, Saved

Facts = dict[str, object]

MAPPINGS: Final = ("terms", "province_tax_codes", "custom_fields", "layouts")


def changes(lists: CompanyLists, known: Known, before: Saved, after: Saved) -> dict[str, Facts]:
    """``before`` and ``after`` of what differs, for the activity; see ``facts`` for their keys.

    ``known`` has the entries that both states name.
    """
    were, are = chosen(before.rules), chosen(after.rules)
    same = {name for name, value in are.items() if were.get(name) == value}
    old, new = facts(lists, known, before, same), facts(lists, known, after, same)
    names = [name for name in old | new if old.get(name) != new.get(name)]
    return {
        "before": {name: old.get(name) for name in names},
        "after": {name: new.get(name) for name in names},
    }


def facts(lists: CompanyLists, known: Known, saved: Saved, same: Collection[str] = ()) -> Facts:
    """A state of the preferences in names that JSON has, without the drop-downs in ``same``.

    Keys are the fields of ``MappingRules``; of those that are mappings also the key there, after a dot
    ("terms.Net 45", "layouts.bill.freight"). ``rules`` is a list with an entry for each.
    """
    rules = saved.rules
    found: Facts = {name: getattr(rules, name) for name in PLAIN}
    found["start_date"] = rules.start_date.isoformat() if rules.start_date else None
    values = {name: value for name, value in chosen(rules).items() if name not in same}
    keys = {name: name for name in SINGLE}
    keys |= {term_field(key): f"terms.{saved.words.get(key, key)}" for key in rules.terms}
    keys |= {province_field(code): f"province_tax_codes.{code}" for code in rules.province_tax_codes}
    keys |= {
        custom_field(kind, ours): f"custom_fields.{kind.value}.{ours.value}"
        for kind, ours in rules.custom_fields
    }
    found |= {key: _name(lists, known, name, values[name]) for name, key in keys.items() if name in values}
    found |= {f"layouts.{kind.value}.{line.value}": how.value for (kind, line), how in rules.layouts.items()}
    if rules.rules:
        found["rules"] = [_rule(lists, known, place, rule) for place, rule in enumerate(rules.rules)]
    return found


def is_key(text: str) -> bool:
    """Whether a text may be a key of ``facts``."""
    return text.partition(".")[0] in {*PLAIN, *SINGLE, *MAPPINGS, "rules"}


def control(key: str) -> str:
    """The name of the control in the form that is behind a key of ``facts``."""
    field, _dot, rest = key.partition(".")
    if field == "terms":
        return term_field(term_key(rest))
    if field == "province_tax_codes":
        return province_field(rest)
    if field in {"custom_fields", "layouts"}:
        kind, _dot, of = rest.partition(".")
        return custom_field(kind, of) if field == "custom_fields" else layout_field(kind, of)
    return "numbers" if field == "use_our_numbers" else field


def _rule(lists: CompanyLists, known: Known, place: int, rule: Rule) -> dict[str, str]:
    named = {
        part: _name(lists, known, rule_field(place, part), value) for part, value in effects(rule).items()
    }
    return {"field": rule.field.value, "value": rule.value, **named}


def _name(lists: CompanyLists, known: Known, name: str, value: str) -> str:
    return describe(lists.company, known, name, value).text or value
