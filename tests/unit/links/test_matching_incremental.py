"""Suggestions after a change are those that would be made anew, and whoever they concern is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.benchmarks.company_noise import lists
from webapp.links.matching import Candidate, Matcher
from webapp.links.records import Key, Party

Suggestions = dict[Key, tuple[Candidate, ...]]


class Both:
    """Both sides as plain lists, beside the matcher that follows their changes."""

    def __init__(self, seed: int, size: int) -> None:
        made = lists(seed, size)
        spare = size // 4
        self.rng = random.Random(seed)
        self.spare_ours, self.spare_theirs = made.ours[:spare], made.theirs[:spare]
        self.ours = {party.id: party for party in made.ours[spare:]}
        self.theirs = {party.id: party for party in made.theirs[spare:]}
        self.matcher = Matcher(self.theirs.values())
        self.matcher.add(self.ours.values())
        self.kept = self.all_of(self.matcher)

    def all_of(self, matcher: Matcher) -> Suggestions:
        return {id_: matcher.suggestions(id_) for id_ in self.ours}

    def anew(self) -> Suggestions:
        matcher = Matcher(self.theirs.values())
        matcher.add(self.ours.values())
        return self.all_of(matcher)

    def follow(self, affected: set[Key]) -> None:
        """Ask again for those alone who are said to be concerned, as whoever stores suggestions would."""
        self.kept = {id_: found for id_, found in self.kept.items() if id_ in self.ours}
        self.kept |= {id_: self.matcher.suggestions(id_) for id_ in affected if id_ in self.ours}


def add_ours(both: Both) -> None:
    party = both.spare_ours.pop()
    both.ours[party.id] = party
    both.follow(both.matcher.put_ours(party))


def remove_ours(both: Both) -> None:
    id_ = both.rng.choice(list(both.ours))
    del both.ours[id_]
    both.follow(both.matcher.remove_ours(id_))


def change_ours(both: Both) -> None:
    one, other = both.rng.sample(list(both.ours.values()), 2)
    likely = frozenset(found.remote_id for found in both.kept[one.id][:1])
    changed = both.rng.choice(
        (
            replace(other, id=one.id),
            replace(one, phones=(), emails=()),
            replace(one, refused=one.refused | likely),
        )
    )
    both.ours[one.id] = changed
    both.follow(both.matcher.put_ours(changed))


def add_theirs(both: Both) -> None:
    party = both.spare_theirs.pop()
    both.theirs[party.id] = party
    both.follow(both.matcher.put_theirs(party))


def remove_theirs(both: Both) -> None:
    id_ = both.rng.choice(list(both.theirs))
    del both.theirs[id_]
    both.follow(both.matcher.remove_theirs(id_))


def change_theirs(both: Both) -> None:
    one, other = both.rng.sample(list(both.theirs.values()), 2)
    name = both.rng.choice(list(both.ours.values())).names
    changed: Party = both.rng.choice(
        (
            replace(other, id=one.id),
            replace(one, linked_names=name, taken=True),
            replace(one, linked_names=(*one.linked_names, *name), linked_emails=("a@x.example",)),
            replace(one, linked_names=(), linked_emails=(), taken=False),
            replace(one, taken=not one.taken),
            replace(one, city="", postal_code=""),
        )
    )
    both.theirs[one.id] = changed
    both.follow(both.matcher.put_theirs(changed))


CHANGES = (add_ours, remove_ours, change_ours, add_theirs, remove_theirs, change_theirs)


@pytest.mark.parametrize("change", CHANGES)
def test_after_changes_of_one_kind_all_is_as_made_anew(change: Callable[[Both], None]) -> None:
    both = Both(41, 500)
    for _ in range(12):
        change(both)
    assert both.kept == both.anew()


@pytest.mark.parametrize("seed", [42, 43, 44])
def test_after_any_changes_all_is_as_made_anew(seed: int) -> None:
    both = Both(seed, 240)
    for _ in range(60):
        both.rng.choice(CHANGES)(both)
    assert both.kept == both.anew()


def test_linking_and_unlinking_again_and_again_is_as_made_anew() -> None:
    both = Both(47, 400)
    for _ in range(40):
        one = both.rng.choice(list(both.ours.values()))
        found = both.kept[one.id]
        other = both.theirs[found[0].remote_id] if found else both.rng.choice(list(both.theirs.values()))
        names = () if other.taken else one.names
        both.theirs[other.id] = replace(
            other, taken=not other.taken, linked_names=names, linked_emails=one.emails if names else ()
        )
        both.follow(both.matcher.put_theirs(both.theirs[other.id]))
    assert both.kept == both.anew()


def test_what_a_person_turned_down_never_comes_and_leaves_its_place_to_others() -> None:
    both = Both(48, 200)
    id_, found = next((id_, found) for id_, found in both.kept.items() if len(found) > 1)
    refused = frozenset({found[0].remote_id})
    both.follow(both.matcher.put_ours(replace(both.ours[id_], refused=refused)))
    assert refused.isdisjoint(one.remote_id for one in both.kept[id_])
    assert both.kept[id_][0].probability >= found[1].probability
    both.follow(both.matcher.put_ours(both.ours[id_]))
    assert both.kept[id_] == found


def test_one_change_concerns_few() -> None:
    both = Both(45, 500)
    affected = both.matcher.put_theirs(both.spare_theirs.pop())
    assert len(affected) < 50


def test_taking_out_who_is_not_there_concerns_nobody() -> None:
    both = Both(46, 40)
    assert both.matcher.remove_ours("nobody") == both.matcher.remove_theirs("nobody") == set()
