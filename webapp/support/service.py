"""Reads the state of every workspace's connection, and nothing of its documents or tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import JOIN, fn

from webapp.integrations import connections as states
from webapp.models import Connection, Delivery, DeliveryState, Provider, Workspace

MAX_ROWS = 200
URGENCY = ("reconnect_needed", "attention_needed", "paused", "disconnected", "not_connected", "connected")


@dataclass(frozen=True)
class ConnectionRow:
    """One workspace's connection as support sees it; ``status`` also tells the next step."""

    workspace: str
    environment: str
    status: str
    since: datetime | None
    last_success_at: datetime | None
    queued: int
    oldest: datetime | None
    consent_ends: datetime | None


def connections() -> list[ConnectionRow]:
    """The first workspaces' connections, those that need something first."""
    queue = (
        Delivery.select(
            Delivery.workspace,
            fn.COUNT(Delivery.id).alias("queued"),
            fn.MIN(Delivery.created_at).alias("oldest"),
        )
        .where(Delivery.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING]))
        .group_by(Delivery.workspace)
    )
    waiting = {row.workspace_id: row for row in queue}
    joined = (
        Workspace.select(Workspace, Connection)
        .join(
            Connection,
            JOIN.LEFT_OUTER,
            on=(Connection.workspace == Workspace.id) & (Connection.provider == Provider.QUICKBOOKS),
            attr="quickbooks",
        )
        .order_by(Workspace.id)
        .limit(MAX_ROWS)
    )
    rows = [_row(workspace, waiting.get(workspace.id)) for workspace in joined]
    return sorted(rows, key=lambda row: (URGENCY.index(row.status), row.workspace))


def _row(workspace: Workspace, queue: Delivery | None) -> ConnectionRow:
    connection = getattr(workspace, "quickbooks", None)
    return ConnectionRow(
        workspace=workspace.name,
        environment=connection.environment if connection else "",
        status=states.status_of(connection),
        since=connection.status_since if connection else None,
        last_success_at=connection.last_success_at if connection else None,
        queued=queue.queued if queue else 0,
        oldest=queue.oldest if queue else None,
        consent_ends=connection.refresh_expires_at if connection else None,
    )
