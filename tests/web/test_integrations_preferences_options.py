"""What the drop-downs with a search find, and how light the form stays over lists of thousands."""

from __future__ import annotations

from time import perf_counter
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import field_error, soup
from tests.web.preference_pages import EDIT, PAGE, URL, saved, selected, typed
from webapp.integrations import permissions
from webapp.links import directory
from webapp.models import Connection, ConnectionStatus, DirectoryEntry, ListKind, Visibility

OPTIONS = f"{URL}/options"


def fill(world: SimpleNamespace, kind: ListKind, count: int, first: int, **values: Any) -> None:
    """So many entries of one list, with names of real length."""
    rows = [
        {
            "workspace": world.workspace.id, "realm_id": world.connection.realm_id, "kind": kind,
            "remote_id": str(first + number), "name": f"Branch {number:04} of the northern region",
            "full_name": f"Branch {number:04} of the northern region",
            "folded": f"branch {number:04} of the northern region", "type": "", "income_account_id": "2",
            **values,
        }
        for number in range(count)
    ]  # fmt: skip
    for start in range(0, count, 400):
        DirectoryEntry.insert_many(rows[start : start + 400]).execute()


@pytest.fixture
def heavy(connected: SimpleNamespace) -> SimpleNamespace:
    """5,000 accounts, 5,000 items and 500 of everything else."""
    for place, type_ in enumerate(("Income", "Expense", "Accounts Payable", "Bank", "Other Income")):
        fill(connected, ListKind.ACCOUNT, 1000, 100_000 + 1000 * place, type=type_)
    fill(connected, ListKind.ITEM, 5000, 200_000, type="Service")
    for place, kind in enumerate((ListKind.CLASS, ListKind.LOCATION, ListKind.TERM)):
        fill(connected, kind, 500, 300_000 + 1000 * place)
    for number in range(40):
        factories.company(connected.workspace, terms=f"Special terms {number}")
    return connected


def found(client: PanelClient, field: str, text: str = "") -> list[str]:
    answer = client.get(OPTIONS, query_string={"field": field, "q": text}, headers=HTMX)
    assert answer.status_code == 200, field
    return [option["data-value"] for option in soup(answer).select("[role=option][data-value]")]


def test_each_drop_down_finds_only_what_fits_there(connected, client: PanelClient):
    client.sign_in(connected.owner)
    assert found(client, "ap_account_id") == ["", "33"]
    assert "2" in found(client, "income_account_id", "sales of product")
    assert "7" not in found(client, "income_account_id", "cost of goods")
    assert found(client, "cost_account_id", "cost of goods") == ["7"]
    assert found(client, "freight", "freight")[0] == "item:13"
    assert "account:7" not in found(client, "freight", "cost of goods")
    assert "account:7" in found(client, "rule-3-target", "cost of goods")
    assert found(client, "discount_account_id", "") != found(client, "cost_account_id", "")
    assert found(client, "fixed_item_id", "gel pen") == ["6"]
    assert set(found(client, "class_id")) == {"", "1", "2", "3"}
    assert found(client, "rule-0-location_id", "balt") == ["1"]
    assert found(client, "term-0123456789", "net 45") == ["5"]
    assert found(client, "taxable_code_id") == ["", "TAX", "NON"]
    assert found(client, "custom-invoice-sales_rep") == ["", "1", "2", "3"]


def test_inactive_entries_and_those_of_others_are_not_found(connected, client: PanelClient):
    theirs = {"Id": "500", "Name": "Secret income", "AccountType": "Income"}
    directory.remember(connected.other.id, connected.connection.realm_id, ListKind.ACCOUNT, theirs)
    DirectoryEntry.update(active=False).where(DirectoryEntry.remote_id == "2").execute()
    client.sign_in(connected.owner)
    assert found(client, "income_account_id", "secret") == []
    assert "2" not in found(client, "income_account_id")


