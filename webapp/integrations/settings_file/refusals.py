"""What the services refuse, as refusals of a settings file: which setting, and why in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from webapp.accounting.accounts import ACCOUNT_TYPES
from webapp.errors import Invalid
from webapp.integrations.preference_fields import CUSTOM, PROVINCE, rule_part, term_field
from webapp.integrations.preference_lists import Books
from webapp.integrations.settings_file.catalogue import some
from webapp.integrations.settings_file.reading import ABSENT, Refusal
from webapp.integrations.settings_file.tables import PERMISSIONS, QUICKBOOKS, Sections, flat
from webapp.integrations.settings_file.values import SETTINGS, Path

PEOPLE: Final = {
    "nobody": 'names nobody whom it can be shown to; add a member, or set visible_to = "all"',
    "unknown": "has somebody who is not in this workspace any more",
}
PREFERENCES: Final = {
    "missing": "is not in QuickBooks",
    "inactive": "is inactive in QuickBooks",
    "unfit": "is of a type that does not fit",
    "required": 'is needed with unknown_items = "fixed"',
    "empty": "looks for nothing",
    "taken": "is a custom field that has another of yours already",
    "too_late": "is more than a year ahead",
    "too_many": "are more than 100",
    "too_long": "is longer than 120 characters",
    "unprintable": "has characters that cannot be shown",
    "not_a_code": "is no code of a state or province, such as MD or QC",
    "not_a_type": "is no member type: customer, supplier or decorator",
    "duplicate": "looks for the same as a rule before it",
    "no_effect": "names neither an item or account nor a class nor a location",
    "no_location": "names a location, which a category cannot decide on",
    "disconnected": "cannot be changed: QuickBooks is disconnected",
    "risk": "charges customers twice while invoices may be sent too; --confirm-billable says that you know",
}
COLUMNS: Final[Mapping[str, Path]] = {column: (name,) for name, (column, _value) in SETTINGS.items()}
OTHERS: Final[Mapping[str, Path]] = {"confirm_billable": ("billable",), "connection": ()}


def of_people(error: Invalid) -> list[Refusal]:
    """What saving the permissions refuses."""
    path = (PERMISSIONS, "people")
    return [Refusal(path, PEOPLE.get(str(code), str(code))) for code in error.errors.get("people", [])]


def of_preferences(
    error: Invalid, sections: Sections, wanted: Mapping[str, Any], books: Books
) -> list[Refusal]:
    """What saving the preferences refuses, with the values that were ``wanted``."""
    values = flat({QUICKBOOKS: wanted.get(QUICKBOOKS, {})})
    refusals = []
    for field, codes in error.errors.items():
        path = (QUICKBOOKS, *path_of(field, sections.words))
        for code in codes:
            why = PREFERENCES.get(str(code), str(code)) + _fitting(field, str(code), books)
            refusals.append(Refusal(path, why, values.get(path, ABSENT)))
    return refusals


def path_of(field: str, words: Mapping[str, str]) -> Path:
    """The setting behind a drop-down of the panel's form; ``words`` has our terms by key."""
    if field.startswith(PROVINCE):
        return ("tax_codes", field.removeprefix(PROVINCE))
    if field.startswith(CUSTOM):
        return ("custom_fields", *field.removeprefix(CUSTOM).split("-"))
    rule = rule_part(field)
    if rule:
        return ("rules", str(rule[0] + 1))
    terms = {term_field(key): ("terms", text) for key, text in words.items()}
    known: dict[str, Path] = {**terms, **COLUMNS, **OTHERS}
    return known.get(field, (field,))


def _fitting(field: str, code: str, books: Books) -> str:
    """Which accounts fit where one does not."""
    if code not in {"inactive", "unfit"} or field not in ACCOUNT_TYPES:
        return ""
    types = ACCOUNT_TYPES[field]
    fits = [
        f'"{entry.full_name}"' for entry in books.accounts.values() if entry.active and entry.type in types
    ]
    return f"; accounts that fit: {some(fits)}" if fits else ""
