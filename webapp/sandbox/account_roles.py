"""The accounts that QuickBooks uses by itself: found by what they are for, opened when they are missing."""

from typing import NamedTuple

from . import faults
from .books import Body, Books


class Role(NamedTuple):
    """What an account is for: the property that shows it, and how a new one is opened."""

    found_by: str
    type: str
    subtype: str
    name: str
    classification: str

    @property
    def value(self) -> str:
        """The value of the property that shows the role."""
        return {_TYPE: self.type, _SUBTYPE: self.subtype}.get(self.found_by, self.name)


_TYPE, _SUBTYPE, _NAME = "AccountType", "AccountSubType", "Name"
_ROLES = {
    "receivable": Role(
        _TYPE, "Accounts Receivable", "AccountsReceivable", "Accounts Receivable (A/R)", "Asset"
    ),
    "payable": Role(_TYPE, "Accounts Payable", "AccountsPayable", "Accounts Payable (A/P)", "Liability"),
    "undeposited": Role(_SUBTYPE, "Other Current Asset", "UndepositedFunds", "Undeposited Funds", "Asset"),
    "sales": Role(_SUBTYPE, "Income", "SalesOfProductIncome", "Sales of Product Income", "Revenue"),
    "discounts": Role(_SUBTYPE, "Income", "DiscountsRefundsGiven", "Discounts given", "Revenue"),
    "shipping": Role(_NAME, "Income", "OtherPrimaryIncome", "Shipping Income", "Revenue"),
    "costs": Role(_SUBTYPE, "Cost of Goods Sold", "SuppliesMaterialsCogs", "Cost of Goods Sold", "Expense"),
    "exchange": Role(_SUBTYPE, "Other Expense", "ExchangeGainOrLoss", "Exchange Gain or Loss", "Expense"),
    "opening": Role(_SUBTYPE, "Equity", "OpeningBalanceEquity", "Opening Balance Equity", "Equity"),
    "retained": Role(_SUBTYPE, "Equity", "RetainedEarnings", "Retained Earnings", "Equity"),
    "tax": Role(_SUBTYPE, "Other Current Liability", "SalesTaxPayable", "Sales Tax Payable", "Liability"),
}
TAX_SUBTYPES = ("SalesTaxPayable", "GlobalTaxPayable")


def for_role(books: Books, role: str) -> str:
    """The id of the account that plays a role; it is opened when the company has none."""
    account = books.lists.kept().get(role)
    if account is None:
        wanted = _ROLES[role]
        found = _active(books, wanted.found_by, wanted.value)
        account = found[0] if found else _open(books, wanted)
        books.lists.kept()[role] = account
    return str(account)


def for_agency(books: Books, agency_id: str) -> str:
    """The id of the account that a tax agency is owed in.

    The first account for sales tax is that of the first agency, and so on; the last serves all the others.
    """
    key = f"agency {agency_id}"
    account = books.lists.kept().get(key)
    if account is None:
        found = [account for subtype in TAX_SUBTYPES for account in _active(books, _SUBTYPE, subtype)]
        rows = books.db.execute(
            "SELECT id FROM object WHERE realm = ? AND entity = 'TaxAgency' ORDER BY CAST(id AS INTEGER)",
            (books.realm,),
        )
        agencies = [row[0] for row in rows]
        place = agencies.index(agency_id) if agency_id in agencies else 0
        found.sort(key=int)
        account = found[min(place, len(found) - 1)] if found else for_role(books, "tax")
        books.lists.kept()[key] = account
    return str(account)


def reference(books: Books, account_id: str) -> Body:
    """A reference to an account, with its name."""
    return {"value": account_id, "name": books.look("Account", account_id)["FullyQualifiedName"]}


def require_type(books: Books, body: Body, name: str, *types: str) -> None:
    """Raise Fault 6430 when a reference names an account of another type than these."""
    if books.look("Account", body[name]["value"])["AccountType"] not in types:
        raise faults.wrong_account_type(name, " or ".join(types))


def _active(books: Books, name: str, value: str) -> list[str]:
    """The ids of the active accounts with this property, oldest first."""
    rows = books.db.execute(
        f"SELECT id FROM object WHERE realm = ? AND json_extract(json, '$.{name}') = ? "
        "AND entity = 'Account' AND active ORDER BY CAST(id AS INTEGER)",
        (books.realm, value),
    )
    return [row[0] for row in rows]


def _open(books: Books, role: Role) -> str:
    name, attempt = role.name, 1
    while books.owners_of_name(("Account",), name):
        attempt += 1
        name = f"{role.name} {attempt}"
    body: Body = {
        "domain": "QBO",
        "sparse": False,
        "Id": books.next_id("account"),
        "Name": name,
        "FullyQualifiedName": name,
        "SubAccount": False,
        "Active": True,
        "Classification": role.classification,
        "AccountType": role.type,
        "AccountSubType": role.subtype,
        "CurrentBalance": 0,
        "CurrentBalanceWithSubAccounts": 0,
        "CurrencyRef": dict(books.preferences()["CurrencyPrefs"]["HomeCurrency"]),
    }
    books.add("Account", body)
    return str(body["Id"])
