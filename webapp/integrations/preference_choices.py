"""What each drop-down of one form offers, within what a page can carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

from webapp.accounting.proposals import Proposal
from webapp.integrations.preference_mirror import CompanyLists, Known, Pool, Raw, label
from webapp.integrations.preference_options import Option, describe, fixed_options, sources
from webapp.models import DirectoryEntry

# Bytes of markup that all drop-downs together may take; lists that do not fit are searched instead
ROOM: Final = 20_000
ROOM_FOUND: Final = 9_000
PER_OPTION: Final = 40
LONGEST_SHOWN: Final = 150
FEWEST_FOUND: Final = 3
MOST_FOUND: Final = 30


class Choices:
    """The offers of one form; ``search`` finds what a list that is too long to show does not show.

    Args:
        lists: the company's lists.
        names: the form's drop-downs; what they show is shared out among them.
        known: the entries of what stands in them or is proposed.
        proposals: what is proposed, by drop-down.
        search: what to look for in the lists that are too long.
    """

    def __init__(
        self,
        lists: CompanyLists,
        names: Collection[str],
        known: Known,
        proposals: Mapping[str, Proposal],
        search: str = "",
    ) -> None:
        self._lists = lists
        self._known = known
        self._proposals = proposals
        uses = _uses(lists, names)
        self._shown, self._cut = self._shared_out(uses)
        self.found = 0
        if search and self._cut:
            self._search(search, uses)

    @property
    def is_cut(self) -> bool:
        """Whether some list is too long to be shown whole."""
        return bool(self._cut)

    def needs_search(self, name: str) -> bool:
        """Whether a drop-down does not show all that it could offer."""
        return any(source.pool in self._cut for source in sources(name, self._lists.company))

    def describe(self, name: str, value: str) -> Option:
        """A value as an option, whether or not it is offered."""
        return describe(self._lists.company, self._known, name, value)

    def offer(self, name: str, value: str) -> dict[str, list[Option]]:
        """What a drop-down offers: all that fits, and what stands in it or is proposed for it anyway.

        The groups are named ``items``, ``income`` and ``costs`` or, when there is but one, not at all.
        """
        groups = {"": fixed_options(name, self._lists.company)}
        for group, prefix, pool in sources(name, self._lists.company):
            groups[group] = [Option(prefix + entry.remote_id, label(entry)) for entry in self._shown[pool]]
        proposal = self._proposals.get(name)
        proposed = (proposal.id or "") if proposal else ""
        shown = {option.value for options in groups.values() for option in options}
        for kept in dict.fromkeys((value, proposed)):
            if kept and kept not in shown:  # a drop-down never loses a value
                groups[""].append(self.describe(name, kept))
        return {
            group: [_marked(option, proposed) for option in options]
            for group, options in groups.items()
            if options
        }

    def _shared_out(
        self, uses: Mapping[Pool, int]
    ) -> tuple[dict[Pool, list[DirectoryEntry]], frozenset[Pool]]:
        """The lists that fit, the lightest first; and those that do not, which show nothing of themselves."""
        found = {pool: self._lists.offered(pool, LONGEST_SHOWN + 1) for pool in uses}
        weights = {
            pool: count * sum(len(label(entry)) + PER_OPTION for entry in found[pool])
            for pool, count in uses.items()
        }
        shown: dict[Pool, list[DirectoryEntry]] = {}
        room = ROOM
        for pool in sorted(found, key=lambda pool: weights[pool]):
            fits = weights[pool] <= room and len(found[pool]) <= LONGEST_SHOWN
            room -= weights[pool] if fits else 0
            shown[pool] = sorted(found[pool], key=_order) if fits else []
        cut = frozenset(pool for pool in found if found[pool] and not shown[pool])
        return shown, cut

    def _search(self, text: str, uses: Mapping[Pool, int]) -> None:
        for pool in self._cut:
            room = ROOM_FOUND // (len(self._cut) * uses[pool] * 2 * PER_OPTION)
            limit = min(MOST_FOUND, max(FEWEST_FOUND, room))
            self._shown[pool] = self._lists.search(pool, text, limit)
            self.found += len(self._shown[pool])


def material(lists: CompanyLists, names: Collection[str]) -> list[Raw]:
    """All that is read for these drop-downs' offers while nothing is searched, as the database gives it."""
    return [lists.offered_raw(pool, LONGEST_SHOWN + 1) for pool in _uses(lists, names)]


def _uses(lists: CompanyLists, names: Collection[str]) -> Counter[Pool]:
    """How many drop-downs each part of the lists is shown in."""
    return Counter(source.pool for name in names for source in sources(name, lists.company))


def _order(entry: DirectoryEntry) -> tuple[str, str]:
    """Accounts that have numbers stand by their numbers."""
    return entry.number, label(entry).casefold()


def _marked(option: Option, proposed: str) -> Option:
    is_proposed = option.value == proposed and not option.note
    return Option(option.value, option.text, "proposed") if is_proposed else option
