"""What others saved of a section while somebody was editing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from webapp.models import Activity, User

MOST_SAVES: Final = 50


@dataclass(frozen=True)
class Overtaken:
    """The ``last`` save, None when it is not known; ``before`` and ``now`` hold what the saves changed.

    ``saves`` has the last save of each of them.
    """

    last: Activity | None = None
    before: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)
    saves: dict[str, Activity] = field(default_factory=dict)


def since(workspace_id: int, verb: str, version: int, subject_id: int | None = None) -> Overtaken:
    """What was saved over a version that somebody has on the screen.

    Args:
        workspace_id: whose section.
        verb: what the activity calls a save of it; its facts have ``before``, ``after`` and the ``version``
            that it made.
        version: the version on the screen.
        subject_id: what is saved, where a workspace has several of them.
    """
    saved = (Activity.workspace == workspace_id) & (Activity.verb == verb)
    if subject_id is not None:
        saved &= Activity.subject_id == subject_id
    rows = (
        Activity.select(Activity, User)
        .left_outer_join(User)
        .where(saved)
        .order_by(Activity.id.desc())
        .limit(MOST_SAVES)
    )
    later = [row for row in rows if row.facts.get("version", 0) > version]
    before: dict[str, Any] = {}
    now: dict[str, Any] = {}
    saves: dict[str, Activity] = {}
    for row in later:  # newest first
        before |= row.facts["before"]
        now = row.facts["after"] | now
        saves = dict.fromkeys(row.facts["after"], row) | saves
    return Overtaken(later[0] if later else None, before, now, saves)
