"""What the form of the preferences says: names of our fields, options, errors."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.accounting.sources import CustomField
from webapp.integrations.preference_fields import CLASS, LOCATION, Takes, rule_part, takes
from webapp.integrations.preference_options import TYPED, Option

LONGEST_SHOWN: Final = 80

OUR_FIELDS: Final = {
    CustomField.CUSTOMER_PO: _l("Customer PO"),
    CustomField.IN_HANDS_DATE: _l("In-hands date"),
    CustomField.SALES_REP: _l("Sales rep"),
}
PLACES: Final = {CLASS: _l("Class"), LOCATION: _l("Location")}


def option_words(option: Option) -> str:
    """An option's text, with what is to be said about it."""
    name = option.text or _readable(option.value)
    if option.note == "proposed":
        return _("%(name)s (proposed)", name=name)
    if option.note == "inactive":
        return _("%(name)s (inactive)", name=name)
    if option.note == "unfit":
        return _("%(name)s (does not fit)", name=name)
    if option.note == "off":
        return _("%(name)s (switched off in QuickBooks)", name=name)
    return _("%(name)s (not in QuickBooks)", name=name) if option.note == "missing" else name


def _readable(value: str) -> str:
    """What was typed or sent where an id belongs, short and without what cannot be shown."""
    text = "".join(char if char.isprintable() else "�" for char in value.removeprefix(TYPED)[:LONGEST_SHOWN])
    return text + "…" if len(value) > LONGEST_SHOWN else text


def group_words(name: str) -> dict[str, str]:
    """The headings of the groups of a drop-down's options."""
    if rule_part(name):
        income, costs = _("Income accounts, for invoices"), _("Cost accounts, for bills and purchase orders")
    else:
        income, costs = _("Income accounts"), _("Cost accounts")
    return {"items": _("Products and services"), "income": income, "costs": costs}


def refusal(name: str, code: object) -> str:
    """The sentence for an error of the service at a control."""
    words = {
        "risk": _(
            "Invoices may be sent to QuickBooks too: the customer would be charged twice, by the invoice and "
            "by the billable costs. Leave this off, or confirm below that you know it."
        ),
        "taken": _("This field of QuickBooks has another of your fields already. Choose one for each."),
        "too_late": _("The start date is more than a year ahead. Choose an earlier one."),
        "too_many": _("There can be at most 100 rules. Remove some."),
        "no_effect": _("Choose an item or account, a class or a location: the rule changes nothing yet."),
        "no_location": _("A document has one location, so a category cannot decide on it. Choose none."),
    }
    if code in words:
        return words[str(code)]
    if name.endswith("-value"):
        return _value_refusal(code)
    if code == "required":
        return _("Choose the item that stands for all items that QuickBooks does not have.")
    what = {
        "inactive": _("This one is inactive in QuickBooks."),
        "unfit": _("This one is of a type that does not fit here."),
    }.get(str(code), _("QuickBooks does not have this one."))
    return f"{what} {_what_to_do(name)}"


def _value_refusal(code: object) -> str:
    words = {
        "empty": _("Enter what the rule looks for."),
        "too_long": _("This is too long. Enter at most 120 characters."),
        "unprintable": _("This has characters that cannot be shown. Enter plain text."),
        "duplicate": _("A rule above looks for the same already, so this one would never count. Remove one."),
        "not_a_code": _("Enter the code of a state or province, such as MD or QC."),
        "not_a_type": _("Choose a member type."),
    }
    return words.get(str(code), _("This rule looks at something that there is not. Remove it."))


def _what_to_do(name: str) -> str:
    by_name = {
        "income_account_id": _("Choose an active income account."),
        "cost_account_id": _("Choose an active cost account."),
        "ap_account_id": _("Choose an active accounts-payable account."),
        "discount_account_id": _("Choose an active income account."),
        "deposit_account_id": _("Choose an active bank account or other current asset."),
    }
    if rule_part(name) and takes(name) is Takes.TARGET:
        return _("Choose an active product, service, income account or cost account.")
    by_kind = {
        Takes.ITEM: _("Choose an active product or service that is sold."),
        Takes.TARGET: _("Choose an active product, service or income account."),
        Takes.TAX_CODE: _("Choose an active tax code."),
        Takes.TERM: _("Choose an active payment term."),
        Takes.CLASS: _("Choose an active class."),
        Takes.LOCATION: _("Choose an active location."),
        Takes.CUSTOM_FIELD: _("Choose a custom field that is switched on there."),
    }
    return by_name.get(name) or by_kind[takes(name)]
