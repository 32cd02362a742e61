"""Which rule of the preferences applies to a document and to each of its lines. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from webapp.accounting.drafts import AppliedRule
from webapp.accounting.proposing import fold
from webapp.accounting.sources import Rule, RuleField, SourceDocument


def line_rule(document: SourceDocument, rules: Sequence[Rule], category: str = "") -> Rule | None:
    """The first rule that matches a line of this category; it wins whole, whatever it leaves open."""
    return next((rule for rule in rules if _matches(rule, document, category)), None)


def document_rule(document: SourceDocument, rules: Sequence[Rule], names: str) -> Rule | None:
    """The first rule that matches the document and names a ``class_id`` or ``location_id``.

    A rule by category does not: categories belong to lines.
    """
    return next((rule for rule in rules if getattr(rule, names) and _matches(rule, document)), None)


def applied(rule: Rule | None) -> AppliedRule | None:
    """The rule as the preview names it."""
    return None if rule is None else AppliedRule(rule.field.value, rule.value)


def _matches(rule: Rule, document: SourceDocument, category: str = "") -> bool:
    values: Mapping[RuleField, Collection[str]] = {
        RuleField.SHIP_TO: (document.ship_to.region,),
        RuleField.SALES_REP: (document.sales_rep,),
        RuleField.CATEGORY: (category,),
        RuleField.MEMBER_TYPE: document.member_types,
    }
    wanted = fold(rule.value)
    return bool(wanted) and wanted in map(fold, values[rule.field])
