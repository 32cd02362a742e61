"""What a person chose for a customer or vendor that QuickBooks is to have, as a delivery keeps it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Asked:
    """The display ``name``, the customer above if there is to be one, and the link that was ``seen`` then."""

    name: str
    parent_id: str = ""
    seen: str = "none"

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Asked:
        """What ``kept`` gave."""
        return cls(**kept)

    def kept(self) -> dict[str, str]:
        """In values that JSON has."""
        return asdict(self)
