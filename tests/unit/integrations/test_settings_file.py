"""A settings file: what is written is read back, by names; what is no settings file is refused in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.proposing import fold
from webapp.accounting.sources import (
    CustomField,
    ItemNameSource,
    LineLayout,
    MappingRules,
    MemoSource,
    Rule,
    RuleField,
    SalesTaxSource,
    Target,
    UnknownItems,
)
from webapp.accounting.terms import term_key
from webapp.integrations.preference_fields import PROVINCES
from webapp.integrations.settings_file import toml
from webapp.integrations.settings_file.catalogue import Catalogue, Listed, Refused, Shelf
from webapp.integrations.settings_file.one import path_named, with_setting
from webapp.integrations.settings_file.reading import named_items, read_tables
from webapp.integrations.settings_file.tables import QUICKBOOKS, Access, Sections, flat, tables_of
from webapp.integrations.settings_file.values import SETTINGS
from webapp.models import Visibility

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = [
    "Sales",
    "sales",
    "SALES ",
    "id:7",
    "Design:Sales",
    "item:Mug",
    "4000 Sales",
    "Ä",
    "ä",
    "",
    "Tab\tbed",
]
IDS = st.from_regex(r"[1-9][0-9]{0,2}", fullmatch=True)

entries = st.builds(
    Listed,
    id=IDS,
    name=st.sampled_from(NAMES) | st.text(max_size=12),
    active=st.booleans(),
    number=st.sampled_from(["", "4000"]),
)
catalogues = st.dictionaries(st.sampled_from(list(Shelf)), st.lists(entries, max_size=8)).map(Catalogue)
lines = st.text(min_size=1, max_size=100).filter(
    lambda text: text.strip() and all(sign.isprintable() for sign in text)
)
targets = st.builds(Target, st.sampled_from(["item", "account"]), IDS)
rules_of_ours = st.lists(
    st.builds(Rule, st.sampled_from(RuleField), lines, *(st.none() | kind for kind in (targets, IDS, IDS))),
    max_size=5,
    unique_by=lambda rule: (rule.field, fold(rule.value)),
).map(tuple)


def grouped(left: Any, right: Any, values: Any) -> Any:
    return st.dictionaries(st.tuples(st.sampled_from(left), st.sampled_from(right)), values, max_size=5)


mappings = st.builds(
    MappingRules,
    billable=st.booleans(),
    item_name_source=st.sampled_from(ItemNameSource),
    unknown_items=st.sampled_from(UnknownItems),
    use_our_numbers=st.booleans(),
    memo=st.sampled_from(MemoSource),
    sales_tax=st.sampled_from(SalesTaxSource),
    start_date=st.none() | st.dates(),
    **dict.fromkeys(("freight", "setup", "decoration"), st.none() | targets),
    **{column: st.none() | IDS for column, _value in SETTINGS.values() if column.endswith("_id")},
    terms=st.dictionaries(lines.map(term_key).filter(lambda key: key and len(key) <= 100), IDS, max_size=4),
    province_tax_codes=st.dictionaries(st.sampled_from(PROVINCES), IDS, max_size=4),
    custom_fields=grouped([DocumentKind.INVOICE, DocumentKind.PURCHASE_ORDER], list(CustomField), IDS),
    layouts=grouped(list(DocumentKind), list(LineKind), st.sampled_from(LineLayout)),
    rules=rules_of_ours,
)
addresses = st.sampled_from(["rowan@example.test", "mika@example.test"])
accesses = st.builds(
    Access,
    visible_to=st.just(Visibility.SELECTED),
    people=st.frozensets(addresses, min_size=1),
    sends=st.frozensets(st.sampled_from(DocumentKind)),
) | st.builds(Access, sends=st.frozensets(st.sampled_from(DocumentKind)))

LISTS = Catalogue(
    {
        Shelf.ACCOUNT: [
            Listed("1", "Sales", number="4000"),
            Listed("2", "Income:Shipping"),
            Listed("3", "Bank:Shipping"),
            Listed("4", "Old", active=False),
            Listed("5", "Twice"),
            Listed("6", "twice"),
            Listed("8", "Gone", active=False),
            Listed("9", "Gone"),
        ],
        Shelf.TERM: [Listed("3", "Net 30")],
    }
)


@unhurried
@given(accesses, mappings, catalogues)
def test_what_is_written_is_read_back(access: Access, rules: MappingRules, catalogue: Catalogue) -> None:
    written = toml.write(tables_of(Sections(access, rules), catalogue), ["a comment\nof two lines"])
    sections, refusals = read_tables(toml.read(written.encode()), catalogue)
    assert refusals == []
    assert (sections.access, sections.rules) == (access, rules)


SECTIONS = ["permissions", "quickbooks", "visible_to", "people", "send"]
GROUPED = ["terms", "tax_codes", "custom_fields", "layouts", "invoice", "freight", "ON", "a.b", ""]
words = st.sampled_from([*SECTIONS, *GROUPED, *SETTINGS, "rules", "field", "value", "target"])
values = st.sampled_from(
    ["item:", "account:id:", "id:", "id:\0", "item:item:x", "all", "selected", "ship_to"]
)
plain = st.none() | st.booleans() | st.integers() | st.floats() | st.datetimes() | st.dates() | values
anything = st.recursive(
    plain | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@unhurried
@given(st.dictionaries(words, anything, max_size=4), st.dictionaries(words, anything, max_size=6))
def test_whatever_the_tables_hold_is_read_or_refused_in_words(outer: Any, inner: Any) -> None:
    for tables in (outer, {**outer, QUICKBOOKS: inner}, {"permissions": inner}):
        list(named_items(tables))
        sections, refusals = read_tables(tables, LISTS)
        told = [f"{toml.name_of(one.path)} {toml.shown(one.value)} {one.why}" for one in refusals]
        assert all(text.isprintable() and len(text) < 20_000 for text in told)
        if not refusals:
            again, none = read_tables(tables_of(sections, LISTS), LISTS)
            assert (again.rules, none) == (sections.rules, [])


@unhurried
@given(st.binary(max_size=200) | st.text("[]{}=.,'\"#\n\\ab1-:TZ_ \t\x00é", max_size=60).map(str.encode))
def test_whatever_the_bytes_are_they_are_tables_or_unreadable(data: bytes) -> None:
    try:
        tables = toml.read(data)
    except toml.Unreadable as refused:
        assert str(refused).isprintable()
    else:
        read_tables(tables, LISTS)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"[quickbooks]\nmemo = ", "no TOML: Invalid value (at end of document)"),
        (b"[quickbooks]\n\nmemo = all\n", "line 3"),
        (b"[quickbooks]\nmemo = '\xff'", "line 2 is not UTF-8"),
        (b"[quickbooks]\nmemo = '\0'", "(at line 2, column 9)"),
        (b"[quickbooks]\nbillable = true\nbillable = true", "no TOML"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"a = " + b"{a = " * 100_000, "nested too deeply"),
        (b"# a\n" + b".".join([b"a"] * 100_000) + b" = 1", "line 2 has a name of more than 16 parts"),
        (b"[" + b" . ".join([b'"a b"'] * 1000) + b"]", "line 1 has a name of more than 16 parts"),
        (b"a = " + b"9" * 100_000, "too many digits"),
        (b"#" * 10_000_000, "larger than 1024 kB"),
        (b"", "it says nothing"),
        (b"# only a comment\n", "it says nothing"),
    ],
)
def test_what_is_no_settings_file_is_refused_with_its_line_or_reason(data: bytes, why: str) -> None:
    with pytest.raises(toml.Unreadable) as refused:
        toml.read(data)
    assert why in str(refused.value)


def test_a_file_of_an_editor_that_writes_a_byte_order_mark_is_read() -> None:
    assert toml.read("\ufeff[quickbooks]\nmemo = 'all'\r\n".encode()) == {"quickbooks": {"memo": "all"}}


def test_a_comment_stays_one_line_whatever_it_says() -> None:
    text = toml.write({"quickbooks": {}}, ['Acme\n[permissions]\nvisible_to = "all"\x85\u2028\x7f'])
    assert text.startswith('# Acme [permissions] visible_to = "all"\n\n')
    assert toml.read(text.encode()) == {"quickbooks": {}}


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Sales", "1"),
        ("sALES", "1"),
        ("4000 Sales", "1"),
        ("Income:Shipping", "2"),
        ("Old", "4"),
        ("Gone", "9"),
        ("id:8", "8"),
        ("id:12345", "12345"),
    ],
)
def test_an_entry_is_found_by_its_name_its_number_or_its_id(text: str, id_: str) -> None:
    assert LISTS.find(Shelf.ACCOUNT, text) == id_


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Twice", 'more than one account; write the id: "Twice" is id:5, "twice" is id:6'),
        ("Shipping", 'write the id: "Income:Shipping" is id:2, "Bank:Shipping" is id:3'),
        ("Salt", 'is no account of QuickBooks; there is "Bank:Shipping", "Gone", "Income:Shipping", "Sales"'),
        ("Shipping costs", 'there is "Bank:Shipping", "Income:Shipping"'),
        ("id:", "is no id of QuickBooks"),
        ("id:" + "9" * 33, "is no id of QuickBooks"),
        ("id:\0", "is no id of QuickBooks"),
    ],
)
def test_a_name_of_nothing_or_of_several_is_refused_with_what_there_is(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        LISTS.find(Shelf.ACCOUNT, text)
    assert why in str(refused.value)


def test_a_name_of_which_a_list_has_none_says_that_the_list_is_empty() -> None:
    with pytest.raises(Refused, match="its list is empty"):
        LISTS.find(Shelf.CLASS, "Events")


@pytest.mark.parametrize(
    ("id_", "text"), [("1", "Sales"), ("5", "id:5"), ("8", "id:8"), ("9", "Gone"), ("77", "id:77")]
)
def test_an_entry_is_written_by_its_name_only_where_that_is_its_own(id_: str, text: str) -> None:
    assert LISTS.text(Shelf.ACCOUNT, id_) == text


def refused(text: str) -> list[str]:
    _sections, refusals = read_tables(toml.read(text.encode()), LISTS)
    return [f"{toml.name_of(one.path)}: {one.why}" for one in refusals]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[layouts]", ["layouts: is no section: permissions and quickbooks can stand there"]),
        ("quickbooks = 1", ["quickbooks: is a table: [quickbooks]"]),
        ("[[permissions]]", ["permissions: is a table: [permissions]"]),
        ("quickbooks.colour = 'red'", ["quickbooks.colour: is no setting"]),
        ("permissions.colour = 'red'", ["permissions.colour: is no setting"]),
        ("quickbooks.billable = 'yes'", ["quickbooks.billable: takes true or false"]),
        ("quickbooks.billable = 1", ["quickbooks.billable: takes true or false"]),
        ("quickbooks.memo = true", ['quickbooks.memo: takes "all" or "memo" or "nothing"']),
        ("quickbooks.income_account = 4000", ["quickbooks.income_account: takes text in quotes"]),
        (
            "quickbooks.income_account = ''",
            ["quickbooks.income_account: is empty; leave the setting out where nothing is chosen"],
        ),
        (
            "quickbooks.income_account = 'a\\nb'".replace("'", '"'),
            ["quickbooks.income_account: is too long or has a character that no name has"],
        ),
        (
            f"quickbooks.income_account = '{'x' * 100_000}'",
            ["quickbooks.income_account: is too long or has a character that no name has"],
        ),
        ("quickbooks.freight = 'Freight'", ['quickbooks.freight: begins with "item:" or "account:"']),
        (
            "quickbooks.freight = 'item:'",
            ["quickbooks.freight: is no product or service of QuickBooks; its list is empty"],
        ),
        (
            "quickbooks.start_date = '2026-01-01'",
            ["quickbooks.start_date: takes a day like 2026-01-31, without quotes in a file"],
        ),
        (
            "quickbooks.start_date = 2026-01-01T10:00:00",
            ["quickbooks.start_date: takes a day like 2026-01-31, without quotes in a file"],
        ),
        ("quickbooks.terms = 'Net 30'", ["quickbooks.terms: is a table"]),
        (
            "quickbooks.terms.' ' = 'Net 30'",
            ['quickbooks.terms." ": is no term of ours: it takes up to 100 characters on one line'],
        ),
        (
            "quickbooks.terms = {'Net 45' = 'Net 30', 'net  45' = 'Net 30'}",
            ['quickbooks.terms."net  45": stands there as "Net 45" too'],
        ),
        ("quickbooks.layouts.bill = 'own'", ["quickbooks.layouts.bill: is a table"]),
        (
            "quickbooks.layouts.bill.freight.x = 1",
            ['quickbooks.layouts.bill.freight: takes "own" or "folded" or "summary"'],
        ),
        ("quickbooks.rules = 3", ["quickbooks.rules: is an array of tables: [[quickbooks.rules]]"]),
        ("quickbooks.rules = [3]", ["quickbooks.rules: is an array of tables: [[quickbooks.rules]]"]),
        ("quickbooks.rules = [{value = 'CA'}]", ["quickbooks.rules[1].field: is missing"]),
        (
            "quickbooks.rules = [{field = 'ship_to', value = 'CA', account = 'Sales'}]",
            ["quickbooks.rules[1].account: is no part of a rule"],
        ),
        (
            "quickbooks.rules = [{field='ship_to', value='Québec'}, {field='ship_to', value='QUEBEC'}]",
            ["quickbooks.rules[2]: never applies: a rule before it has the same field and value"],
        ),
        (
            f"quickbooks.rules = [{{field = 'ship_to', value = '{'x' * 121}'}}]",
            ["quickbooks.rules[1].value: takes at most 120 characters"],
        ),
        ("quickbooks.rules = [" + "{}," * 101 + "]", ["quickbooks.rules: takes at most 100 rules"]),
        ("permissions.visible_to = 'some'", ['permissions.visible_to: takes "all" or "selected"']),
        ("permissions.people = 'a@b'", ["permissions.people: takes a list of at most 10000 texts"]),
        ("permissions.people = ['a@b']", ['permissions.people: goes with visible_to = "selected" only']),
        ("permissions.send = ['quote']", ['permissions.send: takes "invoice" or "bill" or "purchase_order"']),
    ],
)
def test_a_setting_that_is_wrong_is_named(text: str, told: list[str]) -> None:
    assert refused(text) == told


def test_a_key_that_cannot_stand_somewhere_says_which_can() -> None:
    assert refused("quickbooks.tax_codes.ZZ = 'GST'")[0].endswith(
        "NS, NT, NU, ON, PE, QC, SK, YT can stand there"
    )
    fields = refused("quickbooks.custom_fields.bill.customer_po = 'PO'")
    assert fields == [
        "quickbooks.custom_fields.bill.customer_po: is no setting: invoice, purchase_order can stand there"
    ]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    text = (
        "[permissions]\nsend = 1\n[quickbooks]\nbillable = 1\nmemo = 2\nrules = 3\n[quickbooks.terms]\na = 4"
    )
    assert len(refused(text)) == 5


def test_more_terms_than_anybody_has_are_refused() -> None:
    many = "\n".join(f"'Net {number}' = 'Net 30'" for number in range(501))
    assert refused(f"[quickbooks.terms]\n{many}") == ["quickbooks.terms: takes at most 500 terms"]


def test_what_is_refused_is_shown_on_one_line_of_bounded_length() -> None:
    assert toml.shown("x" * 500) == f'"{"x" * 100}…"'
    assert toml.shown("a\x1b[31m\u202eb\n") == '"a\\u001b[31m\\u202eb\\n"'
    assert toml.shown([["deep", ["deeper"]], {"a": 1}]) == '[["deep", …], a = 1]'
    assert toml.shown(list(range(30))).endswith("19, …]")
    assert toml.shown(int("f" * 5000, 16)) == "a very large number"
    assert toml.name_of(("quickbooks", "terms", "Net\n30" + "x" * 200)).startswith(
        'quickbooks.terms."Net\\n30xxx'
    )


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("income_account", ("quickbooks", "income_account")),
        ("quickbooks.income_account", ("quickbooks", "income_account")),
        ("visible_to", ("permissions", "visible_to")),
        ("permissions.people", ("permissions", "people")),
        ("terms.Net 30", ("quickbooks", "terms", "Net 30")),
        ('quickbooks.terms."1.5 % 10, Net 30"', ("quickbooks", "terms", "1.5 % 10, Net 30")),
        ("layouts.bill.freight", ("quickbooks", "layouts", "bill", "freight")),
        ("layouts.bill", ("quickbooks", "layouts", "bill")),
        ("quickbooks", ("quickbooks",)),
    ],
)
def test_a_setting_is_named_with_or_without_its_section(name: str, path: tuple[str, ...]) -> None:
    assert path_named(name) == path


SAVED = tables_of(
    Sections(
        Access(Visibility.SELECTED, frozenset({"rowan@example.test"})),
        MappingRules(income_account_id="1", terms={"net 45": "3"}, start_date=dt.date(2026, 1, 1)),
        {"net 45": "Net 45"},
    ),
    LISTS,
)


@pytest.mark.parametrize(
    ("name", "text", "changed"),
    [
        ("income_account", "Old", {("quickbooks", "income_account"): "Old"}),
        ("income_account", None, {("quickbooks", "income_account"): None}),
        ("start_date", "2026-02-03", {("quickbooks", "start_date"): dt.date(2026, 2, 3)}),
        ("start_date", "soon", {("quickbooks", "start_date"): "soon"}),
        ("billable", "YES", {("quickbooks", "billable"): True}),
        ("billable", "perhaps", {("quickbooks", "billable"): "perhaps"}),
        ("layouts.bill.freight", "own", {("quickbooks", "layouts", "bill", "freight"): "own"}),
        ("layouts.bill.freight", None, {}),
        (
            "terms.NET  45",
            "id:3",
            {("quickbooks", "terms", "Net 45"): None, ("quickbooks", "terms", "NET  45"): "id:3"},
        ),
        ("terms.net 45", None, {("quickbooks", "terms", "Net 45"): None}),
        ("people", "a@b.test, c@d.test", {("permissions", "people"): ["a@b.test", "c@d.test"]}),
        ("visible_to", "all", {("permissions", "visible_to"): "all", ("permissions", "people"): None}),
        ("send", "invoice,bill", {("permissions", "send"): ["invoice", "bill"]}),
        ("send", None, {("permissions", "send"): None}),
    ],
)
def test_one_setting_is_put_into_its_section_alone(
    name: str, text: str | None, changed: dict[Any, Any]
) -> None:
    path = path_named(name)
    before = flat({path[0]: SAVED[path[0]]})
    after = flat(with_setting(SAVED, path, text))
    assert {
        key: after.get(key) for key in {**before, **after} if before.get(key) != after.get(key)
    } == changed


@pytest.mark.parametrize(
    "name",
    [
        "",
        "quickbooks",
        "permissions",
        "colour",
        "terms",
        "terms.",
        "layouts.bill",
        "rules",
        "people.x",
        "rules.1",
    ],
)
def test_what_is_no_single_setting_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        with_setting(SAVED, path_named(name), "x")
