"""Which delivery is to be worked on next."""

from __future__ import annotations

from datetime import datetime

from peewee import JOIN, ModelSelect, fn

from webapp.accounting.drafts import DocumentKind
from webapp.models import OPEN_DELIVERIES, Connection, ConnectionStatus, Delivery, DeliveryState, Document


def due(moment: datetime) -> ModelSelect:
    """The delivery that has waited longest among those that may be worked on now."""
    waiting = (Delivery.state == DeliveryState.QUEUED) & (Delivery.next_attempt_at <= moment)
    abandoned = (Delivery.state == DeliveryState.SENDING) & (Delivery.lease_until < moment)
    usable = (Connection.status == ConnectionStatus.CONNECTED) | (
        (Connection.status == ConnectionStatus.PAUSED) & (Connection.paused_until <= moment)
    )
    # a bill waits for its purchase order, or its lines could not be tied to it; companies have no document
    is_of_order = (Document.kind == DocumentKind.BILL) & (Document.order_number != "")
    return (
        Delivery.select(
            Delivery.id, Delivery.connection, Delivery.document, Delivery.provider, Delivery.state
        )
        .join(Connection)
        .switch(Delivery)
        .join(Document, JOIN.LEFT_OUTER)
        .where(
            (waiting | abandoned)
            & usable
            & (Connection.realm_id == Delivery.realm_id)
            & Delivery.connection.not_in(under_way(moment))
            & ~(is_of_order & fn.EXISTS(_open_purchase_orders()))
        )
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(1)
    )


def under_way(moment: datetime) -> ModelSelect:
    """The connections that have a delivery under way."""
    other = Delivery.alias("under_way")
    return other.select(other.connection).where(
        (other.state == DeliveryState.SENDING) & (other.lease_until >= moment)
    )


def _open_purchase_orders() -> ModelSelect:
    """The open deliveries of purchase orders of a bill's order and supplier."""
    other, order = Delivery.alias("order_delivery"), Document.alias("purchase_order")
    return (
        other.select(other.id)
        .join(order, on=(other.document == order.id))
        .where(
            (order.kind == DocumentKind.PURCHASE_ORDER)
            & (order.workspace == Document.workspace)
            & (order.order_number == Document.order_number)
            & (order.company == Document.company)
            & other.state.in_(OPEN_DELIVERIES)
        )
    )
