"""The accounting API's edges: who is let in, what is read, and how everything else is refused."""

import pytest
import requests

from .conftest import code_of, error_of
from .documents import invoice, sales_line


def test_call_without_a_good_token_gets_the_lower_case_body(server, us):
    for authorization in ("", "Bearer nonsense", "Basic abc"):
        answer = requests.get(
            f"{us.address}/preferences", headers={**us.headers, "Authorization": authorization}, timeout=10
        )
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'
        body = answer.json()
        assert body["fault"]["type"] == "AUTHENTICATION"
        assert body["fault"]["error"][0]["code"] == "3200"
        assert body["batchItemResponse"] == []


def test_access_token_ends_after_an_hour(server, us):
    server.control("clock", {"advance": 3599})
    assert us.get("preferences").status_code == 200
    server.control("clock", {"advance": 1})
    assert us.get("preferences").status_code == 401


def test_token_of_another_company_is_refused(us, ca):
    answer = requests.get(f"{ca.address}/preferences", headers=us.headers, timeout=10)
    assert (answer.status_code, code_of(answer)) == (403, "3100")


@pytest.mark.parametrize("accept", ["*/*", "application/xml"])
def test_asking_for_no_json_gets_a_note_in_xml(us, accept):
    answer = us.call("GET", "preferences", headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert "Accept: application/json" in answer.text


def test_json_among_other_types_is_enough(us):
    accept = {"Accept": "application/json, text/plain, */*"}
    assert us.call("GET", "preferences", headers=accept).status_code == 200


def test_every_answer_has_a_number_of_its_own(us):
    numbers = {us.get("preferences").headers["intuit_tid"] for _ in range(3)}
    assert len(numbers) == 3


def test_preferences_and_company_can_be_read(us, ca):
    preferences = us.get("preferences").json()["Preferences"]
    assert preferences["TaxPrefs"]["UsingSalesTax"] is True
    assert preferences["SalesFormsPrefs"]["CustomTxnNumbers"] is True
    assert ca.rows("SELECT * FROM CompanyInfo")[0]["Country"] == "CA"
    assert ca.get("companyinfo/1").json()["CompanyInfo"]["CompanyName"] == "Maple Crest Promotions Inc."


def test_well_known_objects_have_the_ids_that_published_suites_use(us):
    assert us.get("account/42").json()["Account"]["AccountType"] == "Credit Card"
    assert us.get("account/86").json()["Account"]["AccountSubType"] == "DiscountsRefundsGiven"
    assert us.get("item/10").json()["Item"]["Type"] == "Service"
    assert us.get("taxcode/TAX").json()["TaxCode"]["Name"] == "TAX"
    assert us.rows("SELECT * FROM Account MAXRESULTS 1")[0]["Name"] == "Accounts Payable (A/P)"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "customer/abc", 400, "2030"),
        ("GET", "customer/9999", 400, "610"),
        ("GET", "spaceship/1", 400, "500"),
        ("GET", "customer", 400, "500"),
        ("GET", "customer/1/2/3", 400, "500"),
        ("PUT", "customer", 400, "500"),
        ("DELETE", "customer/1", 400, "500"),
        ("POST", "spaceship", 400, "500"),
        ("POST", "taxcode", 400, "500"),
        ("POST", "customer?operation=explode", 400, "500"),
        ("POST", "customer?operation=delete", 400, "500"),
        ("POST", "bill?operation=void", 400, "500"),
        ("POST", "query", 415, "500"),
    ],
)
def test_address_that_is_not_served_is_refused_with_a_fault(us, method, path, status, code):
    answer = us.call(method, path, json={"Id": "1", "SyncToken": "0"} if method == "POST" else None)
    assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"DisplayName": NaN}',
        b'{"DisplayName": Infinity}',
        b'{"DisplayName": "\\ud800"}',
        b'{"Notes": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"Line": ' + b'[{"GroupLineDetail": {"Line": ' * 300 + b"[]" + b"}}]" * 300 + b"}",
    ],
)
def test_body_that_is_not_readable_json_is_refused(us, data):
    answer = us.call("POST", "invoice", data=data, headers={"Content-Type": "application/json"})
    assert (answer.status_code, code_of(answer)) == (400, "2010")


def test_half_a_surrogate_pair_is_refused_in_what_is_valid_otherwise(us):
    data, headers = b'{"DisplayName": "Ash \\ud800"}', {"Content-Type": "application/json"}
    assert code_of(us.call("POST", "customer", data=data, headers=headers)) == "2010"


