"""Every fault code of Intuit's list, each provoked over HTTP, and the body that comes with it."""

import re
from dataclasses import dataclass

import pytest
import requests

from tests.sandbox.conftest import JSON
from tests.sandbox.documents import account_line, bill, invoice, item_line, order, sales_line
from tests.sandbox.money import deposit, deposit_line, payment, pays, sparse

ERRORS = {}
VALIDATION = "ValidationFault"


@dataclass(frozen=True)
class Row:
    """What a code's answer holds; texts are patterns for the whole of a text."""

    message: str
    detail: str
    element: str | None = None
    status: int = 400
    kind: str = VALIDATION


def provoked_by(code, *row, **more):
    """Register a function that provokes a code, with the row that its answer must match."""

    def register(provoke):
        ERRORS[f"{code}-{provoke.__name__.strip('_')}"] = (code, provoke, Row(*row, **more))
        return provoke

    return register


def ordered(server, us, kind, path="customer/1"):
    """Order a failure that no request can provoke by itself, and meet it."""
    server.control("faults", {"kind": kind})
    return us.get(path)


def preferences(us, **sections):
    us.made("preferences", {"Id": "1", "SyncToken": us.get("preferences").json()["Preferences"]["SyncToken"],
                            "sparse": True, **sections})  # fmt: skip


@provoked_by(
    "120", "Authorization Failure", "AuthorizationFailure: .*-11014", status=401, kind="AuthorizationFault"
)
def user_without_rights(server, us):
    return ordered(server, us, "no_rights")


@provoked_by("500", "Unsupported Operation", r"Could not find resource for relative : .*/spaceship/1")
def unknown_address(server, us):
    return us.get("spaceship/1")


@provoked_by("500", "Unsupported Operation", r"Could not find resource for relative : operation=explode")
def unknown_operation(server, us):
    return us.post("customer?operation=explode", {"Id": "1"})


@provoked_by("600", "Duplicate Request Id", "This requestid has been used for another request")
def requestid_of_another_request(server, us):
    server.control("choices", {"changed_request": "refused"})
    us.made("invoice", invoice(), requestid="taken")
    return us.post("customer", {"DisplayName": "A"}, requestid="taken")


@provoked_by("600", "Duplicate Request Id", "This requestid has been used for another request")
def requestid_taken(server, us):
    return ordered(server, us, "duplicate_request")


@provoked_by("610", "Object Not Found", "Object Not Found : .*does not exist or was deleted")
def deleted_object(server, us):
    return us.get("invoice/999")


@provoked_by("610", "Object Not Found", "Object Not Found : .*made inactive", "CustomerRef")
def inactive_reference(server, us):
    return us.post("invoice", invoice(customer="24"))


@provoked_by("620", "Transaction cannot be linked", "Transaction cannot be linked : .+", "LinkedTxn")
def payment_of_anothers_invoice(server, us):
    owed = us.made("invoice", invoice(customer="2"))
    return us.post("payment", payment(10, pays("Invoice", owed["Id"], 10)))


@provoked_by("630", "Duplicate Object", "Duplicate Object : the company already uses CAD", "Code")
def currency_in_use(server, us):
    return us.post("companycurrency", {"Code": "CAD"})


@provoked_by("1040", ".*batch.*", ".*30.*")
def batch_of_31(server, us):
    items = [{"bId": str(number), "Query": "SELECT * FROM Term"} for number in range(31)]
    return us.post("batch", {"BatchItemRequest": items})


@provoked_by("2010", "MalformedRequest", "Batch Request is Empty")
def empty_batch(server, us):
    return us.post("batch", {"BatchItemRequest": []})


@provoked_by(
    "2010",
    "Request has invalid or unsupported property",
    r'Property Name:Unrecognized field "Spaceship" \(Customer\), not marked as ignorable '
    r'\(known properties: .*"DisplayName".*\) specified is unsupported or invalid',
)
def unknown_property(server, us):
    return us.post("customer", {"DisplayName": "A", "Spaceship": 1})


@provoked_by(
    "2020",
    "Required param missing.*",
    "Required parameter CustomerRef is missing in the request",
    "CustomerRef",
)
def missing_parameter(server, us):
    return us.post("invoice", {"Line": [sales_line(1)]})


@provoked_by("2030", "Invalid ID", "Id should be a valid number. Supplied value:abc", "Id")
def id_that_is_no_number(server, us):
    return us.get("customer/abc")


@provoked_by("2040", "Invalid String", "DisplayName has characters that are not allowed", "DisplayName")
def colon_in_a_name(server, us):
    return us.post("customer", {"DisplayName": "A:B"})


@provoked_by("2050", "Length exceeds limit", "Length of the field exceeds 21 chars", "DocNumber")
def number_of_22_characters(server, us):
    return us.post("invoice", invoice(DocNumber="x" * 22))


@provoked_by("2080", "Illegal number format", "Amount is not a number.*", "Amount")
def amount_in_words(server, us):
    return us.post("invoice", invoice(sales_line("many")))


