"""What the preferences make of documents, as it arrives in QuickBooks and comes back from there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sendable
from tests.sendable import in_sandbox, status_of, work
from webapp.documents import service
from webapp.integrations import preferences
from webapp.links import directory
from webapp.models import DirectoryEntry, Document, DocumentState, ListKind, Preferences

ORDER = {"order_number": "SO-77", "sales_rep": "Dana Reyes", "in_hands_date": date(2026, 12, 4)}
FOLDED = {f"{kind}:freight": "folded" for kind in ("invoice", "bill", "purchase_order")}


@pytest.fixture
def ready(connected: SimpleNamespace) -> SimpleNamespace:
    world = sendable.prepare(
        connected,
        class_id="1",
        location_id="1",
        memo="memo",
        layouts=FOLDED,
        custom_fields={
            "invoice:customer_po": "1",
            "invoice:in_hands_date": "2",
            "invoice:sales_rep": "3",
            "purchase_order:in_hands_date": "1",
        },
    )
    sendable.rule(world, "category", "drinkware", class_id="3")
    sendable.rule(world, "sales_rep", "DANA REYES", location_id="2", target="item:10")
    return world


def lines() -> list[dict[str, Any]]:
    """A mug with its freight and a pen with a set-up charge; the freight is not taxed and the pen neither."""
    freight = {"kind": "freight", "product_number": "", "description": "UPS Ground", "quantity": Decimal(1)}
    setup = {**freight, "kind": "setup", "description": "Screen"}
    pen = {"product_number": "IW-0301", "quantity": Decimal(100), "unit_price": Decimal("0.40")}
    return [
        {"category": "Drinkware", "taxable": False},
        {**freight, "unit_price": Decimal("38.50"), "amount": Decimal("38.50"), "taxable": False},
        {**pen, "amount": Decimal("40.00"), "description": "Gel pen", "taxable": False},
        {**setup, "unit_price": Decimal("45.00"), "amount": Decimal("45.00"), "taxable": False},
    ]


def sent(world: SimpleNamespace, document: Document) -> dict[str, Any]:
    """Send a document and read it back from QuickBooks."""
    service.send(world.owner, document.id)
    work()
    status = status_of(document)
    assert (status.state, status.reasons) == (DocumentState.SENT, [])
    entity = {"invoice": "Invoice", "bill": "Bill", "purchase_order": "PurchaseOrder"}[document.kind]
    (found,) = in_sandbox(world, entity, document.number)
    assert Decimal(str(found["TotalAmt"])) == document.total
    return found


def detail(line: dict[str, Any]) -> dict[str, Any]:
    return line[line["DetailType"]]


def classes(found: dict[str, Any]) -> list[str]:
    return [detail(line)["ClassRef"]["value"] for line in own_lines(found)]


def own_lines(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for line in found["Line"] if line["DetailType"] != "SubTotalLineDetail"]


def custom_fields(found: dict[str, Any]) -> dict[str, str]:
    return {field["Name"]: field["StringValue"] for field in found["CustomField"] if "StringValue" in field}


def check_mug(line: dict[str, Any]) -> None:
    """The freight is part of the mug's line, whose quantity stays."""
    assert line["Description"] == "Ceramic mug 11 oz, navy; UPS Ground"
    assert (line["Amount"], detail(line)["Qty"]) == (1251, 250)
    assert detail(line)["UnitPrice"] == pytest.approx(5.004)


def test_an_invoice_arrives_with_all_that_the_preferences_make_of_it(ready: SimpleNamespace) -> None:
    found = sent(ready, sendable.invoice(ready, lines(), memo="Autumn gala", customer_po="AF-2291", **ORDER))

    mug, pen, setup = own_lines(found)
    check_mug(mug)
    assert classes(found) == ["3", "1", "1"]
    assert (detail(pen)["ItemRef"]["value"], setup["Amount"]) == ("10", 45)
    assert detail(mug)["ItemRef"]["name"] == "BD-1140"
    assert found["DepartmentRef"] == {"value": "2", "name": "Richmond"}
    assert custom_fields(found) == {
        "Customer PO": "AF-2291",
        "In-hands date": "2026-12-04",
        "Sales rep": "Dana Reyes",
    }
    assert found["CustomerMemo"]["value"] == "Autumn gala"


