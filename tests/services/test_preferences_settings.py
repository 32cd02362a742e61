"""Classes, locations, memo, custom fields, layouts, rules, start date: checked, saved, named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.sources import (
    CustomField,
    LineLayout,
    MappingRules,
    MemoSource,
    Rule,
    RuleField,
    SalesTaxSource,
    Target,
)
from webapp.clock import now
from webapp.errors import Invalid
from webapp.integrations import preferences
from webapp.links import directory
from webapp.models import Activity, Connection, DirectoryEntry, ListKind, PreferenceRule

INVOICE, BILL, ORDER = DocumentKind
PO, DAY, REP = CustomField
MARYLAND = Rule(RuleField.SHIP_TO, "MD", class_id="2", location_id="1")
MUGS = Rule(RuleField.CATEGORY, "Mugs", Target("account", "3"), class_id="1")
FULL = MappingRules(
    class_id="1",
    location_id="2",
    memo=MemoSource.MEMO,
    sales_tax=SalesTaxSource.OURS,
    start_date=date(2026, 1, 1),
    custom_fields={(INVOICE, PO): "1", (INVOICE, REP): "3", (ORDER, DAY): "1"},
    layouts={(BILL, LineKind.FREIGHT): LineLayout.FOLDED, (INVOICE, LineKind.SETUP): LineLayout.SUMMARY},
    rules=(MARYLAND, MUGS, Rule(RuleField.MEMBER_TYPE, "decorator", Target("account", "7"))),
)


def save(world: SimpleNamespace, rules: MappingRules, version: int = 0) -> bool:
    return preferences.save(world.owner, Connection.get(), rules, version=version)


def read(world: SimpleNamespace) -> preferences.Saved:
    return preferences.read(world.workspace.id, world.connection.realm_id)


def refusals(world: SimpleNamespace, **changes: Any) -> dict[str, list[object]]:
    with pytest.raises(Invalid) as refused:
        save(world, replace(MappingRules(), **changes))
    assert read(world).version == 0
    return refused.value.errors


def company(**facts: Any) -> None:
    row = Connection.get()
    Connection.update(company={**row.company, **facts}).execute()


def test_everything_comes_back_as_it_was_saved(connected):
    assert save(connected, FULL)
    assert read(connected).rules == FULL
    assert not save(connected, FULL, version=1)
    assert Activity.select().where(Activity.verb == preferences.SAVED).count() == 1


def test_activity_names_everything_in_words_of_quickbooks(connected):
    save(connected, FULL)
    row = Activity.get(Activity.verb == preferences.SAVED)
    assert row.facts["after"] == {
        "memo": "memo",
        "sales_tax": "ours",
        "start_date": "2026-01-01",
        "class_id": "Corporate",
        "location_id": "Richmond",
        "custom_fields.invoice.customer_po": "Customer PO",
        "custom_fields.invoice.sales_rep": "Sales rep",
        "custom_fields.purchase_order.in_hands_date": "In-hands date",
        "layouts.bill.freight": "folded",
        "layouts.invoice.setup": "summary",
        "rules": [
            {"field": "ship_to", "value": "MD", "class_id": "Education", "location_id": "Baltimore"},
            {"field": "category", "value": "Mugs", "target": "Decoration Income", "class_id": "Corporate"},
            {"field": "member_type", "value": "decorator", "target": "Cost of Goods Sold"},
        ],
    }
    assert row.facts["before"]["memo"] == "all"
    assert row.facts["before"]["rules"] is None


def test_a_moved_rule_is_a_change_and_leaves_one_row(connected):
    save(connected, FULL)
    moved = replace(FULL, rules=(MUGS, MARYLAND, FULL.rules[2]))
    assert save(connected, moved, version=1)
    assert read(connected).rules.rules == moved.rules
    rows = Activity.select().where(Activity.verb == preferences.SAVED).order_by(Activity.id)
    assert len(rows) == 2
    assert list(rows[1].facts["after"]) == ["rules"]
    assert [rule["value"] for rule in rows[1].facts["before"]["rules"]] == ["MD", "Mugs", "decorator"]


def test_values_of_rules_are_kept_tidy(connected):
    typed = (
        Rule(RuleField.SHIP_TO, " md ", class_id="1"),
        Rule(RuleField.MEMBER_TYPE, "Supplier", class_id="1"),
        Rule(RuleField.SALES_REP, "  Dana   Reyes", class_id="1"),
    )
    save(connected, MappingRules(rules=typed))
    assert [rule.value for rule in read(connected).rules.rules] == ["MD", "supplier", "Dana Reyes"]
    assert not save(connected, MappingRules(rules=typed), version=1)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"class_id": "99"}, "class_id", "missing"),
        ({"class_id": "\0"}, "class_id", "missing"),
        ({"class_id": "x" * 100_000}, "class_id", "missing"),
        ({"location_id": "3"}, "location_id", "missing"),
        ({"custom_fields": {(INVOICE, PO): "4"}}, "custom-invoice-customer_po", "missing"),
        ({"custom_fields": {(INVOICE, PO): "\0"}}, "custom-invoice-customer_po", "missing"),
        ({"custom_fields": {(INVOICE, REP): "1", (INVOICE, PO): "1"}}, "custom-invoice-sales_rep", "taken"),
        (
            {"custom_fields": {(ORDER, DAY): "1", (ORDER, PO): "1"}},
            "custom-purchase_order-in_hands_date",
            "taken",
        ),
        ({"start_date": now().date() + timedelta(days=367)}, "start_date", "too_late"),
        ({"start_date": date.max}, "start_date", "too_late"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(connected, changes, field, code):
    assert refusals(connected, **changes) == {field: [code]}


@pytest.mark.parametrize(
    ("rule", "part", "code"),
    [
        (Rule(RuleField.SHIP_TO, "Maryland", class_id="1"), "value", "not_a_code"),
        (Rule(RuleField.SHIP_TO, "é1", class_id="1"), "value", "not_a_code"),
        (Rule(RuleField.SALES_REP, "   ", class_id="1"), "value", "empty"),
        (Rule(RuleField.SALES_REP, "x" * 121, class_id="1"), "value", "too_long"),
        (Rule(RuleField.CATEGORY, "x" * 100_000, class_id="1"), "value", "too_long"),
        (Rule(RuleField.CATEGORY, "mugs\0", class_id="1"), "value", "unprintable"),
        (Rule(RuleField.CATEGORY, "mugs\x1b[0m", class_id="1"), "value", "unprintable"),
        (Rule(RuleField.MEMBER_TYPE, "prospect", class_id="1"), "value", "not_a_type"),
        (Rule(RuleField.MEMBER_TYPE, "", class_id="1"), "value", "not_a_type"),
        (Rule(RuleField.SALES_REP, "Dana Reyes"), "target", "no_effect"),
        (Rule(RuleField.SALES_REP, "Dana", Target("item", "9")), "target", "unfit"),
        (Rule(RuleField.SALES_REP, "Dana", Target("item", "14")), "target", "inactive"),
        (Rule(RuleField.SALES_REP, "Dana", Target("account", "33")), "target", "unfit"),
        (Rule(RuleField.SALES_REP, "Dana", Target("account", "999")), "target", "missing"),
        (Rule(RuleField.SALES_REP, "Dana", class_id="77"), "class_id", "missing"),
        (Rule(RuleField.SALES_REP, "Dana", location_id="77"), "location_id", "missing"),
        (Rule(RuleField.CATEGORY, "Mugs", location_id="1"), "location_id", "no_location"),
    ],
)
def test_a_rule_is_refused_at_its_part(connected, rule, part, code):
    assert refusals(connected, rules=(MARYLAND, rule)) == {f"rule-1-{part}": [code]}


def test_a_rule_that_looks_for_the_same_is_refused_whatever_its_case_and_accents(connected):
    first = Rule(RuleField.SALES_REP, "Zoé  Roy", class_id="1")
    again = Rule(RuleField.SALES_REP, "zoe roy", location_id="1")
    other = Rule(RuleField.CATEGORY, "Zoé Roy", class_id="1")
    assert refusals(connected, rules=(first, other, again)) == {"rule-2-value": ["duplicate"]}


def test_there_are_at_most_a_hundred_rules(connected):
    rules = tuple(Rule(RuleField.CATEGORY, f"Kind {number}", class_id="1") for number in range(101))
    assert refusals(connected, rules=rules) == {"rules": ["too_many"]}
    assert save(connected, MappingRules(rules=rules[:100]))
    assert PreferenceRule.select().count() == 100


def test_a_start_date_a_year_ahead_is_taken(connected):
    assert save(connected, MappingRules(start_date=now().date() + timedelta(days=365)))


def test_choices_of_another_workspace_are_missing(connected):
    theirs = {"Id": "500", "Name": "Theirs"}
    realm = connected.connection.realm_id
    directory.remember(connected.other.id, realm, ListKind.CLASS, theirs)
    directory.remember(connected.other.id, realm, ListKind.LOCATION, theirs)
    rule = Rule(RuleField.SALES_REP, "Dana", class_id="500", location_id="500")
    assert set(refusals(connected, class_id="500", location_id="500", rules=(rule,))) == {
        "class_id",
        "location_id",
        "rule-0-class_id",
        "rule-0-location_id",
    }


def test_what_is_switched_off_in_quickbooks_is_kept_and_refuses_nothing(connected):
    save(connected, FULL)
    company(class_on_lines=False, class_on_document=False, location_tracking=False)
    view = preferences.read_context(connected.owner, Connection.get())
    assert (view["fields"]["class_id"].state, view["fields"]["location_id"].state) == ("off", "off")
    assert save(connected, replace(FULL, memo=MemoSource.NOTHING), version=1)
    assert read(connected).rules.class_id == "1"


def test_a_custom_field_that_is_switched_off_is_marked_and_refused(connected):
    save(connected, FULL)
    company(sales_custom_fields={"1": "Customer PO"}, purchase_custom_fields={})
    view = preferences.read_context(connected.owner, Connection.get())
    states = {
        (kind, ours): shown.state for kind, fields in view["custom_fields"].items() for ours, shown in fields
    }
    assert states["invoice", "customer_po"] == ""
    assert states["invoice", "sales_rep"] == "missing"
    assert states["purchase_order", "in_hands_date"] == "missing"
    with pytest.raises(Invalid) as refused:
        save(connected, replace(FULL, memo=MemoSource.ALL), version=1)
    assert refused.value.errors == {
        "custom-invoice-sales_rep": ["missing"],
        "custom-purchase_order-in_hands_date": ["missing"],
    }


def test_what_has_gone_bad_in_a_rule_is_marked_at_its_row(connected):
    save(connected, FULL)
    for kind, remote_id in ((ListKind.ACCOUNT, "3"), (ListKind.CLASS, "2"), (ListKind.LOCATION, "2")):
        DirectoryEntry.update(active=False).where(
            (DirectoryEntry.kind == kind) & (DirectoryEntry.remote_id == remote_id)
        ).execute()
    view = preferences.read_context(connected.owner, Connection.get())
    states = [[(part, shown.state) for part, shown in effects] for _rule, effects in view["rows"]]
    assert states == [
        [("class_id", "inactive"), ("location_id", "")],
        [("target", "inactive"), ("class_id", "")],
        [("target", "")],
    ]
    assert view["fields"]["location_id"].state == "inactive"
    assert view["rows"][1][1][0][1].name == "rule-1-target"
