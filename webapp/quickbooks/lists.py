"""QuickBooks' lists as the plain rows that our local mirror keeps. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Entity = Mapping[str, Any]

LISTS = {
    "account": "Account",
    "customer": "Customer",
    "vendor": "Vendor",
    "item": "Item",
    "term": "Term",
    "tax_code": "TaxCode",
    "class": "Class",
    "location": "Department",
}
# Where a list has these at all; the names are QuickBooks' own
NAMES = {"customer": "DisplayName", "vendor": "DisplayName"}
NUMBERS = {"account": "AcctNum", "vendor": "AcctNum", "item": "Sku"}
TYPES = {"account": "AccountType", "item": "Type", "term": "Type"}
EXTRA: dict[str, dict[str, str]] = {
    "account": {"classification": "Classification"},
    "customer": {"company_name": "CompanyName", "taxable": "Taxable", "is_job": "Job"},
    "vendor": {"company_name": "CompanyName"},
    "item": {"description": "Description", "taxable": "Taxable"},
    "term": {"due_days": "DueDays", "day_of_month_due": "DayOfMonthDue"},
    "tax_code": {"description": "Description", "taxable": "Taxable", "tax_group": "TaxGroup"},
}
PARTIES = ("customer", "vendor")
# The first of these that a customer or vendor has; the last is a number of another kind in some countries
TAX_NUMBERS = ("BusinessNumber", "PrimaryTaxIdentifier", "TaxIdentifier", "GSTIN", "ResaleNum")
OTHER_PHONES = ("AlternatePhone", "Mobile")


@dataclass(frozen=True)
class ListRow:
    """One object of one of QuickBooks' lists; what it does not have is empty, ids that it lacks are None."""

    kind: str
    remote_id: str
    name: str
    full_name: str
    active: bool
    number: str = ""
    type: str = ""
    subtype: str = ""
    currency: str = ""
    email: str = ""
    phone: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    parent_id: str | None = None
    sync_token: str = ""
    income_account_id: str | None = None
    expense_account_id: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def row_for(kind: str, entity: Entity) -> ListRow:
    """The row of a list object, as long as it is one (see ``is_deleted``).

    Raises:
        KeyError: when the object has no id.
    """
    name = _text(entity, NAMES.get(kind, "Name"))
    place = _part(entity, "BillAddr")
    return ListRow(
        kind=kind,
        remote_id=str(entity["Id"]),
        name=name,
        full_name=_text(entity, "FullyQualifiedName") or name,
        active=_flag(entity.get("Active", True)),
        number=_text(entity, NUMBERS.get(kind)),
        type=_text(entity, TYPES.get(kind)),
        subtype=_text(entity, "AccountSubType"),
        currency=_id(entity, "CurrencyRef") or "",
        email=_text(_part(entity, "PrimaryEmailAddr"), "Address"),
        phone=_text(_part(entity, "PrimaryPhone"), "FreeFormNumber"),
        city=_text(place, "City"),
        region=_text(place, "CountrySubDivisionCode"),
        postal_code=_text(place, "PostalCode"),
        parent_id=_id(entity, "ParentRef"),
        sync_token=_text(entity, "SyncToken"),
        income_account_id=_id(entity, "IncomeAccountRef"),
        expense_account_id=_id(entity, "ExpenseAccountRef"),
        extra=_extra(kind, entity),
    )


def is_deleted(entity: Entity) -> bool:
    """Whether this is what a change feed leaves of a deleted object: its id alone."""
    return entity.get("status") == "Deleted"


