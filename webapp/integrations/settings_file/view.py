"""A workspace's settings line by line: what is saved, what has gone from QuickBooks, what is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.accounting.sources import Target
from webapp.integrations import preferences
from webapp.integrations.preference_fields import chosen
from webapp.integrations.preference_mirror import CompanyLists
from webapp.integrations.preference_proposals import proposals_for
from webapp.integrations.preference_view import term_words
from webapp.integrations.settings_file.catalogue import Catalogue
from webapp.integrations.settings_file.one import ACCESS
from webapp.integrations.settings_file.refusals import COLUMNS, path_of
from webapp.integrations.settings_file.service import State, catalogue
from webapp.integrations.settings_file.tables import QUICKBOOKS, flat, tables_of
from webapp.integrations.settings_file.toml import shown
from webapp.integrations.settings_file.values import GROUPS, SETTINGS, Path, value_of


@dataclass(frozen=True)
class Line:
    """One setting; ``value`` is None where nothing is saved, ``note`` says what is the matter with it."""

    path: Path
    value: object = None
    note: str = ""


def lines(state: State) -> list[Line]:
    """Every setting that is saved, proposed or could be chosen, in the panel's order."""
    proposed = dict(_proposed(state))
    items = [value.removeprefix("item:") for value in proposed.values()]
    names = catalogue(state, ids=items)
    saved = flat(tables_of(state.sections, names))
    notes = {path: f"proposed: {_text(path, value, names)}" for path, value in proposed.items()}
    notes |= dict.fromkeys(_gone(state), "gone from QuickBooks, or of a type that does not fit")
    settings = [(QUICKBOOKS, name) for name in SETTINGS] if state.connection else []
    paths = sorted({*saved, *notes, *settings}, key=_order)
    return [Line(path, saved.get(path), notes.get(path, "")) for path in paths]


def _proposed(state: State) -> Iterator[tuple[Path, str]]:
    if state.connection is None:
        return
    words = term_words(state.workspace.id, state.preferences)
    lists = CompanyLists.of(state.connection)
    for field, proposal in proposals_for(lists, words, chosen(state.preferences.rules)).items():
        yield (QUICKBOOKS, *path_of(field, words)), proposal.id or ""


def _gone(state: State) -> Iterator[Path]:
    if state.connection is None:
        return
    for reason in preferences.problems(state.workspace.id, state.connection):
        field, name = reason.facts["field"], reason.facts["name"]
        if field in COLUMNS:
            yield (QUICKBOOKS, *COLUMNS[field])
        elif field == "terms":
            yield (QUICKBOOKS, "terms", state.preferences.words.get(name, name))
        elif field == "province_tax_codes":
            yield (QUICKBOOKS, "tax_codes", name)
        elif field == "rules":
            rules = enumerate(state.preferences.rules.rules, 1)
            yield from ((QUICKBOOKS, field, str(number)) for number, rule in rules if rule.value == name)
        else:
            yield (QUICKBOOKS, field, *name.split(":"))


def _text(path: Path, value: str, names: Catalogue) -> str:
    """A proposal as the file would have it; ``value`` is stored like a target where it is one."""
    return shown(value_of(path[1:]).write(Target.parse(value) or value, names))


def _order(path: Path) -> tuple[object, ...]:
    section, name, *keys = path
    known = [*ACCESS, *SETTINGS, *GROUPS, name]
    return section, known.index(name), [key.rjust(4) for key in keys]
