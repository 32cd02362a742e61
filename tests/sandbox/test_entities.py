"""Accounts, small lists, employees, time, attachments and all transactions: what each of them insists on."""

import pytest

from tests.sandbox.conftest import code_of, error_of
from tests.sandbox.documents import bill, invoice, sales_line
from tests.sandbox.money import payment, sparse
from tests.sandbox.quickbooks_table import ROWS
from webapp.sandbox import entities

BANK = {"value": "35"}


@pytest.mark.parametrize(
    ("sent", "kind", "subtype", "classification"),
    [
        ({"AccountType": "Bank"}, "Bank", "CashOnHand", "Asset"),
        ({"AccountSubType": "Travel"}, "Expense", "Travel", "Expense"),
        ({"AccountSubType": "CreditCard"}, "Credit Card", "CreditCard", "Liability"),
        ({"AccountType": "Other Income"}, "Other Income", "OtherMiscellaneousIncome", "Revenue"),
    ],
)  # fmt: skip
def test_account_gets_what_its_type_implies(us, sent, kind, subtype, classification):
    made = us.made("account", {"Name": "New", **sent})
    assert (made["AccountType"], made["AccountSubType"], made["Classification"]) == (
        kind,
        subtype,
        classification,
    )
    assert (made["CurrentBalance"], made["SubAccount"], made["FullyQualifiedName"]) == (0, False, "New")


@pytest.mark.parametrize(
    ("sent", "code", "element"),
    [
        ({}, "6010", None),
        ({"AccountType": "Piggy bank"}, "2010", None),
        ({"AccountType": "Expense", "AccountSubType": "Checking"}, "6000", None),
        ({"AccountType": "Expense", "Name": 'The "best"'}, "2040", "Name"),
        ({"AccountType": "Expense", "Name": "Rent:East"}, "2040", "Name"),
        ({"AccountType": "Expense", "Name": "x" * 101}, "2050", "Name"),
        ({"AccountType": "Expense", "AcctNum": "1:2"}, "2040", "AcctNum"),
        ({"AccountType": "Expense", "AcctNum": "12345678"}, "2050", "AcctNum"),
        ({"AccountType": "Expense", "Name": "advertising"}, "6240", None),
    ],
)
def test_account_that_breaks_a_rule_is_refused(us, sent, code, element):
    answer = us.post("account", {"Name": "New", **sent})
    assert (code_of(answer), error_of(answer).get("element")) == (code, element)


def test_account_number_is_longer_in_canada(ca):
    assert ca.made("account", {"Name": "New", "AccountType": "Expense", "AcctNum": "1" * 20})["AcctNum"]


def test_five_levels_of_accounts_are_the_most(us):
    parent = "10"
    for number in range(4):
        made = us.made(
            "account", {"Name": f"L{number}", "AccountType": "Expense", "ParentRef": {"value": parent}}
        )
        parent = made["Id"]
    assert made["FullyQualifiedName"] == "Advertising:L0:L1:L2:L3"
    answer = us.post("account", {"Name": "L4", "AccountType": "Expense", "ParentRef": {"value": parent}})
    assert code_of(answer) == "6000"


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("account", {"Name": "Gone", "AccountType": "Expense"}, ("Name", "FullyQualifiedName")),
        ("class", {"Name": "Gone"}, ("Name", "FullyQualifiedName")),
        ("department", {"Name": "Gone"}, ("Name", "FullyQualifiedName")),
        ("term", {"Name": "Gone", "DueDays": 3}, ("Name",)),
        ("paymentmethod", {"Name": "Gone"}, ("Name",)),
        ("employee", {"DisplayName": "Gone", "GivenName": "Al"}, ("DisplayName",)),
    ],
)
def test_what_is_made_inactive_gives_its_name_free(us, path, body, fields):
    made = us.made(path, body)
    name = fields[0]
    gone = us.made(path, sparse(made, Active=False, **({"Name": "Gone"} if name == "Name" else {})))
    assert {field: gone[field] for field in fields} == dict.fromkeys(fields, "Gone (deleted)")
    again = us.made(path, body)
    assert again["Id"] != made["Id"]


def test_sub_classes_and_sub_departments_are_marked(us):
    made = us.made("class", {"Name": "Colleges", "ParentRef": {"value": "2"}})
    assert (made["FullyQualifiedName"], made["SubClass"]) == ("Education:Colleges", True)
    made = us.made("department", {"Name": "Harbor", "ParentRef": {"value": "1"}})
    assert (made["FullyQualifiedName"], made["SubDepartment"]) == ("Baltimore:Harbor", True)


@pytest.mark.parametrize(
    ("sent", "code", "element"),
    [
        ({}, "2020", "DueDays"),
        ({"DueDays": 1000}, "2080", "DueDays"),
        ({"DayOfMonthDue": 32}, "2080", "DayOfMonthDue"),
        ({"DueDays": 1, "DiscountPercent": 101}, "2080", "DiscountPercent"),
        ({"DueDays": 1, "Name": "x" * 32}, "2050", "Name"),
        ({"DueDays": 1, "Name": "Net 30"}, "6240", None),
    ],
)
def test_term_that_breaks_a_rule_is_refused(us, sent, code, element):
    answer = us.post("term", {"Name": "New", **sent})
    assert (code_of(answer), error_of(answer).get("element")) == (code, element)


