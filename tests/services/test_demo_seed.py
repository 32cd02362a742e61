from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from time import perf_counter

import pytest
from flask import Flask

from webapp.auth.service import authenticate
from webapp.config import Settings
from webapp.demo.seed import seed
from webapp.errors import Forbidden
from webapp.models import (
    Activity,
    Company,
    Connection,
    Document,
    DocumentLine,
    DocumentStatus,
    Link,
    User,
    Workspace,
)

TABLES = (Workspace, User, Company, Document, DocumentLine, DocumentStatus, Activity)


def counts() -> list[int]:
    return [model.select().count() for model in TABLES]


def test_seed_makes_a_workspace_with_people_companies_and_documents(app: Flask, settings: Settings) -> None:
    assert seed(settings)

    workspace = Workspace.get()
    assert (workspace.name, workspace.is_demo) == ("Northgate Promo Co.", True)
    assert 40 <= Company.select().count() <= 50
    assert 55 <= Document.select().count() <= 65
    assert DocumentStatus.select().where(DocumentStatus.needs_check).count() == Document.select().count()
    assert Document.select(Document.order_number).distinct().count() >= 20
    assert {kind for (kind,) in Document.select(Document.kind).distinct().tuples()} == {
        "invoice",
        "bill",
        "purchase_order",
    }
    assert (Connection.select().count(), Link.select().count()) == (0, 0)


@pytest.mark.parametrize("who", ["owner", "admin", "member", "support"])
def test_seeded_people_can_sign_in(app: Flask, settings: Settings, who: str) -> None:
    seed(settings)
    user = authenticate(f"{who}@demo.test", "ledgerbridge")
    assert user is not None
    assert (user.workspace is None) == user.is_support == (who == "support")


def test_seeding_again_changes_nothing_and_is_fast(app: Flask, settings: Settings) -> None:
    seed(settings)
    before = counts()
    started = perf_counter()
    assert not seed(settings)
    assert perf_counter() - started < 0.1
    assert counts() == before


@pytest.mark.parametrize(
    "change",
    [{"intuit_environment": "sandbox"}, {"public_url": "https://panel.example.com"}],
    ids=["not a demo", "reachable by others"],
)
def test_seed_refuses_where_a_published_password_has_no_place(
    app: Flask, settings: Settings, change: dict[str, str]
) -> None:
    with pytest.raises(Forbidden):
        seed(replace(settings, **change))
    assert Workspace.select().count() == 0


def test_seeded_documents_hold_every_kind_of_trouble(app: Flask, settings: Settings) -> None:
    seed(settings)
    documents = list(Document.select())
    assert any(len(document.number) == 22 for document in documents)
    assert any(document.subtotal + document.tax != document.total for document in documents)
    assert any(not document.ship_line1 for document in documents)
    assert any(document.terms == "50% advance" for document in documents)
    assert {document.currency for document in documents} == {"USD", "CAD"}
    numbers = [document.number for document in documents if document.kind == "invoice"]
    assert len(set(numbers)) < len(numbers)
    kinds = {kind for (kind,) in DocumentLine.select(DocumentLine.kind).distinct().tuples()}
    assert kinds == {"product", "decoration", "setup", "freight", "discount", "service", "other"}
    assert Decimal("6.2958333") in {line.unit_price for line in DocumentLine.select()}
    assert Company.select().where(Company.is_prospect).exists()
    assert Company.select().where(Company.is_supplier & Company.is_decorator).exists()
