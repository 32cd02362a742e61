"""What two people who edit the preferences at once have to decide on."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.accounting.sources import MappingRules
from webapp.integrations import overtaken
from webapp.integrations.preference_changes import control, facts
from webapp.integrations.preference_checks import tidy
from webapp.integrations.preference_fields import place_in_page
from webapp.integrations.preference_mirror import CompanyLists
from webapp.integrations.preference_store import SAVED, Saved
from webapp.models import Activity


@dataclass(frozen=True)
class Difference:
    """A setting that somebody saved meanwhile as something else than what stands in a form.

    ``key`` is that of ``preference_changes.facts``, in whose words ``before``, ``now`` and ``mine`` are.
    """

    key: str
    before: object
    now: object
    mine: object
    save: Activity

    @property
    def is_untouched(self) -> bool:
        """Whether the form has what was saved before: its writer did not change this one."""
        return self.mine == self.before


@dataclass(frozen=True)
class Clash:
    """What was saved over the version that a form began with; ``last`` is None when that is not known."""

    last: Activity | None
    differences: tuple[Difference, ...]


def clash(lists: CompanyLists, saved: Saved, seen: int, mine: MappingRules, words: dict[str, str]) -> Clash:
    """Compare what a form has with what others saved while it was open.

    Args:
        lists: the company's lists.
        saved: what is saved now.
        seen: the version that the form began with.
        mine: what stands in the form.
        words: our words for terms by key.
    """
    since = overtaken.since(lists.workspace_id, SAVED, seen, saved.id)
    rules = tidy(mine)
    typed = facts(lists, lists.named(rules), Saved(rules, words))
    changed = [key for key, now in since.now.items() if since.before.get(key) != now != typed.get(key)]
    changed.sort(key=lambda key: place_in_page(control(key)))
    return Clash(
        since.last,
        tuple(
            Difference(key, since.before.get(key), since.now[key], typed.get(key), since.saves[key])
            for key in changed
        ),
    )
