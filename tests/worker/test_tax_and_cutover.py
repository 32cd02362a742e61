"""What the preferences say of old documents and of sales tax, as it reaches QuickBooks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sendable
from tests.sendable import in_sandbox, status_of, work
from webapp.accounting.sources import MappingRules, SalesTaxSource
from webapp.documents import service
from webapp.errors import Invalid
from webapp.integrations import preferences
from webapp.models import Connection, DocumentState, DocumentStatus, Preferences, TaxExemption

MARYLAND = {"ship_region": "MD", "ship_postal_code": "21201"}


def start_at(day: date | None) -> None:
    Preferences.update(start_date=day).execute()


def automate(world: SimpleNamespace) -> None:
    """Turn on QuickBooks' automated sales tax."""
    world.sandbox.control(
        "preferences", company="us", TaxPrefs={"UsingSalesTax": True, "PartnerTaxEnabled": True}
    )
    Connection.update(company={**world.connection.company, "automated_sales_tax": True}).execute()


def sent(world: SimpleNamespace, **values: Any) -> dict[str, Any]:
    """The invoice in QuickBooks after it was sent."""
    document = sendable.invoice(world, **values)
    service.send(world.owner, document.id)
    work()
    assert status_of(document).state == DocumentState.SENT
    (entity,) = in_sandbox(world, "Invoice", document.number)
    return entity


@pytest.mark.parametrize("kind", ["invoice", "bill", "purchase_order"])
def test_document_older_than_the_start_date_is_blocked_wherever_it_could_leave(
    ready: SimpleNamespace, kind: str
) -> None:
    make = sendable.invoice if kind == "invoice" else lambda world: sendable.cost(world, kind)
    document, queued = make(ready), make(ready)
    service.send(ready.owner, queued.id)
    start_at(queued.date + timedelta(days=1))
    work()
    for one in (document, queued):
        status = status_of(one)
        assert status.state == DocumentState.BLOCKED
        assert [(reason["code"], reason["facts"]) for reason in status.reasons] == [
            ("before_start_date", {"date": "2026-11-21"})
        ]
    with pytest.raises(Invalid):
        service.send(ready.owner, document.id)
    posts = [row for row in ready.sandbox.requests() if row["method"] == "POST"]
    assert posts == []


def test_document_of_the_start_date_is_sent(ready: SimpleNamespace) -> None:
    start_at(date(2026, 11, 20))
    assert sent(ready)["TxnDate"] == "2026-11-20"


def test_another_start_date_has_every_document_looked_at_again(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    saved = preferences.read(ready.workspace.id, ready.connection.realm_id)
    for day, state in ((date(2026, 11, 21), DocumentState.BLOCKED), (None, DocumentState.READY)):
        changed = MappingRules(**{**vars(saved.rules), "start_date": day})
        preferences.save(ready.owner, ready.connection, changed, version=saved.version)
        assert DocumentStatus.get(DocumentStatus.document == document).needs_check
        work()
        assert status_of(document).state == state
        saved = preferences.read(ready.workspace.id, ready.connection.realm_id)


@pytest.mark.parametrize("tax", ["72.76", "1.00", "0.00"])
def test_our_tax_stands_in_place_of_what_quickbooks_computes(ready: SimpleNamespace, tax: str) -> None:
    automate(ready)
    Preferences.update(sales_tax=SalesTaxSource.OURS).execute()
    entity = sent(ready, tax=Decimal(tax), **MARYLAND)
    assert Decimal(str(entity["TxnTaxDetail"]["TotalTax"])) == Decimal(tax)
    assert Decimal(str(entity["TotalAmt"])) == Decimal("1212.50") + Decimal(tax)


def test_our_tax_needs_no_address(ready: SimpleNamespace) -> None:
    automate(ready)
    Preferences.update(sales_tax=SalesTaxSource.OURS).execute()
    nowhere = {"ship_line1": "", "ship_city": "", "ship_region": "", "ship_postal_code": ""}
    entity = sent(ready, tax=Decimal("5.00"), **nowhere)
    assert Decimal(str(entity["TxnTaxDetail"]["TotalTax"])) == Decimal("5.00")


@pytest.mark.parametrize("source", SalesTaxSource)
@pytest.mark.parametrize("automated", [False, True])
def test_exempt_customer_is_not_taxed(
    ready: SimpleNamespace, source: SalesTaxSource, automated: bool
) -> None:
    if automated:
        automate(ready)
    Preferences.update(sales_tax=source).execute()
    TaxExemption.create(workspace=ready.workspace, company=ready.customer, number="MD-88", regions="MD")
    entity = sent(ready, **MARYLAND)
    assert Decimal(str(entity["TotalAmt"])) == Decimal("1212.50")
    codes = [line["SalesItemLineDetail"]["TaxCodeRef"]["value"] for line in entity["Line"][:1]]
    assert codes == ["NON"]


def test_customer_that_is_exempt_elsewhere_is_taxed(ready: SimpleNamespace) -> None:
    automate(ready)
    TaxExemption.create(workspace=ready.workspace, company=ready.customer, number="VA-88", regions="VA")
    entity = sent(ready, tax=Decimal("72.75"), **MARYLAND)
    assert entity["TxnTaxDetail"]["TotalTax"] > 0


def test_certificate_that_comes_after_queueing_blocks_a_taxed_invoice(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready, tax=Decimal("72.75"), **MARYLAND)
    service.send(ready.owner, document.id)
    TaxExemption.create(workspace=ready.workspace, company=ready.customer, number="MD-88")
    work()
    status = status_of(document)
    assert status.state == DocumentState.BLOCKED
    assert [(reason["code"], reason["facts"]) for reason in status.reasons] == [
        ("exempt_but_taxed", {"number": "MD-88", "tax": "72.75"})
    ]
    assert in_sandbox(ready, "Invoice", document.number) == []