def company_facts(company_info: Entity, preferences: Entity) -> dict[str, Any]:
    """What the rest of the program needs to know of a company, in values that JSON has."""
    sales = _part(preferences, "SalesFormsPrefs")
    books = _part(preferences, "AccountingInfoPrefs")
    tax = _part(preferences, "TaxPrefs")
    currency = _part(preferences, "CurrencyPrefs")
    return {
        "company_name": _text(company_info, "CompanyName"),
        "legal_name": _text(company_info, "LegalName"),
        "country": _text(company_info, "Country"),
        "home_currency": _id(currency, "HomeCurrency") or "",
        "multicurrency": _flag(currency.get("MultiCurrencyEnabled")),
        "sales_tax": _flag(tax.get("UsingSalesTax")),
        "automated_sales_tax": _flag(tax.get("PartnerTaxEnabled")),
        "custom_sales_numbers": _flag(sales.get("CustomTxnNumbers")),
        "custom_purchase_numbers": _custom_purchase_numbers(preferences),
        "allow_discount": _flag(sales.get("AllowDiscount")),
        "allow_shipping": _flag(sales.get("AllowShipping")),
        "class_on_document": _flag(books.get("ClassTrackingPerTxn")),
        "class_on_lines": _flag(books.get("ClassTrackingPerTxnLine")),
        "class_tracking": _flag(books.get("ClassTrackingPerTxn"))
        or _flag(books.get("ClassTrackingPerTxnLine")),
        "location_tracking": _flag(books.get("TrackDepartments")),
        "sales_custom_fields": _custom_fields(sales, "CustomField", "SalesFormsPrefs", "SalesCustom"),
        "purchase_custom_fields": _custom_fields(
            _part(preferences, "VendorAndPurchasesPrefs"),
            "POCustomField",
            "PurchasePrefs",
            "PurchaseOrderCustom",
        ),
        "books_closed_until": _text(books, "BookCloseDate") or None,
    }


def _custom_fields(section: Entity, key: str, prefix: str, middle: str) -> dict[str, str]:
    """The names of the custom fields that are switched on, by DefinitionId; there are three at most."""
    entries = {
        entry.get("Name"): entry
        for group in section.get(key) or ()
        for entry in group.get("CustomField") or ()
    }
    found = {}
    for number in ("1", "2", "3"):
        is_used = _flag(entries.get(f"{prefix}.Use{middle}{number}", {}).get("BooleanValue"))
        name = _text(entries.get(f"{prefix}.{middle}Name{number}", {}), "StringValue")
        if is_used and name:
            found[number] = name
    return found


def _extra(kind: str, entity: Entity) -> dict[str, Any]:
    found = {ours: entity[theirs] for ours, theirs in EXTRA.get(kind, {}).items() if theirs in entity}
    website = _text(_part(entity, "WebAddr"), "URI")
    found |= {"website": website} if website else {}
    return found | _known_of(entity) if kind in PARTIES else found


def _known_of(entity: Entity) -> dict[str, Any]:
    """What else tells who a customer or vendor is; what says nothing new is left out."""
    numbers = (_text(entity, name) for name in TAX_NUMBERS)
    phones = (_text(_part(entity, name), "FreeFormNumber") for name in OTHER_PHONES)
    check_name = _text(entity, "PrintOnCheckName")
    found = {
        "check_name": check_name if check_name != _text(entity, "DisplayName") else "",
        "country": _text(_part(entity, "BillAddr"), "Country"),
        "tax_number": next((number for number in numbers if number and not _is_masked(number)), ""),
        "phones": [phone for phone in phones if phone],
    }
    return {name: value for name, value in found.items() if value}


def _is_masked(number: str) -> bool:
    """Whether QuickBooks shows the end of a number alone, as it does with some tax numbers."""
    return "XX" in number.upper() or "*" in number


def _custom_purchase_numbers(preferences: Entity) -> bool:
    """Documented in the list of other preferences; companies have been seen to give it in its group."""
    pairs = _part(preferences, "OtherPrefs").get("NameValue") or ()
    values = {pair.get("Name"): pair.get("Value") for pair in pairs}
    group = _part(preferences, "VendorAndPurchasesPrefs")
    return _flag(values.get("VendorAndPurchasesPrefs.UseCustomTxnNumbers", group.get("UseCustomTxnNumbers")))


def _part(entity: Entity, name: str) -> Entity:
    found = entity.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(entity: Entity, name: str | None) -> str:
    found = entity.get(name) if name else None
    return "" if found is None else str(found)


def _id(entity: Entity, name: str) -> str | None:
    return _text(_part(entity, name), "value") or None


def _flag(value: object) -> bool:
    """A yes or no, which preferences also give as a word."""
    return value is True or str(value).lower() == "true"
