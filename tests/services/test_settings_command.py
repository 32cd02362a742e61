"""``flask settings``: show, set, export and import, through the real command, on the sandbox's lists."""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests import factories
from tests.contract.test_database_use import counted
from webapp import db
from webapp.accounting.drafts import DocumentKind
from webapp.accounting.sources import MappingRules, Target
from webapp.errors import Conflict
from webapp.integrations import permissions, preferences
from webapp.integrations.settings_file import service
from webapp.links import directory
from webapp.models import (
    Activity,
    Connection,
    ConnectionStatus,
    DirectoryEntry,
    DocumentStatus,
    ListKind,
    Preferences,
    Role,
    ValueMapping,
    Visibility,
    Workspace,
)
from webapp.models.permission import Permission, PermittedPerson

Run = Callable[..., Result]

EVERYTHING = """
[permissions]
visible_to = "selected"
people = ["rowan@example.test"]
send = ["bill", "purchase_order"]

[quickbooks]
billable = true
item_name_source = "name"
unknown_items = "fixed"
fixed_item = "Gel Pen"
income_account = "Sales of Product Income"
cost_account = "Cost of Goods Sold"
ap_account = "Accounts Payable (A/P)"
decoration = "item:Embroidery"
setup = "item:id:10"
freight = "account:Freight Income"
discount_account = "Discounts Given"
deposit_account = "Undeposited Funds"
taxable_code = "TAX"
non_taxable_code = "NON"
class = "Events"
location = "Richmond"
memo = "memo"
use_our_numbers = false
start_date = 2026-01-31
sales_tax = "ours"

[quickbooks.terms]
"Net 45" = "Net 30"

[quickbooks.custom_fields.invoice]
customer_po = "Customer PO"

[quickbooks.layouts.invoice]
freight = "summary"

[[quickbooks.rules]]
field = "ship_to"
value = "CA"
target = "item:Freight"
class = "Education"
"""


RULE = 'field = "ship_to", value = "CA", target = "item:Freight", class = "Education"'


@pytest.fixture
def run(app: Flask, world: SimpleNamespace) -> Run:
    """Runs ``flask settings`` for the world's workspace, with a traceback when it ends in one."""
    world.member.email = "rowan@example.test"
    world.member.save()

    def invoke(*arguments: str, file: str | bytes | None = None) -> Result:
        given = () if "--workspace" in arguments else ("--workspace", str(world.workspace.id))
        result = app.test_cli_runner().invoke(args=["settings", *arguments, *given], input=file)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def filled(connected: SimpleNamespace, run: Run) -> SimpleNamespace:
    """The connected world with every setting saved from a file."""
    assert run("import", "-", "--yes", file=EVERYTHING).output.endswith("Saved.\n")
    return connected


def written(world: SimpleNamespace) -> tuple[Any, ...]:
    """Everything that a save could have touched."""
    tables = (Preferences, ValueMapping, Permission, PermittedPerson, Activity, DocumentStatus, Connection)
    return tuple(list(table.select().order_by(table.id).tuples()) for table in tables)


def rules_of(world: SimpleNamespace) -> MappingRules:
    return preferences.rules_for(world.workspace.id, world.connection.realm_id)


def retire(world: SimpleNamespace, kind: ListKind, remote_id: str) -> None:
    DirectoryEntry.update(active=False).where(
        (DirectoryEntry.kind == kind) & (DirectoryEntry.remote_id == remote_id)
    ).execute()


def account(world: SimpleNamespace, remote_id: str, name: str, **values: Any) -> None:
    body = {"Id": remote_id, "Name": name, "AccountType": "Income", **values}
    directory.remember(world.workspace.id, world.connection.realm_id, ListKind.ACCOUNT, body)


def item(world: SimpleNamespace, remote_id: str, name: str, **values: Any) -> None:
    body = {"Id": remote_id, "Name": name, "Type": "Service", "IncomeAccountRef": {"value": "2"}, **values}
    directory.remember(world.workspace.id, world.connection.realm_id, ListKind.ITEM, body)


