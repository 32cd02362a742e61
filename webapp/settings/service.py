"""Reads a workspace's activity."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.models import Activity, User

PAGE = 50
INTEGRATION_VERBS = ("connection.", "permissions.", "preferences.", "link.", "links.", "lists.", "document.")


@dataclass(frozen=True)
class ActivityPage:
    """One page of activity; ``older`` is where the next page begins, None on the last."""

    rows: list[Activity]
    older: int | None


def activity(workspace_id: int, before: int | None, with_integration: bool) -> ActivityPage:
    """A page of activity older than the row ``before``; without the integration for whom it is hidden."""
    condition = Activity.workspace == workspace_id
    if before is not None:
        condition &= Activity.id < before
    if not with_integration:
        for verb in INTEGRATION_VERBS:
            condition &= ~Activity.verb.startswith(verb)
    query = Activity.select(Activity, User).left_outer_join(User).where(condition)
    rows = list(query.order_by(Activity.id.desc()).limit(PAGE + 1))
    return ActivityPage(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)
