"""Turning suggestions down: they do not come again, until that is taken back exactly."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import factories
from tests.services.test_links import CUSTOMER, REALM, SUPPLIER, entry
from webapp.errors import Conflict, NotFound
from webapp.links import choices, dismissing, matchers, service, table
from webapp.models import Activity, Connection, Standing, StandingState, Suggestion


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    """A company with a likely customer and a less likely one."""
    home = world.workspace
    world.connection = factories.connection(home)
    entry(home, "1", "Birchline Outfitters", email="a@birchline.example", city="Hartford")
    entry(home, "2", "Birchline Outfitting", city="Hartford")
    world.company = factories.company(
        home, "Birchline Outfitters Inc.", email="b@birchline.example", bill_city="Hartford"
    )
    factories.suggest(home)
    world.at = (world.owner, world.connection, world.company.id, CUSTOMER)
    return world


def shown(desk: SimpleNamespace) -> tuple[StandingState, str | None]:
    row = Standing.get(Standing.company == desk.company)
    return row.state, row.remote_id


def offered(desk: SimpleNamespace) -> list[tuple[str, int]]:
    place = (desk.workspace.id, REALM, CUSTOMER)
    found = choices.found(*place, table.row(*place, desk.company.id), "")
    return [(choice.remote_id, choice.score) for choice in found if choice.score]


def test_what_is_turned_down_goes_at_once_and_does_not_come_again(desk: SimpleNamespace) -> None:
    assert shown(desk) == (StandingState.SUGGESTED, "1")
    done = dismissing.dismiss(*desk.at)
    assert (done.remote_name, done.number) == ("Birchline Outfitters", 1)
    assert shown(desk)[1] != "1"
    assert "1" not in dict(offered(desk))
    for _ in range(2):
        factories.do_jobs()
        assert "1" not in dict(offered(desk))
        matchers.forget()
        factories.suggest(desk.workspace)
    activity = Activity.get_by_id(done.activity_id)
    assert (activity.verb, activity.subject_id) == (service.DISMISSED, desk.company.id)


@pytest.mark.parametrize("is_found_anew", [False, True])
def test_taking_back_brings_it_back_as_it_was(desk: SimpleNamespace, is_found_anew: bool) -> None:
    before, row = offered(desk), shown(desk)
    done = dismissing.dismiss(*desk.at, ["1"])
    if is_found_anew:
        factories.do_jobs()
    activity = service.changed(desk.workspace.id, done.activity_id)
    dismissing.take_back(desk.member, desk.connection, activity)
    assert shown(desk) == row
    assert offered(desk)[0] == before[0]
    factories.do_jobs()
    assert offered(desk) == before
    with pytest.raises(Conflict):
        dismissing.take_back(desk.member, desk.connection, activity)


def test_all_that_are_alike_are_turned_down_together(desk: SimpleNamespace) -> None:
    home = desk.workspace
    for number in ("3", "4"):
        entry(home, number, "Birchline Outfitters", email="c@birchline.example", city="Hartford")
    factories.suggest(home)
    alike = Standing.get(Standing.company == desk.company).alike
    assert alike == 3
    done = dismissing.dismiss(*desk.at)
    assert done.number == 3
    assert {one.remote_id for one in Suggestion.select().where(Suggestion.dismissed)} == {"1", "3", "4"}
    factories.do_jobs()
    assert {"1", "3", "4"}.isdisjoint(dict(offered(desk)))
    dismissing.take_back(desk.owner, desk.connection, service.changed(home.id, done.activity_id))
    assert Standing.get(Standing.company == desk.company).alike == alike


def test_what_is_not_suggested_cannot_be_turned_down(desk: SimpleNamespace) -> None:
    for remote_ids in (["404"], ["\0"], ["'"]):
        with pytest.raises(Conflict):
            dismissing.dismiss(*desk.at, remote_ids)
    service.link(*desk.at, "1")
    factories.do_jobs()
    with pytest.raises(Conflict):
        dismissing.dismiss(*desk.at)


def test_strangers_and_other_member_types_find_nothing(desk: SimpleNamespace) -> None:
    with pytest.raises(NotFound):
        dismissing.dismiss(desk.outsider, desk.connection, desk.company.id, CUSTOMER)
    with pytest.raises(NotFound):
        dismissing.dismiss(desk.owner, desk.connection, desk.company.id, SUPPLIER)
    theirs = factories.company(desk.other, "Birchline Outfitters")
    with pytest.raises(NotFound):
        dismissing.dismiss(desk.owner, desk.connection, theirs.id, CUSTOMER)
    done = dismissing.dismiss(*desk.at)
    with pytest.raises(NotFound):
        service.changed(desk.other.id, done.activity_id)
    with pytest.raises(NotFound):
        service.undo(desk.owner, desk.connection, done.activity_id)


def test_with_another_company_connected_it_is_not_taken_back(desk: SimpleNamespace) -> None:
    done = dismissing.dismiss(*desk.at)
    Connection.update(realm_id="77").execute()
    with pytest.raises(Conflict):
        dismissing.take_back(
            desk.owner, Connection.get(), service.changed(desk.workspace.id, done.activity_id)
        )


def test_what_was_turned_down_stays_so_over_a_link(desk: SimpleNamespace) -> None:
    dismissing.dismiss(*desk.at, ["1"])
    service.link(*desk.at, "2")
    factories.do_jobs()
    service.unlink(*desk.at)
    factories.do_jobs()
    assert "1" not in dict(offered(desk))
    assert "2" in dict(offered(desk))
