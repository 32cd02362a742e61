"""The form of the section QuickBooks Accounts and Settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import AnyOf

from webapp.accounting.sources import ItemNameSource, MappingRules, Target, UnknownItems
from webapp.integrations.preference_choices import Choices, Option
from webapp.integrations.preference_fields import SINGLE, TARGETS, Takes, province_field, takes, term_field

OURS, THEIRS = "ours", "quickbooks"


def _radio(label: str, choices: list[SelectChoice], refusal: str) -> RadioField:
    values = [choice.value for choice in choices]
    return RadioField(label, choices=choices, validate_choice=False, validators=[AnyOf(values, refusal)])


def _select(label: str) -> SelectField:
    """A drop-down whose choices come from QuickBooks; whether a value fits, the service says."""
    return SelectField(label, choices=[], validate_choice=False)


class PreferencesForm(FlaskForm):
    """The choices that every company has; ``form_class`` adds one per term and province."""

    billable = BooleanField(_l("Set customer as billable when sending bills or purchase orders"))
    confirm_billable = BooleanField(_l("Turn it on although invoices may be sent too"))
    item_name_source = _radio(
        _l("Map QuickBooks Item Name field to"),
        [
            SelectChoice(ItemNameSource.NUMBER.value, _l("Product number")),
            SelectChoice(ItemNameSource.NAME.value, _l("Product name")),
        ],
        _l("Choose Product number or Product name."),
    )
    unknown_items = _radio(
        _l("Items that QuickBooks does not have"),
        [
            SelectChoice(UnknownItems.SERVICE.value, _l("Create as service")),
            SelectChoice(UnknownItems.NON_INVENTORY.value, _l("Create as non-inventory")),
            SelectChoice(UnknownItems.FIXED.value, _l("Use one fixed item")),
        ],
        _l("Choose what becomes of items that QuickBooks does not have."),
    )
    fixed_item_id = _select(_l("Fixed item"))
    income_account_id = _select(_l("Income account"))
    cost_account_id = _select(_l("Cost account"))
    ap_account_id = _select(_l("Accounts payable"))
    decoration = _select(_l("Decoration"))
    setup = _select(_l("Set-up charge"))
    freight = _select(_l("Freight"))
    discount_account_id = _select(_l("Discount"))
    taxable_code_id = _select(_l("Sales tax code when taxable"))
    non_taxable_code_id = _select(_l("Sales tax code when not taxable"))
    numbers = _radio(
        _l("Document numbers"),
        [SelectChoice(OURS, _l("Use ours")), SelectChoice(THEIRS, _l("Let QuickBooks number"))],
        _l("Choose whose document numbers are used."),
    )
    find = StringField(_l("Find accounts, products and services"))
    version = HiddenField()

    def drop_downs(self) -> Iterable[SelectField]:
        """Every drop-down, those of terms and provinces too."""
        return (field for field in self if isinstance(field, SelectField) and field.name in self.names())

    def names(self) -> tuple[str, ...]:
        """The names of all drop-downs."""
        return (*SINGLE, *self.many)

    many: tuple[str, ...] = ()


def form_class(terms: Mapping[str, str], provinces: Iterable[str]) -> type[PreferencesForm]:
    """The form with a drop-down for each of our terms (words by key) and for each province."""
    fields = {term_field(key): _select(words) for key, words in terms.items()}
    fields |= {province_field(code): _select(code) for code in provinces}
    return type("CompanyPreferencesForm", (PreferencesForm,), {**fields, "many": tuple(fields)})


def fill(form: PreferencesForm, choices: Choices) -> None:
    """Give every drop-down its choices; what stands in it stays in it."""
    titles = {"items": _("Products and services"), "accounts": _("Income accounts")}
    for field in form.drop_downs():
        offer = choices.offer(field.name, field.data or "")
        field.choices = [SelectChoice("", _("Not chosen"))] + [
            SelectChoice(option.value, _words(option), optgroup=titles.get(group))
            for group, options in offer.items()
            for option in options
        ]


def rules_of(
    form: PreferencesForm, terms: Iterable[str], provinces: Iterable[str], ours: bool
) -> MappingRules:
    """What was chosen; ``ours`` is whose numbers are used where the company leaves no choice.

    Raises:
        ValueError: a line kind's value is neither an item nor an account.
    """
    values: dict[str, Any] = {name: form[name].data or None for name in SINGLE}
    for name in TARGETS:
        target = Target.parse(values[name])
        if values[name] and target is None:
            raise ValueError(name)
        values[name] = target
    by_term = {key: form[term_field(key)].data for key in terms}
    by_province = {code: form[province_field(code)].data for code in provinces}
    return MappingRules(
        billable=form.billable.data,
        item_name_source=ItemNameSource(form.item_name_source.data),
        unknown_items=UnknownItems(form.unknown_items.data),
        use_our_numbers=ours,
        terms={key: value for key, value in by_term.items() if value},
        province_tax_codes={code: value for code, value in by_province.items() if value},
        **values,
    )


def refusal(name: str, code: object) -> str:
    """The sentence for an error of the service at a field."""
    if code == "risk":
        return _(
            "Invoices may be sent to QuickBooks too: the customer would be charged twice, by the invoice and "
            "by the billable costs. Leave this off, or confirm below that you know it."
        )
    if code == "required":
        return _("Choose the item that stands for all items that QuickBooks does not have.")
    what = {
        "inactive": _("This one is inactive in QuickBooks."),
        "unfit": _("This one is of a type that does not fit here."),
    }.get(str(code), _("QuickBooks does not have this one."))
    return f"{what} {_what_to_do(name)}"


def _what_to_do(name: str) -> str:
    by_name = {
        "income_account_id": _("Choose an active income account."),
        "cost_account_id": _("Choose an active cost account."),
        "ap_account_id": _("Choose an active accounts-payable account."),
        "discount_account_id": _("Choose an active income account."),
    }
    by_kind = {
        Takes.ITEM: _("Choose an active product or service that is sold."),
        Takes.TARGET: _("Choose an active product, service or income account."),
        Takes.TAX_CODE: _("Choose an active tax code."),
        Takes.TERM: _("Choose an active payment term."),
    }
    return by_name.get(name) or by_kind[takes(name)]


def _words(option: Option) -> str:
    if option.note == "proposed":
        return _("%(name)s (proposed)", name=option.text)
    if option.note == "inactive":
        return _("%(name)s (inactive)", name=option.text)
    if option.note == "unfit":
        return _("%(name)s (does not fit)", name=option.text)
    return option.text or _("No longer in QuickBooks")
