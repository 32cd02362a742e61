"""Create in QuickBooks over HTTP: shown before, refused at its field, followed to its end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories, sendable
from tests.conftest import HTMX, PanelClient
from tests.html import field_error, soup, text
from tests.services.test_links import REALM, entry
from tests.web.test_links_rows import toast
from tests.web.test_links_table import LINKS
from webapp.delivery import attempts
from webapp.models import Connection, ConnectionStatus, Delivery, DeliveryState, Link, Permission, Visibility

NAME = "Saltmarsh Brewing"


@pytest.fixture
def desk(world: SimpleNamespace, client: PanelClient) -> SimpleNamespace:
    """A member at a table with one company that is not linked."""
    world.connection = factories.connection(world.workspace, lists_read_at=factories.now())
    entry(world.workspace, "58", "Harborlight Credit Union")
    entry(world.workspace, "59", "Marina", full_name="Harborlight Credit Union:Marina", parent_id="58")
    entry(world.workspace, "61", "E", full_name="A:B:C:D:E", parent_id="60")
    entry(world.workspace, "70", "Harbor Mug Supply", kind="vendor")
    world.company = factories.company(
        world.workspace,
        NAME,
        is_supplier=True,
        email="desk@saltmarsh.example",
        phone="860-555-0142",
        terms="Whenever",
        bill_line1="4 Weir Lane",
        bill_city="Mystic",
        currency="EUR",
    )
    world.path = f"/links/customers/{world.company.id}"
    world.field = f"create-{world.company.id}"
    client.sign_in(world.member)
    return world


def create(client: PanelClient, desk: SimpleNamespace, **fields: str) -> Any:
    return client.post(f"{desk.path}/create", data={"name": NAME, "version": "none", **fields}, headers=HTMX)


def test_row_offers_it_and_shows_what_quickbooks_gets(desk: SimpleNamespace, client: PanelClient) -> None:
    opened = soup(client.get(f"{desk.path}/edit", headers=HTMX))
    link = opened.find("a", string="Create in QuickBooks…")
    answer = client.get(link["href"], headers=HTMX)
    page = soup(answer)
    assert [element.name for element in page.find_all(recursive=False)] == ["tr"]
    assert page.select_one("input[name=name]")["value"] == NAME
    facts = dict(
        zip([dt.text for dt in page.select("dt")], [dd.text for dd in page.select("dd")], strict=True)
    )
    assert facts["E-mail"] == "desk@saltmarsh.example"
    assert facts["Phone"] == "860-555-0142"
    assert facts["Address"] == "4 Weir Lane, Mystic"
    assert "Payment terms" not in facts
    assert "“Whenever” are not mapped" in text(answer)
    assert "EUR is left out" in text(answer)
    assert "only make it inactive" in text(answer)
    assert len(answer.data) < 6_000
    assert not Delivery.select().exists()


def test_click_queues_it_and_the_row_follows(desk: SimpleNamespace, client: PanelClient) -> None:
    answer = create(client, desk)
    assert answer.status_code == 200
    row = soup(answer).tr
    assert row.select_one(".badge").text == "Queued"
    assert row["hx-get"] == f"{desk.path}/creation"
    assert (row["hx-trigger"], row["hx-target"]) == ("every 2s", "this")
    assert toast(answer)["message"] == f"{NAME} is on its way to QuickBooks."
    assert len(client.get(f"{desk.path}/creation", headers=HTMX).data) < 1_000
    page = soup(client.get(f"{LINKS}/customers"))
    assert page.select_one(f"#row-{desk.company.id} .badge").text == "Queued"
    Delivery.update(state=DeliveryState.FAILED, error={"code": "feature_missing"}).execute()
    ended = client.get(f"{desk.path}/creation", headers=HTMX)
    assert "hx-trigger" not in soup(ended).tr.attrs
    assert "Not created. The QuickBooks plan" in text(ended)
    assert toast(ended)["message"].startswith("Not created.")
    factories.link(desk.workspace, REALM, desk.company, "58")
    ended = client.get(f"{desk.path}/creation", headers=HTMX)
    assert soup(ended).select_one(".badge").text == "Linked"
    assert "Not created" not in text(ended)


def test_whole_way_without_htmx(desk: SimpleNamespace, client: PanelClient) -> None:
    page = soup(client.get(f"{desk.path}/create"))
    row = page.select_one(f"#row-{desk.company.id}")
    assert row.select_one("input[name=name]")["value"] == NAME
    searched = client.post(
        row.form["action"], data={"name": "Kept as typed", "parent": "harborlight", "action": "search"}
    )
    choices = soup(searched).select("input[type=radio][name=parent_id]")
    assert [one["value"] for one in choices] == ["", "58", "59"]
    assert soup(searched).select_one("input[name=name]")["value"] == "Kept as typed"
    answer = client.post(row.form["action"], data={"name": NAME, "parent_id": "59", "version": "none"})
    assert answer.status_code == 303
    assert Delivery.get().asked == {"name": NAME, "parent_id": "59", "seen": "none"}
    assert "Queued" in text(client.get(answer.location))
    opened = soup(client.get(f"{desk.path}/edit"))
    back = opened.select_one("form[action*='/creation/withdraw']")
    assert client.post(back["action"]).status_code == 303
    assert Delivery.get().error == {"code": "withdrawn"}
    assert "Not linked" in text(client.get(f"{LINKS}/customers"))


def test_parents_are_customers_that_are_not_too_deep(desk: SimpleNamespace, client: PanelClient) -> None:
    answer = client.get(f"{desk.path}/parents?q=", headers=HTMX)
    assert {one["data-value"] for one in soup(answer).select("[role=option]")} == {"58", "59"}
    vendors = client.get(f"/links/suppliers/{desk.company.id}/parents?q=", headers=HTMX)
    assert not soup(vendors).select("[role=option]")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Enter the name"),
        ("Acme: Ohio", "no colon"),
        ("x" * 501, "at most 500"),
        ("a\0b", "no colon"),
    ],
)
def test_bad_names_are_refused_at_the_field(
    desk: SimpleNamespace, client: PanelClient, name: str, words: str
) -> None:
    answer = create(client, desk, name=name)
    assert answer.status_code == 422
    assert words in field_error(answer, desk.field)
    assert soup(answer).select_one("input[name=name]")["value"] == name
    assert not Delivery.select().exists()


@pytest.mark.parametrize(
    ("parent", "words"),
    [("70", "no such customer"), ("typed:Har", "no such customer"), ("61", "at most 5 levels")],
)
def test_bad_parents_are_refused_at_the_field(
    desk: SimpleNamespace, client: PanelClient, parent: str, words: str
) -> None:
    answer = create(client, desk, parent_id=parent, parent="Har")
    assert answer.status_code == 422
    assert words in field_error(answer, f"{desk.field}-parent")
    assert not Delivery.select().exists()


def test_name_of_a_customer_offers_it_and_others(desk: SimpleNamespace, client: PanelClient) -> None:
    entry(desk.workspace, "90", f"{NAME} (Mystic)")
    answer = create(client, desk, name=" harborlight  CREDIT union ")
    assert answer.status_code == 422
    assert "has a customer of this name already" in field_error(answer, desk.field)
    page = soup(answer)
    offers = [button["value"] for button in page.select("button[name=use]")]
    assert offers == [
        "harborlight CREDIT union (Mystic)",
        "harborlight CREDIT union (Customer)",
        "harborlight CREDIT union 2",
    ]
    form = page.select_one(f"#{desk.field}-link")
    fields = {
        field["name"]: field["value"] for field in form.select("input") if field["name"] != "csrf_token"
    }
    linked = client.post(form["action"], data=fields, headers=HTMX)
    assert soup(linked).select_one(".badge").text == "Linked"
    assert Link.get().remote_id == "58"


def test_name_of_a_vendor_offers_others_only(desk: SimpleNamespace, client: PanelClient) -> None:
    entry(desk.workspace, "91", "Harbor Mug Supply (Customer)")
    answer = create(client, desk, name="Harbor Mug Supply")
    assert "A vendor in QuickBooks has this name" in field_error(answer, desk.field)
    page = soup(answer)
    assert page.select_one(f"#{desk.field}-link") is None
    offers = [button["value"] for button in page.select("button[name=use]")]
    assert offers == ["Harbor Mug Supply (Mystic)", "Harbor Mug Supply 2", "Harbor Mug Supply 3"]
    assert create(client, desk, name="Harbor Mug Supply", use=offers[1]).status_code == 200
    assert Delivery.get().asked["name"] == "Harbor Mug Supply 2"


def test_refusal_by_quickbooks_comes_back_as_the_same_offer(
    desk: SimpleNamespace, client: PanelClient
) -> None:
    create(client, desk)
    Delivery.update(
        state=DeliveryState.FAILED,
        error={"code": "duplicate_name", "found": [], "message": "taken", "provider_code": "6240"},
    ).execute()
    assert f"The name “{NAME}” is taken" in text(client.get(f"{LINKS}/customers"))
    answer = client.get(f"{desk.path}/create", headers=HTMX)
    assert "perhaps by an employee" in field_error(answer, desk.field)
    assert soup(answer).select_one("button[name=use]")["value"] == f"{NAME} (Customer)"
    assert "6240" in text(answer)


def test_unknown_outcome_is_asked_to_be_repeated(desk: SimpleNamespace, client: PanelClient) -> None:
    create(client, desk)
    attempts.begin(Delivery.get().id, factories.now())
    Delivery.update(
        state=DeliveryState.FAILED,
        error={"code": "unreachable", "unknown": True},
        payload=b"{}",
        request_id="r-1",
        finished_at=factories.now(),
    ).execute()
    page = client.get(f"{desk.path}/create", headers=HTMX)
    assert "not made a second time" in text(page)
    assert "Try again" in text(page)
    assert create(client, desk, name="Something else").status_code == 200
    again = Delivery.select().order_by(Delivery.id.desc()).get()
    assert (again.request_id, again.asked["name"]) == ("r-1", NAME)


def test_somebody_linked_it_meanwhile(desk: SimpleNamespace, client: PanelClient) -> None:
    factories.link(desk.workspace, REALM, desk.company, "58")
    answer = create(client, desk)
    assert answer.status_code == 409
    assert "changed meanwhile" in field_error(answer, desk.field)
    assert not Delivery.select().exists()


@pytest.mark.parametrize("name", ["%_'\"<b>", "شركة", "🖋 Ink", "  two   spaces "])
def test_names_of_every_kind_are_kept(desk: SimpleNamespace, client: PanelClient, name: str) -> None:
    assert create(client, desk, name=name).status_code == 200
    assert Delivery.get().asked["name"] == " ".join(name.split())


def test_ten_thousand_letters_are_refused_at_the_field(desk: SimpleNamespace, client: PanelClient) -> None:
    answer = create(client, desk, name="x" * 10_000)
    assert answer.status_code == 422
    assert field_error(answer, desk.field)


def test_hidden_and_disconnected(desk: SimpleNamespace, client: PanelClient) -> None:
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    assert create(client, desk).status_code == 200
    assert not Delivery.select().exists()
    Connection.update(status=ConnectionStatus.CONNECTED).execute()
    Permission.create(workspace=desk.workspace, visible_to=Visibility.SELECTED)
    assert create(client, desk).status_code == 404
    assert client.get(f"{desk.path}/create").status_code == 404
    assert client.get(f"{desk.path}/creation", headers=HTMX).status_code == 404
    assert not Delivery.select().exists()


def test_taking_back_what_is_under_way_says_so(desk: SimpleNamespace, client: PanelClient) -> None:
    create(client, desk)
    Delivery.update(state=DeliveryState.SENDING).execute()
    answer = client.post(f"{desk.path}/creation/withdraw", headers=HTMX)
    assert answer.status_code == 409
    assert "being sent already" in toast(answer)["message"]


def test_page_speaks_french(desk: SimpleNamespace, client: PanelClient) -> None:
    desk.member.language = "fr"
    desk.member.save()
    page = client.get(f"{desk.path}/create", headers=HTMX)
    assert "Nouveau client dans QuickBooks" in text(page)
    answer = create(client, desk, name="Harbor Mug Supply")
    assert [button["value"] for button in soup(answer).select("button[name=use]")][:1] == [
        "Harbor Mug Supply (Client)"
    ]


def test_made_in_the_sandbox_and_seen_in_the_row(connected: SimpleNamespace, client: PanelClient) -> None:
    company = factories.company(connected.workspace, "Ropewalk Press")
    client.sign_in(connected.member)
    path = f"/links/customers/{company.id}"
    client.post(f"{path}/create", data={"name": "Ropewalk Press", "version": "none"}, headers=HTMX)
    sendable.work()
    ended = client.get(f"{path}/creation", headers=HTMX)
    assert soup(ended).select_one(".badge").text == "Linked"
    assert toast(ended)["message"] == "Ropewalk Press is in QuickBooks and linked."
    assert "created in QuickBooks as “Ropewalk Press” and linked" in text(client.get("/activity"))
