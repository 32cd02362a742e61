"""Classes, locations, memo, custom fields, line layout, sales tax and start date in form and read view."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import field_error, soup, text
from tests.web.preference_pages import EDIT, PAGE, URL, saved, section, selected, typed
from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.sources import CustomField, LineLayout, MemoSource, SalesTaxSource
from webapp.clock import now
from webapp.links import directory
from webapp.models import Activity, Connection, DirectoryEntry, ListKind

HOSTILE = ["999", "x" * 100_000, "a\x1b[31mb", "1\0", "item:\0", "²", "' OR 1=1", "<script>alert(1)</script>"]


def company(**facts: Any) -> None:
    row = Connection.get()
    Connection.update(company={**row.company, **facts}).execute()


def options(answer: Any, name: str) -> dict[str, str]:
    return {option["value"]: option.get_text() for option in soup(answer).find(id=name).find_all("option")}


def test_every_setting_is_saved_and_read_back(connected, client: PanelClient):
    changes = {
        "class_id": "2",
        "location_id": "1",
        "memo": "memo",
        "custom-invoice-customer_po": "2",
        "custom-purchase_order-in_hands_date": "1",
        "layout-bill-freight": "folded",
        "layout-invoice-setup": "summary",
        "start_date": "2026-02-03",
    }
    done = client.sign_in(connected.owner).post(URL, data=typed(**changes), headers=HTMX)
    assert done.status_code == 200
    rules = saved(connected).rules
    assert (rules.class_id, rules.location_id, rules.memo) == ("2", "1", MemoSource.MEMO)
    assert rules.custom_fields == {
        (DocumentKind.INVOICE, CustomField.CUSTOMER_PO): "2",
        (DocumentKind.PURCHASE_ORDER, CustomField.IN_HANDS_DATE): "1",
    }
    assert rules.layouts == {
        (DocumentKind.BILL, LineKind.FREIGHT): LineLayout.FOLDED,
        (DocumentKind.INVOICE, LineKind.SETUP): LineLayout.SUMMARY,
    }
    assert rules.start_date == date(2026, 2, 3)
    shown = section(done)
    for words in (
        "Class Education",
        "Location Baltimore",
        "Memo Our memo only",
        "Customer PO → In-hands date",
        "Freight: Invoices – Its own line · Bills – In the product line · Purchase orders – Its own line",
        "Set-up charge: Invoices – One summary line",
        "Send documents dated from February 3, 2026",
    ):
        assert words in shown, words
    form = client.get(EDIT, headers=HTMX)
    for name, value in changes.items():
        if name == "memo":
            assert soup(form).find(id="memo-memo").has_attr("checked")
        elif name == "start_date":
            assert soup(form).find(id=name)["value"] == value
        else:
            assert selected(form, name) == value, name
    again = client.post(URL, data=typed(version="1", **changes), headers=HTMX)
    assert "Nothing was changed." in again.headers["HX-Trigger"]
    assert Activity.select().where(Activity.verb == "preferences.saved").count() == 1


def test_classes_and_locations_that_are_off_leave_one_sentence(connected, client: PanelClient):
    company(class_on_lines=False, class_on_document=False, location_tracking=False)
    client.sign_in(connected.owner)
    for answer in (client.get(PAGE), client.get(EDIT)):
        assert "Classes and locations are off in this QuickBooks company. Turn them on there" in section(
            answer
        )
        assert soup(answer).find(id="class_id") is None
    company(location_tracking=True)
    form = client.get(EDIT)
    assert "Classes are off in this QuickBooks company." in section(form)
    assert set(options(form, "location_id")) == {"", "1", "2"}


def test_what_is_off_but_chosen_can_be_taken_back(connected, client: PanelClient):
    client.sign_in(connected.owner).post(URL, data=typed(class_id="2", location_id="1"))
    company(class_on_lines=False, location_tracking=False)
    assert "Class Education Switched off in QuickBooks, so it is not sent." in section(client.get(PAGE))
    form = client.get(EDIT)
    assert options(form, "class_id") == {"": "Not chosen", "2": "Education (switched off in QuickBooks)"}
    done = client.post(URL, data=typed(version="1", class_id="", location_id="1"), headers=HTMX)
    assert done.status_code == 200
    assert (saved(connected).rules.class_id, saved(connected).rules.location_id) == (None, "1")


def test_classes_of_whole_documents_say_that_bills_have_none(connected, client: PanelClient):
    company(class_on_lines=False, class_on_document=True)
    assert "bills none." in section(client.sign_in(connected.owner).get(EDIT))


def test_custom_fields_are_offered_by_name_where_they_are_on(connected, client: PanelClient):
    company(sales_custom_fields={"1": "Notes", "2": "Region", "3": "Notes"}, purchase_custom_fields={})
    client.sign_in(connected.owner)
    form = client.get(EDIT)
    assert options(form, "custom-invoice-sales_rep") == {
        "": "Not chosen",
        "1": "Notes (1)",
        "2": "Region",
        "3": "Notes (3)",
    }
    assert soup(form).find(id="custom-purchase_order-sales_rep") is None
    assert "No custom field is switched on for purchase orders" in section(form)
    assert "No custom field is switched on for purchase orders" in section(client.get(PAGE))


def test_proposed_custom_fields_say_why(connected, client: PanelClient):
    client.sign_in(connected.owner)
    assert "Customer PO → Customer PO Proposed, not saved" in section(client.get(PAGE))
    form = client.get(EDIT)
    assert selected(form, "custom-invoice-customer_po") == "1"
    control = soup(form).find(id="custom-invoice-customer_po")
    assert control["aria-describedby"] == "custom-invoice-customer_po-hint"
    hint = soup(form).find(id=control["aria-describedby"]).get_text()
    assert hint == "Proposed because: the name fits."


def test_reasons_of_proposals_are_in_words(connected, client: PanelClient):
    factories.company(connected.workspace, terms="Net 30 days")
    client.sign_in(connected.owner)
    shown = section(client.get(PAGE))
    assert "Accounts Payable (A/P) Proposed, not saved Review" in shown
    assert "Proposed because: the only one of its type." in shown
    assert "Proposed because: the same number of days." in section(client.get(EDIT))


def test_two_of_ours_in_one_custom_field_are_refused_at_the_second(connected, client: PanelClient):
    both = {"custom-invoice-customer_po": "2", "custom-invoice-sales_rep": "2"}
    answer = client.sign_in(connected.owner).post(URL, data=typed(**both), headers=HTMX)
    assert answer.status_code == 422
    assert "has another of your fields already" in field_error(answer, "custom-invoice-sales_rep")
    assert not field_error(answer, "custom-invoice-customer_po")
    assert soup(answer).find(id="custom-invoice-sales_rep").has_attr("autofocus")
    one_each = {"custom-invoice-customer_po": "1", "custom-purchase_order-customer_po": "1"}
    assert client.post(URL, data=typed(**one_each), headers=HTMX).status_code == 200


def test_only_our_tax_is_possible_while_automated_sales_tax_is_off(connected, client: PanelClient):
    client.sign_in(connected.owner)
    form = client.get(EDIT)
    assert soup(form).find(id="sales_tax-quickbooks").has_attr("disabled")
    assert soup(form).find(id="sales_tax-ours").has_attr("checked")
    assert "Only our amount is possible: automated sales tax is off" in section(form)
    client.post(URL, data=typed(sales_tax="ours"))
    assert saved(connected).rules.sales_tax is SalesTaxSource.QUICKBOOKS, "the choice waits until it is on"
    company(automated_sales_tax=True)
    form = client.get(EDIT)
    assert not soup(form).find(id="sales_tax-quickbooks").has_attr("disabled")
    done = client.post(URL, data=typed(version="1", sales_tax="ours"), headers=HTMX)
    assert "Sales tax Our amount is sent" in section(done)
    assert saved(connected).rules.sales_tax is SalesTaxSource.OURS


def test_companies_outside_the_us_are_not_asked_who_computes_the_tax(world, sandbox, client: PanelClient):
    factories.connect(world.workspace, world.owner, sandbox.tokens("ca"))
    form = client.sign_in(world.owner).get(EDIT)
    assert soup(form).find(attrs={"name": "sales_tax"}) is None


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_a_start_date_that_cannot_be_is_refused_with_its_typing_kept(connected, client, headers):
    client.sign_in(connected.owner)
    too_late = (now().date() + timedelta(days=400)).isoformat()
    for value, words in (
        ("yesterday", "Enter a day of the calendar"),
        ("2026-02-30", "Enter a day of the calendar"),
        ("9" * 100_000, "Enter a day of the calendar"),
        ("2026-01-01\0", "Enter a day of the calendar"),
        ("02/03/2026", "Enter a day of the calendar"),
        (too_late, "more than a year ahead"),
        ("9999-12-31", "more than a year ahead"),
    ):
        answer = client.post(URL, data=typed(start_date=value), headers=headers)
        assert answer.status_code == 422, value[:20]
        assert words in field_error(answer, "start_date"), value[:20]
        control = soup(answer).find(id="start_date")
        assert control["type"] == "text"
        assert control["value"].rstrip("\0�") == value.rstrip("\0")
        assert control.has_attr("autofocus")
        assert selected(answer, "cost_account_id") == "7"
    assert saved(connected).version == 0


def test_a_start_date_can_be_taken_back(connected, client: PanelClient):
    client.sign_in(connected.owner).post(URL, data=typed(start_date="2026-01-01"))
    assert client.post(URL, data=typed(version="1", start_date="  "), headers=HTMX).status_code == 200
    assert saved(connected).rules.start_date is None


def test_what_is_no_choice_is_refused_at_its_field(connected, client: PanelClient):
    client.sign_in(connected.owner)
    for changes, field in (
        ({"memo": "poem"}, "memo"),
        ({"memo": None}, "memo"),
        ({"sales_tax": "nobody"}, "sales_tax"),
        ({"layout-bill-freight": "hidden"}, "layout-bill-freight"),
        ({"layout-invoice-setup": ""}, "layout-invoice-setup"),
    ):
        answer = client.post(URL, data=typed(**changes), headers=HTMX)
        assert answer.status_code == 422, changes
        assert field_error(answer, field), changes
        assert selected(answer, "income_account_id") == "2"
    assert saved(connected).version == 0


@pytest.mark.parametrize(
    "field", ["class_id", "location_id", "custom-invoice-customer_po", "income_account_id", "freight"]
)
def test_what_no_list_has_stays_visible_as_typed(connected, client: PanelClient, field):
    client.sign_in(connected.owner)
    for value in HOSTILE:
        answer = client.post(URL, data=typed(**{field: value}), headers=HTMX)
        assert answer.status_code == 422, value[:20]
        assert field_error(answer, field), value[:20]
        chosen = soup(answer).find(id=field).find("option", selected=True)
        assert chosen["value"].replace("�", "\0") == value
        assert len(chosen.get_text()) < 120
        assert "(not in QuickBooks)" in chosen.get_text()
    assert saved(connected).version == 0


def test_errors_are_in_french_with_the_typing_kept(connected, client: PanelClient):
    connected.owner.language = "fr"
    connected.owner.save()
    wrong = {"class_id": "99", "start_date": "2999-01-01", "rule-0": "ship_to||1||Maryland"}
    answer = client.sign_in(connected.owner).post(URL, data=typed(**wrong), headers=HTMX)
    assert (
        field_error(answer, "class_id")
        == "Erreur : QuickBooks n’a pas cet élément. Choisissez une classe active."
    )
    assert "dans plus d’un an" in field_error(answer, "start_date")
    assert "Saisissez le code d’une province ou d’un État" in field_error(answer, "rule-0-value")
    assert "99 (absent de QuickBooks)" in text(answer)


def test_gone_classes_locations_and_custom_fields_are_marked_with_a_link_to_their_field(
    connected, client: PanelClient
):
    client.sign_in(connected.owner).post(
        URL, data=typed(class_id="2", location_id="1", **{"custom-invoice-sales_rep": "3"})
    )
    DirectoryEntry.update(active=False).where(
        DirectoryEntry.kind.in_([ListKind.CLASS, ListKind.LOCATION])
    ).execute()
    company(sales_custom_fields={"1": "Customer PO"})
    answer = client.get(PAGE)
    shown = section(answer)
    assert "Class Education Inactive in QuickBooks Choose another class" in shown
    assert "Location Baltimore Inactive in QuickBooks Choose another location" in shown
    assert "Sales rep → 3 No longer in QuickBooks Choose another field" in shown
    for words, field in (
        ("Choose another class", "class_id"),
        ("Choose another location", "location_id"),
        ("Choose another field", "custom-invoice-sales_rep"),
    ):
        link = next(a for a in soup(answer).select("#preferences a") if words in a.get_text())
        assert soup(client.get(link["href"])).find(id=field).has_attr("autofocus"), field


def test_lists_of_thousands_of_everything_are_found_by_the_form(connected, client: PanelClient):
    realm = connected.connection.realm_id
    for number in range(200):
        for kind in (ListKind.CLASS, ListKind.LOCATION, ListKind.TERM):
            body = {"Id": str(7000 + number), "Name": f"{kind.value} of branch {number:03}"}
            directory.remember(connected.workspace.id, realm, kind, body)
    factories.company(connected.workspace, terms="Net 30")
    client.sign_in(connected.owner)
    form = client.get(EDIT)
    assert "of branch" not in section(form)
    found = client.post(URL, data=typed(find="branch 123", search="1", memo="memo"), headers=HTMX)
    assert "3 entries were found." in section(found)
    assert options(found, "class_id")["7123"] == "class of branch 123"
    assert options(found, "location_id")["7123"] == "location of branch 123"
    assert soup(found).find(id="memo-memo").has_attr("checked")
    entered = client.post(URL, data=typed(find="branch 124", found="branch 123", enter="1"), headers=HTMX)
    assert options(entered, "class_id")["7124"] == "class of branch 124"
    assert saved(connected).version == 0
    done = client.post(URL, data=typed(find="x", found="x", enter="1", class_id="7124"), headers=HTMX)
    assert "Class class of branch 124" in section(done)


def test_members_read_everything_and_get_no_links(connected: SimpleNamespace, client: PanelClient):
    client.sign_in(connected.owner).post(URL, data=typed(**{"rule-0": "ship_to||1||MD"}))
    answer = client.sign_in(connected.member).get(PAGE)
    assert "Ship-to state is MD → Class Corporate" in section(answer)
    assert soup(answer).select("#preferences a, #preferences button") == []
