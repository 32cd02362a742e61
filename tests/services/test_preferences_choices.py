"""What the drop-downs of the preferences offer: what fits, within what a page can carry."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from webapp.integrations.preference_choices import Choices
from webapp.integrations.preference_mirror import CompanyLists
from webapp.integrations.preference_proposals import proposals_for
from webapp.links import directory
from webapp.models import Connection, DirectoryEntry, ListKind

ACCOUNTS = ("income_account_id", "cost_account_id", "ap_account_id", "discount_account_id")
TARGETS = ("decoration", "setup", "freight", "rule-0-target")
NAMES = (*ACCOUNTS, *TARGETS, "fixed_item_id", "class_id", "location_id", "taxable_code_id")


def choices_of(
    world: SimpleNamespace, search: str = "", values: dict[str, str] | None = None, proposals: Any = None
) -> Choices:
    lists = CompanyLists.of(Connection.get_by_id(world.connection.id))
    proposals = proposals or {}
    standing = [*(values or {}).items(), *((name, proposal.id) for name, proposal in proposals.items())]
    return Choices(lists, NAMES, lists.named_by(standing), proposals, search)


def values_of(choices: Choices, name: str, value: str = "") -> set[str]:
    return {option.value for options in choices.offer(name, value).values() for option in options}


def add(world: SimpleNamespace, kind: ListKind, number: int, name: str, **values: Any) -> None:
    body = {"Id": str(number), "Name": name, **values}
    directory.remember(world.workspace.id, world.connection.realm_id, kind, body)


def add_items(world: SimpleNamespace, count: int) -> None:
    for number in range(count):
        account = {"IncomeAccountRef": {"value": "2"}}
        add(world, ListKind.ITEM, 90_000 + number, f"Umbrella {number:04}", Type="Service", **account)


def test_drop_downs_offer_only_what_quickbooks_accepts_there(connected):
    choices = choices_of(connected)
    assert values_of(choices, "ap_account_id") == {"33"}
    assert values_of(choices, "income_account_id") >= {"2", "86"}
    assert not values_of(choices, "income_account_id") & values_of(choices, "cost_account_id")
    assert values_of(choices, "freight") >= {"item:13", "account:5"}
    assert "account:7" not in values_of(choices, "freight")
    assert values_of(choices, "rule-0-target") >= {"item:13", "account:5", "account:7"}
    assert not {"9", "14"} & values_of(choices, "fixed_item_id")
    assert set(choices.offer("freight", "")) == {"items", "income"}
    assert set(choices.offer("rule-0-target", "")) == {"items", "income", "costs"}
    assert values_of(choices, "class_id") == {"1", "2", "3"}
    assert values_of(choices, "location_id") == {"1", "2"}
    assert values_of(choices, "taxable_code_id") == {"TAX", "NON"}
    assert not choices.is_cut


def test_custom_fields_are_those_that_are_switched_on(connected):
    company = {**connected.connection.company, "sales_custom_fields": {"2": "Order rep"}}
    Connection.update(company=company).execute()
    choices = choices_of(connected)
    assert [option.text for option in choices.offer("custom-invoice-sales_rep", "")[""]] == ["Order rep"]
    lost = choices.offer("custom-invoice-sales_rep", "1")[""][-1]
    assert (lost.value, lost.note) == ("1", "missing")


def test_what_is_switched_off_is_not_offered_but_a_choice_stays(connected):
    company = {**connected.connection.company, "class_on_lines": False, "location_tracking": False}
    Connection.update(company=company).execute()
    choices = choices_of(connected, values={"class_id": "2"})
    assert choices.offer("location_id", "") == {}
    kept = choices.offer("class_id", "2")[""]
    assert [(option.value, option.text, option.note) for option in kept] == [("2", "Education", "off")]


def test_thousands_of_items_are_searched_instead_of_shown(connected):
    add_items(connected, 200)
    proposals = proposals_for(CompanyLists.of(connected.connection), {}, ())
    quiet = choices_of(connected, values={"freight": "item:90007"}, proposals=proposals)
    assert quiet.is_cut
    assert quiet.needs_search("freight")
    assert not quiet.needs_search("cost_account_id")
    offered = quiet.offer("freight", "item:90007")
    assert [(option.value, option.note) for option in offered[""]] == [
        ("item:90007", ""),
        ("item:13", "proposed"),
    ]
    assert "items" not in offered
    found = choices_of(connected, "umbrella 005")
    texts = {option.text for option in found.offer("fixed_item_id", "")[""]}
    assert texts == {f"Umbrella {number:04}" for number in range(200) if "005" in f"{number:04}"}
    assert found.found == len(texts)


def test_long_lists_of_every_kind_are_found_in(connected):
    for number in range(300):
        add(connected, ListKind.CLASS, 1000 + number, f"Class of branch {number:03}")
        add(connected, ListKind.LOCATION, 1000 + number, f"Branch {number:03}")
        add(connected, ListKind.ACCOUNT, 2000 + number, f"Cost of branch {number:03}", AccountType="Expense")
    quiet = choices_of(connected)
    assert values_of(quiet, "class_id") == set()
    found = choices_of(connected, "branch 123")
    assert values_of(found, "class_id") == {"1123"}
    assert values_of(found, "location_id") == {"1123"}
    assert "2123" in values_of(found, "cost_account_id")
    assert "account:2123" in values_of(found, "rule-0-target")


def test_a_search_finds_only_what_fits_its_drop_down(connected):
    for number in range(400):
        types = ("Income", "Expense", "Bank")
        add(connected, ListKind.ACCOUNT, 3000 + number, f"Branch {number:03}", AccountType=types[number % 3])
    found = choices_of(connected, "branch")
    for name, type_ in (("income_account_id", "Income"), ("cost_account_id", "Expense")):
        shown = values_of(found, name)
        assert shown
        rows = DirectoryEntry.select().where(DirectoryEntry.remote_id.in_(shown))
        assert {row.type for row in rows if int(row.remote_id) >= 3000} == {type_}


def test_accounts_with_numbers_stand_by_their_numbers(connected):
    for number, name in ((4010, "Zebra income"), (4020, "Apple income")):
        add(connected, ListKind.ACCOUNT, number, name, AccountType="Income", AcctNum=str(number))
    texts = [option.text for option in choices_of(connected).offer("income_account_id", "")[""]]
    assert texts[-2:] == ["4010 Zebra income", "4020 Apple income"]


def test_proposals_are_found_among_thousands(connected):
    for number in range(600):
        add(connected, ListKind.ACCOUNT, 4000 + number, f"Aa branch {number:03}", AccountType="Income")
    found = proposals_for(CompanyLists.of(connected.connection), {}, ())
    assert found["income_account_id"].id == "2"
    assert found["ap_account_id"].reason == "only_one"


@pytest.mark.parametrize("chosen", ["item:\0", "x" * 100_000, "typed:sales", "account:", "١"])
def test_what_no_list_has_stays_in_its_drop_down(connected, chosen):
    for name in ("freight", "income_account_id", "class_id", "rule-0-target", "custom-invoice-sales_rep"):
        offered = choices_of(connected, values={name: chosen}).offer(name, chosen)[""]
        assert [(option.value, option.note) for option in offered if option.note] == [(chosen, "missing")]


def test_lists_of_other_workspaces_and_companies_are_not_offered(connected):
    body = {"Id": "777", "Name": "Theirs", "AccountType": "Income"}
    directory.remember(connected.other.id, connected.connection.realm_id, ListKind.ACCOUNT, body)
    directory.remember(connected.workspace.id, "another", ListKind.ACCOUNT, body)
    assert "777" not in values_of(choices_of(connected), "income_account_id")
    assert "777" not in values_of(choices_of(connected, "theirs"), "income_account_id")


def test_the_mapping_gets_terms_and_codes_however_many_accounts_there_are(connected):
    rows = [
        {
            "workspace": connected.workspace.id, "realm_id": connected.connection.realm_id,
            "kind": ListKind.ACCOUNT, "remote_id": str(50_000 + number), "name": "A", "type": "Income",
        }
        for number in range(5200)
    ]  # fmt: skip
    for start in range(0, len(rows), 400):
        DirectoryEntry.insert_many(rows[start : start + 400]).execute()
    from webapp.integrations import preferences

    lists = preferences.lists_for(
        connected.workspace.id, connected.connection.realm_id, preferences.Saved().rules, set()
    )
    assert lists.terms == {"1", "2", "3", "4", "5"}
    factories.company(connected.workspace, terms="Net 30")
    assert preferences.read_context(connected.owner, connected.connection)["terms"]
