"""The form of the section QuickBooks Accounts and Settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import AnyOf, ValidationError

from webapp.accounting.drafts import DocumentKind
from webapp.accounting.sources import CustomField, ItemNameSource, MemoSource, SalesTaxSource, UnknownItems
from webapp.integrations.forms_preference_words import OUR_FIELDS, PLACES, group_words, option_words
from webapp.integrations.preference_choices import Choices
from webapp.integrations.preference_fields import (
    CHARGES,
    CLASS,
    LOCATION,
    SINGLE,
    custom_field,
    layout_field,
    place_in_page,
    province_field,
    rule_field,
    term_field,
)
from webapp.integrations.preference_rows import Row

OURS, THEIRS = "ours", "quickbooks"


def _radio(label: str, choices: list[SelectChoice], refusal: str) -> RadioField:
    values = [choice.value for choice in choices]
    return RadioField(label, choices=choices, validate_choice=False, validators=[AnyOf(values, refusal)])


def _select(label: str) -> SelectField:
    """A drop-down whose choices come from QuickBooks; whether a value fits, the service says."""
    return SelectField(label, choices=[], validate_choice=False)


def _layout(label: str) -> SelectField:
    choices = [
        SelectChoice("own", _l("Its own line")),
        SelectChoice("folded", _l("In the product line")),
        SelectChoice("summary", _l("One summary line")),
    ]
    values = [choice.value for choice in choices]
    refusal = _l("Choose what becomes of these lines.")
    return SelectField(
        label, choices=choices, validate_choice=False, validators=[AnyOf(values, refusal)], default="own"
    )


class PreferencesForm(FlaskForm):
    """The controls that every company has; ``form_class`` adds those of one company."""

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
    deposit_account_id = _select(_l("Deposit account"))
    decoration = _select(_l("Decoration"))
    setup = _select(_l("Set-up charge"))
    freight = _select(_l("Freight"))
    discount_account_id = _select(_l("Discount"))
    memo = _radio(
        _l("Memo"),
        [
            SelectChoice(MemoSource.ALL.value, _l("Order number, customer PO and our memo")),
            SelectChoice(MemoSource.MEMO.value, _l("Our memo only")),
            SelectChoice(MemoSource.NOTHING.value, _l("Nothing")),
        ],
        _l("Choose what goes into the memo."),
    )
    taxable_code_id = _select(_l("Sales tax code when taxable"))
    non_taxable_code_id = _select(_l("Sales tax code when not taxable"))
    numbers = _radio(
        _l("Document numbers"),
        [SelectChoice(OURS, _l("Use ours")), SelectChoice(THEIRS, _l("Let QuickBooks number"))],
        _l("Choose whose document numbers are used."),
    )
    start_date = StringField(_l("Start date"))
    find = StringField(_l("Find in the lists of QuickBooks"))
    version = HiddenField()

    drop_down_names: tuple[str, ...] = ()
    """Every drop-down that chooses from QuickBooks' lists."""

    def validate_start_date(self, field: StringField) -> None:
        """Refuse what is no day."""
        if self.start is None and (field.data or "").strip():
            raise ValidationError(_("Enter a day of the calendar as year-month-day, such as 2026-01-31."))

    def first_invalid(self) -> str:
        """The name of the first control in the page that has an error; empty when none has."""
        names = [field.name for field in self if field.errors]
        return min(names, key=place_in_page, default="")

    @property
    def start(self) -> date | None:
        """The start date, None when it is empty or no day."""
        try:
            return date.fromisoformat((self.start_date.data or "").strip())
        except ValueError:
            return None


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What the form of one company has beside what all have.

    ``terms`` are our words by key; ``custom`` are the custom fields with something to choose; ``places`` the
    drop-downs for class and location, of which each may be absent; ``rows`` are the rules.
    """

    terms: Mapping[str, str]
    provinces: tuple[str, ...]
    custom: tuple[tuple[DocumentKind, CustomField], ...]
    places: tuple[str, ...]
    says_sales_tax: bool
    rows: tuple[Row, ...]

    def __hash__(self) -> int:
        """Of its parts, though the terms are a mapping; what is equal has the terms in one order."""
        return hash((tuple(self.terms.items()), self.provinces, self.custom, self.places, self.rows))

    def row_parts(self, row: Row) -> tuple[str, ...]:
        """The drop-downs of a rule's row: what is switched on, and what stands in it anyway."""
        kept = [name for name in (CLASS, LOCATION) if name in self.places or getattr(row, name)]
        if row.field == "category" and not row.location_id and LOCATION in kept:
            kept.remove(LOCATION)  # a document has one location, its lines have none
        return ("target", *kept)


@lru_cache(maxsize=64)
def form_class(shape: Shape) -> type[PreferencesForm]:
    """The form with the drop-downs of one company."""
    selects = {term_field(key): _select(words) for key, words in shape.terms.items()}
    selects |= {province_field(code): _select(code) for code in shape.provinces}
    selects |= {custom_field(kind, ours): _select(OUR_FIELDS[ours]) for kind, ours in shape.custom}
    selects |= {name: _select(PLACES[name]) for name in shape.places}
    others: dict[str, Any] = {
        layout_field(kind, line): _layout(line.value) for kind in DocumentKind for line in CHARGES
    }
    if shape.says_sales_tax:
        others["sales_tax"] = _sales_tax()
    for place, row in enumerate(shape.rows):
        if row.is_open:
            others[rule_field(place, "value")] = StringField(default=row.value)
            selects |= _row_selects(shape, place, row)
    names = (*(name for name in SINGLE if name not in PLACES), *selects)
    return type("CompanyPreferencesForm", (PreferencesForm,), {**selects, **others, "drop_down_names": names})


def _row_selects(shape: Shape, place: int, row: Row) -> dict[str, SelectField]:
    labels = {"target": _l("Item or account"), **PLACES}
    return {
        rule_field(place, part): SelectField(
            labels[part], choices=[], validate_choice=False, default=getattr(row, part)
        )
        for part in shape.row_parts(row)
    }


def _sales_tax() -> RadioField:
    return _radio(
        _l("Sales tax"),
        [
            SelectChoice(SalesTaxSource.QUICKBOOKS.value, _l("QuickBooks computes it")),
            SelectChoice(SalesTaxSource.OURS.value, _l("Our amount is sent")),
        ],
        _l("Choose who says the sales tax."),
    )


def fill(form: PreferencesForm, choices: Choices) -> None:
    """Give every drop-down its choices; what stands in it stays in it."""
    not_chosen = SelectChoice("", _("Not chosen"))
    for name in form.drop_down_names:
        offered = choices.offer(name, form[name].data or "")
        titles = group_words(name) if any(offered) else {}
        form[name].choices = [not_chosen] + [
            SelectChoice(option.value, option_words(option), optgroup=titles.get(group))
            for group, options in offered.items()
            for option in options
        ]


def effect_words(choices: Choices, place: int, row: Row) -> list[str]:
    """What a rule gives, in words."""
    return [
        option_words(choices.describe(rule_field(place, part), value)) for part, value in row.effects.items()
    ]
