"""The rules of the preferences as rows of a form, which work without a script. Pure.

A row at rest is one hidden field with all its parts; an open row has the same field, and a control for each
part, which counts. Buttons say what to do with a row ("up-3"), and the form comes back with it done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from webapp.accounting.sources import Rule, RuleField, Target
from webapp.db.search import fold
from webapp.integrations.preference_fields import (
    CLASS,
    LOCATION,
    MOST_RULES,
    RULE_EFFECTS,
    rule_field,
    rule_part,
)

PARTS: Final = ("field", "target", CLASS, LOCATION, "value")
"""The order in which a row at rest keeps its parts; the value is last, since it may hold the separator."""

RULE_OF: Final = "rule-of:"
"""Begins the name of a control that is given by a rule's value, where its place is not known."""

_SEPARATOR: Final = "|"
_PACKED: Final = re.compile(r"rule-(0|[1-9][0-9]{0,2})")
_DO: Final = re.compile(r"(open|up|down|remove)-([0-9]{1,3})")


@dataclass(frozen=True)
class Row:
    """One rule as it was typed: everything is text, and nothing of it need make sense."""

    field: str
    target: str = ""
    class_id: str = ""
    location_id: str = ""
    value: str = ""
    is_open: bool = False

    @property
    def packed(self) -> str:
        """All parts in one text."""
        return _SEPARATOR.join(getattr(self, part) for part in PARTS)

    @classmethod
    def unpacked(cls, text: str) -> Row:
        """The row of such a text."""
        parts = text.split(_SEPARATOR, len(PARTS) - 1)
        values: dict[str, Any] = dict(zip(PARTS, parts, strict=False))
        return cls(**values)

    @classmethod
    def of(cls, rule: Rule) -> Row:
        """A saved rule as a row at rest."""
        target = "" if rule.target is None else str(rule.target)
        return cls(rule.field.value, target, rule.class_id or "", rule.location_id or "", rule.value)

    @property
    def rule(self) -> Rule:
        """The rule that the row says; a target that is neither item nor account is one that nobody has.

        Raises:
            ValueError: for a ``field`` that there is not.
        """
        target = (Target.parse(self.target) or Target("item", self.target)) if self.target else None
        places = self.class_id or None, self.location_id or None
        return Rule(RuleField(self.field), self.value, target, *places)

    @property
    def effects(self) -> dict[str, str]:
        """What the rule gives, by part."""
        values = {part: getattr(self, part) for part in RULE_EFFECTS}
        return {part: value for part, value in values.items() if value}


def read(form: Mapping[str, str]) -> list[Row]:
    """The rows of a posted form, in their order; one more than may be, so that too many can be refused."""
    matches = (_PACKED.fullmatch(name) for name in form)
    places = sorted(int(match[1]) for match in matches if match)
    return [_row(form, place) for place in places[: MOST_RULES + 1]]


def _row(form: Mapping[str, str], place: int) -> Row:
    row = Row.unpacked(form[f"rule-{place}"])
    names = {part: rule_field(place, part) for part in PARTS}
    typed: dict[str, Any] = {part: form[name] for part, name in names.items() if name in form}
    return replace(row, **typed, is_open=True) if typed else row


def act(rows: list[Row], what: str, added: str) -> tuple[list[Row], str]:
    """Do what a button says, and tell which control the focus goes to; nothing for words of no button.

    Args:
        rows: the rows as they are.
        what: ``add``, or ``open``, ``up``, ``down`` or ``remove`` with the row's place ("up-3").
        added: what the added rule looks at.
    """
    if what == "add" and len(rows) < MOST_RULES and added in set(RuleField):
        return [*rows, Row(added, is_open=True)], rule_field(len(rows), "value")
    match = _DO.fullmatch(what)
    place = int(match[2]) if match else len(rows)
    if match is None or place >= len(rows):
        return rows, "rule-add"
    if match[1] == "open":
        return [replace(row, is_open=row.is_open or n == place) for n, row in enumerate(rows)], rule_field(
            place, "value"
        )
    if match[1] == "remove":
        left = rows[:place] + rows[place + 1 :]
        return left, rule_field(min(place, len(left) - 1), "remove") if left else "rule-add"
    return _moved(rows, place, match[1])


def _moved(rows: list[Row], place: int, way: str) -> tuple[list[Row], str]:
    """The rows with one a place up or down; the focus stays on its button, as long as that can be pressed."""
    there = place + (-1 if way == "up" else 1)
    if not 0 <= there < len(rows):
        return rows, rule_field(place, way)
    moved = list(rows)
    moved[place], moved[there] = moved[there], moved[place]
    is_last = there == (0 if way == "up" else len(rows) - 1)
    back = "down" if way == "up" else "up"
    return moved, rule_field(there, back if is_last else way)


def opened(rows: list[Row], places: set[int]) -> list[Row]:
    """The rows with those at these places open, where something is wrong."""
    return [replace(row, is_open=row.is_open or place in places) for place, row in enumerate(rows)]


def sought(rows: list[Row], name: str) -> tuple[list[Row], str]:
    """The rows with that one open which the name of a control leads to, and the control itself."""
    part = rule_part(name)
    place = part[0] if part else None
    if name.startswith(RULE_OF):
        value = fold(name.removeprefix(RULE_OF))
        place = next((place for place, row in enumerate(rows) if fold(row.value) == value), None)
        name = "" if place is None else rule_field(place, "target")
    return (rows if place is None else opened(rows, {place})), name
