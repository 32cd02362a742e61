"""The section Permissions: edited in place or on a page, saved once, refused in words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX
from tests.html import field_error, soup, text
from webapp.accounting.drafts import DocumentKind
from webapp.errors import Forbidden, NotFound
from webapp.integrations import permissions
from webapp.models import (
    Activity,
    Connection,
    ConnectionStatus,
    Permission,
    PermittedPerson,
    Role,
    User,
)

PAGE = "/settings/integrations/quickbooks"
URL = f"{PAGE}/permissions"
ALL_KINDS = [kind.value for kind in DocumentKind]


@pytest.fixture
def owner(world: SimpleNamespace, client: Any) -> Any:
    """A browser of the owner, in a workspace that is connected."""
    factories.connection(world.workspace)
    return client.sign_in(world.owner)


def fields(**changes: Any) -> dict[str, Any]:
    return {"visible_to": "all", "people": [], "send": ALL_KINDS, "version": "0", **changes}


def ticked(answer: Any) -> list[int]:
    return [int(box["value"]) for box in soup(answer).select("input[name=people][checked]")]


def test_the_read_view_tells_the_defaults(owner: Any) -> None:
    told = text(owner.get(URL, headers=HTMX))
    assert "Visible to All users" in told
    assert "Users may send Invoices, Bills, Purchase orders" in told


def test_edit_answers_the_form_in_place_or_on_the_whole_page(owner: Any) -> None:
    fragment = soup(owner.get(f"{URL}/edit", headers=HTMX))
    page = soup(owner.get(f"{URL}/edit"))
    assert fragment.find("h1") is None
    assert page.find("h1") is not None
    assert str(fragment.find(id="permissions").find("fieldset")) == str(
        page.find(id="permissions").find("fieldset")
    )
    assert len(page.select("#permissions")) == 1


def test_owners_and_admins_always_see_it(owner: Any, world: SimpleNamespace) -> None:
    people = soup(owner.get(f"{URL}/edit")).find(id="people-list")
    for person in (world.owner, world.admin):
        box = people.find(id=f"manager-{person.id}")
        assert box.has_attr("checked")
        assert box.has_attr("disabled")
        assert not box.has_attr("name")
    assert people.find(id=f"person-{world.member.id}")["name"] == "people"
    assert world.outsider.name not in people.get_text()


def test_saving_in_place_answers_the_read_view_with_a_message(owner: Any, world: SimpleNamespace) -> None:
    data = fields(visible_to="selected", people=[world.member.id], send=["invoice"])
    answer = owner.post(URL, data=data, headers=HTMX)
    assert answer.status_code == 200
    assert "Rowan Tessel" in text(answer)
    assert "Permissions are saved." in answer.headers["HX-Trigger"]
    assert soup(answer).find(id="permissions-edit").has_attr("autofocus")


def test_saving_without_htmx_leads_back_to_the_page(owner: Any) -> None:
    answer = owner.post(URL, data=fields(send=["bill"]))
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#permissions")
    assert "Permissions are saved." in text(owner.get(PAGE))


def test_saving_writes_one_activity_with_before_and_after(owner: Any, world: SimpleNamespace) -> None:
    owner.post(URL, data=fields(visible_to="selected", people=[world.member.id], send=["invoice", "bill"]))
    row = Activity.get()
    assert (row.verb, row.user_id) == ("permissions.saved", world.owner.id)
    assert row.facts["before"] == {"visible_to": "all", "people": [], "sends": ALL_KINDS}
    assert row.facts["after"] == {
        "visible_to": "selected",
        "people": ["Rowan Tessel"],
        "sends": ["invoice", "bill"],
    }


def test_a_save_that_changes_nothing_writes_nothing(owner: Any) -> None:
    answer = owner.post(URL, data=fields(), headers=HTMX)
    assert "Nothing was changed." in answer.headers["HX-Trigger"]
    assert Permission.select().count() == Activity.select().count() == 0


def test_selected_people_with_nobody_chosen_is_refused_at_the_field(owner: Any) -> None:
    answer = owner.post(URL, data=fields(visible_to="selected", send=["bill"]), headers=HTMX)
    assert answer.status_code == 422
    assert field_error(answer, "people") == "Error: Choose at least one person, or select All users."
    form = soup(answer)
    assert form.find(id="visible_to-selected").has_attr("checked")
    assert not form.find(id="send-invoice").has_attr("checked")
    assert form.find(id="people-search").has_attr("autofocus")
    assert len(form.select("[autofocus]")) == 1


def test_an_invalid_save_without_htmx_answers_the_whole_page(owner: Any) -> None:
    answer = owner.post(URL, data=fields(visible_to="selected"))
    assert answer.status_code == 422
    assert soup(answer).find("h1") is not None
    assert field_error(answer, "people")


@pytest.mark.parametrize("id_", ["999999", "0", "-1", "x", "9" * 30])
def test_an_unknown_person_is_refused(owner: Any, world: SimpleNamespace, id_: str) -> None:
    data = fields(visible_to="selected", people=[world.member.id, id_])
    answer = owner.post(URL, data=data)
    assert answer.status_code == 422
    assert "is not there any more and was taken out" in field_error(answer, "people")
    assert PermittedPerson.select().count() == 0
    assert ticked(answer) == [world.member.id]


@pytest.mark.parametrize("who", ["outsider", "support"])
def test_a_person_from_elsewhere_is_refused(owner: Any, world: SimpleNamespace, who: str) -> None:
    data = fields(visible_to="selected", people=[getattr(world, who).id])
    answer = owner.post(URL, data=data)
    assert answer.status_code == 422
    assert PermittedPerson.select().count() == 0


def test_an_owner_alone_is_nobody_chosen(owner: Any, world: SimpleNamespace) -> None:
    answer = owner.post(URL, data=fields(visible_to="selected", people=[world.owner.id]))
    assert "Choose at least one person" in field_error(answer, "people")


@pytest.mark.parametrize(
    ("field", "value"), [("visible_to", "nobody"), ("visible_to", ""), ("send", "payroll")]
)
def test_a_choice_that_there_is_not_is_refused_at_its_field(owner: Any, field: str, value: str) -> None:
    answer = owner.post(URL, data=fields(**{field: value}))
    assert answer.status_code == 422
    assert field_error(answer, field)


def test_a_save_over_somebody_elses_says_so_and_keeps_the_typing(
    owner: Any, world: SimpleNamespace, app: Any
) -> None:
    app.test_client().sign_in(world.admin).post(URL, data=fields(send=["bill"]))
    answer = owner.post(URL, data=fields(send=["invoice"]), headers=HTMX)
    assert answer.status_code == 409
    told = text(answer)
    assert "Mika Orlen saved other permissions meanwhile" in told
    assert "Users may send Invoices, Bills, Purchase orders → Bills" in told
    assert "Visible to All users Users may send" in told
    assert soup(answer).find(id="send-invoice").has_attr("checked")
    assert not soup(answer).find(id="send-bill").has_attr("checked")
    version = soup(answer).find("input", {"name": "version"})["value"]
    assert owner.post(URL, data=fields(send=["invoice"], version=version)).status_code == 303
    assert permissions.read(world.workspace.id).sends == {DocumentKind.INVOICE}


def test_what_several_saved_meanwhile_is_told_from_what_was_on_the_screen(
    owner: Any, world: SimpleNamespace, app: Any
) -> None:
    admin = app.test_client().sign_in(world.admin)
    admin.post(URL, data=fields(send=["bill"]))
    seen = "1"
    chosen = {"visible_to": "selected", "people": [world.member.id]}
    admin.post(URL, data=fields(send=["bill"], version="1", **chosen))
    admin.post(URL, data=fields(send=[], version="2", **chosen))
    told = text(owner.post(URL, data=fields(send=["invoice"], version=seen), headers=HTMX))
    assert "Visible to All users → Rowan Tessel" in told
    assert "Users may send Bills → No documents" in told


def test_two_who_save_the_same_are_no_conflict(owner: Any, world: SimpleNamespace, app: Any) -> None:
    app.test_client().sign_in(world.admin).post(URL, data=fields(send=["bill"]))
    answer = owner.post(URL, data=fields(send=["bill"]), headers=HTMX)
    assert answer.status_code == 200
    assert "Nothing was changed." in answer.headers["HX-Trigger"]
    assert Activity.select().count() == 1


def test_while_disconnected_the_section_is_read_only(owner: Any, world: SimpleNamespace) -> None:
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    for answer in (owner.get(URL, headers=HTMX), owner.get(f"{URL}/edit", headers=HTMX)):
        assert "Read only until QuickBooks is connected again." in text(answer)
        assert soup(answer).find(["form", "a", "button"]) is None
    refused = owner.post(URL, data=fields(send=["bill"]), headers=HTMX)
    assert refused.status_code == 409
    assert "Users may send Invoices, Bills, Purchase orders" in text(refused)
    assert Permission.select().count() == 0


@pytest.mark.parametrize("version", ["", "x", "7", "9" * 40])
def test_a_version_that_is_not_the_present_one_is_a_conflict(owner: Any, version: str) -> None:
    assert owner.post(URL, data=fields(send=["bill"], version=version)).status_code == 409


def test_cancel_answers_the_read_view_with_the_focus_on_edit(owner: Any) -> None:
    cancel = soup(owner.get(f"{URL}/edit", headers=HTMX)).find("a", string="Cancel")
    answer = owner.get(cancel["hx-get"], headers=HTMX)
    assert soup(answer).find(id="permissions-edit").has_attr("autofocus")
    assert not soup(owner.get(URL, headers=HTMX)).select("[autofocus]")
    assert owner.get(cancel["href"]).location == f"{PAGE}#permissions"
    assert soup(owner.get(PAGE)).select("[autofocus]") == []


def test_an_expired_sign_in_brings_the_typing_back(owner: Any, world: SimpleNamespace, app: Any) -> None:
    asked = app.test_client().post(URL, data=fields(send=["bill"]))
    carried = soup(asked).find("input", {"name": "carried"})["value"]
    signed = app.test_client()
    answer = signed.post(
        "/sign-in",
        data={
            "email": world.owner.email,
            "password": factories.PASSWORD,
            "next": f"{URL}/edit",
            "carried": carried,
        },
    )
    form = soup(signed.get(answer.location))
    assert form.find(id="send-bill").has_attr("checked")
    assert not form.find(id="send-invoice").has_attr("checked")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "This form is too old to be sent"), ("fr", "Ce formulaire est trop ancien")],
)
def test_a_missing_csrf_token_saves_nothing_and_brings_the_typing_back(
    owner: Any, world: SimpleNamespace, headers: dict[str, str], language: str, words: str
) -> None:
    User.update(language=language).where(User.id == world.owner.id).execute()
    refused = owner.post(URL, data=fields(send=["bill"]), headers=headers, csrf=False)
    assert refused.status_code == 400
    again = refused.headers.get("HX-Redirect") or soup(refused).select_one("main a.primary")["href"]
    opened = owner.get(again)
    assert words in text(opened if headers else refused)
    assert soup(opened).find(id="send-bill").has_attr("checked")
    assert not soup(opened).find(id="send-invoice").has_attr("checked")
    assert permissions.may_send(world.owner, DocumentKind.INVOICE)


def test_the_kinds_that_may_be_sent_hold_for_everyone(owner: Any, world: SimpleNamespace) -> None:
    owner.post(URL, data=fields(send=["invoice"]))
    for person in (world.owner, world.admin, world.member):
        assert permissions.may_send(person, DocumentKind.INVOICE)
        assert not permissions.may_send(person, DocumentKind.BILL)
        with pytest.raises(Forbidden):
            permissions.require_may_send(person, DocumentKind.BILL)
    with pytest.raises(NotFound):
        permissions.require_may_send(world.support, DocumentKind.INVOICE)


def test_a_chosen_person_who_becomes_inactive_is_shown_no_more(owner: Any, world: SimpleNamespace) -> None:
    owner.post(URL, data=fields(visible_to="selected", people=[world.member.id]))
    type(world.member).update(active=False).where(type(world.member).id == world.member.id).execute()
    assert "Owners and admins only" in text(owner.get(URL, headers=HTMX))


def test_a_promoted_member_sees_it_without_being_chosen(owner: Any, world: SimpleNamespace) -> None:
    other = factories.user(world.workspace, name="Sol Hazeldine")
    owner.post(URL, data=fields(visible_to="selected", people=[world.member.id]))
    assert not permissions.sees(other)
    other.role = Role.ADMIN
    assert permissions.sees(other)
