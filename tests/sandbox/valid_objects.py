"""Valid objects for every entity, drawn from the sandbox's own tables of rules, and ways to spoil them."""

import itertools
import string
from dataclasses import dataclass

from hypothesis import strategies as st

from webapp.sandbox import entities, rules

_COUNTER = itertools.count(1)
# An object of both sample companies for every kind of reference; accounts go by what the field insists on.
_TARGETS = {
    "Account": "35", "Class": "1", "Customer": "1", "Department": "1", "Item": "2", "PaymentMethod": "1",
    "TaxAgency": "1", "Term": "3",
}  # fmt: skip
_ACCOUNTS = {
    "APAccountRef": "33", "ARAccountRef": "84", "AssetAccountRef": "81", "BankAccountRef": "35",
    "CreditCardAccountRef": "42", "ExpenseAccountRef": "7", "IncomeAccountRef": "2", "ToAccountRef": "36",
}  # fmt: skip
# Fields that a rule of the books ties to others, that QuickBooks computes, or that this company lacks.
_TIED = {
    "AccountSubType", "AccountType", "AcctNum", "Active", "AllowOnlineACHPayment", "Amount",
    "AutoDocNumber", "Balance", "BillableStatus", "Code", "Credit", "CurrencyRef", "DayOfMonthDue",
    "Deposit", "DiscountDayOfMonth", "DiscountDays", "DisplayName", "DocNumber", "DueDays",
    "DueNextMonthDays", "EmailStatus", "EndTime", "ExchangeRate", "FullyQualifiedName",
    "GlobalTaxCalculation", "Id", "InvStartDate", "IsProject", "Job", "Level", "LinkedTxn",
    "ManuallyClosed", "Name", "NameOf", "Note", "OpenBalanceDate", "OpeningBalance", "OpeningBalanceDate",
    "POStatus", "PayType", "PaymentType", "QtyOnHand", "RateValue", "SSN", "StartTime", "SubAccount",
    "SubClass", "SubDepartment", "SubItem", "SyncToken", "TargetCurrencyCode", "TaxIdentifier",
    "TaxRegistrationNumber", "TaxTrackedOnPurchases", "TaxTrackedOnSales", "TotalAmt", "TrackQtyOnHand",
    "TxnDate", "TxnSource", "TxnStatus", "Type", "UnappliedAmt", "documentId", "sparse",
}  # fmt: skip
_SCALARS = ("string", "boolean", "date", "decimal", "int")


@dataclass(frozen=True)
class Setting:
    """What the objects of a company are made with.

    others: further objects that references can name. bill: the id of an open bill, for what pays one.
    code: the tax code of every line.
    """

    others: dict
    bill: str
    code: str


@dataclass(frozen=True)
class Broken:
    """A spoilt object: the body, and the code and element of the refusal that it must get."""

    body: dict
    code: str
    element: str | None = None


def creatable():
    """The entities that can be created, in the order of the table."""
    return [name for name, spec in entities.BY_NAME.items() if "create" in spec.operations]


@st.composite
def valid(draw, name, setting):
    """A body that the server must accept as a new object of this entity."""
    body = _least(name, setting)
    if name == "BillPayment":
        body["Line"] = [{"Amount": 0.01, "LinkedTxn": [{"TxnId": setting.bill, "TxnType": "Bill"}]}]
    optional = {key: field for key, field in rules.fields(name).items() if _is_free(key, field)}
    for key in draw(st.lists(st.sampled_from(sorted(optional)), unique=True, max_size=8)) if optional else ():
        body.setdefault(key, draw(_scalar(optional[key])))
    return body


@st.composite
def broken(draw, name, setting):
    """A valid body of this entity in which one rule is broken."""
    body = draw(valid(name, setting))
    return draw(st.sampled_from(_ways(name, body)))


def _least(name, setting):
    """What an object of this entity cannot do without."""
    fields = rules.fields(name)
    body = {key: _value(key, fields[key], setting) for key in rules.required(name) if key != "Line"}
    lines = entities.BY_NAME[name].lines
    if "Line" in rules.required(name) and lines:
        body["Line"] = _lines(lines[0], setting.code)
    if name == "RecurringTransaction":
        return body | _recurring(setting)
    if name == "TimeActivity":
        body |= {"NameOf": "Employee", "EmployeeRef": {"value": setting.others["Employee"]}, "Hours": 3}
    return body | _EXTRAS.get(name, dict)()


def _unique(prefix="New"):
    return f"{prefix} {next(_COUNTER)}"


def _recurring(setting):
    info = {"Name": _unique("Monthly"), "RecurType": "Automated", "Active": True,
            "ScheduleInfo": {"IntervalType": "Monthly", "NumInterval": 1, "DayOfMonth": 1}}  # fmt: skip
    return {"Bill": _least("Bill", setting) | {"RecurringInfo": info}}


