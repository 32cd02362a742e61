"""Checks the saved preferences against the provider's lists, for the view that shows them."""

from __future__ import annotations

from webapp.accounting.accounts import account_problem, chosen_accounts, gone
from webapp.accounting.custom_fields import field_problem
from webapp.accounting.dimensions import entry_problem, has_classes
from webapp.accounting.names import charge_targets
from webapp.accounting.postings import target_problem
from webapp.accounting.provider import ProviderCompany, ProviderLists
from webapp.accounting.reasons import Reasons
from webapp.accounting.sources import MappingRules, Reason, Rule, UnknownItems
from webapp.accounting.tax import code_problem


def check_rules(rules: MappingRules, company: ProviderCompany, lists: ProviderLists) -> tuple[Reason, ...]:
    """Everything chosen in the preferences that the provider does not have any more, in the form's order.

    Each is a ``mapping_gone`` with the preference's ``field`` and the ``name`` of what is gone (its id when
    no name is known; our own words for terms, provinces, custom fields and rules). What was never chosen is
    no problem here, nor what the company has switched off altogether, for that is not sent.
    """
    reasons = Reasons()
    if rules.unknown_items is UnknownItems.FIXED and rules.fixed_item_id:
        item = lists.items_by_id.get(rules.fixed_item_id)
        if item is None or not item.active:
            reasons.note(gone("fixed_item_id", item.name if item else rules.fixed_item_id))
    for field, account_id in chosen_accounts(rules).items():
        if account_id:
            reasons.note(account_problem(field, account_id, lists))
    for kind, target in charge_targets(rules).items():
        if target is not None:
            reasons.note(target_problem(kind.value, target, lists))
    _check_tax_codes(rules, company, lists, reasons)
    for words, term in sorted(rules.terms.items()):
        if term not in lists.terms:
            reasons.note(gone("terms", words))
    for problem in _dimension_problems(rules, company, lists):
        reasons.note(problem)
    for key, definition_id in rules.custom_fields.items():
        reasons.note(field_problem(key, definition_id, company))
    for rule in rules.rules:
        unfit = target_problem("rules", rule.target, lists) if rule.target else None
        if any([unfit, *_dimension_problems(rule, company, lists)]):
            reasons.note(gone("rules", rule.value))
    return reasons.all()


def _dimension_problems(
    chosen: MappingRules | Rule, company: ProviderCompany, lists: ProviderLists
) -> list[Reason | None]:
    """What is wrong with a class and a location; what the company has switched off is not used."""
    class_id = chosen.class_id if has_classes(company) else None
    location_id = chosen.location_id if company.locations else None
    return [
        entry_problem("class_id", class_id, lists.classes) if class_id else None,
        entry_problem("location_id", location_id, lists.locations) if location_id else None,
    ]


def _check_tax_codes(
    rules: MappingRules, company: ProviderCompany, lists: ProviderLists, reasons: Reasons
) -> None:
    chosen = {"taxable_code_id": rules.taxable_code_id, "non_taxable_code_id": rules.non_taxable_code_id}
    for field, code_id in chosen.items():
        if code_id:
            reasons.note(code_problem(field, code_id, code_id, company, lists))
    if company.is_us:
        return  # provinces play no part
    for province, code_id in sorted(rules.province_tax_codes.items()):
        reasons.note(code_problem("province_tax_codes", province, code_id, company, lists))
