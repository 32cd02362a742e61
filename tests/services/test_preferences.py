"""Preferences of both sandbox companies: read, proposed, checked, saved."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from webapp import db
from webapp.accounting.sources import ItemNameSource, MappingRules, Target, UnknownItems
from webapp.errors import Conflict, Forbidden, Invalid, NotFound
from webapp.integrations import connections, permissions, preferences
from webapp.integrations.preference_fields import province_field, term_field
from webapp.integrations.preference_lists import our_terms
from webapp.integrations.preference_mirror import CompanyLists
from webapp.integrations.preference_proposals import proposals_for
from webapp.links import directory
from webapp.models import (
    Activity,
    Connection,
    ConnectionStatus,
    DirectoryEntry,
    DocumentStatus,
    ListKind,
    Preferences,
    ValueMapping,
    Visibility,
)

RULES = MappingRules(
    item_name_source=ItemNameSource.NAME,
    unknown_items=UnknownItems.SERVICE,
    income_account_id="2",
    cost_account_id="7",
    ap_account_id="33",
    discount_account_id="86",
    decoration=Target("account", "3"),
    setup=Target("item", "10"),
    freight=Target("item", "13"),
    taxable_code_id="TAX",
    non_taxable_code_id="NON",
    use_our_numbers=False,
    terms={"net 45": "5"},
)


@pytest.fixture
def canadian(world: SimpleNamespace, sandbox: Any) -> SimpleNamespace:
    world.connection = factories.connect(world.workspace, world.owner, sandbox.tokens("ca"))
    return world


def rules_of(world: SimpleNamespace) -> MappingRules:
    return preferences.rules_for(world.workspace.id, world.connection.realm_id)


def save(world: SimpleNamespace, rules: MappingRules, version: int = 0, **options: Any) -> bool:
    return preferences.save(world.owner, world.connection, rules, version=version, **options)


def retire(world: SimpleNamespace, kind: ListKind, remote_id: str) -> None:
    DirectoryEntry.update(active=False).where(
        (DirectoryEntry.workspace == world.workspace.id)
        & (DirectoryEntry.kind == kind)
        & (DirectoryEntry.remote_id == remote_id)
    ).execute()


def item(world: SimpleNamespace, remote_id: str, name: str, **values: Any) -> None:
    body = {"Id": remote_id, "Name": name, "Type": "Service", "IncomeAccountRef": {"value": "2"}, **values}
    directory.remember(world.workspace.id, world.connection.realm_id, ListKind.ITEM, body)


def test_without_a_save_the_defaults_hold(connected):
    assert rules_of(connected) == MappingRules()
    assert preferences.problems(connected.workspace.id, connected.connection) == ()


def test_what_is_saved_comes_back_as_it_was(connected):
    assert save(connected, RULES)
    assert rules_of(connected) == RULES
    row = Preferences.get()
    assert (row.setup, row.decoration, row.version) == ("item:10", "account:3", 1)


def test_terms_keep_our_words_and_are_found_by_their_key(connected):
    factories.company(connected.workspace, terms="Net 45")
    save(connected, RULES)
    assert ValueMapping.get().ours == "Net 45"
    assert preferences.read(connected.workspace.id, connected.connection.realm_id).words == {
        "net 45": "Net 45"
    }


def test_a_save_that_changes_nothing_writes_nothing(connected):
    save(connected, RULES)
    DocumentStatus.update(needs_check=False).execute()
    assert not save(connected, RULES, version=1)
    assert Activity.select().where(Activity.verb == "preferences.saved").count() == 1
    assert Preferences.get().version == 1
    assert not save(connected, replace(RULES, fixed_item_id="1"), version=1)


def test_a_first_save_of_the_defaults_writes_nothing(connected):
    assert not save(connected, MappingRules())
    assert Preferences.select().count() == 0


def test_activity_names_what_differs_before_and_after(connected):
    save(connected, RULES)
    save(connected, replace(RULES, income_account_id="1", terms={}), version=1)
    row = Activity.select().where(Activity.verb == "preferences.saved").order_by(Activity.id.desc()).first()
    assert row.user_id == connected.owner.id
    assert row.facts == {
        "version": 2,
        "before": {"income_account_id": "Sales of Product Income", "terms.net 45": "Net 45"},
        "after": {"income_account_id": "Services", "terms.net 45": None},
    }


def test_saving_has_documents_checked_again(connected):
    factories.document(connected.workspace, factories.company(connected.workspace))
    DocumentStatus.update(needs_check=False).execute()
    save(connected, RULES)
    assert DocumentStatus.get().needs_check


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"income_account_id": "999"}, "income_account_id", "missing"),
        ({"income_account_id": "7"}, "income_account_id", "unfit"),
        ({"cost_account_id": "2"}, "cost_account_id", "unfit"),
        ({"ap_account_id": "84"}, "ap_account_id", "unfit"),
        ({"discount_account_id": "90"}, "discount_account_id", "inactive"),
        ({"deposit_account_id": "33"}, "deposit_account_id", "unfit"),
        ({"decoration": Target("account", "7")}, "decoration", "unfit"),
        ({"decoration": Target("account", "999")}, "decoration", "missing"),
        ({"setup": Target("item", "14")}, "setup", "inactive"),
        ({"freight": Target("item", "9")}, "freight", "unfit"),
        ({"freight": Target("item", "7777")}, "freight", "missing"),
        ({"freight": Target("item", "\0")}, "freight", "missing"),
        ({"unknown_items": UnknownItems.FIXED}, "fixed_item_id", "required"),
        ({"unknown_items": UnknownItems.FIXED, "fixed_item_id": "14"}, "fixed_item_id", "inactive"),
        ({"taxable_code_id": "2"}, "taxable_code_id", "unfit"),
        ({"non_taxable_code_id": "ZZ"}, "non_taxable_code_id", "missing"),
        ({"terms": {"net 45": "99"}}, term_field("net 45"), "missing"),
    ],
)
def test_save_refuses_what_the_lists_do_not_allow(connected, change, field, code):
    with pytest.raises(Invalid) as refused:
        save(connected, replace(RULES, **change))
    assert refused.value.errors == {field: [code]}
    assert Preferences.select().count() == 0


def test_save_names_every_error_at_once(connected):
    with pytest.raises(Invalid) as refused:
        save(connected, replace(RULES, income_account_id="999", ap_account_id="2", billable=True))
    assert set(refused.value.errors) == {"income_account_id", "ap_account_id", "confirm_billable"}


def test_save_refuses_what_only_another_workspace_or_company_has(connected):
    realm = connected.connection.realm_id
    theirs = {"Id": "500", "Name": "Theirs", "AccountType": "Income"}
    directory.remember(connected.other.id, realm, ListKind.ACCOUNT, theirs)
    directory.remember(connected.workspace.id, "another-company", ListKind.ACCOUNT, {**theirs, "Id": "501"})
    for foreign in ("500", "501"):
        with pytest.raises(Invalid) as refused:
            save(connected, replace(RULES, income_account_id=foreign))
        assert refused.value.errors == {"income_account_id": ["missing"]}


def test_save_over_another_version_is_a_conflict(connected):
    save(connected, RULES)
    for version in (0, 2, -1):
        with pytest.raises(Conflict):
            save(connected, replace(RULES, billable=False, income_account_id="1"), version=version)
    assert rules_of(connected) == RULES


def test_billable_needs_a_confirmation_while_invoices_may_be_sent(connected):
    billable = replace(RULES, billable=True)
    with pytest.raises(Invalid) as refused:
        save(connected, billable)
    assert refused.value.errors == {"confirm_billable": ["risk"]}
    assert save(connected, billable, confirmed=True)
    assert save(connected, replace(billable, income_account_id="1"), version=1)


def test_billable_needs_no_confirmation_when_invoices_are_not_sent(connected):
    permissions.save(
        connected.owner, visible_to=Visibility.ALL, people=[], sends=["bill", "purchase_order"], version=0
    )
    assert save(connected, replace(RULES, billable=True))


def test_members_may_not_save_and_strangers_find_nothing(connected):
    with pytest.raises(Forbidden):
        preferences.save(connected.member, connected.connection, RULES, version=0)
    for stranger in (connected.outsider, connected.support):
        with pytest.raises(NotFound):
            preferences.save(stranger, connected.connection, RULES, version=0)


def test_nothing_is_saved_while_disconnected(connected):
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    connected.connection = Connection.get()
    with pytest.raises(Invalid) as refused:
        save(connected, RULES)
    assert refused.value.errors == {"connection": ["disconnected"]}


def test_preferences_are_kept_per_quickbooks_company(connected, sandbox):
    save(connected, RULES)
    assert preferences.rules_for(connected.workspace.id, "another-company") == MappingRules()


def test_problems_name_what_went_bad_in_quickbooks(connected):
    save(connected, RULES)
    retire(connected, ListKind.ACCOUNT, "2")
    retire(connected, ListKind.ITEM, "13")
    retire(connected, ListKind.TERM, "5")
    found = preferences.problems(connected.workspace.id, connected.connection)
    assert [(reason.code, reason.facts["field"]) for reason in found] == [
        ("mapping_gone", "income_account_id"),
        ("mapping_gone", "freight"),
        ("mapping_gone", "terms"),
    ]
    view = preferences.read_context(connected.owner, connected.connection)
    assert view["fields"]["income_account_id"].state == "inactive"
    assert view["fields"]["freight"].is_bad
    assert not view["fields"]["setup"].is_bad
    assert [shown.state for _words, shown in view["terms"]] == ["inactive"]


def test_lists_for_gives_what_is_named_and_all_terms_and_tax_codes(connected):
    item(connected, "801", "Category", Type="Category")
    lists = preferences.lists_for(
        connected.workspace.id, connected.connection.realm_id, RULES, {"gel pen", "category", "no such item"}
    )
    assert set(lists.items) == {"gel pen"}
    assert set(lists.items_by_id) == {"6", "10", "13"}
    assert set(lists.accounts) == {"2", "3", "7", "33", "86"}
    assert lists.terms == {"1", "2", "3", "4", "5"}
    assert "TAX" in lists.tax_codes


def ids(found):
    return {name: proposal.id for name, proposal in found.items()}


def test_proposals_fit_the_us_company_and_are_not_saved(connected):
    factories.company(connected.workspace, terms="Net 30")
    lists = CompanyLists.of(connected.connection)
    found = proposals_for(lists, our_terms(connected.workspace.id), ())
    custom = {name: value for name, value in ids(found).items() if name.startswith("custom-")}
    assert ids(found) == custom | {
        "income_account_id": "2",
        "cost_account_id": "7",
        "ap_account_id": "33",
        "discount_account_id": "86",
        "deposit_account_id": "38",
        "decoration": "item:12",
        "setup": "item:10",
        "freight": "item:13",
        term_field("net 30"): "3",
    }
    assert (found["ap_account_id"].reason, found["freight"].reason) == ("only_one", "name_matches")
    preferences.read_context(connected.owner, connected.connection)
    assert Preferences.select().count() == 0


def test_proposals_for_a_canadian_company_cover_its_provinces(canadian):
    found = ids(proposals_for(CompanyLists.of(canadian.connection), {}, ()))
    assert found[province_field("ON")] == "5"
    assert found[province_field("QC")] == "10"
    assert found[province_field("AB")] == "4"
    assert found["non_taxable_code_id"] == "2"


def test_a_canadian_company_saves_a_code_per_province(canadian):
    rules = MappingRules(non_taxable_code_id="2", province_tax_codes={"ON": "5", "QC": "10"})
    assert save(canadian, rules)
    assert rules_of(canadian) == rules
    retire(canadian, ListKind.TAX_CODE, "10")
    view = preferences.read_context(canadian.owner, canadian.connection)
    states = {code: shown.state for code, shown in view["provinces"]}
    assert (states["ON"], states["QC"], states["BC"]) == ("", "inactive", "proposed")
    with pytest.raises(Invalid) as refused:
        save(canadian, replace(rules, province_tax_codes={"QC": "10"}), version=1)
    assert refused.value.errors == {province_field("QC"): ["inactive"]}


def test_our_terms_are_distinct_whatever_the_case_and_never_another_workspaces(world):
    home = factories.company(world.workspace, terms="Net 45")
    factories.company(world.workspace, terms=" NET  45")
    factories.company(world.other, terms="Theirs")
    for terms in ("Net 30", "net 30", "", "COD"):
        factories.document(world.workspace, home, terms=terms)
    assert list(our_terms(world.workspace.id)) == ["cod", "net 30", "net 45"]


def test_our_terms_are_bounded(world):
    for number in range(60):
        factories.company(world.workspace, terms=f"Net {number:03}")
    assert len(our_terms(world.workspace.id)) == 40


def test_status_asks_for_attention_while_a_chosen_account_is_gone(connected):
    save(connected, RULES)
    retire(connected, ListKind.ACCOUNT, "2")
    preferences.note_problems(connected.connection)
    gone = Connection.get_by_id(connected.connection.id)
    assert connections.status_of(gone) == "attention_needed"
    assert connections.attention(gone) == ["mappings_gone"]
    save(connected, replace(RULES, income_account_id="1"), version=1)
    assert connections.status_of(Connection.get_by_id(connected.connection.id)) == "connected"


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_saving_waits_for_the_connection_before_it_holds_any_document(connected: SimpleNamespace) -> None:
    """As the worker does, which could otherwise wait for the documents while it holds the connection."""
    factories.document(connected.workspace, factories.company(connected.workspace))
    Connection.update(mappings_gone=3).execute()

    def saving() -> None:
        with db.database.connection_context():
            save(connected, RULES)

    saver = threading.Thread(target=saving)
    with db.transaction():
        Connection.update(version=2).execute()
        saver.start()
        waiting = (
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        deadline = time.monotonic() + 20
        while db.database.execute_sql(waiting).fetchone() is None:
            assert time.monotonic() < deadline
            db.database.execute_sql("SELECT pg_sleep(0.05), pg_stat_clear_snapshot()")
        assert list(DocumentStatus.select().for_update(nowait=True))
    saver.join(20)
    assert rules_of(connected) == RULES
