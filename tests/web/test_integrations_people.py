"""The list of people in the permissions' form: searched, a few at a time, and nobody chosen is lost."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX
from tests.html import field_error, soup, text
from webapp.integrations import permissions
from webapp.models import PermittedPerson, Role, User

PAGE = "/settings/integrations/quickbooks"
URL = f"{PAGE}/permissions"
KINDS = ["invoice", "bill", "purchase_order"]
LARGEST_FORM = 20_000
FIRST = ("Ada", "Benoît", "Chidi", "Émile", "Farah")
LAST = ("Abbott", "Bélanger", "Castellanos", "Dubois")


@pytest.fixture
def owner(world: SimpleNamespace, client: Any) -> Any:
    """A browser of the owner, in a workspace that is connected."""
    factories.connection(world.workspace)
    return client.sign_in(world.owner)


def crowd(world: SimpleNamespace, count: int) -> list[int]:
    """So many members more; their ids in order."""
    names = [f"{FIRST[number % 5]} {LAST[number // 5 % 4]} {number:04}" for number in range(count)]
    rows = [
        {
            "workspace": world.workspace,
            "email": f"crowd{number}@example.test",
            "name": name,
            "password_hash": factories.password_hash(),
            "role": Role.MEMBER,
        }
        for number, name in enumerate(names)
    ]
    for start in range(0, count, 500):
        User.insert_many(rows[start : start + 500]).execute()
    found = User.select(User.id).where(User.email.startswith("crowd")).order_by(User.id)
    return [row.id for row in found]


def typed(answer: Any) -> dict[str, Any]:
    """What a browser would send for the form in an answer."""
    form = soup(answer).select_one("#permissions form") or soup(answer)
    fields: dict[str, Any] = {}
    for box in form.select("input[name]"):
        if box.get("type") in {"checkbox", "radio"} and not box.has_attr("checked"):
            continue
        if box.get("type") == "checkbox":
            fields.setdefault(box["name"], []).append(box["value"])
        else:
            fields[box["name"]] = box.get("value", "on")
    fields.pop("csrf_token", None)
    return fields


def find(browser: Any, fields: dict[str, Any], text: str, **options: Any) -> Any:
    return browser.post(URL, data={**fields, "q": text, "find": "1"}, **options)


def names(answer: Any) -> list[str]:
    labels = soup(answer).select("#people-list label")
    return [label.contents[0].strip() for label in labels]


def test_members_are_listed_with_their_addresses_and_managers_as_they_are(
    owner: Any, world: SimpleNamespace
) -> None:
    listed = soup(owner.get(f"{URL}/edit", headers=HTMX)).find(id="people-list")
    assert [label.contents[0].strip() for label in listed.select("label")] == [
        "Avery Quill",
        "Mika Orlen",
        "Rowan Tessel",
    ]
    assert "Owner, always sees it" in listed.get_text()
    assert world.member.email in listed.get_text()


def test_a_search_finds_any_part_of_name_and_address_without_accents(
    owner: Any, world: SimpleNamespace
) -> None:
    crowd(world, 40)
    fields = typed(owner.get(f"{URL}/edit", headers=HTMX))
    for words in ("belanger emile", "ÉMILE bél"):
        found = names(find(owner, fields, words, headers=HTMX))
        assert found
        assert all(name.startswith("Émile Bélanger") for name in found)
    assert names(find(owner, fields, "crowd17@", headers=HTMX)) == ["Chidi Dubois 0017"]


def test_htmx_gets_the_list_alone_and_the_count_for_screen_readers(
    owner: Any, world: SimpleNamespace
) -> None:
    crowd(world, 40)
    fields = typed(owner.get(f"{URL}/edit", headers=HTMX)) | {"people": [world.member.id]}
    answer = find(owner, fields, "emile", headers=HTMX)
    page = soup(answer)
    assert [root["id"] for root in page.find_all(recursive=False)] == ["people-list", "people-count"]
    assert page.find(id="people-count")["hx-swap-oob"] == "innerHTML"
    assert text(answer).endswith("1 person chosen. 8 others found.")


def test_nothing_found_says_so(owner: Any) -> None:
    answer = find(owner, typed(owner.get(f"{URL}/edit", headers=HTMX)), "zzz", headers=HTMX)
    assert "Nobody else has this in the name or e-mail address." in text(answer)


def test_the_chosen_stand_on_top_and_stay_through_every_search(owner: Any, world: SimpleNamespace) -> None:
    ids = crowd(world, 60)
    fields = typed(owner.get(f"{URL}/edit", headers=HTMX)) | {"visible_to": "selected"}
    for words, chosen in (("0003", ids[3]), ("0041", ids[41]), ("rowan", world.member.id)):
        answer = find(owner, fields, words, headers=HTMX)
        fields |= typed(answer)
        fields["people"] = [*fields.get("people", []), chosen]
    answer = find(owner, fields, "nobody at all", headers=HTMX)
    assert names(answer) == ["Benoît Abbott 0041", "Émile Abbott 0003", "Rowan Tessel"]
    fields |= typed(answer)
    fields["people"].remove(str(ids[3]))
    assert owner.post(URL, data=fields, headers=HTMX).status_code == 200
    saved = permissions.read(world.workspace.id)
    assert {person.id for person in saved.people} == {ids[41], world.member.id}


def test_the_find_button_works_without_htmx_and_keeps_what_was_typed(
    owner: Any, world: SimpleNamespace
) -> None:
    ids = crowd(world, 60)
    fields = typed(owner.get(f"{URL}/edit"))
    fields |= {"visible_to": "selected", "people": [ids[0]], "send": ["bill"]}
    answer = find(owner, fields, "castellanos")
    assert answer.status_code == 200
    page = soup(answer)
    assert page.h1
    assert page.find(id="people-search").has_attr("autofocus")
    assert len(page.select("[autofocus]")) == 1
    kept = typed(answer)
    assert (kept["visible_to"], kept["send"], kept["people"]) == ("selected", ["bill"], [str(ids[0])])
    assert kept["q"] == "castellanos"
    assert owner.post(URL, data=kept).status_code == 303
    assert [person.id for person in permissions.read(world.workspace.id).people] == [ids[0]]


def test_searching_writes_nothing(owner: Any, world: SimpleNamespace) -> None:
    fields = typed(owner.get(f"{URL}/edit")) | {"visible_to": "selected", "people": [world.member.id]}
    find(owner, fields, "rowan")
    assert permissions.read(world.workspace.id).version == 0


@pytest.mark.parametrize("chosen", [0, 300])
def test_the_form_is_as_small_for_thousands_of_people(
    owner: Any, world: SimpleNamespace, chosen: int
) -> None:
    few = len(owner.get(f"{URL}/edit", headers=HTMX).data)
    ids = crowd(world, 5_000)
    everybody = {"visible_to": "selected" if chosen else "all", "people": ids[:chosen], "send": KINDS}
    owner.post(URL, data={**everybody, "version": "0"})
    answer = owner.get(f"{URL}/edit", headers=HTMX)
    assert len(answer.data) < LARGEST_FORM
    assert len(answer.data) - few < 12_000
    assert len(soup(answer).select("#people-list .choice")) <= 50
    assert "more. Type a part of the name or e-mail address." in text(answer)
    assert len(owner.get(PAGE).data) < 60_000


def test_hundreds_of_chosen_are_kept_though_only_the_first_are_shown(
    owner: Any, world: SimpleNamespace
) -> None:
    ids = crowd(world, 300)
    data = {"visible_to": "selected", "people": ids[:200], "send": KINDS, "version": "0"}
    assert "and 175 more" in text(owner.post(URL, data=data, headers=HTMX))
    opened = owner.get(f"{URL}/edit", headers=HTMX)
    assert "175 more are chosen. Search to see them." in text(opened)
    fields = typed(opened)
    shown = fields["people"]
    assert len(shown) == 25
    hidden = next(str(id_) for id_ in ids[:200] if str(id_) not in shown)
    name = User.get_by_id(int(hidden)).name
    fields |= typed(find(owner, fields, name, headers=HTMX))
    assert hidden in fields["people"], "a search shows the chosen ticked"
    fields["people"].remove(hidden)
    fields["people"].remove(shown[0])
    assert owner.post(URL, data=fields).status_code == 303
    left = {person.id for person in permissions.read(world.workspace.id).people}
    assert left == set(ids[:200]) - {int(hidden), int(shown[0])}


@pytest.mark.parametrize("field", ["people", "chosen"])
@pytest.mark.parametrize("who", ["outsider", "support", "inactive", "nobody", "word", "long", "huge"])
def test_whoever_cannot_be_chosen_is_refused_at_the_field_and_the_others_stay(
    owner: Any, world: SimpleNamespace, who: str, field: str
) -> None:
    values = {
        "outsider": world.outsider.id,
        "support": world.support.id,
        "inactive": factories.user(world.workspace, active=False).id,
        "nobody": 999_999,
        "word": "x\0y",
        "long": "9" * 100_000,
        "huge": ".".join(str(number) for number in range(10_000, 60_000)),
    }
    data: dict[str, Any] = {"visible_to": "selected", "people": [world.member.id], "send": ["bill"]}
    data |= {"version": "0", "q": "row"}
    data[field] = [*data["people"], values[who]] if field == "people" else values[who]
    answer = owner.post(URL, data=data, headers=HTMX)
    assert answer.status_code == 422
    assert "was taken out" in field_error(answer, "people")
    assert PermittedPerson.select().count() == 0
    kept = typed(answer)
    assert (kept["people"], kept["send"], kept["q"]) == ([str(world.member.id)], ["bill"], "row")
    assert owner.post(URL, data=kept).status_code == 303, "what is left can be saved"


def test_whoever_became_inactive_meanwhile_is_named_as_gone_and_the_rest_can_be_saved(
    owner: Any, world: SimpleNamespace
) -> None:
    other = factories.user(world.workspace, name="Jo Abara")
    people = [world.member.id, other.id]
    owner.post(URL, data={"visible_to": "selected", "people": people, "send": KINDS, "version": "0"})
    fields = typed(owner.get(f"{URL}/edit"))
    User.update(active=False).where(User.id == other.id).execute()
    answer = owner.post(URL, data=fields | {"send": ["bill"]})
    assert "was taken out" in field_error(answer, "people")
    assert owner.post(URL, data=typed(answer)).status_code == 303
    assert [person.id for person in permissions.read(world.workspace.id).people] == [world.member.id]


def test_the_same_people_in_another_order_are_no_change_on_either_database(
    owner: Any, world: SimpleNamespace
) -> None:
    ids = [factories.user(world.workspace, name=name).id for name in ("Émile", "zoe", "Zoe", "adam", "Eve")]
    data = {"visible_to": "selected", "send": KINDS}
    owner.post(URL, data={**data, "people": ids, "version": "0"})
    again = owner.post(URL, data={**data, "people": ids[::-1], "version": "1"}, headers=HTMX)
    assert "Nothing was changed." in again.headers["HX-Trigger"]


def test_nobody_from_elsewhere_and_nobody_inactive_is_found(owner: Any, world: SimpleNamespace) -> None:
    factories.user(world.workspace, name="Gone Away", active=False)
    fields = typed(owner.get(f"{URL}/edit"))
    for words in ("Ode Farrow", "Sol Hazeldine", "Gone Away", world.outsider.email):
        assert names(find(owner, fields, words, headers=HTMX)) == []


@pytest.mark.parametrize("words", ["a" * 100_000, "\0", "%", "_", "'\"<b>", "  rowan  "])
def test_whatever_is_searched_for_is_searched_for(owner: Any, words: str) -> None:
    answer = find(owner, typed(owner.get(f"{URL}/edit")), words)
    assert answer.status_code == 200
    assert "<b>" not in str(soup(answer).find(id="people-search"))
    assert ("Rowan Tessel" in names(answer)) == (words.strip() in {"rowan", "\0"})


def test_a_member_cannot_list_people_that_way(world: SimpleNamespace, client: Any) -> None:
    factories.connection(world.workspace)
    answer = client.sign_in(world.member).post(URL, data={"find": "1", "q": "a"})
    assert answer.status_code == 403
    assert "You may not do this" in text(answer)
    assert world.owner.email not in answer.get_data(as_text=True)
