"""Which names customers and vendors have in our mirror, and which a new one could have.

QuickBooks holds names to be unique over customers, vendors and employees; a customer below another one counts
with its parent's name before its own. Employees are not mirrored: of them QuickBooks' own refusal tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from webapp.links.mirror_rows import name_key
from webapp.models import DirectoryEntry, ListKind
from webapp.quickbooks.payloads.names import PARTY_LENGTH, party_name

PEOPLE: Final = (ListKind.CUSTOMER, ListKind.VENDOR)
DEEPEST: Final = 4
"""How many customers may stand above one; https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/customer"""
HIGHEST_NUMBER: Final = 99
OFFERED: Final = 3
CHUNK: Final = 500


def faults(typed: str) -> list[object]:
    """What is wrong with a name, as codes of ``Invalid``."""
    name = " ".join(typed.split())
    if not name:
        return ["required"]
    if len(name) > PARTY_LENGTH:
        return [("too_long", PARTY_LENGTH)]
    if ":" in name or not typed.isprintable():
        return ["characters"]
    return []


def is_too_deep(parent: DirectoryEntry) -> bool:
    """Whether there are as many levels above a customer as QuickBooks allows."""
    return (parent.full_name or parent.name).count(":") >= DEEPEST


def owners(
    workspace_id: int, realm_id: str, names: Iterable[str], parent_id: str = ""
) -> dict[str, DirectoryEntry]:
    """The active customers and vendors that have some names, by ``key``; below a parent, its customers."""
    keys = sorted({name_key(name) for name in names})
    kinds = [ListKind.CUSTOMER] if parent_id else list(PEOPLE)
    found: dict[str, DirectoryEntry] = {}
    for start in range(0, len(keys), CHUNK):
        query = DirectoryEntry.select().where(
            (DirectoryEntry.workspace == workspace_id)
            & (DirectoryEntry.realm_id == realm_id)
            & DirectoryEntry.kind.in_(kinds)
            & DirectoryEntry.name_key.in_(keys[start : start + CHUNK])
            & DirectoryEntry.active
            & (DirectoryEntry.parent_id == parent_id)
        )
        for row in query.order_by(DirectoryEntry.kind.desc(), DirectoryEntry.id.desc()):
            found[row.name_key] = row
    return found


def offers(
    workspace_id: int, realm_id: str, name: str, extras: Iterable[str], parent_id: str = ""
) -> list[str]:
    """Names like one that is taken which nobody has: with something behind it that tells, or a number.

    Args:
        workspace_id: whose mirror.
        realm_id: of which QuickBooks company.
        name: what is taken.
        extras: what may stand behind it in brackets, the most telling first.
        parent_id: the customer that it is to be below.
    """
    told = [f"{name} ({extra})" for extra in extras if extra]
    numbered = [f"{name} {number}" for number in range(2, HIGHEST_NUMBER)]
    wished = [wish for wish in (party_name(text) for text in told + numbered) if wish != name]
    taken = owners(workspace_id, realm_id, wished, parent_id)
    free = [wish for wish in dict.fromkeys(wished) if name_key(wish) not in taken]
    return free[:OFFERED]
