from dataclasses import replace
from typing import Any

import pytest

from webapp.accounting.mapping import ACCOUNT_TYPES, check_rules
from webapp.accounting.provider import ListedEntry, ProviderCompany
from webapp.accounting.sources import CustomField, MappingRules, Reason, Rule, RuleField, Target, UnknownItems

from .builders import CANADA, CANADIAN_RULES, INVOICE, LISTS, PURCHASE_ORDER, RULES, US, lists

ALL_CODES = lists(tax_codes=frozenset({"5", "6", "7", "8"}))


def test_preferences_that_the_provider_has_are_fine() -> None:
    fixed = replace(CANADIAN_RULES, unknown_items=UnknownItems.FIXED, fixed_item_id="16")

    assert check_rules(RULES, US, LISTS) == ()
    assert check_rules(fixed, CANADA, ALL_CODES) == ()


def test_what_was_never_chosen_is_not_gone() -> None:
    assert check_rules(MappingRules(), US, lists((), ())) == ()


@pytest.mark.parametrize(
    ("field", "chosen", "name"),
    [
        ("income_account_id", "403", "Old sales"),
        ("income_account_id", "501", "Cost of goods"),
        ("cost_account_id", "999", "999"),
        ("ap_account_id", "202", "Visa"),
        ("discount_account_id", "201", "Accounts payable"),
        ("deposit_account_id", "201", "Accounts payable"),
        ("decoration", Target("item", "14"), "Retired"),
        ("setup", Target("item", "999"), "999"),
        ("freight", Target("account", "501"), "Cost of goods"),
        ("taxable_code_id", "77", "77"),
        ("non_taxable_code_id", "77", "77"),
        ("province_tax_codes", {"ON": "77"}, "ON"),
        ("terms", {"net 30": "99"}, "net 30"),
    ],
)
def test_chosen_thing_that_is_gone_is_named(field: str, chosen: object, name: str) -> None:
    changes: dict[str, Any] = {field: chosen}
    changed = replace(CANADIAN_RULES, **changes)

    assert check_rules(changed, CANADA, ALL_CODES) == (
        Reason("mapping_gone", "preferences", {"field": field, "name": name}),
    )


@pytest.mark.parametrize(("chosen", "name"), [("14", "Retired"), ("999", "999")])
def test_fixed_item_counts_only_when_it_is_used(chosen: str, name: str) -> None:
    unused = replace(RULES, fixed_item_id=chosen)
    used = replace(unused, unknown_items=UnknownItems.FIXED)

    assert check_rules(unused, US, LISTS) == ()
    assert [reason.facts for reason in check_rules(used, US, LISTS)] == [
        {"field": "fixed_item_id", "name": name}
    ]


@pytest.mark.parametrize("company", [US, ProviderCompany("USA", "USD")])
def test_us_company_has_its_two_codes_and_no_provinces(company: ProviderCompany) -> None:
    rules = replace(RULES, taxable_code_id="TAX", non_taxable_code_id="NON", province_tax_codes={"ON": "99"})

    assert check_rules(rules, company, ALL_CODES) == ()


def test_tax_codes_are_not_judged_by_an_unknown_list() -> None:
    assert check_rules(replace(CANADIAN_RULES, taxable_code_id="99"), CANADA, LISTS) == ()


ENTRIES = {"1": ListedEntry("1", "Events"), "9": ListedEntry("9", "Closed (deleted)", active=False)}
TRACKED = replace(
    US,
    class_on_lines=True,
    locations=True,
    sales_custom_fields={"1": "Customer PO"},
    purchase_custom_fields={"2": "In-hands date"},
)
TRACKED_LISTS = replace(ALL_CODES, classes=ENTRIES, locations=ENTRIES)
SALES_PO, BOUGHT_PO = (INVOICE, CustomField.CUSTOMER_PO), (PURCHASE_ORDER, CustomField.CUSTOMER_PO)
REP = RuleField.SALES_REP


def test_what_is_tracked_and_there_is_fine() -> None:
    rules = replace(
        RULES,
        class_id="1",
        location_id="1",
        custom_fields={SALES_PO: "1", BOUGHT_PO: "2"},
        rules=(
            Rule(REP, "Dana", Target("item", "16"), "1", "1"),
            Rule(REP, "Kim", Target("account", "401")),
            Rule(REP, "Sol", Target("account", "501")),
        ),
    )

    assert check_rules(rules, TRACKED, TRACKED_LISTS) == ()


@pytest.mark.parametrize(
    ("changes", "field", "name"),
    [
        ({"class_id": "9"}, "class_id", "Closed (deleted)"),
        ({"class_id": "77"}, "class_id", "77"),
        ({"location_id": "9"}, "location_id", "Closed (deleted)"),
        ({"custom_fields": {SALES_PO: "2"}}, "custom_fields", "invoice:customer_po"),
        ({"custom_fields": {BOUGHT_PO: "1"}}, "custom_fields", "purchase_order:customer_po"),
        ({"rules": (Rule(REP, "Dana", Target("item", "14")),)}, "rules", "Dana"),
        ({"rules": (Rule(REP, "Dana", Target("account", "202")),)}, "rules", "Dana"),
        ({"rules": (Rule(REP, "Dana", class_id="9"),)}, "rules", "Dana"),
        ({"rules": (Rule(REP, "Kim"), Rule(REP, "Dana", location_id="77"))}, "rules", "Dana"),
    ],
)
def test_a_class_location_custom_field_or_rule_that_is_gone_is_named(
    changes: dict[str, Any], field: str, name: str
) -> None:
    assert check_rules(replace(RULES, **changes), TRACKED, TRACKED_LISTS) == (
        Reason("mapping_gone", "preferences", {"field": field, "name": name}),
    )


def test_what_the_company_has_switched_off_is_not_judged() -> None:
    rules = replace(RULES, class_id="9", location_id="9", rules=(Rule(REP, "Dana", None, "9", "9"),))

    assert check_rules(rules, US, TRACKED_LISTS) == ()
    on_document = replace(US, class_on_document=True)
    assert [reason.facts["field"] for reason in check_rules(rules, on_document, TRACKED_LISTS)] == [
        "class_id",
        "rules",
    ]


def test_account_types_are_given_for_fields_of_the_rules() -> None:
    assert set(ACCOUNT_TYPES) <= set(MappingRules.__dataclass_fields__)
