"""Which customers or vendors our companies may be, with how far that is probable and why. Pure.

Two steps: each of ours is compared with the few of theirs that share something with it, and then candidates
are held against each other, because one of theirs is one of ours as a rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from webapp.links.blocking import candidates, reach, reached
from webapp.links.contention import LOWEST, Candidate, Pair, settled, shares
from webapp.links.likeness import compare
from webapp.links.postings import Index
from webapp.links.records import Key, Kind, Party, Prepared, prepared
from webapp.links.scoring import verdict

__all__ = ["Candidate", "Matcher", "Party"]

Row = tuple[Pair, ...]


class Matcher:
    """Both sides, and what each of ours may be; after every change the same as if made anew.

    For a whole list: make it of theirs, ``add`` ours in batches, then ask for the suggestions of each. For
    one record that changed: ``put_…`` or ``remove_…`` it, which give the ids of ours whose suggestions
    may be others now.
    """

    def __init__(self, theirs: Iterable[Party] = ()) -> None:
        self._theirs, self._ours = Index(), Index()
        self._rows: dict[Key, Row] = {}
        # By the ids of theirs: which of ours have it as a candidate, and their shares in it
        self._claims: dict[Key, dict[Key, float]] = {}
        self.know(theirs)

    def __len__(self) -> int:
        """How many records it holds, of both sides."""
        return len(self._theirs.records) + len(self._ours.records)

    def know(self, theirs: Iterable[Party]) -> None:
        """Take in some of theirs that are not known yet; only as long as none of ours are."""
        for party in theirs:
            self._theirs.add(prepared(party))

    def add(self, ours: Iterable[Party]) -> None:
        """Take in some of ours that are not known yet."""
        records = [prepared(party) for party in ours]
        for record in records:
            self._ours.add(record)
        # One step after the other for all of them, which is quicker than all steps for one after the other
        found = [candidates(self._theirs, record) for record in records]
        for record, others in zip(records, found, strict=True):
            self._claim(record.id, self._row(record, others))

    def suggestions(self, our_id: Key) -> tuple[Candidate, ...]:
        """What one of ours may be: five at most, best first; empty for one that is not known."""
        row = self._rows.get(our_id, ())
        group = self._ours.records[our_id].group if row else ""
        own, rivals = {}, {}
        for pair in row:
            claims = self._claims[pair.remote_id]
            own[pair.remote_id] = claims[our_id]
            rivals[pair.remote_id] = [
                share
                for id_, share in claims.items()
                if id_ != our_id and not (group and self._ours.records[id_].group == group)
            ]
        return settled(row, own, rivals)

    def put_ours(self, party: Party) -> set[Key]:
        """Take one of ours in, or in the place of what it was."""
        return self.remove_ours(party.id) | self._take_in(prepared(party))

    def remove_ours(self, our_id: Key) -> set[Key]:
        """Take one of ours out, if it is there."""
        if our_id not in self._ours.records:
            return set()
        self._ours.remove(our_id)
        return self._rivals(self._disclaim(our_id)) | {our_id}

    def put_theirs(self, party: Party) -> set[Key]:
        """Take one of theirs in, or in the place of what it was."""
        record, former = prepared(party), self._theirs.records.get(party.id)
        if former is not None and replace(former, linked=record.linked, taken=record.taken) == record:
            return self._relink(former, record)
        affected = self.remove_theirs(party.id)
        return affected | self._change(record, is_new=True)

    def remove_theirs(self, their_id: Key) -> set[Key]:
        """Take one of theirs out, if it is there."""
        record = self._theirs.records.get(their_id)
        return self._change(record, is_new=False) if record else set()

    def _take_in(self, record: Prepared) -> set[Key]:
        self._ours.add(record)
        row = self._row(record, candidates(self._theirs, record))
        self._claim(record.id, row)
        return self._rivals(row) | {record.id}

    def _change(self, record: Prepared, *, is_new: bool) -> set[Key]:
        """Add or remove one of theirs and compare anew whoever it may matter to."""
        before = self._theirs.classes(record)
        concerned: set[Key] = set() if is_new else reach(self._ours, self._theirs, record, ())
        if is_new:
            self._theirs.add(record)
        else:
            self._theirs.remove(record.id)
        after = self._theirs.classes(record)
        changed = {value for value in after if before[value] != after[value]}
        concerned |= reach(self._ours, self._theirs, record, changed) | self._weighed_by(changed)
        return self._anew(concerned)

    def _relink(self, former: Prepared, record: Prepared) -> set[Key]:
        """Change nothing of one of theirs but what is linked to it, which concerns few."""
        concerned = set(self._claims.get(record.id, ()))
        for value in former.linked ^ record.linked:
            concerned |= reached(self._ours, Kind.LINKED, value)
        self._theirs.relink(record)
        return self._anew(concerned)

    def _anew(self, concerned: Iterable[Key]) -> set[Key]:
        """Compare some of ours anew; returns whose suggestions may be others for it."""
        affected: set[Key] = set()
        for our_id in concerned:
            record = self._ours.records[our_id]
            row = self._row(record, candidates(self._theirs, record))
            if row != self._rows[our_id]:
                former = self._disclaim(our_id)
                self._claim(our_id, row)
                affected |= {our_id} | self._rivals(former) | self._rivals(row)
        return affected

    def _weighed_by(self, changed: Iterable[tuple[Kind, str]]) -> set[Key]:
        """Whoever may be compared with a record that has a word which tells more or less now."""
        found: set[Key] = set()
        for kind, value in changed:
            if kind is Kind.WORD:
                for their_id in self._theirs.by[kind].get(value, ()):
                    found |= reach(self._ours, self._theirs, self._theirs.records[their_id], ())
        return found

    def _row(self, record: Prepared, others: Iterable[Prepared]) -> Row:
        """One of ours compared with whoever may be the same, the impossible left out."""
        row = []
        for other in others:
            if other.id in record.refused:
                continue
            found = verdict(compare(record, other, self._theirs))
            if found.odds >= LOWEST:
                row.append(Pair(other.id, found, other.taken))
        return tuple(row)

    def _claim(self, our_id: Key, row: Row) -> None:
        self._rows[our_id] = row
        for their_id, share in shares(row).items():
            self._claims.setdefault(their_id, {})[our_id] = share

    def _disclaim(self, our_id: Key) -> Row:
        row = self._rows.pop(our_id)
        for pair in row:
            del self._claims[pair.remote_id][our_id]
        return row

    def _rivals(self, row: Row) -> set[Key]:
        return {our_id for pair in row for our_id in self._claims.get(pair.remote_id, ())}