@provoked_by("2130", "Invalid Request Id", "requestid must have 1 to 50 characters", "requestid")
def long_requestid(server, us):
    return us.post("customer", {"DisplayName": "A"}, requestid="x" * 51)


@provoked_by(
    "2500", "Invalid Reference Id", "Invalid Reference Id : Accounts element id 2109 not found", "AccountRef"
)
def unknown_account(server, us):
    return us.post("bill", bill(account_line(1, account="2109")))


@provoked_by(
    "3001",
    "message=ThrottleExceeded; errorCode=003001; statusCode=429",
    "The request limit was reached.  Try again later",
    status=429,
    kind="SERVICE",
)
def too_many_calls(server, us):
    return ordered(server, us, "429")


@provoked_by(
    "3100", "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403", ".+", status=403,
    kind="AuthorizationFault",
)  # fmt: skip
def token_of_another_company(server, us):
    other = server.company("ca")
    return requests.get(f"{us.address}/customer/1", headers=other.headers, timeout=10)


@provoked_by("4000", "Error parsing query", 'QueryParserError: Encountered "OR" .+')
def query_with_or(server, us):
    return us.query("SELECT * FROM Customer WHERE Active = true OR Job = true")


@provoked_by("4001", "Invalid query", "QueryValidationError: Property Shoe not found for Entity Customer")
def query_for_an_unknown_property(server, us):
    return us.query("SELECT * FROM Customer WHERE Shoe = '44'")


@provoked_by("4001", "Invalid query", "QueryValidationError: property 'VendorRef' is not queryable")
def query_by_what_is_not_queryable(server, us):
    return us.query("SELECT * FROM PurchaseOrder WHERE VendorRef = '31'")


@provoked_by("4001", "Invalid query", "QueryValidationError: value 0 is too small. Min allowed value is 1")
def query_from_row_zero(server, us):
    return us.query("SELECT * FROM Customer STARTPOSITION 0")


@provoked_by("4001", "Invalid query", "QueryValidationError: invalid context declaration: Spaceship")
def query_for_an_unknown_entity(server, us):
    return us.query("SELECT * FROM Spaceship")


@provoked_by("5010", "Stale Object Error", "Stale Object Error : .+ changed this object .+")
def stale_token(server, us):
    return us.post("customer", {"Id": "1", "SyncToken": "7", "sparse": True, "Notes": "x"})


@provoked_by("5020", "Feature Not Supported Error", "Permission Denied Error : .*several currencies")
def feature_that_the_company_lacks(server, us):
    return server.company("ca").post("companycurrency", {"Code": "EUR"})


@provoked_by(
    "5020", "Feature Not Supported Error", "Permission Denied Error : .*PurchaseOrder.*Plus and Advanced"
)
def order_in_a_small_edition(server, us):
    company = us.get("companyinfo/1").json()["CompanyInfo"]
    values = [{"Name": "OfferingSku", "Value": "QuickBooks Online Essentials"}]
    us.made("companyinfo", sparse(company, NameValue=values))
    return us.post("purchaseorder", order())


@provoked_by("6000", "A business validation error has occurred.*", ".*zero or more", "TotalAmt")
def negative_total(server, us):
    return us.post("invoice", invoice(sales_line(-1)))


@provoked_by("6010", "Account type or sub-type missing", "AccountType or AccountSubType is required")
def account_of_no_type(server, us):
    return us.post("account", {"Name": "Typeless"})


@provoked_by(
    "6070",
    "Amount calculation incorrect.*",
    "Amount is not equal to UnitPrice .+ Supplied value:99",
    "Amount",
)
def amount_that_is_no_product(server, us):
    return us.post("invoice", invoice(sales_line(99, Qty=2, UnitPrice=50)))


@provoked_by("6100", "Invalid tax code", "TaxCodeRef 2 .*TAX or NON.*", "TaxCodeRef")
def rate_on_a_us_line(server, us):
    return us.post("invoice", invoice(sales_line(1, tax="2")))


@provoked_by(
    "6140",
    "Duplicate Document Number Error",
    r"Duplicate Document Number Error : .* DocNumber=1037 is assigned to TxnType=Invoice with TxnId=\d+",
    "DocNumber",
)
def number_twice(server, us):
    us.made("invoice", invoice(DocNumber="1037"))
    return us.post("invoice", invoice(DocNumber="1037"))


@provoked_by("6190", "Invalid Company Status", ".*subscription.*")
def subscription_ended(server, us):
    return ordered(server, us, "subscription_ended")


@provoked_by("6200", "Account Period Closed", ".*closing date must be moved.*", "TxnDate")
def period_closed_without_a_password(server, us):
    server.control("choices", {"closed_books": "6200"})
    preferences(us, AccountingInfoPrefs={"BookCloseDate": "2025-12-31"})
    return us.post("invoice", invoice(TxnDate="2025-12-31"))