def test_show_tells_what_is_saved_what_is_proposed_and_what_is_gone(
    connected: SimpleNamespace, run: Run
) -> None:
    factories.company(connected.workspace, terms="Net 30")
    run(
        "import",
        "-",
        "--yes",
        file="[quickbooks]\nincome_account = 'Services'\nterms = {'Net 45' = 'Net 60'}",
    )
    retire(connected, ListKind.ACCOUNT, "1")
    retire(connected, ListKind.TERM, rules_of(connected).terms["net 45"])
    lines = run("show").output.splitlines()
    gone = "  # gone from QuickBooks, or of a type that does not fit"
    assert lines[0] == f"Workspace: Northgate Promo Co. (id {connected.workspace.id})"
    assert lines[1].endswith("(company id 4620816365213508), connected")
    assert 'permissions.visible_to = "all"' in lines
    assert f'quickbooks.income_account = "Services"{gone}' in lines
    assert 'quickbooks.freight = (not chosen)  # proposed: "item:Freight"' in lines
    assert "quickbooks.class = (not chosen)" in lines
    assert f'quickbooks.terms."Net 45" = "Net 60"{gone}' in lines
    assert 'quickbooks.terms."Net 30" = (not chosen)  # proposed: "Net 30"' in lines


def test_show_marks_what_is_gone_of_rules_provinces_and_custom_fields(
    filled: SimpleNamespace, run: Run
) -> None:
    retire(filled, ListKind.ITEM, "13")
    retire(filled, ListKind.CLASS, "3")
    Connection.update(company={**filled.connection.company, "sales_custom_fields": {}}).execute()
    bad = [line for line in run("show").output.splitlines() if "gone from QuickBooks" in line]
    assert [line.split(" = ")[0] for line in bad] == [
        "quickbooks.class",
        "quickbooks.custom_fields.invoice.customer_po",
        "quickbooks.rules[1]",
    ]


def test_show_of_a_name_prints_it_or_what_belongs_to_it(filled: SimpleNamespace, run: Run) -> None:
    assert run("show", "memo").output == 'quickbooks.memo = "memo"\n'
    assert run("show", "terms").output == 'quickbooks.terms."Net 45" = "Net 30"\n'
    assert len(run("show", "permissions").output.splitlines()) == 3
    assert run("show", "rules").output.startswith('quickbooks.rules[1] = field = "ship_to", value = "CA"')
    assert (run("show", "tax_codes").exit_code, run("show", "tax_codes").output) == (0, "")
    assert run("show", "colour").exit_code == 2


def test_set_saves_one_setting_and_says_before_and_after(connected: SimpleNamespace, run: Run) -> None:
    result = run("set", "income_account", "Services")
    assert (result.exit_code, result.output) == (0, 'quickbooks.income_account: (not chosen) → "Services"\n')
    assert rules_of(connected) == MappingRules(income_account_id="1")
    row = Activity.get()
    assert (row.user_id, row.verb) == (None, "preferences.saved")
    assert row.facts["via"] == "command_line"
    assert row.facts["before"] == {"income_account_id": None}
    assert row.facts["after"] == {"income_account_id": "Services"}


def test_set_of_what_is_saved_already_writes_nothing(connected: SimpleNamespace, run: Run) -> None:
    run("set", "freight", "item:Freight")
    before = written(connected)
    for value in ("item:Freight", "item:FREIGHT", "item:id:13"):
        result = run("set", "freight", value)
        assert (result.exit_code, result.output) == (0, "Nothing differs from what is saved.\n")
    assert written(connected) == before


def test_set_clears_a_setting(filled: SimpleNamespace, run: Run) -> None:
    for name in ("class", "terms.net 45", "custom_fields.invoice.customer_po", "billable"):
        assert run("set", name, "--clear").exit_code == 0
    rules = rules_of(filled)
    assert (rules.class_id, rules.terms, rules.custom_fields, rules.billable) == (None, {}, {}, False)


