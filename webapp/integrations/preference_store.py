"""How the preferences stand in the database, and what differs between two states of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from peewee import IntegrityError

from webapp.accounting.sources import MappingRules, Target
from webapp.accounting.terms import term_key
from webapp.clock import now
from webapp.errors import Conflict
from webapp.integrations.preference_choices import describe
from webapp.integrations.preference_fields import TARGETS, chosen, province_field, term_field
from webapp.integrations.preference_lists import Books, Entries, item_ids
from webapp.models import Connection, MappedField, Preferences, ValueMapping

PLAIN: Final = ("billable", "item_name_source", "unknown_items", "use_our_numbers")
COLUMNS: Final = (
    *PLAIN, "fixed_item_id", "income_account_id", "cost_account_id", "ap_account_id", "discount_account_id",
    "taxable_code_id", "non_taxable_code_id",
)  # fmt: skip


@dataclass(frozen=True)
class Saved:
    """What is saved; the defaults where nothing was, and then ``version`` is 0.

    ``words`` has our words for terms by their key, as they were when they were mapped.
    """

    rules: MappingRules = field(default_factory=MappingRules)
    words: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    id: int | None = None


def read(workspace_id: int, realm_id: str) -> Saved:
    """The preferences for one QuickBooks company."""
    row = Preferences.get_or_none(
        (Preferences.workspace == workspace_id) & (Preferences.realm_id == realm_id)
    )
    if row is None:
        return Saved()
    words: dict[str, str] = {}
    terms: dict[str, str] = {}
    provinces: dict[str, str] = {}
    for value in ValueMapping.select().where(ValueMapping.preferences == row.id):
        if value.field == MappedField.PROVINCE:
            provinces[value.ours] = value.theirs_id
        else:
            key = term_key(value.ours)
            terms[key], words[key] = value.theirs_id, value.ours
    columns: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    columns |= {name: Target.parse(getattr(row, name)) for name in TARGETS}
    rules = MappingRules(**columns, terms=terms, province_tax_codes=provinces)
    return Saved(rules, words, row.version, row.id)


def write(connection: Connection, after: Saved) -> int:
    """Write a state over the one before it, in the caller's transaction; the row's id. Raises Conflict."""
    rules = after.rules
    values: dict[str, Any] = {name: getattr(rules, name) for name in COLUMNS}
    for name in TARGETS:
        target = getattr(rules, name)
        values[name] = None if target is None else str(target)
    values |= {"version": after.version, "updated_at": now()}
    id_ = after.id
    if id_ is None:
        owner = {"workspace": connection.workspace_id, "realm_id": connection.realm_id}
        try:
            id_ = Preferences.create(**owner, **values).id
        except IntegrityError as error:
            raise Conflict from error
    else:
        unchanged = (Preferences.id == id_) & (Preferences.version == after.version - 1)
        if Preferences.update(**values).where(unchanged).execute() != 1:
            raise Conflict
    _write_values(id_, after)
    return int(id_)


def _write_values(preferences_id: int, after: Saved) -> None:
    rules = after.rules
    rows: list[dict[str, Any]] = [
        {"field": MappedField.TERM, "ours": after.words.get(key, key), "theirs_id": theirs}
        for key, theirs in rules.terms.items()
    ]
    rows += [
        {"field": MappedField.PROVINCE, "ours": code, "theirs_id": theirs}
        for code, theirs in rules.province_tax_codes.items()
    ]
    ValueMapping.delete().where(ValueMapping.preferences == preferences_id).execute()
    if rows:
        ValueMapping.insert_many([{**row, "preferences": preferences_id} for row in rows]).execute()


def changes(books: Books, before: Saved, after: Saved) -> dict[str, dict[str, object]]:
    """What differs, before and after, in names: ids would say nothing to who reads the activity."""
    items = books.items(item_ids(before.rules) | item_ids(after.rules))
    old, new = _facts(books, items, before), _facts(books, items, after)
    names = [name for name in old | new if old.get(name) != new.get(name)]
    return {
        "before": {name: old.get(name) for name in names},
        "after": {name: new.get(name) for name in names},
    }


def _facts(books: Books, items: Entries, saved: Saved) -> dict[str, object]:
    rules = saved.rules
    facts: dict[str, object] = {name: getattr(rules, name) for name in PLAIN}
    names = {term_field(key): saved.words.get(key, key) for key in rules.terms}
    names |= {province_field(code): code for code in rules.province_tax_codes}
    for name, value in chosen(rules).items():
        facts[names.get(name, name)] = describe(books, name, value, items).text or value
    return facts