def test_term_by_the_day_of_the_month_says_so(us):
    assert us.made("term", {"Name": "The tenth", "DayOfMonthDue": 10})["Type"] == "DATE_DRIVEN"
    assert us.made("term", {"Name": "Net 10", "DueDays": 10})["Type"] == "STANDARD"


def test_employee_shares_the_names_and_hides_the_tax_number(us):
    made = us.made("employee", {"GivenName": "Ines", "FamilyName": "Rowe", "SSN": "123-45-6789"})
    assert (made["DisplayName"], made["SSN"]) == ("Ines Rowe", "XXXXXXX6789")
    assert code_of(us.post("vendor", {"DisplayName": "Ines Rowe"})) == "6240"
    assert code_of(us.post("employee", {"Active": True})) == "2020"


@pytest.mark.parametrize(
    ("sent", "code", "element"),
    [
        ({"NameOf": "Vendor", "Hours": 1}, "2020", "VendorRef"),
        ({"NameOf": "Employee", "EmployeeRef": {"value": "51"}}, "2020", "Hours"),
        ({"EmployeeRef": {"value": "51"}, "Hours": 1}, "2020", "NameOf"),
        ({"NameOf": "Employee", "EmployeeRef": {"value": "31"}, "Hours": 1}, "2500", "EmployeeRef"),
        ({"NameOf": "Employee", "EmployeeRef": {"value": "51"}, "Minutes": 60}, "2080", "Minutes"),
        (
            {"NameOf": "Employee", "EmployeeRef": {"value": "51"}, "Hours": 1, "BillableStatus": "Billable"},
            "6310",
            "CustomerRef",
        ),
    ],
)
def test_time_activity_that_breaks_a_rule_is_refused(us, sent, code, element):
    answer = us.post("timeactivity", sent)
    assert (code_of(answer), error_of(answer).get("element")) == (code, element)


def test_attachable_names_what_it_belongs_to_and_goes_without_a_token(us):
    made = us.made("invoice", invoice())
    target = {"EntityRef": {"type": "Invoice", "value": made["Id"]}}
    note = us.made("attachable", {"Note": "Rush", "AttachableRef": [target]})
    assert note["AttachableRef"][0]["EntityRef"] == {"value": made["Id"], "type": "Invoice"}
    query = "SELECT * FROM Attachable WHERE AttachableRef.EntityRef.Type = 'invoice'"
    assert [row["Id"] for row in us.rows(query)] == [note["Id"]]
    deleted = us.made("attachable", {"Id": note["Id"]}, operation="delete")
    assert deleted == {"domain": "QBO", "status": "Deleted", "Id": note["Id"]}
    target["EntityRef"]["value"] = "999"
    assert code_of(us.post("attachable", {"Note": "Rush", "AttachableRef": [target]})) == "2500"
    assert code_of(us.post("attachable", {"Category": "Image"})) == "2020"


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row[2] and name != "Attachable"])
def test_every_transaction_can_be_deleted_once_and_with_the_current_token(us, name):
    path = name.lower()
    made = us.made(path, ROWS[name][0])
    stale = {"Id": made["Id"], "SyncToken": "7"}
    assert code_of(us.post(path, stale, operation="delete")) == "5010"
    current = {"Id": made["Id"], "SyncToken": made["SyncToken"]}
    deleted = us.made(path, current, operation="delete")
    assert deleted == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    assert code_of(us.get(f"{path}/{made['Id']}")) == "610"
    assert code_of(us.post(path, current, operation="delete")) == "610"


@pytest.mark.parametrize(
    ("path", "body", "params"),
    [
        ("invoice", invoice(), {"operation": "void"}),
        ("payment", payment(12), {"operation": "update", "include": "void"}),
        ("salesreceipt", {"Line": [sales_line(9)]}, {"operation": "update", "include": "void"}),
    ],
)
def test_void_keeps_the_transaction_at_zero(us, path, body, params):
    made = us.made(path, body)
    voided = us.made(path, sparse(made), **params)
    assert (voided["TotalAmt"], voided["PrivateNote"], voided["SyncToken"]) == (0, "Voided", "1")


@pytest.mark.parametrize("path", ["estimate", "creditmemo", "bill", "purchase", "transfer", "journalentry"])
def test_what_has_no_void_refuses_it(us, path):
    name = next(name for name, spec in entities.BY_NAME.items() if spec.path == path)
    made = us.made(path, ROWS[name][0])
    assert code_of(us.post(path, sparse(made), operation="void")) == "500"


@pytest.mark.parametrize(
    ("path", "body", "wanted"),
    [
        ("vendorcredit", bill(), "VendorRef"),
        ("purchase", ROWS["Purchase"][0], "PaymentType"),
        ("account", ROWS["Account"][0], "Name"),
    ],
)
def test_sparse_update_must_carry_what_intuit_insists_on(us, path, body, wanted):
    made = us.made(path, body)
    answer = us.post(path, sparse(made))
    assert (code_of(answer), error_of(answer)["element"]) == ("2020", wanted)


def test_credit_card_payment_goes_by_two_names(us):
    made = us.made("creditcardpayment", ROWS["CreditCardPayment"][0])
    assert list(us.get(f"creditcardpayment/{made['Id']}").json()) == ["CreditCardPaymentTxn", "time"]
    found = us.query("SELECT * FROM CreditCardPayment").json()["QueryResponse"]
    assert found["CreditCardPaymentTxn"] == [made]
    wrong = {**ROWS["CreditCardPayment"][0], "CreditCardAccountRef": BANK}
    assert code_of(us.post("creditcardpayment", wrong)) == "6430"