WRONG = [
    (
        "income_account",
        "Nope",
        'income_account = "Nope": is no account of QuickBooks; there is "Accounts',
    ),
    ("income_account", "id:999", 'income_account = "id:999": is not in QuickBooks'),
    ("income_account", "Checking", "is of a type that does not fit; accounts that fit: "),
    ("discount_account", "id:90", "is inactive in QuickBooks; accounts that fit: "),
    ("freight", "Freight", 'begins with "item:" or "account:"'),
    ("freight", "item:Crystal Award", "is of a type that does not fit"),
    ("taxable_code", "Taxable", 'is no tax code of QuickBooks; there is "NON", "TAX"'),
    ("class", "Weddings", 'there is "Corporate", "Education", "Events"'),
    ("terms.Net 45", "Net 44", "is no payment term of QuickBooks"),
    ("unknown_items", "fixed", 'quickbooks.fixed_item: is needed with unknown_items = "fixed"'),
    ("unknown_items", "guess", 'takes "service" or "non_inventory" or "fixed"'),
    ("billable", "perhaps", 'quickbooks.billable = "perhaps": takes true or false'),
    ("billable", "yes", "--confirm-billable says that you know"),
    ("start_date", "31.1.2026", "takes a day like 2026-01-31"),
    ("income_account", "x" * 100_000, "is too long or has a character that no name has"),
    ("income_account", "Sales\0", "is too long or has a character that no name has"),
    ("income_account", "\udcff", "is too long or has a character that no name has"),
    ("income_account", " ", "is empty"),
    (
        "people",
        "nobody@example.test",
        'permissions.people = "nobody@example.test": belongs to nobody here',
    ),
    ("people", "outsider@example.test", "belongs to nobody here"),
    ("people", "", "permissions.people: names nobody"),
    ("visible_to", "selected", "permissions.people: names nobody"),
    ("send", "quotes", 'takes "invoice" or "bill" or "purchase_order"'),
]


def test_a_setting_that_is_wrong_is_refused_by_name(connected: SimpleNamespace, run: Run) -> None:
    connected.outsider.email = "outsider@example.test"
    connected.outsider.save()
    before = written(connected)
    for name, value, told in WRONG:
        result = run("set", name, value)
        assert result.exit_code == 1, (name, value)
        assert told in result.output
        assert result.output.startswith("Error: 1 refused; nothing was saved.\n")
        assert len(result.output) < 2000
    assert written(connected) == before


SENSELESS = [
    ("set", "memo"),
    ("set", "memo", "all", "--clear"),
    ("set", "colour", "red"),
    ("set", "rules", "x"),
    ("set", "terms", "Net 30"),
    ("set", "tax_codes.ZZ", "GST"),
    ("set", "custom_fields.bill.customer_po", "Customer PO"),
    ("set", "quickbooks", "x"),
    ("show", "x" * 100_000),
    ("show", "\0\x1b[31m"),
    ("import", "/no/such/file"),
    ("import", "/"),
    ("import", "-"),
    ("export", "/no/such/folder/file"),
    ("show", "--workspace", "Nowhere"),
    ("show", "--workspace", "\0"),
    ("show", "--workspace", "\udcff"),
    ("show", "--workspace", "9" * 30),
]


def test_a_command_that_makes_no_sense_ends_with_2(connected: SimpleNamespace, run: Run) -> None:
    before = written(connected)
    for arguments in SENSELESS:
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert len(result.output) < 2000
    assert written(connected) == before


def test_people_are_set_and_taken_back_by_their_addresses(connected: SimpleNamespace, run: Run) -> None:
    run("set", "people", "ROWAN@example.test")
    saved = permissions.read(connected.workspace.id)
    assert [person.id for person in saved.people] == [connected.member.id]
    assert saved.visible_to == Visibility.SELECTED
    row = Activity.get()
    assert (row.verb, row.user_id, row.facts["via"]) == ("permissions.saved", None, "command_line")
    assert run("set", "people", "--clear").exit_code == 1
    run("set", "visible_to", "all")
    assert permissions.read(connected.workspace.id).visible_to == Visibility.ALL
    run("set", "send", "invoice")
    assert permissions.read(connected.workspace.id).sends == {DocumentKind.INVOICE}


def test_owners_are_left_out_of_the_people_since_they_always_see_it(
    connected: SimpleNamespace, run: Run
) -> None:
    result = run("set", "people", f"rowan@example.test,{connected.owner.email}")
    assert result.output.endswith('permissions.people: [] → ["rowan@example.test"]\n')
    assert run("set", "people", connected.admin.email).exit_code == 1


def test_turning_billable_on_asks_for_the_confirmation_that_the_panel_asks_for(
    connected: SimpleNamespace, run: Run
) -> None:
    assert run("set", "billable", "on").exit_code == 1
    assert run("set", "billable", "on", "--confirm-billable").exit_code == 0
    assert rules_of(connected).billable


