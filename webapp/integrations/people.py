"""The people of a workspace whom the integration can be shown to, found a few at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from webapp.db import rows
from webapp.db.search import fold
from webapp.models import Role

SHOWN: Final = 25
MOST: Final = 20_000
"""Workspaces of more people than this are searched no further, so that one search stays bounded."""
EVERYBODY: Final = """
SELECT id, name, email, role FROM users WHERE workspace_id = ? AND active AND NOT is_support
ORDER BY id LIMIT ?
"""


class Person(NamedTuple):
    """Somebody who can sign in; ``folded`` is what they are found and sorted by."""

    id: int
    name: str
    email: str
    role: str
    folded: str

    @property
    def manages(self) -> bool:
        """Whether they see the integration without being chosen."""
        return self.role != Role.MEMBER


@dataclass(frozen=True)
class Listing:
    """What a list of people shows: of the chosen the first, then whom the search found besides.

    ``chosen`` has the ids of all members who are chosen, ``more_chosen`` and ``more_found`` count who is
    not shown.
    """

    chosen: frozenset[int]
    first: tuple[Person, ...]
    found: tuple[Person, ...]
    more_chosen: int
    more_found: int

    @property
    def shown(self) -> list[int]:
        """The members whose boxes stand in the list."""
        return [person.id for person in (*self.first, *self.found) if not person.manages]


def active(workspace_id: int) -> list[Person]:
    """Everybody of a workspace who can sign in, by name without regard to case and accents."""
    read = rows(EVERYBODY, [workspace_id, MOST])
    found = [Person(id_, name, email, role, fold(name)) for id_, name, email, role in read]
    return sorted(found, key=lambda one: (one.folded, one.id))


def listing(workspace_id: int, chosen: Collection[int], text: str = "") -> Listing:
    """The list for a search; ids of nobody here are left out of the chosen."""
    everybody = active(workspace_id)
    members = {person.id for person in everybody if not person.manages}
    kept = members & set(chosen)
    picked = [person for person in everybody if person.id in kept]
    first = picked[:SHOWN]
    words = fold(text).split()
    # who is chosen but not among the first is there to be found
    standing = {person.id for person in first} if words else kept
    found = [one for one in everybody if one.id not in standing and _has(one, words)]
    return Listing(
        frozenset(kept),
        tuple(first),
        tuple(found[:SHOWN]),
        len(picked) - len(first),
        max(0, len(found) - SHOWN),
    )


def _has(person: Person, words: list[str]) -> bool:
    """Whether every word is a part of the name or the e-mail address."""
    return all(word in person.folded or word in person.email for word in words)
