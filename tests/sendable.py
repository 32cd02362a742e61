"""Worlds in which documents can be sent: preferences saved, companies linked, a worker to run."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

from tests import factories
from webapp.delivery import worker
from webapp.models import (
    Company,
    Connection,
    Delivery,
    DeliveryAttempt,
    Document,
    DocumentStatus,
    MappedField,
    MemberType,
    PreferenceRule,
    Preferences,
    ValueMapping,
)

US_PREFERENCES = {
    "income_account_id": "2",
    "cost_account_id": "7",
    "ap_account_id": "33",
    "discount_account_id": "86",
    "freight": "item:13",
    "setup": "item:10",
    "decoration": "item:11",
}
CA_PREFERENCES = {**US_PREFERENCES, "taxable_code_id": "5", "non_taxable_code_id": "2"}
CA_PROVINCES = {"ON": "5", "QC": "10", "NS": "6"}


def prepare(world: SimpleNamespace, **values: Any) -> SimpleNamespace:
    """Save preferences for the connected US company and link a customer and a supplier."""
    world.preferences = Preferences.create(
        workspace=world.workspace, realm_id=world.connection.realm_id, **{**US_PREFERENCES, **values}
    )
    map_terms(world)
    world.customer = customer(world, "Alder & Finch Events", "1")
    world.supplier = supplier(world, "Brightside Drinkware", "31")
    return world


def prepare_canadian(world: SimpleNamespace) -> SimpleNamespace:
    """Connect the world to the Canadian company instead, ready for sending."""
    grant = world.sandbox.tokens("ca")
    Connection.delete().execute()
    world.connection = factories.connect(world.workspace, world.owner, grant)
    world.preferences = Preferences.create(
        workspace=world.workspace, realm_id=world.connection.realm_id, **CA_PREFERENCES
    )
    for ours, theirs in CA_PROVINCES.items():
        ValueMapping.create(
            preferences=world.preferences, field=MappedField.PROVINCE, ours=ours, theirs_id=theirs
        )
    map_terms(world)
    world.customer = customer(world, "Théâtre du Vieux-Port", "6", currency="CAD")
    world.supplier = supplier(world, "Prairie Drinkware", "23", currency="CAD")
    return world


def map_terms(world: SimpleNamespace) -> None:
    ValueMapping.create(preferences=world.preferences, field=MappedField.TERM, ours="net 30", theirs_id="3")


def rule(world: SimpleNamespace, field: str, value: str, **values: Any) -> PreferenceRule:
    """A further rule of the preferences, behind those that are there."""
    position = PreferenceRule.select().where(PreferenceRule.preferences == world.preferences).count()
    return PreferenceRule.create(
        preferences=world.preferences, position=position, field=field, value=value, **values
    )


def customer(world: SimpleNamespace, name: str, remote_id: str, **values: Any) -> Company:
    company = factories.company(world.workspace, name, email="orders@example.test", **values)
    factories.link(world.workspace, world.connection.realm_id, company, remote_id)
    return company


def supplier(world: SimpleNamespace, name: str, remote_id: str, **values: Any) -> Company:
    company = factories.company(world.workspace, name, is_customer=False, is_supplier=True, **values)
    realm_id = world.connection.realm_id
    factories.link(world.workspace, realm_id, company, remote_id, member_type=MemberType.SUPPLIER)
    return company


def invoice(world: SimpleNamespace, lines: list[dict[str, Any]] | None = None, **values: Any) -> Document:
    return factories.document(world.workspace, world.customer, lines, **values)


def cost(
    world: SimpleNamespace, kind: str, lines: list[dict[str, Any]] | None = None, **values: Any
) -> Document:
    defaults = {"kind": kind, "customer": world.customer}
    return factories.document(world.workspace, world.supplier, lines, **{**defaults, **values})


def work() -> None:
    """Run the worker until nothing is due."""
    worker.run(threading.Event(), once=True)


def status_of(document: Document) -> DocumentStatus:
    return DocumentStatus.get(DocumentStatus.document == document)


def delivery_of(document: Document) -> Delivery:
    return Delivery.select().where(Delivery.document == document).order_by(Delivery.id.desc()).get()


def outcomes(document: Document) -> list[str]:
    query = (
        DeliveryAttempt.select(DeliveryAttempt.outcome)
        .join(Delivery)
        .where(Delivery.document == document)
        .order_by(DeliveryAttempt.id)
    )
    return [row.outcome for row in query]


def in_sandbox(world: SimpleNamespace, entity: str, number: str, company: str = "us") -> list[dict[str, Any]]:
    """What the sandbox has under a document number."""
    return world.sandbox.query(f"select * from {entity} where DocNumber = '{number}'", company)
