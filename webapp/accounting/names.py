"""Names of QuickBooks items, made from what our lines carry.

Rules of a name: at most 100 characters, no tab, newline or colon; unique without regard to case
(https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/item).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.provider import ListedAccount
from webapp.accounting.sources import ItemNameSource, MappingRules, SourceDocument, SourceLine, Target

MAX_NAME: Final = 100
MAX_DESCRIPTION: Final = 4000

CHARGE_NAMES: Final[Mapping[LineKind, str]] = MappingProxyType(
    {LineKind.DECORATION: "Decoration", LineKind.SETUP: "Set-up charge", LineKind.FREIGHT: "Freight"}
)
"""The kinds of line that have a target of their own in the preferences, and their items' names."""


def item_name(line: SourceLine, source: ItemNameSource) -> str:
    """The QuickBooks item name of a line; empty when the line has neither number, name nor description."""
    fields = [line.product_number, line.product_name]
    if source is ItemNameSource.NAME:
        fields.reverse()
    names = (clean_name(text) for text in (*fields, line.description))
    return next((name for name in names if name), "")


def clean_name(text: str) -> str:
    """Make a text fit for an item name; one that is too long is cut and marked by a digest of the whole."""
    name = " ".join(text.replace(":", "-").split())
    if len(name) <= MAX_NAME:
        return name
    # the digest keeps two long names apart that differ only after the cut
    digest = hashlib.sha256(name.casefold().encode()).hexdigest()[:6]
    return f"{name[: MAX_NAME - 8].rstrip()} ~{digest}"


def line_description(line: SourceLine) -> str:
    """What a line says at the provider: its description, else the product's name or number.

    What was folded into it stands behind, each only once.
    """
    own = line.description.strip() or line.product_name.strip() or line.product_number.strip()
    return "; ".join(dict.fromkeys(filter(None, (own, *line.folded))))[:MAX_DESCRIPTION]


def charge_targets(rules: MappingRules) -> Mapping[LineKind, Target | None]:
    """The chosen target of each charge kind; the preference is named like the kind."""
    return {
        LineKind.DECORATION: rules.decoration,
        LineKind.SETUP: rules.setup,
        LineKind.FREIGHT: rules.freight,
    }


def wanted_item_names(document: SourceDocument, rules: MappingRules) -> frozenset[str]:
    """The case-folded item names that mapping this document may look up in ``ProviderLists.items``."""
    targets = charge_targets(rules)
    names: set[str] = set()
    for line in document.lines:
        if line.kind in CHARGE_NAMES:
            target = targets[line.kind]
            if document.kind is DocumentKind.INVOICE and target and target.type == "account":
                names.add(CHARGE_NAMES[line.kind])
        elif line.kind is not LineKind.DISCOUNT:
            names.add(item_name(line, rules.item_name_source))
    return frozenset(name.casefold() for name in names if name)


def rule_item_names(rules: MappingRules, accounts: Mapping[str, ListedAccount]) -> frozenset[str]:
    """The case-folded names of the items that stand for the accounts that rules name.

    An invoice line names an item, never an account: the item that posts to it is named like it.
    """
    targets = (rule.target for rule in rules.rules)
    ids = {target.id for target in targets if target is not None and target.type == "account"}
    return frozenset(clean_name(accounts[id_].name).casefold() for id_ in ids if id_ in accounts)
