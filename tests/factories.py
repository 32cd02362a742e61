"""Rows for tests, made by plain functions with sensible values that a test overrides."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any

from webapp.auth.service import hash_password
from webapp.clock import now
from webapp.db import transaction
from webapp.db.search import fold
from webapp.jobs import service as jobs
from webapp.jobs.kinds import STEPS
from webapp.links import standings, touches
from webapp.models import (
    OPEN_JOBS,
    Company,
    Connection,
    ConnectionStatus,
    Delivery,
    Document,
    DocumentLine,
    DocumentStatus,
    Job,
    Link,
    MemberType,
    Provider,
    Role,
    User,
    Workspace,
)

PASSWORD = "ledgerbridge"
numbers = count(1)


@cache
def password_hash() -> str:
    return hash_password(PASSWORD)


def workspace(**values: Any) -> Workspace:
    return Workspace.create(**{"name": f"Workspace {next(numbers)}", "country": "US", **values})


def user(home: Workspace | None, **values: Any) -> User:
    n = next(numbers)
    defaults = {
        "workspace": home,
        "email": f"person{n}@example.test",
        "name": f"Person {n}",
        "password_hash": password_hash(),
        "role": Role.MEMBER,
    }
    return User.create(**{**defaults, **values})


def world() -> SimpleNamespace:
    home, other = workspace(name="Northgate Promo Co."), workspace(name="Elsewhere Specialties")
    return SimpleNamespace(
        workspace=home,
        other=other,
        owner=user(home, role=Role.OWNER, name="Avery Quill"),
        admin=user(home, role=Role.ADMIN, name="Mika Orlen"),
        member=user(home, name="Rowan Tessel"),
        outsider=user(other, role=Role.OWNER, name="Ode Farrow"),
        support=user(None, is_support=True, name="Sol Hazeldine"),
    )


def connection(home: Workspace, **values: Any) -> Connection:
    """A connection row that was never used; see ``connect`` for a real one."""
    defaults = {
        "workspace": home,
        "provider": Provider.QUICKBOOKS,
        "status": ConnectionStatus.CONNECTED,
        "realm_id": "4620816365213508",
        "company_name": "Northgate Promo Co.",
        "company": {"country": "US", "home_currency": "USD"},
        "access_token": "at-secret",
        "access_expires_at": now() + timedelta(hours=1),
        "refresh_token": "rt-secret",
        "refresh_expires_at": now() + timedelta(days=100),
    }
    with transaction():
        row = Connection.create(**{**defaults, **values})
        standings.sync(home.id, standings.ids_after(home.id, 0, 1000))
    return row


def connect(home: Workspace, owner: User, grant: dict[str, str], **values: Any) -> Connection:
    """A connection that holds a real grant of the sandbox, with company facts and lists read."""
    from webapp.integrations import connections
    from webapp.links import directory
    from webapp.quickbooks.lists import company_facts

    row = connection(
        home,
        realm_id=grant["realmId"],
        access_token=grant["access_token"],
        refresh_token=grant["refresh_token"],
        connected_by=owner,
        **values,
    )
    client = connections.client_for(row)
    facts = company_facts(client.company_info(), client.preferences())
    Connection.update(company=facts, company_name=facts["company_name"]).where(
        Connection.id == row.id
    ).execute()
    directory.refresh(Connection.get_by_id(row.id), client)
    return Connection.get_by_id(row.id)


def company(home: Workspace, name: str | None = None, **values: Any) -> Company:
    n = next(numbers)
    name = name or f"Company {n}"
    defaults = {
        "workspace": home,
        "esp_id": f"C-{n}",
        "number": str(1000 + n),
        "name": name,
        "sort_name": fold(name),
        "folded": fold(name),
        "is_customer": True,
        "currency": "USD",
    }
    with transaction():  # a worker that runs beside the test may sync the same rows
        row = Company.create(**{**defaults, **values})
        standings.sync(home.id, [row.id])
    return row


def do_jobs() -> None:
    """Do all jobs to their end, without the rests between their steps."""
    is_busy = True
    while is_busy:
        Job.update(next_step_at=now()).where(Job.state.in_(OPEN_JOBS)).execute()
        is_busy = jobs.work("tests", STEPS)


def suggest(home: Workspace) -> None:
    """Find what every company may be in QuickBooks, as the worker's job does."""
    touches.everything(home.id)
    do_jobs()


def link(home: Workspace, realm_id: str, of: Company, remote_id: str, **values: Any) -> Link:
    defaults = {
        "workspace": home,
        "realm_id": realm_id,
        "company": of,
        "member_type": MemberType.CUSTOMER,
        "remote_id": remote_id,
    }
    with transaction():
        row = Link.create(**{**defaults, **values})
        standings.sync(home.id, [of.id])
    return row


def document(
    home: Workspace, of: Company, lines: list[dict[str, Any]] | None = None, **values: Any
) -> Document:
    """A document whose totals add up; ``lines`` default to 250 mugs at 4.85."""
    n = next(numbers)
    lines = lines or [{}]
    filled = [{**_line(position), **line} for position, line in enumerate(lines, 1)]
    subtotal = sum((line["amount"] for line in filled), Decimal(0))
    tax = values.pop("tax", Decimal("0.00"))
    defaults = {
        "workspace": home,
        "kind": "invoice",
        "esp_id": f"D-{n}",
        "number": str(10_000 + n),
        "order_number": f"SO-{n}",
        "company": of,
        "date": date(2026, 11, 20),
        "currency": "USD",
        "ship_line1": "12 Quay Street",
        "ship_city": "Hartford",
        "ship_region": "CT",
        "ship_postal_code": "06103",
        "ship_country": "US",
        "subtotal": subtotal,
        "tax": tax,
        "total": subtotal + tax,
    }
    row = Document.create(**{**defaults, **values})
    row.folded = fold(f"{row.number} {of.name} {row.order_number}")
    row.save()
    for line in filled:
        DocumentLine.create(document=row, **line)
    DocumentStatus.create(document=row, workspace=home)
    return row


def delivery(of: Connection, what: Document, **values: Any) -> Delivery:
    """A delivery that waits for its turn."""
    defaults = {
        "workspace": of.workspace_id,
        "connection": of,
        "realm_id": of.realm_id,
        "document": what,
        "revision": what.revision,
    }
    return Delivery.create(**{**defaults, **values})


def _line(position: int) -> dict[str, Any]:
    return {
        "position": position,
        "kind": "product",
        "product_number": "BD-1140",
        "product_name": "Ceramic mug 11 oz",
        "description": "Ceramic mug 11 oz, navy",
        "quantity": Decimal("250"),
        "unit_price": Decimal("4.85"),
        "amount": Decimal("1212.50"),
        "taxable": True,
    }
