from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from webapp.accounting.drafts import AppliedRule, DocumentDraft, DocumentKind, LineKind
from webapp.accounting.provider import ListedAccount, ListedEntry, ListedItem, ProviderCompany
from webapp.accounting.sources import MappingRules, Rule, RuleField, SourceDocument, Target

from .builders import (
    ACCOUNTS,
    BILL,
    COSTS,
    DENVER,
    INVOICE,
    ITEMS,
    PURCHASE_ORDER,
    RULES,
    US,
    a_document,
    a_line,
    draft_of,
    lists,
    mapped,
)

SHIP_TO, REP, CATEGORY, MEMBER = RuleField
TRACKED = replace(US, class_on_lines=True, locations=True)
ENTRIES = {id_: ListedEntry(id_, f"Entry {id_}") for id_ in "123"}
ENTRIES["9"] = ListedEntry("9", "Closed (deleted)", active=False)
EXTRA = (
    ListedAccount("410", "4100 Drinkware: sales", "Income"),
    ListedAccount("510", "Drinkware costs", "Expense"),
    ListedAccount("511", "Old costs too", "Expense", active=False),
)
LISTS = replace(lists(accounts=(*ACCOUNTS, *EXTRA)), classes=ENTRIES, locations=ENTRIES)


def given(*rules: Rule, company: ProviderCompany = TRACKED, **more: Any) -> dict[str, Any]:
    return {"rules": replace(RULES, rules=rules), "company": company, "lists": LISTS, **more}


def draft(document: SourceDocument, *rules: Rule, **more: Any) -> DocumentDraft:
    return draft_of(document, **given(*rules, **more))


def documents_of(rep: str = "Dana Reyes", **values: Any) -> SourceDocument:
    return a_document(**{"sales_rep": rep, "member_types": frozenset({"customer"}), **values})


@pytest.mark.parametrize(
    ("rule", "document"),
    [
        (Rule(SHIP_TO, "co", class_id="1"), a_document()),
        (Rule(REP, " DANA  reyes", class_id="1"), a_document(sales_rep="Dana Reyes")),
        (Rule(REP, "Rene Levesque", class_id="1"), a_document(sales_rep="René Lévesque")),
        (Rule(CATEGORY, "drinkware", class_id="1"), a_document(INVOICE, a_line(category="Drinkware"))),
        (
            Rule(MEMBER, "decorator", class_id="1"),
            a_document(member_types=frozenset({"supplier", "decorator"})),
        ),
    ],
    ids=lambda value: value.field.value if isinstance(value, Rule) else "",
)
def test_a_rule_matches_whatever_case_accents_and_spaces(rule: Rule, document: SourceDocument) -> None:
    (line,) = draft(document, rule).lines

    assert line.class_id == "1"
    assert line.rule == AppliedRule(rule.field.value, rule.value)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(SHIP_TO, "CA", class_id="1"),
        Rule(SHIP_TO, "C", class_id="1"),
        Rule(REP, "Dana", class_id="1"),
        Rule(CATEGORY, "", class_id="1"),
        Rule(REP, "  ", class_id="1"),
        Rule(MEMBER, "supplier", class_id="1"),
    ],
)
def test_a_rule_of_another_value_or_none_does_not_match(rule: Rule) -> None:
    (line,) = draft(documents_of(), rule).lines

    assert (line.class_id, line.rule) == (None, None)


def test_the_first_rule_that_matches_a_line_wins_whole() -> None:
    first = Rule(CATEGORY, "Drinkware", target=Target("item", "16"))
    second = Rule(REP, "Dana Reyes", target=Target("item", "15"), class_id="2")
    document = documents_of(lines=(a_line(category="Drinkware"), a_line()), total=Decimal(200))

    mug, other = draft(document, first, second).lines

    assert (mug.item_id, mug.class_id, mug.rule) == ("16", None, AppliedRule("category", "Drinkware"))
    assert (other.item_id, other.class_id, other.rule) == ("15", "2", AppliedRule("sales_rep", "Dana Reyes"))


