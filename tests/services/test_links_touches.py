"""What changed is noted once, in order, and only where suggestions could be others for it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.services.test_links import REALM
from webapp.links import directory, touches
from webapp.models import Job, ListKind, Side, Touched

BIRCHLINE: dict[str, Any] = {
    "Id": "58",
    "SyncToken": "0",
    "DisplayName": "Birchline Outfitters",
    "PrimaryPhone": {"FreeFormNumber": "(860) 555-0142"},
    "Balance": 0,
    "Taxable": True,
}


@pytest.fixture
def home(world: SimpleNamespace) -> int:
    factories.connection(world.workspace)
    return world.workspace.id


def noted() -> list[tuple[str, str]]:
    return [(row.side.value, row.ref) for row in Touched.select().order_by(Touched.id)]


def remember(home: int, kind: str = "customer", **values: Any) -> None:
    directory.remember(home, REALM, ListKind(kind), BIRCHLINE | values)


def test_new_and_changed_entries_are_noted_and_looked_at_together(home: int) -> None:
    remember(home)
    remember(home, DisplayName="Birchline Outfitters Inc.")
    remember(home, "vendor")
    assert noted() == [("customer", "58"), ("customer", "58"), ("vendor", "58")]
    assert [job.kind for job in Job.select()] == [touches.KIND]


@pytest.mark.parametrize(
    "change",
    [
        {"Active": False},
        {"PrimaryPhone": {"FreeFormNumber": "860 555 0143"}},
        {"Mobile": {"FreeFormNumber": "860 555 0143"}},
        {"BillAddr": {"City": "Hartford"}},
        {"CompanyName": "Birchline Inc."},
    ],
)
def test_each_fact_that_matching_looks_at_counts(home: int, change: dict[str, Any]) -> None:
    remember(home)
    Touched.delete().execute()
    remember(home, **change)
    assert noted() == [("customer", "58")]


def test_what_matching_does_not_look_at_is_passed_over(home: int) -> None:
    remember(home)
    remember(home, SyncToken="1", Balance=12)
    remember(home, "item", Name="Mug")
    remember(home, "vendor", Id="59", Active=False)
    assert noted() == [("customer", "58")]


def test_very_many_are_noted_as_all_of_them(home: int) -> None:
    for _ in range(2):
        touches.companies(home, range(1, touches.MOST + 2))
    assert noted() == [(Side.ALL.value, "")]
    touches.companies(home, [1])
    touches.everything(home)
    assert [side for side, _ in noted()] == ["all", "company", "all"]


def test_nothing_is_noted_where_nothing_changed(home: int) -> None:
    touches.companies(home, [])
    touches.entries(home, "customer", [])
    touches.entries(home, "account", ["1"])
    assert (noted(), Job.select().count()) == ([], 0)
