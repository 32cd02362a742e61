"""The query language: what is understood, what is refused, and in what order answers come."""

import pytest

from webapp.sandbox import query, selecting
from webapp.sandbox.store import Store

from .conftest import code_of, error_of
from .documents import invoice


def names(company, text):
    return [row.get("DisplayName") or row.get("Name") for row in company.rows(text)]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("DisplayName = 'Kestrel Dental'", ["Kestrel Dental"]),
        ("displayname = 'KESTREL DENTAL'", ["Kestrel Dental"]),
        ("DisplayName LIKE 'Harborlight%'", ["Harborlight CU Foundation", "Harborlight Credit Union"]),
        ("DisplayName LIKE '%_%' AND Id = '3'", []),
        ("Id IN ('3', '1')", ["Alder & Finch Events", "Corvid Street Books"]),
        ("Id IN (3,1)", ["Alder & Finch Events", "Corvid Street Books"]),
        ("Job = true AND ParentRef = '17'", ["Spring Gala"]),
        ("Active IN (true,false) AND DisplayName LIKE '%(deleted)'",
         ["Brass Lantern Inn (deleted)", "Old Mill Bakery (deleted)"]),
        ("Active = false", ["Brass Lantern Inn (deleted)", "Old Mill Bakery (deleted)"]),
        ("PrimaryEmailAddr = 'admin@quillstone.example'", ["Quillstone Law Group"]),
        ("GivenName != '' AND FamilyName = 'whitfield'", ["Dana Whitfield"]),
        ("Balance > '0'", []),
        ("Balance < 1 AND Id = '2'", ["Birchline Outfitters Inc."]),
        ("MetaData.LastUpdatedTime > '2999-01-01'", []),
        ("MetaData.CreateTime >= '2020-01-01T00:00:00-08:00' AND Id = '1'", ["Alder & Finch Events"]),
    ],
)  # fmt: skip
def test_conditions_find_what_they_say(us, where, found):
    assert names(us, f"SELECT * FROM Customer WHERE {where}") == found


def test_names_are_compared_without_case_also_beyond_ascii(ca):
    assert names(ca, "select * from Customer where DisplayName = 'érable & fils traiteur'") == [
        "Érable & Fils Traiteur"
    ]
    assert names(ca, "select * from Customer where DisplayName like 'THÉÂTRE%'") == ["Théâtre du Vieux-Port"]


def test_quote_is_escaped_with_a_backslash(us):
    us.made("customer", {"DisplayName": "Amy's Bird Sanctuary"})
    assert names(us, r"SELECT * FROM Customer WHERE DisplayName = 'Amy\'s Bird Sanctuary'") == [
        "Amy's Bird Sanctuary"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM Term ORDERBY DueDays DESC STARTPOSITION 2 MAXRESULTS 2",
        "select * from term order by DueDays desc maxresults 2 startposition 2",
        "SELECT *, Id FROM Term ORDERBY DueDays DESC, Name ASC MAXRESULTS 2 STARTPOSITION 2",
    ],
)
def test_paging_works_in_either_order(us, text):
    answer = us.query(text).json()["QueryResponse"]
    assert [term["Name"] for term in answer["Term"]] == ["Net 45", "Net 30"]
    assert (answer["startPosition"], answer["maxResults"]) == (2, 2)


def test_no_row_gives_an_empty_answer(us):
    answer = us.query("SELECT * FROM Invoice").json()
    assert answer["QueryResponse"] == {}
    assert answer["time"]


def test_count_counts_active_objects(us):
    assert us.query("SELECT COUNT(*) FROM Customer").json()["QueryResponse"] == {"totalCount": 24}


def test_selected_fields_come_alone_and_marked_sparse(us):
    row = us.rows("SELECT DisplayName, MetaData.CreateTime FROM Customer WHERE Id = '1'")[0]
    assert set(row) == {"domain", "sparse", "Id", "DisplayName", "MetaData"}
    assert row["sparse"] is True


