"""How the preferences stand in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from peewee import IntegrityError

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.sources import CustomField, LineLayout, MappingRules, Rule, Target
from webapp.accounting.terms import term_key
from webapp.clock import now
from webapp.errors import Conflict
from webapp.integrations.preference_fields import MOST_RULES, SINGLE, TARGETS
from webapp.models import Connection, MappedField, PreferenceRule, Preferences, ValueMapping

SAVED: Final = "preferences.saved"
"""What the activity calls a save."""

PLAIN: Final = (
    "billable", "item_name_source", "unknown_items", "use_our_numbers", "memo", "sales_tax", "start_date",
)  # fmt: skip
COLUMNS: Final = (*PLAIN, *(name for name in SINGLE if name not in TARGETS))


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
    row = Preferences.by(workspace=workspace_id, realm_id=realm_id)
    if row is None:
        return Saved()
    words: dict[str, str] = {}
    terms: dict[str, str] = {}
    provinces: dict[str, str] = {}
    for value in ValueMapping.read("WHERE preferences_id = ?", row.id):
        if value.field == MappedField.PROVINCE:
            provinces[value.ours] = value.theirs_id
        else:
            key = term_key(value.ours)
            terms[key], words[key] = value.theirs_id, value.ours
    columns: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    columns |= {name: Target.parse(getattr(row, name)) for name in TARGETS}
    rules = MappingRules(
        **columns,
        terms=terms,
        province_tax_codes=provinces,
        custom_fields=_restored(row.custom_fields, CustomField, str),
        layouts=_restored(row.layouts, LineKind, LineLayout),
        rules=_rules(row.id),
    )
    return Saved(rules, words, row.version, row.id)


def _rules(preferences_id: int) -> tuple[Rule, ...]:
    where = "WHERE preferences_id = ? ORDER BY position LIMIT ?"
    return tuple(
        Rule(row.field, row.value, Target.parse(row.target), row.class_id, row.location_id)
        for row in PreferenceRule.read(where, preferences_id, MOST_RULES)
    )


def _stored(values: Mapping[tuple[DocumentKind, Any], Any]) -> dict[str, str]:
    """What goes by a kind of document and something else, with keys that JSON has."""
    return {f"{kind.value}:{other.value}": str(value) for (kind, other), value in values.items()}


def _restored(
    values: Mapping[str, str], other: Callable[[str], Any], value: Callable[[str], Any]
) -> dict[tuple[DocumentKind, Any], Any]:
    """What ``_stored`` wrote."""
    keys = {key: key.partition(":") for key in values}
    return {
        (DocumentKind(kind), other(name)): value(values[key]) for key, (kind, _colon, name) in keys.items()
    }


def write(connection: Connection, before: Saved, after: Saved) -> int:
    """Write a state over the one before it, in the caller's transaction; the row's id. Raises Conflict."""
    old, values = _columns(before.rules), _columns(after.rules)
    id_ = after.id
    if id_ is not None:
        values = {name: value for name, value in values.items() if value != old[name]}
    values |= {"version": after.version, "updated_at": now()}
    if id_ is None:
        owner = {"workspace": connection.workspace_id, "realm_id": connection.realm_id}
        try:
            id_ = Preferences.create(**owner, **values).id
        except IntegrityError as error:
            raise Conflict from error
    elif Preferences.change(values, "id = ? AND version = ?", id_, after.version - 1) != 1:
        raise Conflict
    if _values(before) != _values(after):
        _write_values(id_, after)
    if before.rules.rules != after.rules.rules:
        _write_rules(id_, after.rules)
    return int(id_)


def _columns(rules: MappingRules) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(rules, name) for name in COLUMNS}
    for name in TARGETS:
        target = getattr(rules, name)
        values[name] = None if target is None else str(target)
    return values | {"custom_fields": _stored(rules.custom_fields), "layouts": _stored(rules.layouts)}


def _values(saved: Saved) -> list[dict[str, Any]]:
    """What is kept by value, without the owner."""
    rules = saved.rules
    rows: list[dict[str, Any]] = [
        {"field": MappedField.TERM, "ours": saved.words.get(key, key), "theirs_id": theirs}
        for key, theirs in rules.terms.items()
    ]
    rows += [
        {"field": MappedField.PROVINCE, "ours": code, "theirs_id": theirs}
        for code, theirs in rules.province_tax_codes.items()
    ]
    return sorted(rows, key=lambda row: (row["field"], row["ours"]))


def _write_values(preferences_id: int, after: Saved) -> None:
    ValueMapping.delete().where(ValueMapping.preferences == preferences_id).execute()
    rows = [{**row, "preferences": preferences_id} for row in _values(after)]
    if rows:
        ValueMapping.insert_many(rows).execute()


def _write_rules(preferences_id: int, rules: MappingRules) -> None:
    PreferenceRule.delete().where(PreferenceRule.preferences == preferences_id).execute()
    rows = [
        {
            **vars(rule),
            "target": None if rule.target is None else str(rule.target),
            "preferences": preferences_id,
            "position": position,
        }
        for position, rule in enumerate(rules.rules)
    ]
    if rows:
        PreferenceRule.insert_many(rows).execute()
