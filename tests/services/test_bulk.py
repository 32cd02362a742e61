"""Rows that are written in bulk are the same as those written one by one."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from peewee import IntegrityError

from tests import factories
from webapp import db
from webapp.clock import now
from webapp.db.bulk import insert_rows, update_rows
from webapp.db.search import fold, matches
from webapp.models import Company, Document, DocumentLine, DocumentStatus


def test_inserted_rows_get_defaults_and_are_found(world: SimpleNamespace) -> None:
    before = now()
    rows = [{"workspace": world.workspace.id, "esp_id": str(n), "name": f"Nº {n}%s?"} for n in range(3)]
    insert_rows(Company, [{**row, "folded": fold(row["name"])} for row in rows])
    made = list(Company.select().order_by(Company.id))
    assert [(one.esp_id, one.name, one.email) for one in made] == [
        ("0", "Nº 0%s?", ""),
        ("1", "Nº 1%s?", ""),
        ("2", "Nº 2%s?", ""),
    ]
    assert all(before <= one.created_at <= now() and one.is_customer is False for one in made)
    assert [one.esp_id for one in Company.select().where(matches(Company, "no 1%s"))] == ["1"]
    insert_rows(Company, [])


def test_updated_rows_change_in_what_is_given_only(world: SimpleNamespace) -> None:
    company = factories.company(world.workspace)
    first, second, third = (factories.document(world.workspace, company) for _number in range(3))
    rows = {
        first.id: {"total": Decimal("1.10"), "kind": "bill"},
        second.id: {"memo": "new", "customer": None},
    }
    update_rows(Document, rows)
    kept = {row.id: row for row in Document.select()}
    assert (kept[first.id].total, kept[first.id].kind, kept[first.id].memo) == (Decimal("1.10"), "bill", "")
    assert (kept[second.id].total, kept[second.id].memo) == (second.total, "new")
    assert kept[third.id].total == third.total
    update_rows(Document, {})


@pytest.mark.parametrize("values", [{"amount": Decimal("1.005")}, {"kind": "nonsense"}])
def test_a_value_that_its_field_refuses_is_refused(world: SimpleNamespace, values: dict[str, object]) -> None:
    document = factories.document(world.workspace, factories.company(world.workspace))
    line = {"document": document.id, "position": 2, "quantity": 1, "unit_price": 1, "amount": 1}
    with pytest.raises(ValueError, match=r"fit|valid"):
        insert_rows(DocumentLine, [line | values])


def test_a_rule_of_the_table_is_kept(world: SimpleNamespace) -> None:
    document = factories.document(world.workspace, factories.company(world.workspace))
    row = {"document": document.id, "workspace": world.workspace.id}
    with pytest.raises(IntegrityError), db.transaction():
        insert_rows(DocumentStatus, [row])
    assert DocumentStatus.select().count() == 1
