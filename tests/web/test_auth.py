"""Signing in and out, and a sign-in that runs out in the middle of a form."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import field_error, soup, text
from webapp.models import Draft, User
from webapp.security import safe_path


def credentials(user: User, **changes: str) -> dict[str, str]:
    return {"email": user.email, "password": factories.PASSWORD, **changes}


@pytest.mark.parametrize(
    ("who", "lands"),
    [("owner", "/settings/integrations"), ("member", "/documents"), ("support", "/support/connections")],
)
def test_sign_in_leads_to_where_work_begins(
    world: SimpleNamespace, client: PanelClient, who: str, lands: str
) -> None:
    answer = client.post("/sign-in", data=credentials(getattr(world, who)))
    assert answer.status_code == 303
    assert client.get(answer.location).location.rstrip("/") == lands


def test_sign_in_takes_an_address_in_any_case(world: SimpleNamespace, client: PanelClient) -> None:
    answer = client.post("/sign-in", data=credentials(world.owner, email=f" {world.owner.email.upper()} "))
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "wrong"}, "password"),
        ({"email": "nobody@example.test"}, "password"),
        ({"password": ""}, "password"),
        ({"email": ""}, "email"),
        ({"password": "x" * 2000}, "password"),
        ({"email": "x" * 100_000}, "email"),
    ],
)
def test_sign_in_refuses_with_words_at_the_field(
    world: SimpleNamespace, client: PanelClient, changes: dict[str, str], field: str
) -> None:
    answer = client.post("/sign-in", data=credentials(world.owner, **changes))
    assert answer.status_code == 422
    assert field_error(answer, field)
    assert soup(answer).find(id="password").get("value") is None


def test_wrong_password_keeps_the_address_and_names_no_culprit(
    world: SimpleNamespace, client: PanelClient
) -> None:
    answer = client.post("/sign-in", data=credentials(world.owner, password="wrong"))
    assert soup(answer).find(id="email")["value"] == world.owner.email
    stranger = client.post("/sign-in", data=credentials(world.owner, email="nobody@example.test"))
    assert field_error(answer, "password") == field_error(stranger, "password")


def test_wrong_password_is_said_in_french(world: SimpleNamespace, client: PanelClient) -> None:
    answer = client.post(
        "/sign-in", data=credentials(world.owner, password="x"), headers={"Accept-Language": "fr-CA"}
    )
    assert soup(answer).html["lang"] == "fr"
    assert "Erreur" in field_error(answer, "password")


def test_inactive_person_cannot_sign_in_or_stay(world: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(world.member)
    User.update(active=False).where(User.id == world.member.id).execute()
    assert client.get("/documents").status_code in {302, 303, 308}
    assert client.post("/sign-in", data=credentials(world.member)).status_code == 422


def test_sign_out_ends_the_sign_in(world: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(world.owner)
    assert client.post("/sign-out").status_code == 303
    assert "/sign-in" in client.get("/").location


def test_stranger_comes_back_to_where_they_wanted(world: SimpleNamespace, client: PanelClient) -> None:
    answer = client.get("/activity?before=7")
    assert answer.location == "/sign-in?next=/activity?before%3D7"
    page = client.get(answer.location)
    signed_in = client.post(
        "/sign-in", data=credentials(world.owner, next=soup(page).find(attrs={"name": "next"})["value"])
    )
    assert signed_in.location == "/activity?before=7"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"],
)
def test_next_never_leads_off_this_host(target: str) -> None:
    assert safe_path(target) == "/"


def test_expired_sign_in_keeps_what_was_typed(world: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(world.owner, hours=-1)
    edit = "/settings/integrations/quickbooks/permissions"
    answer = client.post(edit, data={"visible_to": "selected", "password": "never carried"})
    assert answer.status_code == 401
    page = soup(answer)
    carried = page.find(attrs={"name": "carried"})["value"]
    assert json.loads(carried) == {"visible_to": ["selected"]}
    target = page.find(attrs={"name": "next"})["value"]
    assert target == f"{edit}/edit"
    back = client.post("/sign-in", data=credentials(world.owner, carried=carried, next=target))
    draft = Draft.get()
    assert back.location == f"{target}?draft={draft.id}"
    assert draft.fields == {"visible_to": ["selected"]}


def test_what_was_typed_is_not_shown_to_another_person(world: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(world.owner, hours=-1)
    client.post("/settings/integrations/quickbooks/permissions", data={"visible_to": "selected"})
    data = credentials(world.admin, carried='{"visible_to": ["selected"]}', next="/activity")
    assert client.post("/sign-in", data=data).location == "/activity"
    assert not Draft.select().exists()


def test_expired_sign_in_under_htmx_redirects_the_page(world: SimpleNamespace, client: PanelClient) -> None:
    headers = {**HTMX, "HX-Current-URL": "http://localhost/settings/integrations/quickbooks"}
    answer = client.get("/activity", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/settings/integrations/quickbooks"


def test_expired_post_under_htmx_replaces_the_page_with_a_sign_in(
    world: SimpleNamespace, client: PanelClient
) -> None:
    client.sign_in(world.owner, hours=-1)
    answer = client.post("/theme", data={"theme": "dark"}, headers=HTMX)
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "body"


@pytest.mark.parametrize("carried", ["not json", "[1]", '{"a": "b"}', "null"])
def test_damaged_carried_fields_are_left_out(
    world: SimpleNamespace, client: PanelClient, carried: str
) -> None:
    answer = client.post("/sign-in", data=credentials(world.owner, carried=carried, next="/activity"))
    assert answer.location == "/activity"


def test_missing_csrf_token_is_refused_with_words(world: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(world.owner)
    answer = client.post("/theme", data={"theme": "dark"}, csrf=False)
    assert answer.status_code == 400
    assert "too old" in text(answer)
    assert User.get_by_id(world.owner.id).theme is None


def test_missing_csrf_token_under_htmx_leaves_the_page_alone(
    world: SimpleNamespace, client: PanelClient
) -> None:
    client.sign_in(world.owner)
    answer = client.post("/theme", data={"theme": "dark"}, csrf=False, headers=HTMX)
    assert answer.status_code == 400
    assert answer.headers["HX-Reswap"] == "none"
    assert "too old" in json.loads(answer.headers["HX-Trigger"])["toast"]["message"]


def test_language_is_the_browsers_until_chosen(client: PanelClient) -> None:
    french = {"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}
    assert soup(client.get("/sign-in", headers=french)).html["lang"] == "fr"
    client.post("/language", data={"language": "en"}, headers=french)
    assert soup(client.get("/sign-in", headers=french)).html["lang"] == "en"


def test_chosen_language_is_remembered(world: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(world.owner)
    client.post("/language", data={"language": "fr"})
    assert User.get_by_id(world.owner.id).language == "fr"
    other = client.application.test_client().sign_in(world.owner)
    assert soup(other.get("/activity")).html["lang"] == "fr"


def test_unknown_language_and_theme_change_nothing(world: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(world.owner)
    client.post("/language", data={"language": "xx"})
    client.post("/theme", data={"theme": "pink"})
    person = User.get_by_id(world.owner.id)
    assert (person.language, person.theme) == (None, None)


def test_theme_is_remembered(world: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(world.owner)
    client.post("/theme", data={"theme": "dark"})
    assert soup(client.get("/activity")).html["data-theme"] == "dark"


def test_code_of_a_consent_is_not_kept_in_an_address(world: SimpleNamespace, client: PanelClient) -> None:
    answer = client.get("/settings/integrations/quickbooks/callback?code=secret&state=x&realmId=1")
    assert answer.location == "/sign-in?next=/"
