"""What befalls the gallery's world: documents wait, lists grow long, accounts go away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from webapp.accounting.drafts import DocumentKind
from webapp.db import bulk
from webapp.db.search import fold
from webapp.gallery.world import REALM, World
from webapp.integrations import preferences
from webapp.models import (
    Company,
    Connection,
    Delivery,
    DeliveryState,
    DirectoryEntry,
    Document,
    DocumentState,
    DocumentStatus,
    ListKind,
    Preferences,
)

STATES = (DocumentState.SENT, DocumentState.SENT, DocumentState.BLOCKED, DocumentState.QUEUED)


def documents(world: World) -> None:
    """Documents in every common state, two of them waiting to be sent."""
    company = Company.get(Company.workspace == world.home)
    for number, state in enumerate((*STATES, DocumentState.QUEUED, DocumentState.FAILED)):
        document = Document.create(
            workspace=world.home,
            kind=DocumentKind.INVOICE,
            esp_id=f"D-{number}",
            number=str(20_000 + number),
            company=company,
            date=date(2026, 11, 20),
            currency="USD",
            subtotal=Decimal("1212.50"),
            tax=Decimal("0.00"),
            total=Decimal("1212.50"),
        )
        DocumentStatus.create(document=document, workspace=world.home, state=state, realm_id=REALM)
        if state == DocumentState.QUEUED:
            Delivery.create(
                workspace=world.home,
                connection=world.connection,
                realm_id=REALM,
                document=document,
                revision=1,
                state=DeliveryState.QUEUED,
            )


def mappings_gone(world: World) -> None:
    """Accounts and a term that were chosen are not in QuickBooks any more."""
    row = Preferences.get(Preferences.workspace == world.home)
    entries = DirectoryEntry.workspace == world.home
    accounts = entries & (DirectoryEntry.kind == ListKind.ACCOUNT)
    DirectoryEntry.update(active=False).where(
        accounts & (DirectoryEntry.remote_id == row.income_account_id)
    ).execute()
    DirectoryEntry.delete().where(accounts & (DirectoryEntry.remote_id == row.cost_account_id)).execute()
    DirectoryEntry.update(type="Bank").where(
        accounts & (DirectoryEntry.remote_id == row.discount_account_id)
    ).execute()
    DirectoryEntry.update(active=False).where(entries & (DirectoryEntry.kind == ListKind.TERM)).execute()
    preferences.note_problems(world.connection)


def nothing_fits(world: World) -> None:
    """QuickBooks has no account, item or term that could be proposed."""
    kinds = [ListKind.ACCOUNT.value, ListKind.ITEM.value, ListKind.TERM.value]
    DirectoryEntry.delete().where(
        (DirectoryEntry.workspace == world.home) & DirectoryEntry.kind.in_(kinds)
    ).execute()


def long_lists(world: World) -> None:
    """Five thousand accounts, and as many items."""
    connection: Connection = world.connection
    rows = []
    for number in range(5_000):
        account = f"Promotional income, branch {number:04d}"
        item = f"Stock item of the branch {number:04d}"
        types = {"type": "Income"} if number % 2 else {"type": "Cost of Goods Sold"}
        rows.append(_entry(connection, ListKind.ACCOUNT, f"9{number:04d}", account) | types)
        rows.append(_entry(connection, ListKind.ITEM, f"9{number:04d}", item) | {"type": "Service"})
    bulk.insert_rows(DirectoryEntry, rows)


def _entry(connection: Connection, kind: ListKind, remote_id: str, name: str) -> dict[str, object]:
    return {
        "workspace": connection.workspace_id,
        "realm_id": connection.realm_id,
        "kind": kind,
        "remote_id": remote_id,
        "name": name,
        "full_name": name,
        "folded": fold(name),
        "name_key": name.casefold(),
        "income_account_id": "1",
        "expense_account_id": "7",
    }
