"""Writes down that QuickBooks has a company's customer or vendor, and links the company to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from peewee import IntegrityError

from webapp.db import transaction
from webapp.delivery import attempts, outbox
from webapp.errors import Conflict
from webapp.links import directory, standings, touches
from webapp.links.asked import Asked
from webapp.links.changes import Place
from webapp.links.snapshots import Snapshot
from webapp.models import Delivery, DeliveryState, DocumentStatus, LinkState, record

TRIES: Final = 5
NOT_LINKED: Final = "not_linked"


@dataclass(frozen=True)
class Made:
    """The customer or vendor as QuickBooks answered it; ``is_adopted`` when an earlier try made it."""

    entity: dict[str, Any]
    is_adopted: bool = False


def record_made(claim: outbox.Claim, made: Made, trace_id: str | None) -> None:
    """QuickBooks has it: in one transaction the delivery is sent, the mirror knows it, the link is written.

    A link that a person wrote meanwhile stays; what was made stays in QuickBooks and in our mirror.

    Raises:
        LeaseLost: another worker repeats the call and will record the same answer.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction():
                _record(claim, made, trace_id)
        except (Conflict, IntegrityError):
            # somebody wrote the link between our look and our writing: look again
            if not tries_left:
                raise
        else:
            return


def _record(claim: outbox.Claim, made: Made, trace_id: str | None) -> None:
    delivery, remote_id = claim.delivery, str(made.entity["Id"])
    workspace_id, realm_id, kind = delivery.workspace_id, delivery.realm_id, delivery.remote_kind
    directory.remember(workspace_id, realm_id, kind, made.entity)
    is_linked = _link(delivery, remote_id)
    touches.links(workspace_id, kind, [delivery.company_id], [remote_id])
    error = None if is_linked else {"code": NOT_LINKED}
    outbox.move(delivery, DeliveryState.SENT, remote_id=remote_id, error=error)
    record(
        workspace_id,
        delivery.created_by_id,
        "company.created",
        ("company", delivery.company_id),
        company=delivery.company.name,
        member_type=delivery.member_type.value,
        name=str(made.entity.get("DisplayName", "")),
        quickbooks_id=remote_id,
        adopted=made.is_adopted,
        linked=is_linked,
    )
    DocumentStatus.mark_for_check(workspace_id, delivery.company_id)
    outcome = attempts.ADOPTED if made.is_adopted else attempts.SENT
    attempts.finish(claim.attempt_id, outcome, trace_id=trace_id)
    others = standings.companies_on(workspace_id, realm_id, kind, {remote_id})
    standings.sync(workspace_id, {delivery.company_id} | others)


def _link(delivery: Delivery, remote_id: str) -> bool:
    """Link the company as it was asked for; False when a person decided otherwise meanwhile."""
    place = Place(delivery.workspace_id, delivery.realm_id, delivery.company, delivery.member_type)
    current = place.link()
    before = Snapshot.of(current)
    if before.holds(LinkState.LINKED, remote_id):
        return True
    if before.token != Asked.of(delivery.asked).seen:
        return False
    place.write(current, Snapshot(LinkState.LINKED, remote_id), delivery.created_by_id)
    return True
