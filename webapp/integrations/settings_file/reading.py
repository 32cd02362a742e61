"""Reads the tables of a settings file of which nothing is known, refusing all that is wrong at once. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.proposing import fold
from webapp.accounting.sources import CustomField, MappingRules, Rule
from webapp.accounting.terms import term_key
from webapp.integrations.settings_file.catalogue import Catalogue, Refused
from webapp.integrations.settings_file.tables import PERMISSIONS, QUICKBOOKS, RULE, RULES, Access, Sections
from webapp.integrations.settings_file.values import (
    GROUPS,
    SETTINGS,
    Choice,
    Path,
    Value,
    plain_text,
    value_of,
)
from webapp.models import Visibility

MOST_PEOPLE: Final = 10_000
MOST_TERMS: Final = 500
MOST_RULES: Final = 100
ABSENT: Final = object()

Read = TypeVar("Read")


@dataclass(frozen=True)
class Refusal:
    """A setting that was refused: its path in the file, why, and the value where one stood there."""

    path: Path
    why: str
    value: object = ABSENT


def read_tables(tables: Mapping[str, Any], catalogue: Catalogue) -> tuple[Sections, list[Refusal]]:
    """The sections that tables say, and what was refused of them; that has its default in the sections."""
    reader = _Reader(catalogue)
    for name in tables:
        if name not in {PERMISSIONS, QUICKBOOKS}:
            reader.refuse((name,), f"is no section: {PERMISSIONS} and {QUICKBOOKS} can stand there")
        elif not isinstance(tables[name], dict):
            reader.refuse((name,), f"is a table: [{name}]", tables[name])
    known = {name: table for name, table in tables.items() if isinstance(table, dict)}
    access = reader.access(known[PERMISSIONS]) if PERMISSIONS in known else None
    if QUICKBOOKS not in known:
        return Sections(access), reader.refusals
    rules, words = reader.quickbooks(known[QUICKBOOKS])
    return Sections(access, rules, words), reader.refusals


def named_items(tables: Mapping[str, Any]) -> Iterator[str]:
    """Whatever may name an item in tables that nobody has checked yet."""
    section = tables.get(QUICKBOOKS)
    if not isinstance(section, dict):
        return
    rules = section.get(RULES)
    rules = [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    targets = [section.get(name) for name in ("decoration", "setup", "freight")]
    targets += [rule.get("target") for rule in rules[:MOST_RULES]]
    for value in targets:
        if isinstance(value, str) and value.startswith("item:"):
            yield value.removeprefix("item:")
    if isinstance(section.get("fixed_item"), str):
        yield section["fixed_item"]


class _Reader:
    """Reads the sections and notes what it refuses."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.refusals: list[Refusal] = []
        self._catalogue = catalogue

    def refuse(self, path: Path, why: str, value: object = ABSENT) -> None:
        """Note a refusal."""
        self.refusals.append(Refusal(path, why, value))

    def access(self, table: Mapping[str, Any]) -> Access:
        """The section Permissions."""
        for name, value in table.items():
            if name not in {"visible_to", "people", "send"}:
                self.refuse((PERMISSIONS, name), "is no setting", value)
        visible_to = self._value(
            (PERMISSIONS, "visible_to"), Choice(Visibility), table.get("visible_to", "all")
        )
        people = self._texts((PERMISSIONS, "people"), table.get("people", []))
        kinds = self._texts((PERMISSIONS, "send"), table.get("send", list(DocumentKind)))
        sends = [self._value((PERMISSIONS, "send"), Choice(DocumentKind), kind) for kind in kinds]
        if people and visible_to == Visibility.ALL:
            why = f'goes with visible_to = "{Visibility.SELECTED}" only'
            self.refuse((PERMISSIONS, "people"), why, table["people"])
        return Access(
            visible_to or Visibility.ALL,
            frozenset(person.strip().lower() for person in people),
            frozenset(kind for kind in sends if kind),
        )

    def quickbooks(self, table: Mapping[str, Any]) -> tuple[MappingRules, dict[str, str]]:
        """The section QuickBooks Accounts and Settings, and our words for terms by their key."""
        read = [(path, self._setting(path, raw)) for path, raw in self._settings(table)]
        found = {path: value for path, value in read if value is not None}
        words = self._words(path[1] for path in found if path[0] == "terms")
        rules = MappingRules(
            **{SETTINGS[path[0]][0]: value for path, value in found.items() if path[0] in SETTINGS},
            terms={key: found["terms", text] for key, text in words.items()},
            province_tax_codes={path[1]: code for path, code in found.items() if path[0] == "tax_codes"},
            custom_fields={
                (DocumentKind(path[1]), CustomField(path[2])): id_
                for path, id_ in found.items()
                if path[0] == "custom_fields"
            },
            layouts={
                (DocumentKind(path[1]), LineKind(path[2])): layout
                for path, layout in found.items()
                if path[0] == "layouts"
            },
            rules=self._rules(table.get(RULES, [])),
        )
        return rules, words

    def _settings(self, table: Mapping[str, Any]) -> Iterator[tuple[Path, object]]:
        for name, value in table.items():
            if name != RULES:
                yield from self._below((name,), value, GROUPS.get(name, 0))

    def _below(self, path: Path, value: object, depth: int) -> Iterator[tuple[Path, object]]:
        if depth == 0:
            yield path, value
        elif not isinstance(value, dict):
            self.refuse((QUICKBOOKS, *path), "is a table", value)
        else:
            for name, inner in value.items():
                yield from self._below((*path, name), inner, depth - 1)

    def _setting(self, path: Path, raw: object) -> Any:
        try:
            value = value_of(path)
        except Refused as refused:
            self.refuse((QUICKBOOKS, *path), str(refused), raw)
            return None
        return self._value((QUICKBOOKS, *path), value, raw)

    def _value(self, path: Path, value: Value, raw: object) -> Any:
        try:
            return value.read(raw, self._catalogue)
        except Refused as refused:
            self.refuse(path, str(refused), raw)
            return None

    def _texts(self, path: Path, raw: object) -> list[str]:
        if not isinstance(raw, list) or len(raw) > MOST_PEOPLE:
            self.refuse(path, f"takes a list of at most {MOST_PEOPLE} texts", raw)
            return []
        texts = []
        for value in raw:
            try:
                texts.append(plain_text(value))
            except Refused as refused:
                self.refuse(path, str(refused), value)
        return texts

    def _words(self, texts: Iterator[str]) -> dict[str, str]:
        words: dict[str, str] = {}
        for text in texts:
            key = term_key(text)
            if key in words:
                self.refuse((QUICKBOOKS, "terms", text), f'stands there as "{words[key]}" too')
            words[key] = text
        if len(words) > MOST_TERMS:
            self.refuse((QUICKBOOKS, "terms"), f"takes at most {MOST_TERMS} terms")
        return words

    def _rules(self, raw: object) -> tuple[Rule, ...]:
        if not isinstance(raw, list) or not all(isinstance(rule, dict) for rule in raw):
            self.refuse((QUICKBOOKS, RULES), f"is an array of tables: [[{QUICKBOOKS}.{RULES}]]", raw)
            return ()
        if len(raw) > MOST_RULES:
            self.refuse((QUICKBOOKS, RULES), f"takes at most {MOST_RULES} rules")
            return ()
        rules: dict[tuple[str, str], Rule] = {}
        for number, table in enumerate(raw, 1):
            path = (QUICKBOOKS, RULES, str(number))
            rule = self._rule(path, table)
            if rule is None:
                continue
            key = rule.field.value, fold(rule.value)
            if key in rules:
                self.refuse(path, "never applies: a rule before it has the same field and value", table)
            rules[key] = rule
        return tuple(rules.values())

    def _rule(self, path: Path, table: Mapping[str, Any]) -> Rule | None:
        before = len(self.refusals)
        for name, raw in table.items():
            if name not in RULE:
                self.refuse((*path, name), "is no part of a rule", raw)
        for name in ("field", "value"):
            if name not in table:
                self.refuse((*path, name), "is missing")
        read = {
            column: self._value((*path, name), kind, table[name])
            for name, (column, kind) in RULE.items()
            if name in table
        }
        return Rule(**read) if len(self.refusals) == before else None