def test_unordered_names_come_by_full_name_with_children_behind_their_parent(us):
    us.made("customer", {"DisplayName": "Pemberwick School Bus"})
    us.made("customer", {"DisplayName": "abacus"})
    found = names(us, "SELECT * FROM Customer")
    at = found.index("Pemberwick School District")
    assert found[at : at + 3] == [
        "Pemberwick School District",
        "High School Boosters",
        "Middle School Art Club",
    ]
    assert found[-1] == "abacus"


def test_unordered_transactions_come_newest_first(us):
    made = [us.made("invoice", invoice())["Id"] for _ in range(3)]
    assert [row["Id"] for row in us.rows("SELECT * FROM Invoice")] == made[::-1]


def test_pseudo_tax_codes_come_first(us):
    assert [row["Id"] for row in us.rows("SELECT * FROM TaxCode")][:2] == ["NON", "TAX"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT * FROM Customer WHERE Id = '1' OR Id = '2'", "4000"),
        ("SELECT * FROM Customer, Vendor", "4000"),
        ("SELECT * FROM Customer GROUP BY Id", "4000"),
        ("SELECT FROM Customer", "4000"),
        ("SELECT * Customer", "4000"),
        ("DELETE FROM Customer", "4000"),
        ("SELECT * FROM Customer WHERE DisplayName = 'open", "4000"),
        ("SELECT * FROM Customer WHERE DisplayName", "4000"),
        ("SELECT * FROM Customer WHERE Id IN ()", "4000"),
        ("SELECT * FROM Customer MAXRESULTS 5 MAXRESULTS 5", "4000"),
        ("SELECT * FROM Customer MAXRESULTS 1.5", "4000"),
        ("SELECT * FROM Customer; DROP TABLE object", "4000"),
        ("SELECT * FROM Customer STARTPOSITION 0", "4001"),
        ("SELECT * FROM Customer STARTPOSITION -1", "4001"),
        ("SELECT * FROM Customer MAXRESULTS 1001", "4001"),
        ("SELECT * FROM Customer WHERE Nonsense = '1'", "4001"),
        ("SELECT Nonsense FROM Customer", "4001"),
        ("SELECT * FROM Customer ORDERBY Nonsense", "4001"),
        ("SELECT * FROM Customer WHERE Notes = 'x'", "4001"),
        ("SELECT * FROM PurchaseOrder WHERE VendorRef = '31'", "4001"),
        ("SELECT * FROM Customer WHERE Id > '1'", "4001"),
        ("SELECT * FROM Customer WHERE Balance > 'much'", "4001"),
        ("SELECT * FROM Customer WHERE Active = 'maybe'", "4001"),
        ("SELECT * FROM Customer WHERE MetaData.CreateTime > 'noon'", "4001"),
        ("SELECT * FROM Spaceship", "4001"),
        ("", "2020"),
    ],
)
def test_query_outside_the_language_is_refused(us, text, code):
    answer = us.query(text)
    assert (answer.status_code, code_of(answer)) == (400, code)


def test_refusals_of_queries_say_what_is_wrong(us):
    assert error_of(us.query("SELECT * FROM Spaceship"))["Detail"].endswith(
        "invalid context declaration: Spaceship"
    )
    assert "Property Nope not found for Entity Customer" in us.query("SELECT Nope FROM Customer").text
    assert (
        "value 0 is too small. Min allowed value is 1" in us.query("SELECT * FROM Item STARTPOSITION 0").text
    )


def test_vendor_of_a_bill_can_be_asked_for(us):
    assert us.query("SELECT * FROM Bill WHERE VendorRef = '31'").json()["QueryResponse"] == {}


def test_query_may_be_posted_as_text(us):
    answer = us.call(
        "POST",
        "query",
        data="select * from Term where Name = 'Net 30'",
        headers={"Content-Type": "application/text"},
    )
    assert answer.json()["QueryResponse"]["Term"][0]["Id"] == "3"


