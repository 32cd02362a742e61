"""Two people edit the preferences at once: the second is told what changed, keeps the typing and decides."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import soup
from tests.web.preference_pages import EDIT, NET_30, URL, saved, section, selected, typed
from webapp.integrations import preferences
from webapp.models import Activity, Connection

FIRST = typed(**{"class_id": "1", "rule-0": "ship_to||1||MD"})


@pytest.fixture
def begun(connected: SimpleNamespace, client: PanelClient) -> PanelClient:
    """Version 1 is saved, the owner is about to save over it."""
    assert client.sign_in(connected.owner).post(URL, data=FIRST, headers=HTMX).status_code == 200
    return client


def save_as(client: PanelClient, person: Any, version: int, **changes: Any) -> None:
    client.sign_in(person)
    answer = client.post(URL, data={**FIRST, "version": str(version), **changes}, headers=HTMX)
    assert answer.status_code == 200, section(answer)


def differences(answer: Any) -> dict[str, list[str]]:
    """What is listed by setting: before, now, yours, and whether theirs is ticked."""
    rows = soup(answer).select("#preferences .banner tbody tr")
    return {
        row.th.get_text(): [
            *(" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")[:3]),
            "ticked" if row.find("input").has_attr("checked") else "",
        ]
        for row in rows
    }


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_the_second_save_is_told_field_by_field_what_changed_by_whom_and_when(
    connected, begun: PanelClient, headers
):
    save_as(begun, connected.admin, 1, income_account_id="1", memo="memo")
    save_as(
        begun,
        connected.admin,
        2,
        **{"layout-bill-freight": "folded", "income_account_id": "1", "memo": "memo"},
    )
    begun.sign_in(connected.owner)
    mine = {**FIRST, "version": "1", "income_account_id": "5", "start_date": "2026-01-01"}
    answer = begun.post(URL, data=mine, headers=headers)
    assert answer.status_code == 409
    assert "Mika Orlen saved other settings meanwhile, on" in section(answer)
    found = differences(answer)
    assert list(found) == ["Income account", "Freight, Bills", "Memo"]
    before, now, yours, ticked = found["Income account"]
    assert (before, yours, ticked) == ("Sales of Product Income", "Freight Income", "")
    assert now.startswith("Services Mika Orlen, November")
    before, now, yours, ticked = found["Memo"]
    assert (before, yours, ticked) == ("Order number, customer PO and our memo", "As before", "ticked")
    assert now.startswith("Our memo only Mika Orlen")
    assert found["Freight, Bills"][0] == "Its own line"
    assert found["Freight, Bills"][1].startswith("In the product line")
    assert selected(answer, "income_account_id") == "5"
    assert soup(answer).find(id="start_date")["value"] == "2026-01-01"
    assert soup(answer).find("input", attrs={"name": "theirs"}).has_attr("autofocus")
    assert len(soup(answer).select("[autofocus]")) == 1
    assert saved(connected).version == 3


def test_save_mine_replaces_what_is_there(connected, begun: PanelClient):
    save_as(begun, connected.admin, 1, income_account_id="1")
    begun.sign_in(connected.owner)
    answer = begun.post(URL, data={**FIRST, "version": "1", "income_account_id": "5"}, headers=HTMX)
    assert soup(answer).select_one(".section-foot .primary").get_text() == "Save mine"
    again = soup(answer).find("input", attrs={"name": "version"})["value"]
    assert again == "2"
    done = begun.post(URL, data={**FIRST, "version": again, "income_account_id": "5"}, headers=HTMX)
    assert done.status_code == 200
    assert (saved(connected).rules.income_account_id, saved(connected).version) == ("5", 3)


def test_theirs_are_taken_where_ticked_and_the_rest_stays_as_typed(connected, begun: PanelClient):
    save_as(
        begun,
        connected.admin,
        1,
        **{"income_account_id": "1", "memo": "memo", "layout-bill-freight": "folded", "class_id": "",
           "billable": "y", "confirm_billable": "y", "numbers": "quickbooks", "rule-0": "ship_to||2||VA"},
    )  # fmt: skip
    begun.sign_in(connected.owner)
    mine = {**FIRST, "version": "2", "cost_account_id": "8", "income_account_id": "5"}
    keys = ["income_account_id", "memo", "layouts.bill.freight", "class_id", "billable", "use_our_numbers"]
    answer = begun.post(
        URL,
        data={**mine, "do": "theirs", "theirs": [*keys, "rules", "nonsense", "version", "csrf_token", "\0"]},
    )
    assert answer.status_code == 200
    shown = section(answer)
    assert (
        "Taken over: Income account; Memo; Freight, Bills; Class; Billable customer; Document numbers"
        in shown
    )
    assert selected(answer, "income_account_id") == "1"
    assert selected(answer, "cost_account_id") == "8"
    assert selected(answer, "layout-bill-freight") == "folded"
    assert selected(answer, "class_id") == ""
    page = soup(answer)
    assert page.find(id="memo-memo").has_attr("checked")
    assert page.find(id="billable").has_attr("checked")
    assert page.find(id="numbers-quickbooks").has_attr("checked")
    assert page.find("input", attrs={"name": "rule-0"})["value"] == "ship_to||2||VA"
    assert page.find(id="income_account_id").has_attr("autofocus")
    assert saved(connected).version == 2


def test_what_both_changed_alike_is_no_difference(connected, begun: PanelClient):
    save_as(begun, connected.admin, 1, income_account_id="1", memo="memo")
    begun.sign_in(connected.owner)
    alike = {**FIRST, "version": "1", "income_account_id": "1", "memo": "memo"}
    answer = begun.post(URL, data=alike, headers=HTMX)
    assert answer.status_code == 409
    assert "They are the same as what stands below." in section(answer)
    assert differences(answer) == {}
    done = begun.post(URL, data={**alike, "version": "2"}, headers=HTMX)
    assert "Nothing was changed." in done.headers["HX-Trigger"]


def test_what_was_changed_and_changed_back_is_no_difference(connected, begun: PanelClient):
    save_as(begun, connected.admin, 1, income_account_id="1")
    save_as(begun, connected.admin, 2, income_account_id="2")
    begun.sign_in(connected.owner)
    answer = begun.post(URL, data={**FIRST, "version": "1", "memo": "memo"}, headers=HTMX)
    assert answer.status_code == 409
    assert differences(answer) == {}


def test_every_kind_of_setting_is_told_in_words_in_both_languages(connected, begun: PanelClient):
    factories.company(connected.workspace, terms="Net 30")
    changes = {
        "billable": "y", "confirm_billable": "y", "item_name_source": "name", "unknown_items": "service",
        "numbers": "quickbooks", "location_id": "1", "start_date": "2026-02-03", "discount_account_id": "",
        "custom-invoice-sales_rep": "3", NET_30: "3",
        "rule-0": "member_type||2||supplier", "rule-1": "category|account:3|||Mugs",
    }  # fmt: skip
    save_as(begun, connected.admin, 1, **changes)
    begun.sign_in(connected.owner)
    mine = {**FIRST, "version": "1", "memo": "memo"}
    found = differences(begun.post(URL, data=mine, headers=HTMX))
    told = {name: (cells[0], cells[1].split(" Mika")[0]) for name, cells in found.items()}
    assert told == {
        "Billable customer": ("Off", "On"),
        "QuickBooks Item Name field": ("Product number", "Product name"),
        "Items that QuickBooks does not have": ("Create as non-inventory", "Create as service"),
        "Document numbers": ("Use ours", "Let QuickBooks number"),
        "Start date": ("Any date", "February 3, 2026"),
        "Discount": ("Discounts Given", "Not chosen"),
        "Location": ("Not chosen", "Baltimore"),
        "Payment term Net 30": ("Not chosen", "Net 30"),
        "Sales rep, Invoices": ("Not chosen", "Sales rep"),
        "Rules": (
            "1 rule Ship-to state is MD → Corporate",
            "2 rules Member type is Supplier → Education Category is Mugs → Decoration Income",
        ),
    }
    connected.owner.language = "fr"
    connected.owner.save()
    answer = begun.post(URL, data=mine, headers=HTMX)
    assert "Mika Orlen a enregistré d’autres paramètres" in section(answer)
    assert differences(answer)["Date de début"][0] == "Toute date"
    assert "1 règle" in differences(answer)["Règles"][0]


def test_the_command_line_is_told_as_such(connected, begun: PanelClient):
    rules = preferences.rules_for(connected.workspace.id, connected.connection.realm_id)
    host = connected.owner.__class__(workspace=connected.workspace, role=connected.owner.role)
    preferences.save(
        host, Connection.get(), replace(rules, cost_account_id="8"), version=1, via="command_line"
    )
    answer = begun.post(URL, data={**FIRST, "version": "1", "memo": "memo"}, headers=HTMX)
    assert "Command line saved other settings meanwhile" in section(answer)
    assert "Command line" in differences(answer)["Cost account"][1]


def test_saves_of_another_quickbooks_company_are_not_told(connected, begun: PanelClient):
    save_as(begun, connected.admin, 1, income_account_id="1")
    Activity.update(subject_id=Activity.subject_id + 1000).where(Activity.user == connected.admin).execute()
    begun.sign_in(connected.owner)
    answer = begun.post(URL, data={**FIRST, "version": "1", "memo": "memo"}, headers=HTMX)
    assert answer.status_code == 409
    assert "Somebody saved other settings meanwhile." in section(answer)
    assert differences(answer) == {}


def test_a_third_save_is_told_again(connected, begun: PanelClient):
    save_as(begun, connected.admin, 1, income_account_id="1")
    begun.sign_in(connected.owner)
    first = begun.post(URL, data={**FIRST, "version": "1", "income_account_id": "5"}, headers=HTMX)
    version = soup(first).find("input", attrs={"name": "version"})["value"]
    save_as(begun, connected.admin, 2, income_account_id="1", memo="nothing")
    begun.sign_in(connected.owner)
    again = begun.post(URL, data={**FIRST, "version": version, "income_account_id": "5"}, headers=HTMX)
    assert again.status_code == 409
    assert list(differences(again)) == ["Memo"]


def test_the_form_shows_no_decision_when_nobody_saved(connected, begun: PanelClient):
    form = soup(begun.get(EDIT))
    assert not form.select("#preferences .banner")
    assert form.select_one(".section-foot .primary").get_text() == "Save"