def test_a_bill_is_tied_to_its_purchase_order_line_by_line(ready: SimpleNamespace) -> None:
    ordered = sent(ready, sendable.cost(ready, "purchase_order", lines(), memo="Ship complete", **ORDER))
    billed = sent(ready, sendable.cost(ready, "bill", lines(), memo="Net", **ORDER))

    for found in (ordered, billed):
        check_mug(found["Line"][0])
        assert classes(found) == ["3", "1", "1"]
        assert found["DepartmentRef"]["value"] == "2"
    assert custom_fields(ordered) == {"In-hands date": "2026-12-04"}
    assert (ordered["Memo"], billed["PrivateNote"]) == ("Ship complete", "Net")
    assert tied_lines(billed) == [(ordered["Id"], line["Id"]) for line in ordered["Line"]]
    assert closed(ready, ordered)


def tied_lines(billed: dict[str, Any]) -> list[tuple[str, str] | None]:
    links = [line.get("LinkedTxn", [None])[0] for line in billed["Line"]]
    return [(link["TxnId"], link["TxnLineId"]) if link else None for link in links]


def closed(world: SimpleNamespace, ordered: dict[str, Any]) -> bool:
    (now,) = in_sandbox(world, "PurchaseOrder", ordered["DocNumber"])
    return now["POStatus"] == "Closed"


@pytest.mark.parametrize(
    ("after", "tied"),
    [
        ({}, [0, None, 1, 2]),
        ({"bill:freight": "folded", "bill:setup": "folded"}, [0, 1]),
        ({"bill:freight": "folded", "bill:setup": "summary"}, [0, 1, 2]),
    ],
    ids=["own lines", "more folded", "a summary"],
)
def test_a_bill_finds_its_lines_though_the_layouts_changed_meanwhile(
    ready: SimpleNamespace, after: dict[str, str], tied: list[int | None]
) -> None:
    ordered = sent(ready, sendable.cost(ready, "purchase_order", lines(), **ORDER))
    Preferences.update(layouts=after).execute()

    billed = sent(ready, sendable.cost(ready, "bill", lines(), **ORDER))

    ids = [line["Id"] for line in ordered["Line"]]
    assert tied_lines(billed) == [None if place is None else (ordered["Id"], ids[place]) for place in tied]


def test_a_class_made_inactive_blocks_what_needs_it_and_is_counted(ready: SimpleNamespace) -> None:
    DirectoryEntry.update(active=False).where(
        (DirectoryEntry.kind == ListKind.CLASS) & (DirectoryEntry.remote_id == "1")
    ).execute()
    plain, drinkware = sendable.invoice(ready, lines()), sendable.invoice(ready, lines()[:2])
    service.recheck(10)
    assert [reason["facts"] for reason in status_of(plain).reasons] == [
        {"field": "class_id", "name": "Corporate"}
    ]
    assert status_of(drinkware).state == DocumentState.READY
    (reason,) = preferences.problems(ready.workspace.id, ready.connection)
    assert reason.facts == {"field": "class_id", "name": "Corporate"}


def test_a_rule_with_an_income_account_makes_one_item_for_it(ready: SimpleNamespace) -> None:
    Preferences.update(class_id=None, location_id=None).execute()
    sendable.rule(ready, "member_type", "customer", target="account:5")
    account = directory.entries(ready.workspace.id, ready.connection.realm_id, ListKind.ACCOUNT, ["5"])["5"]

    first, second = (
        sent(ready, sendable.invoice(ready, [{"product_number": number}])) for number in ("NEW-1", "NEW-2")
    )

    items = [own_lines(found)[0]["SalesItemLineDetail"]["ItemRef"] for found in (first, second)]
    assert items[0] == items[1]
    assert items[0]["name"] == account.name
    (item,) = ready.sandbox.query(f"select * from Item where Name = '{account.name}'")
    assert item["IncomeAccountRef"]["value"] == "5"