def test_query_posted_as_something_else_is_refused(us):
    assert us.call("POST", "query", json={"query": "select * from Term"}).status_code == 415


def test_quoted_numbers_and_dates_compare_by_value(us):
    us.made("invoice", invoice(DocNumber="9", TxnDate="2026-03-01"))
    assert us.rows("SELECT * FROM Invoice WHERE TotalAmt > '99.5' AND TxnDate >= '2026-03-01'")
    assert not us.rows("SELECT * FROM Invoice WHERE TotalAmt > '100.00'")


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("AttachableRef.EntityRef.Type = 'invoice' AND AttachableRef.EntityRef.value = '1'", ["bill me"]),
        ("attachableref.entityref = '1'", ["bill me", "call back"]),
        ("AttachableRef.EntityRef.value IN ('2','3')", ["two targets"]),
        ("AttachableRef.EntityRef.value LIKE '9%'", []),
    ],
)
def test_members_of_lists_can_be_asked_for(us, where, found):
    us.made("invoice", invoice())
    for note, *targets in (("bill me", "Invoice:1"), ("call back", "Customer:1"),
                           ("two targets", "Customer:2", "Customer:3")):  # fmt: skip
        references = [
            {"EntityRef": dict(zip(("type", "value"), target.split(":"), strict=True))} for target in targets
        ]
        us.made("attachable", {"Note": note, "AttachableRef": references})
    assert sorted(row["Note"] for row in us.rows(f"SELECT * FROM Attachable WHERE {where}")) == found


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM Customer WHERE DisplayName LIKE '" + "%a" * 501 + "'",
        "SELECT * FROM Customer WHERE " + " AND ".join(["Id = '1'"] * 101),
        "SELECT * FROM Customer WHERE Id IN (" + ",".join(["'1'"] * 20_000) + ")",
        "SELECT * FROM Customer WHERE DisplayName = '" + "x" * 70_000 + "'",
    ],
)
def test_query_that_nobody_would_write_is_refused(us, text):
    answer = us.call("POST", "query", data=text, headers={"Content-Type": "application/text"})
    assert (answer.status_code, code_of(answer)) in ((400, "4000"), (400, "4001"))


def test_long_list_of_ids_is_answered(us):
    text = "SELECT * FROM Customer WHERE Id IN (" + ",".join(f"'{n}'" for n in range(5000)) + ") MAXRESULTS 5"
    answer = us.call("POST", "query", data=text, headers={"Content-Type": "application/text"})
    assert len(answer.json()["QueryResponse"]["Customer"]) == 5


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("SELECT * FROM Customer", "object_listed"),
        ("SELECT * FROM Customer STARTPOSITION 90001", "object_listed"),
        ("SELECT COUNT(*) FROM Customer", "COVERING INDEX"),
        ("SELECT * FROM Customer WHERE DisplayName = 'x'", "object_name"),
        ("SELECT * FROM Customer WHERE DisplayName LIKE 'x%'", "object_name"),
        ("SELECT * FROM Customer WHERE FullyQualifiedName = 'x:y'", "object_full_name"),
        ("SELECT * FROM Customer WHERE Id IN ('1','2')", "sqlite_autoindex_object_1"),
        ("SELECT * FROM Customer WHERE MetaData.LastUpdatedTime > '2026-01-01'", "object_recent"),
        ("SELECT * FROM Invoice", "object_recent"),
        ("SELECT * FROM Invoice WHERE DocNumber = '1037'", "object_number"),
    ],
)
def test_answer_is_found_by_an_index_and_not_by_walking_the_list(tmp_path, text, index):
    store = Store(str(tmp_path / "store.sqlite3"))
    asked = []
    with store.reading() as db:
        db.set_trace_callback(asked.append)
        selecting.run(db, "1", query.parse(text))
        db.set_trace_callback(None)
        plan = db.execute("EXPLAIN QUERY PLAN " + asked[0]).fetchall()
    store.close()
    assert index in plan[0][3]
