"""The table of entities: everything in which one entity differs from another, read from `entities.json`.

In the file a word with @ stands for the words of a group.
"""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources
from typing import Any

from . import rules

_DOCUMENT = json.loads(
    resources.files(__package__).joinpath("entities.json").read_text("utf-8"), parse_int=Decimal
)
_USUAL = {"list": "read query create update", "person": "read query create update",
          "transaction": "read query create update delete"}  # fmt: skip


@dataclass(frozen=True)
class Entity:
    """One entity of the API.

    family: which rules settle it: person, list (named), transaction, record (neither named nor posted), or
    fixed (one per company). path: its segment in addresses. label: how a refusal 2500 calls it. ids: the
    counter its ids come from; entities may share one. filterable: the properties that a query may filter by,
    as Intuit's reference marks them. sparse_required: what even a sparse update must carry.
    update_required: what a full update must carry. side: for a transaction with tax, "Sales" or "Purchase".
    lines: the kinds of line a transaction takes. deleted_unread: whether a delete needs no SyncToken.
    editions: those of QuickBooks that have it; all of them when none is named.
    """

    name: str
    family: str
    operations: frozenset[str]
    path: str
    label: str
    ids: str
    name_field: str | None = None
    sparse_required: tuple[str, ...] = ()
    update_required: tuple[str, ...] = ()
    filterable: tuple[str, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)
    side: str = ""
    lines: tuple[str, ...] = ()
    deleted_unread: bool = False
    editions: tuple[str, ...] = ()

    @property
    def id_space(self) -> str:
        """The counter that numbers this entity."""
        return self.ids

    @property
    def required(self) -> tuple[str, ...]:
        """What a create must carry."""
        return rules.required(self.name)


def _words(text: str, groups: dict[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    for word in text.split():
        found += _words(groups[word[1:]], groups) if word.startswith("@") else [word]
    return tuple(found)


def _entity(name: str, row: dict[str, Any]) -> Entity:
    family = row["family"]
    transaction = family == "transaction"
    path = row.get("path", name.lower())
    return Entity(
        name,
        family,
        frozenset(row.get("operations", _USUAL.get(family, "read query")).split()),
        path,
        row.get("label", "Transactions" if transaction else name),
        row.get("ids", "transactions" if transaction else path),
        row.get("name_field"),
        tuple(row.get("sparse_required", "").split()),
        tuple(row.get("update_required", "").split()),
        _words(row["filterable"], _DOCUMENT["groups"]),
        row.get("defaults", {}),
        row.get("side", ""),
        _words(row.get("lines", ""), _DOCUMENT["lines"]),
        row.get("deleted_unread", False),
        tuple(row.get("editions", "").split()),
    )


BY_NAME: dict[str, Entity] = {name: _entity(name, row) for name, row in _DOCUMENT["entities"].items()}
BY_PATH: dict[str, Entity] = {entity.path: entity for entity in BY_NAME.values()}

# Which entity a reference field names. ParentRef names an object of its own kind.
REFERENCES: dict[str, str] = {
    name: entity for entity, names in _DOCUMENT["references"].items() for name in names.split()
}
# The account types that some reference fields insist on.
ACCOUNT_TYPES: dict[str, tuple[str, ...]] = {
    name: tuple(types.split("|")) for name, types in _DOCUMENT["account_types"].items()
}