def test_options_are_bounded_and_say_that_there_are_more(heavy, client: PanelClient):
    client.sign_in(heavy.owner)
    assert len(found(client, "income_account_id")) == 31
    answer = client.get(f"{OPTIONS}?field=fixed_item_id&q=branch", headers=HTMX)
    assert len(soup(answer).select("[data-value]")) == 30
    assert "There are more. Type to find them." in answer.get_data(as_text=True)
    assert found(client, "fixed_item_id", "branch 4321") == ["204321"]
    assert found(client, "rule-0-target", "4321") == ["item:204321"]
    short = {str(200_000 + n) for n in range(5000) if "49" in f"{n:04}" and "99" in f"{n:04}"}
    assert set(found(client, "fixed_item_id", "northern 49 99")) == short
    assert found(client, "fixed_item_id", "northern zz") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?field=",
        "?field=version",
        "?field=%00",
        "?field=rule-0-field",
        "?field=layout-bill-freight",
        "?q=a",
    ],
)
def test_what_is_no_drop_down_is_not_found(connected, client: PanelClient, query):
    assert client.sign_in(connected.owner).get(OPTIONS + query).status_code == 404


@pytest.mark.parametrize("text", ["a\0b", "x" * 100_000, "%", "_", '"', "' OR 1=1", "²", "🙂"])
def test_hostile_searches_find_nothing_and_break_nothing(connected, client: PanelClient, text):
    client.sign_in(connected.owner)
    assert isinstance(found(client, "income_account_id", text), list)


def test_options_are_for_who_edits(connected, client: PanelClient):
    address = f"{OPTIONS}?field=class_id"
    assert client.get(address).status_code == 303
    assert client.sign_in(connected.member).get(address).status_code == 403
    for who in (connected.outsider, connected.support):
        assert client.sign_in(who).get(address).status_code == 404
    permissions.save(
        connected.owner, visible_to=Visibility.SELECTED, people=[factories.user(connected.workspace).id],
        sends=["invoice"], version=0,
    )  # fmt: skip
    assert client.sign_in(connected.member).get(address).status_code == 404
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    assert client.sign_in(connected.owner).get(address).status_code == 404


def test_the_form_over_thousands_is_light_quick_and_searchable(heavy, client: PanelClient):
    client.sign_in(heavy.owner)
    client.get(EDIT)
    started = perf_counter()
    page = client.get(EDIT)
    assert perf_counter() - started < 2
    assert len(page.data) < 60_000
    form = soup(page)
    for name in ("income_account_id", "cost_account_id", "ap_account_id", "freight", "class_id"):
        assert form.find(id=name).has_attr("data-options"), name
    assert not form.find(id="taxable_code_id").has_attr("data-options")
    assert not form.find(id="custom-invoice-sales_rep").has_attr("data-options")
    searched = client.post(URL, data=typed(find="branch 0123", search="1", **{"rule-0": "ship_to||||MD"}))
    assert len(searched.data) < 60_000
    values = {option["value"] for option in soup(searched).find(id="income_account_id").find_all("option")}
    assert {"100123", "104123"} <= values
    assert len(client.get(PAGE).data) < 60_000


def test_short_lists_stay_plain_drop_downs(connected, client: PanelClient):
    form = soup(client.sign_in(connected.owner).get(EDIT))
    assert not form.select("select[data-options]")
    assert form.find(id="find") is None
    assert form.find(id="combo-template") is None


def test_what_was_typed_and_not_chosen_is_refused_and_kept(heavy, client: PanelClient):
    client.sign_in(heavy.owner)
    for value in ("typed:Sal", "typed:2", "typed:"):
        answer = client.post(URL, data=typed(income_account_id=value, freight=value), headers=HTMX)
        assert answer.status_code == 422
        for field in ("income_account_id", "freight"):
            assert field_error(answer, field)
            assert selected(answer, field) == value
            option = soup(answer).find(id=field).find("option", selected=True)
            assert option.get_text().startswith(value.removeprefix("typed:"))
    assert saved(heavy).version == 0