@pytest.mark.parametrize("depth", [100, 250])
def test_document_that_is_nested_too_deeply_is_refused(us, depth):
    line = sales_line(1)
    for _ in range(depth):
        line = {**sales_line(1), "GroupLineDetail": {"Line": [line]}}
    assert code_of(us.post("invoice", invoice(line))) == "2010"
    assert us.rows("SELECT * FROM Invoice") == []


def test_wrong_content_type_and_huge_body_are_refused_with_a_fault(us):
    answer = us.call("POST", "customer", data="DisplayName=x", headers={"Content-Type": "text/csv"})
    assert (answer.status_code, code_of(answer)) == (415, "500")
    huge = us.call("POST", "customer", json={"Notes": "x" * 1_000_001})
    assert (huge.status_code, code_of(huge)) == (413, "500")


@pytest.mark.parametrize("requestid", ["", "x" * 51])
def test_requestid_must_have_1_to_50_characters(us, requestid):
    answer = us.post("customer", {"DisplayName": "Nobody"}, requestid=requestid)
    assert code_of(answer) == "2130"
    assert us.rows("SELECT * FROM Customer WHERE DisplayName = 'Nobody'") == []


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        ({"Colour": "red"}, "2010", None),
        ({"BillAddr": {"Lime1": "x"}}, "2010", None),
        ({"BillAddr": "x"}, "2010", None),
        ({"Notes": {"a": 1}}, "2010", None),
        ({"Active": "maybe"}, "2010", None),
        ({"OpenBalanceDate": "yesterday"}, "2010", None),
        ({"OtherAddr": "x"}, "2010", None),
        ({"SalesTermRef": "3"}, "2010", None),
        ({"Notes": "x" * 2001}, "2050", "Notes"),
        ({"BillAddr": {"Line1": "x" * 501}}, "2050", "Line1"),
        ({"BillAddr": {f"Line{n}": "x" * 500 for n in range(1, 6)}}, "2050", "BillAddr"),
        ({"Notes": "bell \x07"}, "2040", "Notes"),
        ({"CreditLimit": "lots"}, "2080", "CreditLimit"),
        ({"CreditLimit": 10**12}, "2080", "CreditLimit"),
        ({"CreditLimit": "1e999999999"}, "2080", "CreditLimit"),
        ({"CreditLimit": True}, "2080", "CreditLimit"),
        ({"SalesTermRef": {"value": "99"}}, "2500", "SalesTermRef"),
        ({"PrimaryEmailAddr": {"Address": "nowhere"}}, "6000", "PrimaryEmailAddr"),
    ],
)
def test_field_that_breaks_its_rule_is_refused_and_nothing_is_stored(us, body, code, element):
    answer = us.post("customer", {"DisplayName": "Nobody", **body})
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert error_of(answer).get("element") == element
    assert us.rows("SELECT * FROM Customer WHERE DisplayName = 'Nobody'") == []


def test_unknown_key_is_named_together_with_the_known_ones(us):
    detail = error_of(us.post("invoice", {**invoice(), "Totel": 5}))["Detail"]
    assert detail.startswith('Property Name:Unrecognized field "Totel"')
    assert '"TotalAmt"' in detail
    assert detail.endswith("specified is unsupported or invalid")


def test_empty_values_and_read_only_fields_are_ignored(us):
    made = us.made(
        "customer",
        {
            "DisplayName": "Quiet",
            "Balance": 5000,
            "domain": "QBO",
            "sparse": False,
            "Notes": "",
            "OtherAddr": [],
            "SalesTermRef": {"value": ""},
            "PrimaryPhone": {"FreeFormNumber": ""},
            "SyncToken": 7,
            "MetaData": {},
        },
    )
    assert (made["Balance"], made["SyncToken"]) == (0, "0")
    assert not {"Notes", "SalesTermRef", "PrimaryPhone", "OtherAddr"} & set(made)


def test_exact_decimals_come_back_as_they_were_sent(us):
    numbers = '"UnitPrice":0.1234567,"PurchaseCost":99999999999'
    text = f'{{"Name":"Pin","Type":"Service","IncomeAccountRef":{{"value":2}},{numbers}}}'
    answer = us.call("POST", "item", data=text, headers={"Content-Type": "application/json"})
    assert '"UnitPrice":0.1234567' in answer.text
    assert '"PurchaseCost":99999999999' in answer.text
