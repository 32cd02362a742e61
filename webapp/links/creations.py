"""How far the making of customers and vendors is, as the rows of Link companies tell it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from webapp.db import rows
from webapp.models import OPEN_DELIVERIES, DeliveryState, MemberType

NEWEST = """
SELECT d.company_id, d.id, d.member_type, d.state, d.asked, d.error, d.remote_id, d.payload IS NULL
FROM delivery d WHERE d.id IN (
  SELECT max(n.id) FROM delivery n WHERE n.company_id IN ({marks}) AND n.remote_kind = ? AND n.realm_id = ?
  GROUP BY n.company_id
) AND d.workspace_id = ?
"""
QUIET = frozenset({"withdrawn", "link_changed"})
"""What ended without a customer or vendor because somebody wanted it so."""


@dataclass(frozen=True)
class Creation:
    """The newest try to make a company's customer or vendor.

    ``can_be_taken_back`` while nothing of it was sent; ``error`` has the code of what failed, or, beside a
    ``remote_id``, of why it was not linked.
    """

    delivery_id: int
    member_type: MemberType
    state: DeliveryState
    name: str
    error: dict[str, Any]
    remote_id: str = ""
    can_be_taken_back: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it goes on by itself."""
        return self.state in OPEN_DELIVERIES

    @property
    def is_unknown(self) -> bool:
        """Whether QuickBooks may have it without our knowing."""
        return self.state is DeliveryState.FAILED and bool(self.error.get("unknown"))

    def concerns(self, member_type: MemberType) -> bool:
        """Whether a row of this member type has something to say of it."""
        if self.is_open:
            return True
        return self.member_type is member_type and bool(self.error) and self.error.get("code") not in QUIET


def newest(
    workspace_id: int, realm_id: str, member_type: MemberType, company_ids: Collection[int]
) -> dict[int, Creation]:
    """The newest try of each of some companies that has something to say, by company."""
    if not company_ids:
        return {}
    statement = NEWEST.format(marks=", ".join("?" * len(company_ids)))
    found = rows(statement, [*company_ids, member_type.remote_kind, realm_id, workspace_id])
    made = {company_id: _creation(*values) for company_id, *values in found}
    return {id_: creation for id_, creation in made.items() if creation.concerns(member_type)}


def _creation(
    id_: int, member_type: str, state: str, asked: str, error: str | None, remote_id: str | None, is_new: int
) -> Creation:
    state_ = DeliveryState(state)
    return Creation(
        delivery_id=id_,
        member_type=MemberType(member_type),
        state=state_,
        name=json.loads(asked).get("name", ""),
        error=json.loads(error) if error else {},
        remote_id=remote_id or "",
        can_be_taken_back=state_ is DeliveryState.QUEUED and bool(is_new),
    )