def test_a_file_that_stops_invoices_needs_no_confirmation_for_billable(
    connected: SimpleNamespace, run: Run
) -> None:
    file = "[permissions]\nsend = ['bill']\n[quickbooks]\nbillable = true"
    assert run("import", "-", "--yes", file=file).exit_code == 0
    risky = "[permissions]\nsend = ['invoice']\n[quickbooks]\nbillable = false"
    assert run("import", "-", "--yes", file=risky).exit_code == 0
    back = "[permissions]\nsend = ['invoice', 'bill']\n[quickbooks]\nbillable = true"
    assert run("import", "-", "--yes", file=back).exit_code == 1
    assert run("import", "-", "--yes", "--confirm-billable", file=back).exit_code == 0


def test_an_export_says_whose_it_is_and_has_no_secret(
    filled: SimpleNamespace, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "settings.toml"
    assert run("export", str(path)).output == ""
    text = path.read_text()
    head = text.splitlines()
    assert head[0] == f"# Workspace: Northgate Promo Co. (id {filled.workspace.id})"
    assert head[1] == "# QuickBooks: Northgate Promo Co. (company id 4620816365213508), connected"
    assert re.fullmatch(r"# Exported 2\d{3}-\d\d-\d\d \d\d:\d\d UTC", head[2])
    assert tomllib.loads(text) == tomllib.loads(EVERYTHING.replace("item:id:10", "item:Set-Up Charge"))
    assert tomllib.loads(run("export").output) == tomllib.loads(text)
    connection = Connection.get_by_id(filled.connection.id)
    for secret in (connection.access_token, connection.refresh_token, filled.owner.password_hash):
        assert secret
        assert secret not in text


def test_an_export_and_its_import_change_nothing(filled: SimpleNamespace, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    run("export", str(path))
    before = written(filled)
    result = run("import", str(path), "--yes")
    assert (result.exit_code, result.output) == (0, "Nothing differs from what is saved.\n")
    assert written(filled) == before


def test_an_unchanged_file_changes_nothing_even_when_quickbooks_has_lost_what_it_names(
    filled: SimpleNamespace, run: Run
) -> None:
    retire(filled, ListKind.ACCOUNT, "2")
    DirectoryEntry.delete().where(DirectoryEntry.remote_id == "13").execute()
    file = run("export").output
    assert 'target = "item:id:13"' in file
    assert run("import", "-", "--yes", file=file).output == "Nothing differs from what is saved.\n"
    changed = run("import", "-", "--yes", file=file.replace('memo = "memo"', 'memo = "all"'))
    assert changed.exit_code == 1
    assert 'income_account = "Sales of Product Income": is inactive in QuickBooks' in changed.output


def test_everything_in_a_file_is_saved_as_it_says(filled: SimpleNamespace, run: Run) -> None:
    rules = rules_of(filled)
    assert (rules.income_account_id, rules.cost_account_id, rules.ap_account_id) == ("2", "7", "33")
    assert (rules.freight, rules.decoration) == (Target("account", "5"), Target("item", "12"))
    assert (rules.class_id, rules.location_id, rules.fixed_item_id) == ("3", "2", "6")
    assert rules.terms == {"net 45": "3"}
    assert ValueMapping.get().ours == "Net 45"
    assert rules.rules[0].target == Target("item", "13")
    assert permissions.read(filled.workspace.id).visible_to == Visibility.SELECTED


def test_import_shows_what_would_change_asks_and_saves(
    filled: SimpleNamespace, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        EVERYTHING.replace('send = ["bill", "purchase_order"]', 'send = ["bill"]')
        .replace('class = "Events"\n', "")
        .replace('value = "CA"', 'value = "NY"')
    )
    changes = [
        'permissions.send: ["bill", "purchase_order"] → ["bill"]',
        'quickbooks.class: "Events" → (not chosen)',
        f"quickbooks.rules[1]: {RULE} → {RULE.replace('CA', 'NY')}",
    ]
    before = written(filled)
    tried = run("import", str(path), "--dry-run")
    assert (tried.exit_code, tried.output.splitlines()) == (
        0,
        [*changes, "Nothing was saved: this was a dry run."],
    )
    for answer in ("n\n", ""):
        refused = run("import", str(path), file=answer)
        assert (refused.exit_code, refused.output.splitlines()[:3]) == (1, changes)
    assert written(filled) == before
    done = run("import", str(path), file="y\n")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Saved.")
    rows = list(Activity.select().order_by(Activity.id.desc()).limit(2))
    assert {row.verb for row in rows} == {"permissions.saved", "preferences.saved"}
    assert all(row.user_id is None and row.facts["via"] == "command_line" for row in rows)
    assert run("import", str(path), "--yes").output == "Nothing differs from what is saved.\n"
    assert Activity.select().count() == 4


def test_the_activity_has_every_setting_before_and_after_in_names(filled: SimpleNamespace, run: Run) -> None:
    first = Activity.get(Activity.verb == "preferences.saved").facts
    assert set(first["before"].values()) <= {
        None,
        False,
        True,
        "number",
        "non_inventory",
        "all",
        "quickbooks",
    }
    assert first["after"]["class_id"] == "Events"
    assert first["after"]["location_id"] == "Richmond"
    assert first["after"]["custom_fields.invoice.customer_po"] == "Customer PO"
    assert first["after"]["layouts.invoice.freight"] == "summary"
    assert first["after"]["rules"] == [
        {"field": "ship_to", "value": "CA", "target": "Freight", "class_id": "Education"}
    ]
    assert first["after"]["start_date"] == "2026-01-31"
    run("import", "-", "--yes", file="[quickbooks]\nclass = 'Education'")
    last = Activity.select().order_by(Activity.id.desc()).get().facts
    assert (last["before"]["class_id"], last["after"]["class_id"]) == ("Events", "Education")
    assert last["after"]["rules"] is None


def test_a_section_that_a_file_leaves_out_stays_as_it_is(filled: SimpleNamespace, run: Run) -> None:
    before = rules_of(filled)
    assert run("import", "-", "--yes", file="[permissions]\n").exit_code == 0
    assert rules_of(filled) == before
    assert permissions.read(filled.workspace.id).visible_to == Visibility.ALL


def test_all_that_is_wrong_is_told_and_nothing_is_saved_of_the_rest(
    connected: SimpleNamespace, run: Run
) -> None:
    file = """
    [permissions]
    visible_to = "selected"
    people = ["rowan@example.test", "nobody@example.test"]
    [quickbooks]
    billable = true
    income_account = "Checking"
    cost_account = 7
    memo = "all"
    colour = "red"
    """
    before = written(connected)
    result = run("import", "-", "--yes", file=file)
    assert (result.exit_code, result.output.splitlines()[0]) == (1, "Error: 5 refused; nothing was saved.")
    for name in ("permissions.people", "quickbooks.billable", "quickbooks.income_account"):
        assert f"  {name} = " in result.output
    assert "  quickbooks.cost_account = 7: takes text in quotes" in result.output
    assert '  quickbooks.colour = "red": is no setting' in result.output
    assert written(connected) == before


HOSTILE = [
    (b"\xff\xfe", "line 1 is not UTF-8"),
    (b"[quickbooks", "no TOML"),
    (b"[quickbooks]\nmemo = 'all'\nmemo = 'all'", "no TOML"),
    (b"#" * 10_000_000, "larger than 1024 kB"),
    (b"", "it says nothing"),
    (b"[[quickbooks.rules]]\n" * 5000, "quickbooks.rules: takes at most 100 rules"),
    (b"[quickbooks]\nincome_account = '" + b"x" * 100_000 + b"'", "income_account"),
    (b'[quickbooks]\nfreight = "item:a\\u0000b"', "quickbooks.freight"),
    (b'[quickbooks]\nfixed_item = "id:\\u0000"', "quickbooks.fixed_item"),
    (b'[quickbooks]\nfreight = "item:' + b":" * 5000 + b'"', "quickbooks.freight"),
    (
        b"[quickbooks.terms]\n" + b"\n".join(b"'%d' = 'x'" % number for number in range(20_000)),
        "and 19900 more",
    ),
    (
        b"[quickbooks]\nrules = [{field='category', value='a', class='Events'},"
        b" {field='category', value='A', class='Events'}]",
        "quickbooks.rules[2]",
    ),
]


def test_a_hostile_file_is_refused_in_words(connected: SimpleNamespace, run: Run) -> None:
    before = written(connected)
    for file, told in HOSTILE:
        result = run("import", "-", "--yes", file=file)
        assert result.exit_code == 1, file[:100]
        assert "nothing was saved" in result.output.lower()
        assert told in result.output
        assert len(result.output) < 40_000
        assert all(sign.isprintable() or sign == "\n" for sign in result.output)
    assert written(connected) == before


def test_names_lead_to_the_other_companys_own_entries(
    connected: SimpleNamespace, run: Run, sandbox: Any
) -> None:
    account(connected, "500", "Promotional sales")
    item(connected, "501", "Shipping", FullyQualifiedName="Charges:Shipping")
    run("set", "income_account", "Promotional sales")
    run("set", "freight", "item:Charges:Shipping")
    run("set", "decoration", "item:Embroidery")
    file = run("export").output
    Connection.delete().execute()
    connected.connection = factories.connect(connected.workspace, connected.owner, sandbox.tokens("ca"))
    missing = run("import", "-", "--yes", file=file)
    assert (missing.exit_code, missing.output.splitlines()[0]) == (1, "Error: 2 refused; nothing was saved.")
    assert 'income_account = "Promotional sales": is no account of QuickBooks' in missing.output
    account(connected, "900", "promotional Sales")
    item(connected, "901", "Shipping", FullyQualifiedName="Charges:Shipping")
    assert run("import", "-", "--yes", file=file).exit_code == 0
    rules = rules_of(connected)
    assert (rules.income_account_id, rules.freight) == ("900", Target("item", "901"))
    assert run("set", "tax_codes.ON", "HST ON").exit_code == 0
    assert rules_of(connected).province_tax_codes == {"ON": "5"}


def test_two_entries_of_one_name_go_by_their_ids(connected: SimpleNamespace, run: Run) -> None:
    account(connected, "500", "Sales", FullyQualifiedName="Sales")
    account(connected, "501", "sales", FullyQualifiedName="sales")
    for number in ("601", "602"):
        item(connected, number, "Rush", FullyQualifiedName="Rush")
    refused = run("set", "income_account", "Sales")
    assert 'write the id: "Sales" is id:500, "sales" is id:501' in refused.output
    run("set", "income_account", "id:501")
    run("set", "freight", "item:id:602")
    file = run("export").output
    assert 'income_account = "id:501"' in file
    assert 'freight = "item:id:602"' in file
    assert run("import", "-", "--yes", file=file).output == "Nothing differs from what is saved.\n"


def test_another_workspaces_and_companys_entries_are_not_found(connected: SimpleNamespace, run: Run) -> None:
    theirs = {"Id": "500", "Name": "Theirs", "AccountType": "Income"}
    realm = connected.connection.realm_id
    directory.remember(connected.other.id, realm, ListKind.ACCOUNT, theirs)
    directory.remember(connected.workspace.id, "another-company", ListKind.ACCOUNT, theirs)
    for value in ("Theirs", "id:500"):
        assert run("set", "income_account", value).exit_code == 1


def test_while_disconnected_permissions_are_saved_and_the_preferences_only_read(
    filled: SimpleNamespace, run: Run
) -> None:
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    assert run("show").output.splitlines()[1].endswith(", disconnected")
    refused = run("set", "memo", "all")
    assert (refused.exit_code, refused.output) == (
        1,
        "Error: 1 refused; nothing was saved.\n  quickbooks: cannot be changed: QuickBooks is disconnected\n",
    )
    file = run("export").output.replace('visible_to = "selected"', "").replace('"rowan@example.test",', "")
    assert run("import", "-", "--yes", file=file).exit_code == 0
    assert permissions.read(filled.workspace.id).visible_to == Visibility.ALL


def test_before_quickbooks_was_ever_connected_there_are_only_permissions(
    world: SimpleNamespace, run: Run
) -> None:
    assert "QuickBooks: not connected" in run("show").output
    assert set(tomllib.loads(run("export").output)) == {"permissions"}
    assert run("set", "send", "bill").exit_code == 0
    refused = run("set", "income_account", "Sales")
    assert refused.output.endswith("  quickbooks: cannot be saved: QuickBooks is not connected\n")
    assert refused.exit_code == 1


def test_before_the_lists_were_read_nothing_can_be_chosen_from_them(
    filled: SimpleNamespace, run: Run
) -> None:
    Connection.update(lists_read_at=None).execute()
    DirectoryEntry.delete().execute()
    file = run("export").output
    assert 'income_account = "id:2"' in file
    assert run("import", "-", "--yes", file=file).output == "Nothing differs from what is saved.\n"
    refused = run("set", "memo", "all")
    assert refused.output.endswith("  quickbooks: cannot be saved: QuickBooks has not told its lists yet\n")


def test_what_somebody_saved_meanwhile_is_not_overwritten(
    connected: SimpleNamespace, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[quickbooks]\nmemo = 'nothing'\n[permissions]\nsend = ['bill']")

    def answer_late(*_arguments: Any, **_options: Any) -> bool:
        rules = MappingRules(income_account_id="1")
        return preferences.save(connected.owner, connected.connection, rules, version=0)

    monkeypatch.setattr("click.confirm", answer_late)
    result = run("import", str(path))
    assert result.exit_code == 1
    assert "Somebody saved meanwhile; nothing was saved here." in result.output
    assert rules_of(connected) == MappingRules(income_account_id="1")
    assert permissions.read(connected.workspace.id) == permissions.Permissions()


def test_a_workspace_is_named_only_where_there_are_several(app: Flask, sandbox: Any) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["settings", "show"]).exit_code == 2
    home = factories.workspace(name="Alone")
    assert "Alone" in runner.invoke(args=["settings", "show"]).output
    factories.workspace(name="Twin")
    twin = factories.workspace(name="Twin")
    asked = runner.invoke(args=["settings", "show"])
    assert (asked.exit_code, f'"Alone" ({home.id})' in asked.output) == (2, True)
    assert runner.invoke(args=["settings", "show", "--workspace", "Twin"]).exit_code == 2
    assert runner.invoke(args=["settings", "show", "--workspace", str(twin.id)]).exit_code == 0
    assert runner.invoke(args=["settings", "show", "--workspace", "Alone"]).exit_code == 0


def test_many_people_go_through_a_file(connected: SimpleNamespace, run: Run) -> None:
    people = [factories.user(connected.workspace, role=Role.MEMBER).email for _number in range(1200)]
    file = f"[permissions]\nvisible_to = 'selected'\npeople = {people}"
    assert run("import", "-", "--yes", file=file).exit_code == 0
    assert len(permissions.read(connected.workspace.id).people) == 1200
    assert run("import", "-", "--yes", file=file).output == "Nothing differs from what is saved.\n"


def test_a_file_of_many_rules_takes_no_more_queries_than_one_of_few(
    connected: SimpleNamespace, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for size in (2, 100):
        for number in range(size):
            item(connected, f"9{number:03}", f"Charge {number}")
        rules = "".join(
            f"[[quickbooks.rules]]\nfield='category'\nvalue='{number}'\ntarget='item:Charge {number}'\n"
            for number in range(size)
        )
        with counted(monkeypatch) as statements:
            assert run("import", "-", "--yes", file=rules).exit_code == 0
        counts.append(len(statements))
        Preferences.delete().execute()
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_an_import_and_saves_in_the_panel_wait_for_each_other(filled: SimpleNamespace) -> None:
    """All three take rows of preferences, connection, permissions and document status: in one order."""
    for _document in range(5):
        factories.document(filled.workspace, factories.company(filled.workspace))
    failures: list[BaseException] = []
    home = Workspace.get_by_id(filled.workspace.id)

    def repeat(save: Callable[[int], object]) -> None:
        with db.database.connection_context():
            for turn in range(25):
                try:
                    save(turn)
                except Conflict:
                    pass
                except BaseException as error:
                    failures.append(error)

    def by_file(turn: int) -> None:
        memo = ("all", "memo")[turn % 2]
        wanted = {"permissions": {"send": [("bill", "invoice")[turn % 2]]}, "quickbooks": {"memo": memo}}
        service.save(service.read(home), wanted)

    def the_preferences(turn: int) -> None:
        version = preferences.read(home.id, filled.connection.realm_id).version
        rules = MappingRules(income_account_id=("1", "2")[turn % 2])
        preferences.save(filled.owner, filled.connection, rules, version=version)

    def the_permissions(turn: int) -> None:
        version = permissions.read(home.id).version
        kinds = [list(DocumentKind)[turn % 3]]
        permissions.save(filled.owner, visible_to=Visibility.ALL, people=[], sends=kinds, version=version)

    savers = [
        threading.Thread(target=repeat, args=(save,)) for save in (by_file, the_preferences, the_permissions)
    ]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join(60)
    assert failures == []
