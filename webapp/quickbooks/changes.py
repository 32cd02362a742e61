"""Answers of change data capture: what changed since a moment. Pure.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/changedatacapture
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

MOST_OBJECTS: Final = 1000


@dataclass(frozen=True)
class Changes:
    """The objects that changed, whole, by entity; of deleted ones only the id and their status.

    ``told_at`` is QuickBooks' own time of the answer, None when it cannot be read. One that ``is_full`` may
    have left something out.
    """

    objects: dict[str, list[dict[str, Any]]]
    told_at: datetime | None
    is_full: bool


def changes_in(answer: Mapping[str, Any]) -> Changes | None:
    """Read an answer; None for what is none, or tells of a failure in a part of it."""
    responses = answer.get("CDCResponse")
    if not isinstance(responses, list):
        return None
    found: dict[str, list[dict[str, Any]]] = {}
    for response in responses:
        parts = response.get("QueryResponse") if isinstance(response, dict) else None
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            return None
        if any("Fault" in part for part in parts):
            return None
        for part in parts:
            for entity, objects in part.items():
                if isinstance(objects, list):
                    found.setdefault(entity, []).extend(one for one in objects if _has_id(one))
    number = sum(map(len, found.values()))
    return Changes(found, _moment(answer.get("time")), number >= MOST_OBJECTS)


def _has_id(candidate: object) -> bool:
    return isinstance(candidate, dict) and bool(candidate.get("Id"))


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
