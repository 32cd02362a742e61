"""Looks in QuickBooks for a customer or vendor that it made without our knowing, and for who has a name.

Whatever it made of our bytes it made while they were being sent, so those of that time are looked through.
One that has our name is ours; one that has another, but our company name or e-mail address, may be ours,
renamed by somebody since, and is not taken by guess.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from peewee import fn

from webapp.delivery.checking import SLACK
from webapp.delivery.errors import ChangedFound, Found
from webapp.links import directory
from webapp.links.mirror_rows import name_key
from webapp.models import Delivery, DeliveryAttempt, DeliveryState
from webapp.quickbooks import query
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.lists import LISTS

ENTITIES: Final = {"customer": LISTS["customer"], "vendor": LISTS["vendor"]}
Entity = dict[str, Any]


def made_of(delivery: Delivery, body: Entity, since: datetime, client: QuickBooksClient) -> Entity | None:
    """What QuickBooks made of a delivery's bytes; None when it surely made nothing.

    Args:
        delivery: whose bytes.
        body: what they say.
        since: when they were sent first.
        client: to look with.

    Raises:
        ChangedFound: there is one of that time that may be it, under another name.
        QuickBooksError: see the client.
    """
    created = query.condition("MetaData.CreateTime", ">=", since - SLACK)
    there = list(client.query(ENTITIES[delivery.remote_kind], created, include_inactive=True))
    known = _known(delivery, [str(one["Id"]) for one in there])
    free = [one for one in there if str(one["Id"]) not in known]
    same = [one for one in free if _identity(one) == _identity(body)]
    if same:
        return same[0]
    alike = [one for one in free if _marks(one) & _marks(body)]
    if alike:
        raise ChangedFound([_found(one) for one in alike])
    return None


def owners(delivery: Delivery, body: Entity, client: QuickBooksClient) -> list[Found]:
    """The customers and vendors that have a name; they come into our mirror, which did not know of them."""
    found = []
    for kind, entity in ENTITIES.items():
        for one in client.query(entity, query.equals("DisplayName", body["DisplayName"])):
            directory.remember(delivery.workspace_id, delivery.realm_id, kind, one)
            if kind != "customer" or _identity(one)[1] == _identity(body)[1]:
                found.append(_found(one))
    return found


def first_try(delivery: Delivery) -> datetime | None:
    """When a delivery's bytes were sent first."""
    same = (Delivery.request_id == delivery.request_id) & (Delivery.company == delivery.company_id)
    query_ = DeliveryAttempt.select(fn.MIN(DeliveryAttempt.started_at)).join(Delivery).where(same)
    first: datetime | None = query_.scalar()
    return first


def _known(delivery: Delivery, ids: list[str]) -> set[str]:
    """Which of these other deliveries of ours made."""
    others = Delivery.select(Delivery.remote_id).where(
        (Delivery.workspace == delivery.workspace_id)
        & (Delivery.realm_id == delivery.realm_id)
        & (Delivery.remote_kind == delivery.remote_kind)
        & (Delivery.state == DeliveryState.SENT)
        & Delivery.remote_id.in_(ids)
    )
    return {row.remote_id for row in others}


def _identity(entity: Entity) -> tuple[str, str]:
    """By what QuickBooks tells one from another: its name and whom it is below."""
    parent = entity.get("ParentRef") or {}
    return name_key(str(entity.get("DisplayName", ""))), str(parent.get("value", ""))


def _marks(entity: Entity) -> set[tuple[str, str]]:
    """What stays the same when it is renamed."""
    address = (entity.get("PrimaryEmailAddr") or {}).get("Address", "")
    marks = {("company", str(entity.get("CompanyName", ""))), ("email", str(address))}
    return {(kind, text.casefold()) for kind, text in marks if text}


def _found(entity: Entity) -> Found:
    return {"id": str(entity["Id"]), "number": str(entity.get("DisplayName", ""))}
