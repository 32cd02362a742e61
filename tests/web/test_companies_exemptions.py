"""The section Tax exemptions of a company's page."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import field_error, soup, text
from webapp import db
from webapp.clock import now
from webapp.companies import exemptions
from webapp.companies.exemptions import Certificate
from webapp.errors import Conflict
from webapp.models import Activity, Company, DocumentStatus, Permission, TaxExemption, Visibility

TYPED = {"number": "CT-88", "states": "ny, CT", "expires_on": "2027-06-30"}


@pytest.fixture
def customer(world: SimpleNamespace) -> Company:
    return factories.company(world.workspace, "Blue Ridge School")


def certificate(company: Company, **values: Any) -> TaxExemption:
    defaults = {"workspace": company.workspace_id, "company": company, "number": "CT-88"}
    return TaxExemption.create(**{**defaults, **values})


def place(company: Company, row: TaxExemption | None = None) -> str:
    return f"/companies/{company.id}/exemptions" + (f"/{row.id}" if row else "")


def stored() -> list[tuple[str, str, date | None, int]]:
    rows = TaxExemption.select().order_by(TaxExemption.number)
    return [(row.number, row.regions, row.expires_on, row.version) for row in rows]


def test_page_without_a_certificate_says_what_one_does_and_offers_the_first_step(
    client: PanelClient, world: SimpleNamespace, customer: Company
) -> None:
    page = client.sign_in(world.owner).get(f"/companies/{customer.id}")
    assert "taxed as usual" in text(page)
    assert soup(page).select_one("#exemptions .empty a")["href"] == place(customer) + "/edit"


def test_member_reads_and_is_offered_nothing(
    client: PanelClient, world: SimpleNamespace, customer: Company
) -> None:
    client.sign_in(world.member)
    assert soup(client.get(f"/companies/{customer.id}")).select("#exemptions a") == []
    row = certificate(customer, regions="CT NY", expires_on=date(2100, 1, 31))
    page = client.get(f"/companies/{customer.id}")
    assert "CT-88 CT, NY January 31, 2100" in text(page)
    assert soup(page).select("#exemptions a") == []
    for address in (place(customer) + "/edit", place(customer, row) + "/edit"):
        assert client.get(address).status_code == 403
    for address in (place(customer), place(customer, row)):
        assert client.post(address, data=TYPED).status_code == 403
    assert client.post(place(customer, row), data={"action": "remove", "version": "1"}).status_code == 403
    assert len(stored()) == 1


def test_supplier_has_no_such_section(client: PanelClient, world: SimpleNamespace) -> None:
    supplier = factories.company(world.workspace, "Mill", is_customer=False, is_supplier=True)
    client.sign_in(world.owner)
    assert soup(client.get(f"/companies/{supplier.id}")).find(id="exemptions") is None
    certificate(supplier)
    assert soup(client.get(f"/companies/{supplier.id}")).find(id="exemptions") is not None


def test_section_names_no_integration_to_whom_it_is_hidden(
    client: PanelClient, world: SimpleNamespace, customer: Company
) -> None:
    Permission.create(workspace=world.workspace, visible_to=Visibility.SELECTED)
    certificate(customer, expires_on=date(2020, 1, 1))
    page = client.sign_in(world.member).get(f"/companies/{customer.id}")
    assert "QuickBooks" not in soup(page).find(id="exemptions").get_text()


@pytest.mark.parametrize(
    ("days", "badge"), [(-1, "Expired"), (0, "Expires soon"), (30, "Expires soon"), (31, ""), (None, "")]
)
def test_page_says_what_has_expired_and_what_soon_will(
    client: PanelClient, world: SimpleNamespace, customer: Company, days: int | None, badge: str
) -> None:
    end = None if days is None else now().date() + timedelta(days=days)
    row = certificate(customer, expires_on=end)
    page = soup(client.sign_in(world.member).get(f"/companies/{customer.id}"))
    shown = page.select(f"#exemption-{row.id} .badge")
    assert [one.get_text(strip=True) for one in shown] == ([badge] if badge else [])


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_adding_keeps_the_certificate_and_has_the_documents_checked(
    client: PanelClient, world: SimpleNamespace, customer: Company, headers: dict[str, str]
) -> None:
    documents = [
        factories.document(world.workspace, of) for of in (customer, factories.company(world.workspace))
    ]
    DocumentStatus.update(needs_check=False).execute()
    client.sign_in(world.admin)
    form = soup(client.get(place(customer) + "/edit", headers=headers)).select_one("#exemptions form")
    assert form["action"] == place(customer)
    answer = client.post(form["action"], data=TYPED, headers=headers)
    if headers:
        assert answer.status_code == 200
        assert "The certificate is saved." in answer.headers["HX-Trigger"]
        assert [one["id"] for one in soup(answer).find_all(recursive=False)] == ["exemptions"]
        assert soup(answer).select_one("[autofocus]").get_text() == "Add a certificate"
    else:
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            f"/companies/{customer.id}#exemptions",
        )
    assert stored() == [("CT-88", "CT NY", date(2027, 6, 30), 1)]
    marks = [DocumentStatus.get(DocumentStatus.document == one).needs_check for one in documents]
    assert marks == [True, False]
    activity = Activity.get()
    assert (activity.verb, activity.user_id, activity.facts["before"]) == (
        "exemption.added",
        world.admin.id,
        {},
    )
    assert activity.facts["after"] == {"number": "CT-88", "states": "CT NY", "expires_on": "2027-06-30"}


INVALID = [
    ("number", "", "Enter the number"),
    ("number", "   ", "Enter the number"),
    ("number", "9" * 61, "Shorten this to 60"),
    ("number", "a\x00b", "U+0000"),
    ("number", "x" * 100_000, "Shorten this to 60"),
    ("states", "CT ZZ", "“ZZ” is no state"),
    ("states", "Ohio Texas", "“Ohio” is no state"),
    ("states", ",;", "is no state"),
    ("states", "<b>", "“<b>” is no state"),
    ("states", "CT\x00", "U+0000"),
    ("states", "y" * 100_000, "Shorten this to 4000"),
    ("expires_on", "05/11/2027", "two days"),
    ("expires_on", "2027-02-30", "last day"),
    ("expires_on", "soon\x00", "last day"),
    ("expires_on", "9999-12-31", "last day"),
]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(("field", "value", "words"), INVALID, ids=lambda value: str(value)[:20])
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    client: PanelClient,
    world: SimpleNamespace,
    customer: Company,
    headers: dict[str, str],
    field: str,
    value: str,
    words: str,
) -> None:
    row = certificate(customer, number="OLD")
    client.sign_in(world.owner)
    for address in (place(customer), place(customer, row)):
        answer = client.post(address, data={**TYPED, "version": "1", field: value}, headers=headers)
        assert answer.status_code == 422
        assert words in field_error(answer, field)
        typed = {one["name"]: one.get("value") for one in soup(answer).select("#exemptions .input")}
        if "\x00" not in value:
            assert typed == {**TYPED, field: value}
        assert soup(answer).select_one("[autofocus]")["name"] == field
        assert (soup(answer).find("html") is None) == bool(headers)
    assert [number for number, *_rest in stored()] == ["OLD"]


def test_same_number_twice_is_refused_at_the_field(
    client: PanelClient, world: SimpleNamespace, customer: Company
) -> None:
    certificate(customer)
    other = certificate(customer, number="NY-1")
    certificate(factories.company(world.workspace), number="NY-2")
    client.sign_in(world.owner)
    for address in (place(customer), place(customer, other)):
        answer = client.post(address, data={**TYPED, "version": "1"})
        assert answer.status_code == 422
        assert "of that number already" in field_error(answer, "number")
    assert client.post(place(customer), data={**TYPED, "number": "NY-2"}).status_code == 303


def test_a_customer_has_a_hundred_certificates_at_most(
    client: PanelClient, world: SimpleNamespace, customer: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exemptions, "MOST", 1)
    certificate(customer, number="NY-1")
    answer = client.sign_in(world.owner).post(place(customer), data=TYPED)
    assert answer.status_code == 422
    assert "at most" in field_error(answer, "number")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_editing_shows_what_is_stored_and_keeps_what_is_typed(
    client: PanelClient, world: SimpleNamespace, customer: Company, headers: dict[str, str]
) -> None:
    row = certificate(customer, regions="CT NY", expires_on=date(2027, 6, 30))
    other = certificate(customer, number="ZZ-1")
    client.sign_in(world.owner)
    page = soup(client.get(place(customer, row) + "/edit", headers=headers))
    shown = {one["name"]: one["value"] for one in page.select("#exemptions .input")}
    assert shown == {"number": "CT-88", "states": "CT NY", "expires_on": "2027-06-30"}
    assert page.find(id=f"exemption-{other.id}") is not None
    typed = {"number": "CT-89", "states": "", "expires_on": "", "version": "1"}
    answer = client.post(page.select_one("#exemptions form")["action"], data=typed, headers=headers)
    assert answer.status_code == (200 if headers else 303)
    assert stored() == [("CT-89", "", None, 2), ("ZZ-1", "", None, 1)]
    facts = Activity.get().facts
    assert (facts["before"]["number"], facts["after"]["number"]) == ("CT-88", "CT-89")
    if headers:
        assert soup(answer).select_one("[autofocus]")["href"] == place(customer, row) + "/edit"
    activity = text(client.get("/activity"))
    assert "Tax exemption CT-89 of Blue Ridge School was changed." in activity
    assert "number: CT-88 → CT-89" in activity


def test_a_save_that_changes_nothing_writes_nothing(
    client: PanelClient, world: SimpleNamespace, customer: Company
) -> None:
    row = certificate(customer, regions="CT NY")
    typed = {"number": " CT-88 ", "states": "NY CT", "expires_on": "", "version": "1"}
    answer = client.sign_in(world.owner).post(place(customer, row), data=typed, headers=HTMX)
    assert "Nothing was changed." in answer.headers["HX-Trigger"]
    assert stored() == [("CT-88", "CT NY", None, 1)]
    assert Activity.select().count() == 0


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_removing_forgets_the_certificate_and_says_so(
    client: PanelClient, world: SimpleNamespace, customer: Company, headers: dict[str, str]
) -> None:
    row = certificate(customer)
    client.sign_in(world.owner)
    answer = client.post(place(customer, row), data={"action": "remove", "version": "1"}, headers=headers)
    assert answer.status_code == (200 if headers else 303)
    assert stored() == []
    assert Activity.get().facts["before"]["number"] == "CT-88"
    assert "Tax exemption CT-88 of Blue Ridge School was removed." in text(client.get("/activity"))
    again = client.post(place(customer, row), data={"action": "remove", "version": "1"}, headers=headers)
    assert again.status_code == (200 if headers else 303)
    assert Activity.select().count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("action", ["", "remove"])
def test_second_of_two_people_is_told_what_the_first_saved(
    client: PanelClient, world: SimpleNamespace, customer: Company, headers: dict[str, str], action: str
) -> None:
    row = certificate(customer)
    exemptions.change(world.admin, customer.id, row.id, Certificate("CT-90", ("NY",)), 1)
    client.sign_in(world.owner)
    typed = {**TYPED, "version": "1", "action": action}
    answer = client.post(place(customer, row), data=typed, headers=headers)
    assert answer.status_code == 409
    banner = " ".join(soup(answer).select_one("#exemptions .banner").get_text(" ").split())
    assert "Mika Orlen changed this certificate meanwhile" in banner
    assert "CT-90" in banner
    fields = {one["name"]: one.get("value") for one in soup(answer).select("#exemptions input")}
    assert (fields["number"], fields["states"], fields["version"]) == ("CT-88", "ny, CT", "2")
    assert stored() == [("CT-90", "NY", None, 2)]
    assert client.post(place(customer, row), data={**TYPED, "version": "2"}).status_code == 303
    assert stored() == [("CT-88", "CT NY", date(2027, 6, 30), 3)]


def test_what_an_import_changed_is_nobodys(
    client: PanelClient, world: SimpleNamespace, customer: Company
) -> None:
    row = certificate(customer)
    exemptions.change(world.admin, customer.id, row.id, Certificate("CT-90"), 1)
    TaxExemption.update(version=3, updated_at=now() + timedelta(seconds=1)).execute()
    answer = client.sign_in(world.owner).post(place(customer, row), data={**TYPED, "version": "2"})
    assert answer.status_code == 409
    assert "Somebody changed this certificate meanwhile." in text(answer)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_somebody_removed_meanwhile_can_be_added_again(
    client: PanelClient, world: SimpleNamespace, customer: Company, headers: dict[str, str]
) -> None:
    row = certificate(customer)
    exemptions.remove(world.admin, customer.id, row.id, 1)
    client.sign_in(world.owner)
    answer = client.post(place(customer, row), data={**TYPED, "version": "1"}, headers=headers)
    assert answer.status_code == 409
    assert "Mika Orlen removed this certificate meanwhile" in text(answer)
    form = soup(answer).select_one("#exemptions form")
    assert form["action"] == place(customer)
    fields = {
        one["name"]: one.get("value", "") for one in form.select("input") if one["name"] != "csrf_token"
    }
    assert client.post(form["action"], data=fields).status_code == 303
    assert stored() == [("CT-88", "CT NY", date(2027, 6, 30), 1)]


def test_certificate_of_another_customer_is_not_touched(
    client: PanelClient, world: SimpleNamespace, customer: Company
) -> None:
    foreign = certificate(factories.company(world.other, "Elsewhere"), number="SECRET")
    client.sign_in(world.owner)
    assert client.get(f"{place(customer)}/{foreign.id}/edit").status_code == 404
    for fields in (TYPED, {"action": "remove"}):
        answer = client.post(f"{place(customer)}/{foreign.id}", data={**fields, "version": "1"})
        assert answer.status_code in {303, 409}
        assert "SECRET" not in text(answer)
    assert stored() == [("SECRET", "", None, 1)]


def test_only_one_of_two_saves_at_once_counts(world: SimpleNamespace, customer: Company) -> None:
    row = certificate(customer)
    barrier, outcomes = threading.Barrier(2), []

    def save(number: str) -> None:
        with db.database.connection_context():
            barrier.wait(10)
            try:
                exemptions.change(world.owner, customer.id, row.id, Certificate(number), 1)
                outcomes.append("saved")
            except Conflict:
                outcomes.append("conflict")

    threads = [threading.Thread(target=save, args=(number,)) for number in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["conflict", "saved"]
    assert [version for *_rest, version in stored()] == [2]


def test_form_that_outlived_the_sign_in_opens_again_as_it_was_typed(
    client: PanelClient, world: SimpleNamespace, customer: Company
) -> None:
    row = certificate(customer)
    for address in (place(customer), place(customer, row)):
        page = soup(client.post(address, data=TYPED))
        assert page.find("input", {"name": "next"})["value"] == f"{address}/edit"


def test_cancel_leads_back_to_the_section(
    client: PanelClient, world: SimpleNamespace, customer: Company
) -> None:
    row = certificate(customer)
    client.sign_in(world.owner)
    answer = client.get(f"{place(customer)}?from={row.id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/companies/{customer.id}#exemptions")
    fragment = soup(client.get(f"{place(customer)}?from={row.id}", headers=HTMX))
    assert fragment.select_one("[autofocus]")["href"] == place(customer, row) + "/edit"
