"""Link companies over HTTP: a row read, edited, saved, refused and brought back, with HTMX and without."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import field_error, soup, text
from tests.services.test_links import REALM, entry
from tests.web.test_links_table import LINKS
from webapp.models import Activity, Company, Link, LinkState


@pytest.fixture
def desk(world: SimpleNamespace, client: PanelClient) -> SimpleNamespace:
    """The owner at a table with one company that is not linked."""
    world.connection = factories.connection(world.workspace, lists_read_at=factories.now())
    entry(world.workspace, "58", "Harborlight Credit Union", city="New London", region="CT")
    entry(world.workspace, "59", "Inner Harbor Rowing Club")
    entry(world.workspace, "60", "Harbor Cold Storage", active=False)
    entry(world.workspace, "70", "Harbor Mug Supply", kind="vendor")
    world.company = factories.company(world.workspace, "Saltmarsh Brewing")
    world.path = f"/links/customers/{world.company.id}"
    world.field = f"link-{world.company.id}"
    client.sign_in(world.owner)
    return world


def toast(answer: Any) -> dict[str, Any]:
    return json.loads(answer.headers["HX-Trigger"])["toast"]


def version(client: PanelClient, desk: SimpleNamespace) -> str:
    return soup(client.get(f"{desk.path}/edit", headers=HTMX)).find("input", {"name": "version"})["value"]


def test_edit_opens_the_row_alone_with_its_combobox(desk: SimpleNamespace, client: PanelClient) -> None:
    answer = client.get(f"{desk.path}/edit", headers=HTMX)
    page = soup(answer)
    assert [element.name for element in page.find_all(recursive=False)] == ["tr"]
    assert page.tr["id"] == f"row-{desk.company.id}"
    assert page.select_one(".combo")["data-options-url"] == f"{desk.path}/options"
    assert page.select_one("input[autofocus]")["id"] == desk.field
    assert not page.select("input[type=radio]")
    assert len(answer.data) < 6_000


def test_options_come_from_the_mirror_of_the_right_list(desk: SimpleNamespace, client: PanelClient) -> None:
    answer = client.get(f"{desk.path}/options?q=harbor", headers=HTMX)
    found = {option["data-value"]: option["data-label"] for option in soup(answer).select("[role=option]")}
    assert found == {"58": "Harborlight Credit Union", "59": "Inner Harbor Rowing Club"}
    assert "New London, CT" in text(answer)


def test_options_warn_of_who_is_linked_already_and_tell_the_likeness(
    desk: SimpleNamespace, client: PanelClient
) -> None:
    factories.link(desk.workspace, REALM, factories.company(desk.workspace, "Tidewater League"), "58")
    desk.company.name = "Inner Harbor Rowing Club Inc"
    desk.company.save()
    factories.suggest(desk.workspace)
    options = soup(client.get(f"{desk.path}/options?q=", headers=HTMX)).select("[role=option]")
    assert [option["data-value"] for option in options] == ["59", "58"]
    assert re.search(r"\d\d %Same name", options[0].get_text())
    assert "Also linked to Tidewater League" in options[1].get_text()


@pytest.mark.parametrize("q", ["%25", "_", "%27%22", "🎈", "مرحبا", "x" * 10_000, "%00", "zzz"])
def test_options_take_any_text(desk: SimpleNamespace, client: PanelClient, q: str) -> None:
    answer = client.get(f"{desk.path}/options?q={q}", headers=HTMX)
    assert answer.status_code == 200
    found = len(soup(answer).select("[role=option]"))
    assert found == (2 if q == "%00" else 0)


def test_save_answers_the_row_alone_with_a_toast(desk: SimpleNamespace, client: PanelClient) -> None:
    data = {"remote_id": "58", "q": "harbor", "version": version(client, desk)}
    answer = client.post(desk.path, data=data, headers=HTMX)
    page = soup(answer)
    assert answer.status_code == 200
    assert [element.name for element in page.find_all(recursive=False)] == ["tr"]
    assert len(answer.data) < 6_000
    assert page.select_one(".badge").get_text() == "Linked"
    assert page.select_one("a.btn").has_attr("autofocus")
    assert (
        toast(answer)["message"] == "Saltmarsh Brewing is linked to Harborlight Credit Union in QuickBooks."
    )
    assert toast(answer)["undo"] == page.tr["data-undo"]
    assert Link.get().remote_id == "58"


def test_undo_answers_the_row_as_it_was(desk: SimpleNamespace, client: PanelClient) -> None:
    saved = client.post(desk.path, data={"remote_id": "58"}, headers=HTMX)
    answer = client.post(toast(saved)["undo"], headers=HTMX)
    assert soup(answer).select_one(".badge").get_text() == "Not linked"
    assert "as it was before" in toast(answer)["message"]
    assert Link.select().count() == 0
    again = client.post(toast(saved)["undo"], headers=HTMX)
    assert again.status_code == 409
    assert soup(again).tr["id"] == f"row-{desk.company.id}"
    assert "changed again" in toast(again)["message"]


def test_whole_way_works_without_javascript(desk: SimpleNamespace, client: PanelClient) -> None:
    table = soup(client.get(f"{LINKS}/customers?q=salt"))
    page = soup(client.get(table.select_one("tbody a.btn")["href"]))
    assert page.h1
    form = page.select_one("tbody form")
    typed = {"q": "light", "version": form.find("input", {"name": "version"})["value"], "action": "search"}
    searched = soup(client.post(form["action"], data=typed))
    radios = searched.select("tbody input[type=radio]")
    assert [radio["value"] for radio in radios] == ["58"]
    assert searched.find("input", {"id": desk.field})["value"] == "light"
    saved = client.post(form["action"], data=typed | {"action": "link", "remote_id": "58"})
    assert saved.status_code == 303
    assert saved.location == f"{LINKS}/customers?q=salt#row-{desk.company.id}"
    after = soup(client.get(saved.location))
    undo = after.select_one(".toast form")["action"]
    assert after.select_one("tbody .badge").get_text() == "Linked"
    assert client.post(undo).status_code == 303
    assert Link.select().count() == 0
    assert "changed again" in text(client.get(client.post(undo).location))


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize(
    ("remote_id", "words"),
    [
        ("", "choose one of the QuickBooks customers"),
        ("70", "has no such customer"),
        ("60", "inactive in QuickBooks"),
        ("999", "has no such customer"),
        ("\0", "has no such customer"),
        ("💥" * 5000, "has no such customer"),
    ],
)
def test_refused_choice_is_told_at_the_field_and_keeps_the_typing(
    desk: SimpleNamespace, client: PanelClient, headers: dict[str, str], remote_id: str, words: str
) -> None:
    data = {"q": 'harb"<', "remote_id": remote_id, "version": "none"}
    answer = client.post(desk.path, data=data, headers=headers)
    assert answer.status_code == 422
    assert words in field_error(answer, desk.field)
    assert soup(answer).find("input", {"id": desk.field})["value"] == 'harb"<'
    assert bool(soup(answer).h1) is not bool(headers)
    assert Link.select().count() == Activity.select().count() == 0


def test_vendors_have_words_of_their_own(desk: SimpleNamespace, client: PanelClient) -> None:
    maker = factories.company(desk.workspace, "Harbor Mugs", is_supplier=True, is_decorator=True)
    for member in ("suppliers", "decorators"):
        path = f"/links/{member}/{maker.id}"
        answer = client.post(path, data={"remote_id": "58"}, headers=HTMX)
        assert "has no such vendor" in field_error(answer, f"link-{maker.id}")
        assert client.post(path, data={"remote_id": "70"}, headers=HTMX).status_code == 200
        assert "QuickBooks vendor" in text(client.get(f"{LINKS}/{member}"))
    assert client.post(f"/links/suppliers/{desk.company.id}", data={"remote_id": "70"}).status_code == 404


def test_second_of_two_people_is_told_who_was_first(desk: SimpleNamespace, client: PanelClient) -> None:
    seen = version(client, desk)
    client.sign_in(desk.admin)
    client.post(desk.path, data={"remote_id": "59", "version": seen}, headers=HTMX)
    client.sign_in(desk.owner)
    late = client.post(desk.path, data={"remote_id": "58", "q": "light", "version": seen}, headers=HTMX)
    assert late.status_code == 409
    assert "Mika Orlen changed this link meanwhile" in field_error(late, desk.field)
    assert soup(late).find("input", {"id": desk.field})["value"] == "light"
    assert Link.get().remote_id == "59"
    data = {"remote_id": "58", "version": soup(late).find("input", {"name": "version"})["value"]}
    assert client.post(desk.path, data=data, headers=HTMX).status_code == 200
    assert Link.get().remote_id == "58"


def test_same_choice_by_two_people_is_no_conflict(desk: SimpleNamespace, client: PanelClient) -> None:
    client.post(desk.path, data={"remote_id": "58", "version": "none"}, headers=HTMX)
    again = client.post(desk.path, data={"remote_id": "58", "version": "none"}, headers=HTMX)
    assert again.status_code == 200
    assert toast(again) == {"message": "Nothing was changed.", "undo": None}
    assert Activity.select().count() == 1


@pytest.mark.parametrize(
    ("action", "state", "message"),
    [
        ("unlink", "Not linked", "is not linked any more"),
        ("do_not_link", "Do not link", "is marked as not to be linked"),
    ],
)
def test_links_are_removed_and_refused(
    desk: SimpleNamespace, client: PanelClient, action: str, state: str, message: str
) -> None:
    factories.link(desk.workspace, REALM, desk.company, "58")
    data = {"action": action, "version": version(client, desk)}
    answer = client.post(desk.path, data=data, headers=HTMX)
    assert soup(answer).select_one(".badge").get_text() == state
    assert message in toast(answer)["message"]
    client.post(toast(answer)["undo"], headers=HTMX)
    assert (Link.get().state, Link.get().remote_id) == (LinkState.LINKED, "58")


def test_second_company_on_one_customer_is_saved_with_a_warning(
    desk: SimpleNamespace, client: PanelClient
) -> None:
    factories.link(desk.workspace, REALM, factories.company(desk.workspace, "Tidewater League"), "58")
    answer = client.post(desk.path, data={"remote_id": "58"}, headers=HTMX)
    assert toast(answer)["message"].endswith("Also linked to it: Tidewater League.")
    assert "Also linked to Tidewater League" in text(answer)


def test_suggestion_is_accepted_in_place_of_its_row(desk: SimpleNamespace, client: PanelClient) -> None:
    like = factories.company(desk.workspace, "Harborlight Credit Union Inc.")
    factories.suggest(desk.workspace)
    page = soup(client.get(f"{LINKS}/customers?q=harborlight"))
    assert Link.select().count() == 0
    button, form = page.select_one(".offer button"), page.find("form", {"id": "offers"})
    assert button["form"] == form["id"]
    answer = client.post(form["action"], data={"accept": button["value"]}, headers=HTMX)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == (f"#row-{like.id}", "outerHTML")
    assert soup(answer).select_one(".badge").get_text() == "Linked"
    assert Link.get().company_id == like.id
    late = client.post(form["action"], data={"accept": f"{like.id}.59"}, headers=HTMX)
    assert late.status_code == 409
    assert "changed this link meanwhile" in text(late)
    assert Link.get().remote_id == "58"


def test_suggestion_is_accepted_without_javascript(desk: SimpleNamespace, client: PanelClient) -> None:
    factories.company(desk.workspace, "Harborlight Credit Union Inc.")
    factories.suggest(desk.workspace)
    page = soup(client.get(f"{LINKS}/customers"))
    button, form = page.select_one(".offer button"), page.find("form", {"id": "offers"})
    assert client.post(form["action"], data={"accept": button["value"]}).status_code == 303
    assert Link.get().remote_id == "58"


@pytest.mark.parametrize("value", ["", "x", "1", "0.58", "99999999999999999999.58", "\0.\0"])
def test_suggestion_of_no_company_is_not_found(
    desk: SimpleNamespace, client: PanelClient, value: str
) -> None:
    Company.delete().execute()
    assert client.post(f"{LINKS}/customers/accept", data={"accept": value}, headers=HTMX).status_code == 404


@pytest.mark.parametrize("remote_id", ["", "404", "70", "\0"])
def test_suggestion_that_quickbooks_does_not_have_is_refused_at_the_row(
    desk: SimpleNamespace, client: PanelClient, remote_id: str
) -> None:
    data = {"accept": f"{desk.company.id}.{remote_id}"}
    answer = client.post(f"{LINKS}/customers/accept", data=data, headers=HTMX)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == f"#row-{desk.company.id}"
    assert soup(answer).select_one("[aria-invalid=true]")


def test_cancel_answers_the_row_or_leads_to_the_page(desk: SimpleNamespace, client: PanelClient) -> None:
    assert soup(client.get(desk.path, headers=HTMX)).select_one("a.btn").has_attr("autofocus")
    assert client.get(desk.path).location.endswith(f"#row-{desk.company.id}")


def test_member_links_too(desk: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(desk.member)
    assert client.post(desk.path, data={"remote_id": "58"}, headers=HTMX).status_code == 200
    assert Link.get().linked_by_id == desk.member.id


def test_row_opened_from_elsewhere_is_on_the_page(desk: SimpleNamespace, client: PanelClient) -> None:
    page = soup(client.get(f"{desk.path}/edit?q=nothing-like-it"))
    assert [row["id"] for row in page.select("tbody tr")] == [f"row-{desk.company.id}"]


def test_expired_sign_in_brings_the_row_back_filled(desk: SimpleNamespace, client: PanelClient) -> None:
    with client.session_transaction() as session:
        session["until"] = 0
    expired = client.post(desk.path, data={"q": "harbor", "remote_id": "59", "version": "none"})
    assert expired.status_code == 401
    form = soup(expired).select_one("form[action='/sign-in']")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    fields |= {"email": desk.owner.email, "password": factories.PASSWORD}
    back = client.post("/sign-in", data=fields)
    page = soup(client.get(back.location))
    assert page.find("input", {"id": desk.field})["value"] == "harbor"
    assert page.select_one("input[type=radio][checked]")["value"] == "59"
    assert Link.select().count() == 0


def test_unknown_action_is_refused(desk: SimpleNamespace, client: PanelClient) -> None:
    answer = client.post(desk.path, data={"action": "delete", "remote_id": "58"}, headers=HTMX)
    assert answer.status_code == 422
    assert Link.select().count() == 0


def test_rows_speak_french(desk: SimpleNamespace, client: PanelClient) -> None:
    desk.owner.language = "fr"
    desk.owner.save()
    words = text(client.get(f"{desk.path}/edit", headers=HTMX))
    for label in ("Client QuickBooks", "Ne pas lier", "Annuler"):
        assert label in words
    answer = client.post(desk.path, data={"remote_id": "58"}, headers=HTMX)
    assert (
        toast(answer)["message"] == "Saltmarsh Brewing est liée à Harborlight Credit Union dans QuickBooks."
    )
