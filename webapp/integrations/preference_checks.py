"""Whether preferences can be saved: what stands in which field and cannot be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from webapp.accounting.sources import MappingRules, Rule, RuleField, UnknownItems
from webapp.clock import now
from webapp.db.search import fold
from webapp.integrations.preference_fields import (
    FIXED_ITEM,
    LOCATION,
    MOST_RULES,
    chosen,
    custom_field,
    effects,
    rule_field,
)
from webapp.integrations.preference_mirror import CompanyLists, Known
from webapp.integrations.preference_options import describe
from webapp.models import MemberType, PreferenceRule

Errors = dict[str, list[object]]

FARTHEST_START: Final = timedelta(days=366)
REFUSED: Final = frozenset({"missing", "inactive", "unfit"})


def tidy(rules: MappingRules) -> MappingRules:
    """The same preferences as they are kept: without a fixed item that is not used, rules' values cleaned."""
    kept = tuple(replace(rule, value=_tidy_value(rule)) for rule in rules.rules)
    fixed = rules.fixed_item_id if rules.unknown_items == UnknownItems.FIXED else None
    return replace(rules, fixed_item_id=fixed, rules=kept)


def errors(lists: CompanyLists, known: Known, rules: MappingRules) -> Errors:
    """What cannot be saved, by control (see ``preference_fields``).

    Codes: ``missing``, ``inactive`` or ``unfit`` for what a drop-down names; ``required``; ``taken`` for a
    custom field that has another of ours; ``too_late``; ``too_many``; and for a rule's value ``empty``,
    ``too_long``, ``unprintable``, ``not_a_code``, ``not_a_type`` or ``duplicate``, for its effects
    ``no_effect`` or ``no_location``.
    """
    found: Errors = {}
    for name, value in chosen(rules).items():
        note = describe(lists.company, known, name, value).note
        if note in REFUSED:
            found[name] = [note]
    if rules.unknown_items == UnknownItems.FIXED and not rules.fixed_item_id:
        found[FIXED_ITEM] = ["required"]
    if rules.start_date and rules.start_date > now().date() + FARTHEST_START:
        found["start_date"] = ["too_late"]
    found |= {name: ["taken"] for name in _taken(rules) if name not in found}
    return found | _rule_errors(rules.rules)


def _taken(rules: MappingRules) -> Iterator[str]:
    """The custom fields of QuickBooks that would get a second of ours."""
    seen: set[tuple[str, str]] = set()
    for (kind, ours), id_ in sorted(rules.custom_fields.items()):
        if (kind, id_) in seen:
            yield custom_field(kind, ours)
        seen.add((kind, id_))


def _rule_errors(rules: tuple[Rule, ...]) -> Errors:
    found: Errors = {}
    if len(rules) > MOST_RULES:
        found["rules"] = ["too_many"]
    seen: Counter[tuple[str, str]] = Counter()
    for place, rule in enumerate(rules[:MOST_RULES]):
        key = (rule.field, fold(rule.value))
        problem = _value_problem(rule) or ("duplicate" if key in seen else "")
        seen[key] += 1
        if problem:
            found[rule_field(place, "value")] = [problem]
        if not effects(rule):
            found[rule_field(place, "target")] = ["no_effect"]
        if rule.field is RuleField.CATEGORY and rule.location_id:
            found[rule_field(place, LOCATION)] = ["no_location"]
    return found


def _value_problem(rule: Rule) -> str:
    if rule.field is RuleField.MEMBER_TYPE:
        return "" if rule.value in set(MemberType) else "not_a_type"
    if not rule.value.strip():
        return "empty"
    if len(rule.value) > PreferenceRule.value.max_length:
        return "too_long"
    if not rule.value.isprintable():
        return "unprintable"
    is_code = rule.value.isascii() and rule.value.isalpha() and 2 <= len(rule.value) <= 3
    return "not_a_code" if rule.field is RuleField.SHIP_TO and not is_code else ""


def _tidy_value(rule: Rule) -> str:
    value = " ".join(rule.value.split())
    if rule.field is RuleField.MEMBER_TYPE:
        return value.lower()
    return value.upper() if rule.field is RuleField.SHIP_TO else value