def test_what_a_rule_leaves_open_is_as_the_preferences_say() -> None:
    rules = replace(RULES, rules=(Rule(REP, "Dana Reyes", location_id="2"),), class_id="1", location_id="1")

    result = draft_of(documents_of(), **{**given(), "rules": rules})

    assert (result.location_id, result.location_rule) == ("2", AppliedRule("sales_rep", "Dana Reyes"))
    assert (result.lines[0].class_id, result.lines[0].rule) == ("1", None)


@pytest.mark.parametrize("kind", [LineKind.SERVICE, LineKind.OTHER, LineKind.DECORATION, LineKind.FREIGHT])
def test_a_target_is_for_product_lines_but_a_class_for_every_line(kind: LineKind) -> None:
    document = documents_of(lines=(a_line(kind),))
    plain = draft(document).lines[0]

    line = draft(document, Rule(REP, "Dana Reyes", Target("item", "16"), class_id="2")).lines[0]

    assert (line.item_id, line.account_id) == (plain.item_id, plain.account_id) != ("16", None)
    assert line.class_id == "2"
    only_target = draft(document, Rule(REP, "Dana Reyes", Target("item", "16"))).lines[0]
    assert only_target.rule is None


def test_discounts_and_taxes_that_became_costs_have_the_documents_class() -> None:
    rule = Rule(REP, "Dana Reyes", class_id="2")
    invoice = documents_of(lines=(a_line(), a_line(LineKind.DISCOUNT)), total=Decimal("90.00"))
    bill = documents_of(kind=BILL, tax=Decimal(5), total=Decimal(105))

    assert [line.class_id for line in draft(invoice, rule).lines] == ["2", "2"]
    assert [line.class_id for line in draft(bill, rule).lines] == ["2", "2"]


def test_a_discounts_own_category_may_decide_on_its_class() -> None:
    invoice = documents_of(
        lines=(a_line(), a_line(LineKind.DISCOUNT, category="Apparel")), total=Decimal("90.00")
    )

    *_, discount = draft(invoice, Rule(CATEGORY, "Apparel", class_id="3")).lines

    assert (discount.class_id, discount.rule) == ("3", AppliedRule("category", "Apparel"))


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_location_is_the_first_document_rules_that_names_one(kind: DocumentKind) -> None:
    rules = (
        Rule(CATEGORY, "Drinkware", location_id="3"),
        Rule(SHIP_TO, "CO", class_id="1"),
        Rule(REP, "Dana Reyes", location_id="2"),
        Rule(SHIP_TO, "CO", location_id="1"),
    )

    result = draft(documents_of(kind=kind, lines=(a_line(category="Drinkware"),)), *rules)

    assert (result.location_id, result.location_rule) == ("2", AppliedRule("sales_rep", "Dana Reyes"))


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_class_for_whole_documents_stands_in_their_header_where_there_is_one(kind: DocumentKind) -> None:
    company = replace(US, class_on_document=True)
    rules = (Rule(CATEGORY, "Drinkware", class_id="1"), Rule(REP, "Dana Reyes", class_id="2"))

    result = draft(documents_of(kind=kind, lines=(a_line(category="Drinkware"),)), *rules, company=company)

    assert result.class_id == (None if kind is BILL else "2")
    assert [(line.class_id, line.rule) for line in result.lines] == [(None, None)]


def test_an_item_serves_sales_and_costs() -> None:
    rule = Rule(REP, "Dana Reyes", Target("item", "16"))

    items = [draft(documents_of(kind=kind), rule).lines[0].item_id for kind in DocumentKind]

    assert items == ["16", "16", "16"]


@pytest.mark.parametrize("kind", COSTS)
def test_a_cost_account_takes_the_lines_of_bills_and_purchase_orders(kind: DocumentKind) -> None:
    rule = Rule(REP, "Dana Reyes", Target("account", "510"))

    (line,) = draft(documents_of(kind=kind), rule).lines

    assert (line.item_id, line.account_id, line.quantity) == (None, "510", None)
    assert line.rule == AppliedRule("sales_rep", "Dana Reyes")


