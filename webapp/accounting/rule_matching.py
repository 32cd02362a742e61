"""Which rule of the preferences applies to a document and to each of its lines. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from webapp.accounting.drafts import AppliedRule
from webapp.accounting.proposing import fold
from webapp.accounting.sources import Rule, RuleField, SourceDocument


class Matching:
    """The rules that can apply to one document, in order: those that match it, and those by category."""

    def __init__(self, document: SourceDocument, rules: Sequence[Rule]) -> None:
        values: Mapping[RuleField, Collection[str]] = {
            RuleField.SHIP_TO: {fold(document.ship_to.region)},
            RuleField.SALES_REP: {fold(document.sales_rep)},
            RuleField.MEMBER_TYPE: set(map(fold, document.member_types)),
        }
        folded = [(rule, fold(rule.value)) for rule in rules]
        self._rules = [
            (rule, value)
            for rule, value in folded
            if value and (rule.field is RuleField.CATEGORY or value in values[rule.field])
        ]

    def of_line(self, category: str = "") -> Rule | None:
        """The first rule that matches a line of this category; it wins whole, whatever it leaves open."""
        wanted = fold(category)
        fitting = (
            rule for rule, value in self._rules if rule.field is not RuleField.CATEGORY or value == wanted
        )
        return next(fitting, None)

    def of_document(self, names: str) -> Rule | None:
        """The first rule that matches the document and names a ``class_id`` or ``location_id``.

        A rule by category does not: categories belong to lines.
        """
        own = (rule for rule, _value in self._rules if rule.field is not RuleField.CATEGORY)
        return next((rule for rule in own if getattr(rule, names)), None)


def applied(rule: Rule | None) -> AppliedRule | None:
    """The rule as the preview names it."""
    return None if rule is None else AppliedRule(rule.field.value, rule.value)