@provoked_by("6200", "Account Period Closed", ".*closing date must be moved.*", "TxnDate")
def closed_without_a_password(server, us):
    return ordered(server, us, "closed_without_password")


@provoked_by(
    "6210",
    "Account Period Closed, Cannot Update Through Services API",
    "The account period has closed.+",
    "TxnDate",
)
def closed_period(server, us):
    preferences(us, AccountingInfoPrefs={"BookCloseDate": "2025-12-31"})
    return us.post("invoice", invoice(TxnDate="2025-12-31"))


@provoked_by("6240", "Duplicate Name Exists Error", "The name supplied already exists. : null")
def name_of_a_vendor(server, us):
    return us.post("customer", {"DisplayName": "Brightside Drinkware"})


@provoked_by(
    "6270",
    "Transaction date is prior to start date.*",
    ".*2024-01-01 for inventory item Crystal Award",
    "TxnDate",
)
def sale_before_the_stock_began(server, us):
    return us.post("invoice", invoice(sales_line(74, item="9"), TxnDate="2023-12-31"))


@provoked_by("6310", "Billable line without customer", ".*CustomerRef is missing", "CustomerRef")
def billable_to_nobody(server, us):
    return us.post("bill", bill(account_line(1, BillableStatus="Billable")))


@provoked_by("6320", "Billable expense not allowed", ".*BillableStatus cannot be Billable", "BillableStatus")
def billable_where_it_is_off(server, us):
    preferences(us, VendorAndPurchasesPrefs={"BillableExpenseTracking": False})
    line = item_line(1, BillableStatus="Billable", CustomerRef={"value": "1"})
    return us.post("bill", bill(line))


@provoked_by(
    "6430",
    "Invalid account type used",
    "APAccountRef must name an account of type Accounts Payable",
    "APAccountRef",
)
def bank_account_as_payable(server, us):
    return us.post("bill", bill(APAccountRef={"value": "35"}))


@provoked_by(
    "6440", "Line has no item or account", "Every line must name the item or the account.+", "AccountRef"
)
def deposit_from_nowhere(server, us):
    line = deposit_line(5, "4")
    del line["DepositLineDetail"]["AccountRef"]
    return us.post("deposit", deposit(line))


@provoked_by(
    "6540", "Deposited Transaction cannot be changed", "Deposited Transaction cannot be changed : .+"
)
def change_of_a_deposited_payment(server, us):
    paid = us.made("payment", payment(50))
    line = {"Amount": 50, "LinkedTxn": [{"TxnId": paid["Id"], "TxnType": "Payment", "TxnLineId": "0"}]}
    us.made("deposit", deposit(line))
    now = us.get(f"payment/{paid['Id']}").json()["Payment"]
    return us.post("payment", sparse(now, TotalAmt=40, CustomerRef={"value": "1"}))


@provoked_by("10000", "System failure", ".+", status=500, kind="SystemFault")
def breakdown(server, us):
    return ordered(server, us, "500")


@pytest.mark.parametrize("name", ERRORS)
def test_every_code_is_provoked_and_answered_as_documented(server, us, name):
    code, provoke, row = ERRORS[name]
    answer = provoke(server, us)
    assert answer.status_code == row.status, answer.text
    body = answer.json()
    assert set(body) == {"Fault", "time"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-08:00", body["time"])
    assert set(body["Fault"]) == {"Error", "type"}
    assert body["Fault"]["type"] == row.kind
    (error,) = body["Fault"]["Error"]
    assert set(error) == {"Message", "Detail", "code"} | ({"element"} if row.element else set())
    assert (error["code"], error.get("element")) == (code, row.element)
    assert re.fullmatch(row.message, error["Message"]), error
    assert re.fullmatch(row.detail, error["Detail"], re.DOTALL), error
    assert answer.headers["intuit_tid"]


def test_token_that_is_unknown_gets_the_other_body_with_lower_case_keys(us):
    headers = {**JSON, "Authorization": "Bearer unknown"}
    answer = requests.get(f"{us.address}/customer/1", headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'
    body = answer.json()
    assert isinstance(body.pop("time"), int)
    error = body["fault"]["error"][0]
    assert re.fullmatch("The access token is .+", error.pop("detail"))
    assert body == {
        "warnings": None,
        "intuitObject": None,
        "fault": {
            "error": [
                {
                    "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                    "code": "3200",
                    "element": None,
                }
            ],
            "type": "AUTHENTICATION",
        },
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "status": None,
        "cdcresponse": [],
    }


def test_the_table_has_every_code_of_the_reference():
    documented = {
        *(120, 500, 600, 610, 620, 630, 1040, 2010, 2020, 2030, 2040, 2050, 2080, 2130, 2500, 3001, 3100),
        *(4000, 4001, 5010, 5020, 6000, 6010, 6070, 6100, 6140, 6190, 6200, 6210, 6240, 6270, 6310, 6320),
        *(6430, 6440, 6540, 10000),
    }
    assert {int(code) for code, _, _ in ERRORS.values()} == documented
