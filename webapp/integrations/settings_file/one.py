"""One setting by its name, put into the tables of a settings file or taken out of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from webapp.accounting.terms import term_key
from webapp.integrations.settings_file.catalogue import Refused
from webapp.integrations.settings_file.tables import PERMISSIONS, QUICKBOOKS, RULES, place
from webapp.integrations.settings_file.values import GROUPS, Path, value_of
from webapp.models import Visibility

LISTS: Final = ("people", "send")
ACCESS: Final = ("visible_to", *LISTS)


def path_named(name: str) -> Path:
    """The path that a name stands for, or where it begins; the section before it may be left out."""
    for section in (PERMISSIONS, QUICKBOOKS):
        if name == section:
            return (section,)
        name = name.removeprefix(f"{section}.")
    head, dot, rest = name.partition(".")
    if head in ACCESS:
        return (PERMISSIONS, name)
    keys = rest.split(".", 1) if GROUPS.get(head) == 2 else [rest]
    return (QUICKBOOKS, head, *(key.strip('"') for key in keys if dot))


def with_setting(tables: Mapping[str, Any], path: Path, text: str | None) -> dict[str, Any]:
    """The setting's section with the setting as typed, or without it when there is no text.

    Raises:
        Refused: there is no such setting, or it is no single one.
    """
    section: dict[str, Any] = deepcopy(tables.get(path[0], {}))
    if path[0] == PERMISSIONS:
        _change_access(section, path, text)
    else:
        _change_quickbooks(section, path[1:], text)
    return {path[0]: section}


def _change_access(section: dict[str, Any], path: Path, text: str | None) -> None:
    if len(path) != 2 or path[1] not in ACCESS:
        raise Refused("is no single setting")
    name = path[1]
    if text is None:
        section.pop(name, None)
    else:
        section[name] = _parts(text) if name in LISTS else text.strip()
    if name == "people" and text is not None:
        section["visible_to"] = Visibility.SELECTED.value  # naming people says so
    elif section.get("visible_to", Visibility.ALL) == Visibility.ALL:
        section.pop("people", None)


def _change_quickbooks(section: dict[str, Any], path: Path, text: str | None) -> None:
    if path[:1] == (RULES,):
        raise Refused("are set in a file: export, edit, import")
    if not path:
        raise Refused("is no single setting")
    value = value_of(path)
    group = section.get("terms", {}) if path[0] == "terms" else {}
    for words in [words for words in group if term_key(words) == term_key(path[1])]:
        del group[words]
    if text is not None:
        place(section, path, value.parse(text))
        return
    for name in path[:-1]:
        section = section.get(name, {})
    section.pop(path[-1], None)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