# What rules of the books demand besides the required fields.
_EXTRAS = {
    "Account": lambda: {"AccountType": "Expense"},
    "Attachable": lambda: {"Note": _unique("Note")},
    "BillPayment": lambda: {
        "PayType": "Check", "TotalAmt": 0.01, "CheckPayment": {"BankAccountRef": {"value": "35"}}
    },
    "CompanyCurrency": lambda: {"Code": next(_CODES)},
    "Customer": lambda: {"DisplayName": _unique()},
    "Employee": lambda: {"GivenName": _unique("Kim"), "FamilyName": "Rowe"},
    "ExchangeRate": lambda: {"SourceCurrencyCode": next(_CODES), "Rate": 1.25},
    "Item": lambda: {"Type": "Service", "IncomeAccountRef": {"value": "2"}},
    "Purchase": lambda: {"PaymentType": "Check"},
    "Term": lambda: {"DueDays": 20},
    "Vendor": lambda: {"DisplayName": _unique()},
}  # fmt: skip
_CODES = itertools.cycle(sorted(rules.enumeration("currencyCode") - {"USD", "CAD", "EUR"}))


def _lines(kind, code):
    ref = {"value": "7"}
    if kind == "JournalEntryLineDetail":
        sides = ("Debit", "7"), ("Credit", "35")
        return [
            {
                "Amount": 12.5,
                "DetailType": kind,
                kind: {"PostingType": side, "AccountRef": {"value": account}},
            }
            for side, account in sides
        ]
    detail = {
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": code}},
        "ItemBasedExpenseLineDetail": {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": code}},
        "DepositLineDetail": {"AccountRef": ref},
    }[kind]
    return [{"Amount": 12.5, "DetailType": kind, kind: detail}]


def _value(key, field, setting):
    if field.kind == "ReferenceType":
        target = entities.REFERENCES[key]
        known = _TARGETS | setting.others
        return {"value": _ACCOUNTS.get(key, "35") if target == "Account" else known[target]}
    if field.kind in ("decimal", "int"):
        return 20
    if field.kind == "date":
        return "2026-03-01"
    if rules.enumeration(field.kind):
        return sorted(rules.enumeration(field.kind))[0]
    return _unique()


def _is_free(key, field):
    plain = field.kind in _SCALARS or rules.enumeration(field.kind)
    return plain and not field.is_list and not field.read_only and key not in _TIED


def _scalar(field):
    if rules.enumeration(field.kind):
        return st.sampled_from(sorted(rules.enumeration(field.kind)))
    if field.kind == "string":
        letters = st.text(string.ascii_letters + "éßø漢-&' ", min_size=1, max_size=field.limit or 40)
        return letters.map(lambda text: f"a{text.strip()}"[: field.limit or 40].strip())
    low, high = field.range or (0, 999)
    return {
        "boolean": st.booleans(),
        "date": st.dates().map(lambda day: day.isoformat()),
        "decimal": st.decimals(int(low), int(high), places=2).map(float),
        "int": st.integers(int(low), int(high)),
    }[field.kind]


def _ways(name, body):
    """Every way of breaking one rule of this entity that the tables know."""
    fields = {key: field for key, field in rules.fields(name).items() if not field.read_only}
    ways = [Broken({**body, "Spaceship": 1}, "2010")]
    for key, field in fields.items():
        if key in ("Id", "SyncToken", "sparse"):
            continue
        ways += [Broken({**body, key: value}, code, element) for value, code, element in _bad(key, field)]
    for key in rules.required(name):
        ways.append(Broken({other: value for other, value in body.items() if other != key}, "2020", key))
    return ways


def _bad(key, field):
    """Values that a field must refuse: (value, code, element)."""
    if field.is_list:
        yield "text", "2010", None
    elif field.kind == "ReferenceType" and key in entities.REFERENCES:
        yield {"value": "999999"}, "2500", key
    elif field.kind == "string":
        yield ["text"], "2010", None
        yield "a\x07b", "2040", key
        if field.limit:
            yield "x" * (field.limit + 1), "2050", key
    elif field.kind in ("decimal", "int"):
        yield "many", "2080", key
        yield 10**12, "2080", key
        if field.range:
            yield int(field.range[1]) + 1, "2080", key
    elif field.kind == "boolean":
        yield "maybe", "2010", None
    elif field.kind in ("date", "dateTime"):
        yield "tomorrow", "2010", None
    elif rules.enumeration(field.kind):
        yield "Spaceship", "2010", None
    elif rules.is_type(field.kind):
        yield "text", "2010", None
