"""A link as it was at one moment: to tell whether it changed since, and to bring it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.models import Link, LinkState


def version_of(
    state: str | None, remote_id: str | None, version: int | None, linked_at: datetime | None
) -> str:
    """A text that changes with every change of a link; the same for every company that is not linked."""
    if state is None:
        return "none"
    moment = linked_at.isoformat() if linked_at else ""
    return f"{version}|{state}|{remote_id or ''}|{moment}"


@dataclass(frozen=True)
class Snapshot:
    """What a link held; ``state`` is None when the company was not linked."""

    state: LinkState | None = None
    remote_id: str | None = None
    version: int = 0
    linked_by: int | None = None
    linked_at: datetime | None = None
    known_name: str = ""
    shared_meant: bool = False
    role_meant: bool = False

    @classmethod
    def of(cls, link: Link | None) -> Snapshot:
        """A link as it is now."""
        if link is None:
            return cls()
        decided = (link.known_name, link.shared_meant, link.role_meant)
        return cls(link.state, link.remote_id, link.version, link.linked_by_id, link.linked_at, *decided)

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> Snapshot:
        """The snapshot that ``facts`` kept."""
        state, moment = facts["state"], facts["linked_at"]
        return cls(
            state=LinkState(state) if state else None,
            remote_id=facts["remote_id"],
            version=facts["version"],
            linked_by=facts["linked_by"],
            linked_at=datetime.fromisoformat(moment) if moment else None,
            known_name=facts.get("known_name", ""),
            shared_meant=facts.get("shared_meant", False),
            role_meant=facts.get("role_meant", False),
        )

    def facts(self, remote_name: str = "") -> dict[str, Any]:
        """The snapshot in values that JSON has, with the name for people."""
        return {
            "state": self.state.value if self.state else None,
            "remote_id": self.remote_id,
            "remote_name": remote_name,
            "version": self.version,
            "linked_by": self.linked_by,
            "linked_at": self.linked_at.isoformat() if self.linked_at else None,
            "known_name": self.known_name,
            "shared_meant": self.shared_meant,
            "role_meant": self.role_meant,
        }

    @property
    def token(self) -> str:
        """See ``version_of``."""
        return version_of(self.state, self.remote_id, self.version, self.linked_at)

    def holds(self, state: LinkState | None, remote_id: str | None) -> bool:
        """Whether the link says this already."""
        return self.state == state and self.remote_id == remote_id
