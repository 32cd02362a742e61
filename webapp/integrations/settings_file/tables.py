"""The two sections as the tables of a settings file. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from webapp.accounting.drafts import DocumentKind
from webapp.accounting.sources import MappingRules, Rule, RuleField
from webapp.integrations.settings_file.catalogue import Catalogue, Shelf
from webapp.integrations.settings_file.values import (
    SETTINGS,
    Choice,
    Entry,
    Path,
    TargetEntry,
    Text,
    Value,
    value_of,
)
from webapp.models import Visibility

PERMISSIONS: Final = "permissions"
QUICKBOOKS: Final = "quickbooks"
RULES: Final = "rules"

RULE: Final[Mapping[str, tuple[str, Value]]] = {
    "field": ("field", Choice(RuleField)),
    "value": ("value", Text(120)),
    "target": ("target", TargetEntry()),
    "class": ("class_id", Entry(Shelf.CLASS)),
    "location": ("location_id", Entry(Shelf.LOCATION)),
}
"""What a rule has, by name in the file: the field of ``Rule`` and what it takes."""


@dataclass(frozen=True)
class Access:
    """The section Permissions; people by their e-mail addresses."""

    visible_to: Visibility = Visibility.ALL
    people: frozenset[str] = frozenset()
    sends: frozenset[DocumentKind] = frozenset(DocumentKind)


@dataclass(frozen=True)
class Sections:
    """What a file says; None for a section that it leaves out. ``words`` has our terms by their key."""

    access: Access | None = None
    rules: MappingRules | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def tables_of(sections: Sections, catalogue: Catalogue) -> dict[str, Any]:
    """The sections as tables; what is not chosen is left out."""
    tables: dict[str, Any] = {}
    if sections.access is not None:
        access = sections.access
        tables[PERMISSIONS] = {
            "visible_to": access.visible_to.value,
            "people": sorted(access.people),
            "send": [kind.value for kind in DocumentKind if kind in access.sends],
        }
    if sections.rules is not None:
        tables[QUICKBOOKS] = _quickbooks(sections.rules, sections.words, catalogue)
    return tables


def flat(tables: Mapping[str, Any]) -> dict[Path, Any]:
    """Every setting by its path; a rule by its number, counted from 1."""
    return dict(_flat((), tables))


def place(tables: dict[str, Any], path: Path, value: object) -> None:
    """Put a value where its path leads, making the tables on the way."""
    *parents, name = path
    for parent in parents:
        tables = tables.setdefault(parent, {})
    tables[name] = value


def _flat(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if path == (QUICKBOOKS, RULES):
        for number, rule in enumerate(value, 1):
            yield (*path, str(number)), rule
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat((*path, name), inner)
    else:
        yield path, value


def _quickbooks(rules: MappingRules, words: Mapping[str, str], catalogue: Catalogue) -> dict[str, Any]:
    values: dict[Path, Any] = {(name,): getattr(rules, column) for name, (column, _) in SETTINGS.items()}
    values |= {("terms", words.get(key, key)): id_ for key, id_ in sorted(rules.terms.items())}
    values |= {("tax_codes", code): id_ for code, id_ in sorted(rules.province_tax_codes.items())}
    for name, group in (("custom_fields", rules.custom_fields), ("layouts", rules.layouts)):
        by_key: Mapping[tuple[Any, Any], str] = group
        values |= {(name, kind.value, ours.value): value for (kind, ours), value in sorted(by_key.items())}
    table: dict[str, Any] = {}
    for path, value in values.items():
        if value is not None:
            place(table, path, value_of(path).write(value, catalogue))
    if rules.rules:
        table[RULES] = [_rule(rule, catalogue) for rule in rules.rules]
    return table


def _rule(rule: Rule, catalogue: Catalogue) -> dict[str, Any]:
    values = {name: (kind, getattr(rule, column)) for name, (column, kind) in RULE.items()}
    return {name: kind.write(value, catalogue) for name, (kind, value) in values.items() if value}
