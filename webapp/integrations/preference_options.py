"""What a drop-down of the preferences may hold, and why a value that stands in it does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from webapp.accounting.accounts import ACCOUNT_TYPES
from webapp.accounting.custom_fields import definitions
from webapp.accounting.provider import ProviderCompany
from webapp.accounting.tax import US_NON_TAXABLE, US_TAXABLE
from webapp.integrations.preference_fields import Takes, custom_field_kind, rule_part, takes
from webapp.integrations.preference_mirror import (
    CLASSES,
    COST,
    INCOME,
    ITEMS,
    LOCATIONS,
    TAX_CODES,
    TERMS,
    CompanyLists,
    Known,
    Pool,
    label,
    reference,
)
from webapp.models import ListKind

MOST_FOUND: Final = 30
US_CODES: Final = (US_TAXABLE, US_NON_TAXABLE)
TYPED: Final = "typed:"
"""Begins the value of what was typed into a drop-down with a search, and not chosen."""


@dataclass(frozen=True)
class Option:
    """One choice; ``note`` is empty, ``proposed``, ``off``, ``inactive``, ``missing`` or ``unfit``.

    ``off`` is what belongs to something that is switched off in QuickBooks; it is kept, and does no harm.
    """

    value: str
    text: str
    note: str = ""


class Source(NamedTuple):
    """Where a drop-down's choices come from: a heading, what goes before the ids, and a part of a list."""

    group: str
    prefix: str
    pool: Pool


def sources(name: str, company: ProviderCompany) -> tuple[Source, ...]:
    """The lists behind a drop-down; none where QuickBooks has no list for it, or has it switched off."""
    kind = takes(name)
    if kind is Takes.TARGET:
        charge = (Source("items", "item:", ITEMS), Source("income", "account:", INCOME))
        # an income account serves invoices, a cost account bills and purchase orders
        return (*charge, Source("costs", "account:", COST)) if rule_part(name) else charge
    if kind is Takes.ACCOUNT:
        return (Source("", "", Pool(ListKind.ACCOUNT, ACCOUNT_TYPES[name])),)
    single = {
        Takes.ITEM: ITEMS,
        Takes.TERM: TERMS,
        Takes.TAX_CODE: None if company.is_us else TAX_CODES,
        Takes.CLASS: CLASSES if has_classes(company) else None,
        Takes.LOCATION: LOCATIONS if company.locations else None,
        Takes.CUSTOM_FIELD: None,
    }
    pool = single[kind]
    return (Source("", "", pool),) if pool else ()


def fixed_options(name: str, company: ProviderCompany) -> list[Option]:
    """The choices that are in no list: the two codes of the US, the custom fields that are switched on."""
    kind = takes(name)
    if kind is Takes.TAX_CODE and company.is_us:
        return [Option(code, code) for code in US_CODES]
    if kind is Takes.CUSTOM_FIELD:
        fields = definitions(company, custom_field_kind(name))
        names = list(fields.values())
        return [
            Option(id_, text if names.count(text) == 1 else f"{text} ({id_})") for id_, text in fields.items()
        ]
    return []


def has_classes(company: ProviderCompany) -> bool:
    """Whether classes are switched on, for whole documents or for lines."""
    return company.class_on_document or company.class_on_lines


def find(lists: CompanyLists, name: str, text: str) -> dict[str, list[Option]]:
    """What a drop-down could offer and has every word of the text, by group; a bounded part of it."""
    found = {"": fixed_options(name, lists.company)}
    for group, prefix, pool in sources(name, lists.company):
        entries = lists.search(pool, text, MOST_FOUND)
        found[group] = [Option(prefix + entry.remote_id, label(entry)) for entry in entries]
    return found


def describe(company: ProviderCompany, known: Known, name: str, value: str) -> Option:
    """A value as an option: its name, and in ``note`` why it does not fit (any more).

    Args:
        company: what QuickBooks has switched on.
        known: the entries of what is named; see ``CompanyLists.named``.
        name: the drop-down.
        value: what stands in it.
    """
    for option in fixed_options(name, company):
        if option.value == value:
            return option
    found = reference(name, value)
    entry = known[found[0]].get(found[1]) if found else None
    text = label(entry) if entry else ""
    if _is_off(name, company):
        return Option(value, text, "off")
    if entry is None:
        return Option(value, text, "missing")
    if not entry.active:
        return Option(value, text, "inactive")
    fits = any(
        source.pool.holds(entry) and value == source.prefix + entry.remote_id
        for source in sources(name, company)
    )
    return Option(value, text, "" if fits else "unfit")


def _is_off(name: str, company: ProviderCompany) -> bool:
    kind = takes(name)
    return (kind is Takes.CLASS and not has_classes(company)) or (
        kind is Takes.LOCATION and not company.locations
    )