def test_an_income_account_is_reached_by_an_item_named_like_it() -> None:
    rule = Rule(CATEGORY, "Drinkware", Target("account", "410"))
    document = documents_of(lines=(a_line(category="Drinkware", product_number="PEN-9"),))

    result = mapped(document, **given(rule))

    (item,) = result.missing_items
    assert (item.name, item.type, item.income_account_id) == ("4100 Drinkware- sales", "service", "410")
    assert result.draft
    assert result.draft.lines[0].item_id == "new:4100 Drinkware- sales"


@pytest.mark.parametrize("income", ["410", "401"])
def test_an_item_that_posts_to_the_account_already_is_kept(income: str) -> None:
    own = ListedItem("11", "MUG-1", True, income, "501")
    stand_in = ListedItem("50", "4100 Drinkware- sales", True, "410", None)
    known = replace(lists((own, stand_in), (*ACCOUNTS, *EXTRA)), classes=ENTRIES, locations=ENTRIES)
    rule = Rule(REP, "Dana Reyes", Target("account", "410"))

    (line,) = draft_of(documents_of(), **{**given(rule), "lists": known}).lines

    assert line.item_id == ("11" if income == "410" else "50")


def test_an_item_named_like_the_account_that_posts_elsewhere_is_a_reason() -> None:
    other = ListedItem("50", "4100 Drinkware- sales", True, "401", None)
    known = replace(lists((*ITEMS, other), (*ACCOUNTS, *EXTRA)), classes=ENTRIES, locations=ENTRIES)
    rule = Rule(REP, "Dana Reyes", Target("account", "410"))

    (reason,) = mapped(documents_of(), **{**given(rule), "lists": known}).reasons

    assert (reason.code, reason.facts) == (
        "item_posts_elsewhere",
        {"name": "4100 Drinkware- sales", "account": "4100 Drinkware: sales"},
    )


@pytest.mark.parametrize(
    ("kind", "account"), [(INVOICE, "510"), (INVOICE, "511"), (BILL, "410"), (PURCHASE_ORDER, "410")]
)
def test_an_account_of_the_other_side_changes_nothing(kind: DocumentKind, account: str) -> None:
    rule = Rule(REP, "Dana Reyes", Target("account", account))

    assert draft(documents_of(kind=kind), rule) == draft(documents_of(kind=kind))


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        (Rule(REP, "Dana Reyes", Target("item", "99")), DocumentKind),
        (Rule(REP, "Dana Reyes", Target("item", "14")), DocumentKind),
        (Rule(REP, "Dana Reyes", Target("account", "99")), DocumentKind),
        (Rule(REP, "Dana Reyes", Target("account", "202")), DocumentKind),
        (Rule(REP, "Dana Reyes", Target("account", "511")), COSTS),
        (Rule(REP, "Dana Reyes", Target("account", "403")), (INVOICE,)),
        (Rule(REP, "Dana Reyes", class_id="9"), DocumentKind),
        (Rule(REP, "Dana Reyes", class_id="99"), DocumentKind),
        (Rule(REP, "Dana Reyes", location_id="9"), DocumentKind),
    ],
)
def test_what_a_rule_names_and_is_gone_blocks_only_the_documents_that_need_it(rule: Rule, kinds: Any) -> None:
    for kind in DocumentKind:
        result = mapped(documents_of(kind=kind), **given(rule))
        facts = [(reason.code, dict(reason.facts)) for reason in result.reasons]
        gone = [("mapping_gone", {"field": "rules", "name": "Dana Reyes"})]
        assert facts == (gone if kind in kinds else [])
        assert mapped(documents_of("Somebody else", kind=kind), **given(rule)).reasons == ()


def test_rules_leave_documents_alone_where_nothing_is_tracked() -> None:
    rule = Rule(REP, "Dana Reyes", class_id="9", location_id="9")

    assert draft(documents_of(), rule, company=US) == draft(documents_of(), company=US)


def test_many_rules_are_one_ordered_list() -> None:
    rules = [Rule(SHIP_TO, DENVER.region, class_id=number) for number in "123"]

    assert draft(documents_of(), *rules).lines[0].class_id == "1"
    assert draft(documents_of(), *reversed(rules)).lines[0].class_id == "3"
    assert MappingRules().rules == ()
