"""Matchers that a worker keeps between the steps of its jobs, and how they follow what changed.

A matcher holds both sides in memory. One that is new is filled in steps, and then all that is stored is
held against it; from then on it takes in what is noted in ``link_touched`` and says whose suggestions may be
others.
A worker that dies loses its matchers and nothing else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from typing import Any, Final

from webapp.db import database, rows
from webapp.links import party_reading as reading
from webapp.links.matching import Matcher
from webapp.links.party_reading import Scope
from webapp.links.touches import SIDES
from webapp.models import ListKind, MemberType, Side

# Seconds for which records are read in one step
STEP: Final = 0.5
# So many touched records are followed in one step
AT_ONCE: Final = 20
# With more on both ends of their links it is quicker to begin anew
MOST_LINKED: Final = 2_000
# Seconds without use after which a matcher is let go
IDLE: Final = 15 * 60.0
# So many records of both sides are held by one worker together; a hundred thousand take some 400 MB
MOST_RECORDS: Final = 500_000

MEMBERS: Final = """
SELECT company_id FROM link_standing WHERE workspace_id = ? AND member_type = ? AND company_id > ?
ORDER BY company_id LIMIT ?
"""

_kept = threading.local()


class Kept:
    """One matcher, how far it is filled, and what is still to be written of what it found."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.matcher, self.database = scope, Matcher(), database.obj
        self.used = time.monotonic()
        self.seen = last_touch(scope.workspace_id)
        self.is_stale = False
        self.unwritten: set[int] = set()
        self._their_id: str | None = ""
        self._our_id: int | None = 0
        self._written: int | None = 0

    @property
    def is_filled(self) -> bool:
        """Whether it holds all records."""
        return self._our_id is None

    @property
    def is_idle(self) -> bool:
        """Whether it was not used for so long that it has missed what was touched."""
        return self.used + IDLE < time.monotonic()

    def fill(self) -> int:
        """Read records for a moment; returns how many were read."""
        self.is_stale = True  # should this break down in the middle
        before, until = len(self.matcher), time.monotonic() + STEP
        while not self.is_filled and time.monotonic() < until:
            if self._their_id is not None:
                theirs = reading.theirs_after(self.scope, self._their_id)
                self.matcher.know(theirs)
                self._their_id = str(theirs[-1].id) if theirs else None
            else:
                ours = reading.ours_after(self.scope, self._our_id or 0)
                self.matcher.add(ours)
                self._our_id = int(ours[-1].id) if ours else None
        self.is_stale = False
        return len(self.matcher) - before

    def follow(self) -> bool:
        """Take in some of what was touched since; returns whether there was anything."""
        statement = (
            "SELECT id, side, ref FROM link_touched WHERE workspace_id = ? AND id > ? ORDER BY id LIMIT ?"
        )
        found = rows(statement, [self.scope.workspace_id, self.seen, AT_ONCE])
        if not found:
            return False
        refs: dict[str, set[str]] = {side.value: set() for side in Side}
        for id_, side, ref in found:
            refs[side].add(ref)
            self.seen = id_
        self.is_stale = True  # should what follows break down
        if not refs[Side.ALL]:
            side = SIDES[ListKind(self.scope.member_type.remote_kind)]
            self.is_stale = not self._follow({int(ref) for ref in refs[Side.COMPANY]}, refs[side])
        return True

    def _follow(self, company_ids: set[int], remote_ids: set[str]) -> bool:
        """Take in what these are now; returns whether it was possible.

        With a company its entry changes, which knows the name it is linked under, and with an entry the
        companies on it, whose links hold as long as it is in use.
        """
        remote_ids = remote_ids | _linked("remote_id", "company_id", self.scope, company_ids)
        company_ids = company_ids | _linked("company_id", "remote_id", self.scope, remote_ids)
        if len(company_ids) + len(remote_ids) > MOST_LINKED:
            return False
        self.unwritten |= company_ids
        theirs = {party.id: party for party in reading.theirs(self.scope, remote_ids)}
        ours = {party.id: party for party in reading.ours(self.scope, company_ids)}
        matcher = self.matcher
        affected = set()
        for remote_id in remote_ids:
            party = theirs.get(remote_id)
            affected |= matcher.put_theirs(party) if party else matcher.remove_theirs(remote_id)
        for company_id in company_ids:
            party = ours.get(company_id)
            affected |= matcher.put_ours(party) if party else matcher.remove_ours(company_id)
        self.unwritten |= {int(id_) for id_ in affected}
        return True

    @property
    def has_unwritten(self) -> bool:
        """Whether there are companies to be written because something touched them."""
        return bool(self.unwritten)

    def due(self, number: int) -> list[int]:
        """The companies that are to be written next: those touched, then all one after the other."""
        if self.unwritten:
            return sorted(self.unwritten)[:number]
        if self._written is None:
            return []
        place = [self.scope.workspace_id, self.scope.member_type.value, self._written, number]
        ids = [id_ for (id_,) in rows(MEMBERS, place)]
        if not ids:
            self._written = None
        return ids

    def wrote(self, ids: Collection[int]) -> None:
        """Strike out what was written."""
        if not ids:
            return
        if self.unwritten:
            self.unwritten.difference_update(ids)
        else:
            self._written = max(ids)


def of(scope: Scope) -> Kept:
    """The matcher of a scope, a new one when there is none that is good."""
    kept = _all()
    found = kept.get(scope)
    if found is not None and (found.is_stale or found.is_idle or found.database is not database.obj):
        del kept[scope]
        found = None
    if found is None:
        found = kept[scope] = Kept(scope)
    found.used = time.monotonic()
    return found


def let_go(scope: Scope | None = None) -> None:
    """Forget matchers that were not used for long, and others while there are too many records.

    The matcher of ``scope`` stays.
    """
    kept = _all()
    for one in sorted(kept.values(), key=lambda one: one.used):
        too_many = sum(len(other.matcher) for other in kept.values()) > MOST_RECORDS
        if one.scope != scope and (one.is_idle or too_many):
            del kept[one.scope]


def forget() -> None:
    """Forget all matchers, as a worker does that dies."""
    _all().clear()


def last_touch(workspace_id: int) -> int:
    """The number of what was touched last."""
    found = rows("SELECT max(id) FROM link_touched WHERE workspace_id = ?", [workspace_id])
    return int(found[0][0] or 0)


def _all() -> dict[Scope, Kept]:
    """The matchers of this thread."""
    if not hasattr(_kept, "matchers"):
        _kept.matchers = {}
    matchers: dict[Scope, Kept] = _kept.matchers
    return matchers


def _linked(wanted: str, by: str, scope: Scope, values: Collection[Any]) -> set[Any]:
    """The companies linked to some entries, or the entries that some companies are linked to."""
    if not values:
        return set()
    types = [one.value for one in MemberType if one.remote_kind == scope.member_type.remote_kind]
    marks, of_types = ", ".join("?" * len(values)), ", ".join("?" * len(types))
    statement = (
        f"SELECT DISTINCT {wanted} FROM link WHERE workspace_id = ? AND realm_id = ? "
        f"AND member_type IN ({of_types}) AND {by} IN ({marks}) AND state = 'linked' LIMIT ?"
    )
    found = rows(statement, [scope.workspace_id, scope.realm_id, *types, *values, MOST_LINKED + 1])
    return {id_ for (id_,) in found}
