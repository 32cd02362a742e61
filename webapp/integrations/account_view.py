"""What is shown of a connection: on its card, above its sections, and in the section Account Information."""

from __future__ import annotations

from typing import Any, Final

from webapp.clock import now
from webapp.integrations import connections
from webapp.models import (
    Connection,
    ConnectionStatus,
    Delivery,
    DeliveryState,
    DocumentStatus,
    Link,
    LinkState,
    Provider,
    User,
)

MOST_COUNTED: Final = 10_000  # a card need not count further
NEAR_LIMIT: Final = 0.8


def read_context(user: User, connection: Connection | None) -> dict[str, Any]:
    """What the section shows to a person."""
    counted = connections.calls_this_month(connection.id) if connection else None
    calls = counted.reads if counted else 0
    return {
        "connection": connection,
        "status": connections.status_of(connection),
        "is_living": connection is not None and connection.status != ConnectionStatus.DISCONNECTED,
        "may_edit": user.manages,
        "calls": calls,
        "limit": connections.READ_LIMIT,
        "is_near_limit": calls >= NEAR_LIMIT * connections.READ_LIMIT,
        "counted_anew_on": connections.next_month(),
        **consent_context(connection),
    }


def consent_context(connection: Connection | None) -> dict[str, Any]:
    """When the consent runs out, whether that is soon, and whether using the connection puts it off."""
    ends = connections.consent_ends_at(connection) if connection else None
    return {
        "consent_ends_at": ends,
        "days_left": max(0, (ends - now()).days) if ends else None,
        "consent_ends_soon": ends is not None and ends - now() <= connections.CONSENT_WARNING,
        "use_renews": connection is not None and ends != connection.refresh_hard_expires_at,
    }


def head_context(user: User, connection: Connection | None) -> dict[str, Any]:
    """What stands above the sections: the status, and what it asks of the reader."""
    return {
        "connection": connection,
        "status": connections.status_of(connection),
        "attention": connections.attention(connection) if connection else [],
        **consent_context(connection),
        "waiting": waiting(connection) if connection else 0,
        "may_edit": user.manages,
        "address": connections.endpoints().web_base,
    }


def card_context(user: User, connection: Connection | None) -> dict[str, Any]:
    """What the provider's card shows to a person; the counts end at ``MOST_COUNTED``."""
    context = head_context(user, connection)
    if connection is not None:
        context["counts"] = {
            state: _capped(
                DocumentStatus.select(DocumentStatus.id).where(
                    (DocumentStatus.workspace == connection.workspace_id)
                    & (DocumentStatus.provider == Provider.QUICKBOOKS)
                    & (DocumentStatus.state == state)
                )
            )
            for state in ("sent", "blocked", "queued", "failed")
        }
        context["linked"] = links_of(connection.workspace_id, connection.realm_id)
    return context


def links_of(workspace_id: int, realm_id: str) -> int:
    """How many companies are linked in one QuickBooks company."""
    wanted = (Link.workspace == workspace_id) & (Link.realm_id == realm_id)
    return _capped(Link.select(Link.id).where(wanted & (Link.state == LinkState.LINKED)))


def waiting(connection: Connection) -> int:
    """How many documents wait in the connection's queue."""
    open_states = [DeliveryState.QUEUED, DeliveryState.SENDING]
    wanted = (Delivery.connection == connection.id) & Delivery.state.in_(open_states)
    return _capped(Delivery.select(Delivery.id).where(wanted & Delivery.document.is_null(False)))


def _capped(rows: Any) -> int:
    return int(rows.limit(MOST_COUNTED).count())
