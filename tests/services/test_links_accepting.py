"""Accepting many suggestions: what was shown is linked, what was overtaken is left, all is taken back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import factories
from tests.services.test_links import CUSTOMER, REALM, customers, entry
from webapp.errors import Conflict, Invalid, NotFound
from webapp.jobs import service as jobs
from webapp.jobs.kinds import STEPS
from webapp.links import accepting, service, standings
from webapp.models import (
    Activity,
    Company,
    DirectoryEntry,
    Job,
    JobState,
    Link,
    StandingState,
    Suggestion,
)

NAMES = [f"Harborlight {word}" for word in ("Bakery", "Cinema", "Dental", "Events", "Fitness", "Gallery")]


def with_suggestions(world: SimpleNamespace) -> SimpleNamespace:
    """Six companies, each with a suggestion that is surer than the one before."""
    home = world.workspace
    world.connection = factories.connection(home)
    world.companies = []
    for number, name in enumerate(NAMES):
        entry(home, str(100 + number), name)
        world.companies.append(factories.company(home, name))
        suggest(world, number, str(100 + number), 94 + number)
    return world


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    return with_suggestions(world)


def suggest(desk: SimpleNamespace, number: int, remote_id: str, score: int) -> None:
    company = desk.companies[number]
    Suggestion.create(
        workspace=desk.workspace, realm_id=REALM, member_type=CUSTOMER, company=company, place=0,
        remote_id=remote_id, score=score, reasons=["same_name"],
    )  # fmt: skip
    standings.sync(desk.workspace.id, [company.id])


def links() -> dict[int, str]:
    return {link.company_id: link.remote_id for link in Link.select()}


def accept(desk: SimpleNamespace, score: int = 96) -> Job:
    return accepting.accept(desk.owner, desk.connection, CUSTOMER, score)


def test_accepting_links_what_is_sure_enough_and_nothing_else(desk: SimpleNamespace) -> None:
    assert accepting.count(desk.workspace.id, CUSTOMER, 96) == 4
    shown = accepting.candidates(desk.connection, CUSTOMER, 96, 2)
    assert [(name, score) for _id, name, _remote, _name, score in shown] == [
        (NAMES[5], 99),
        (NAMES[4], 98),
    ]
    job = accept(desk)
    factories.do_jobs()
    assert links() == {desk.companies[number].id: str(100 + number) for number in range(2, 6)}
    assert {link.linked_by_id for link in Link.select()} == {desk.owner.id}
    done = Job.get_by_id(job.id)
    assert (done.state, done.done, done.total) == (JobState.DONE, 4, 4)
    assert accepting.outcomes(done) == {"linked": 4}
    states = {row.name: row.state for row in customers(desk.workspace)}
    assert [states[name] for name in NAMES[1:3]] == [StandingState.SUGGESTED, StandingState.LINKED]
    assert service.overview(desk.workspace.id)[0].linked == 4
    assert [row.verb for row in Activity.select()] == ["links.accepted"]


def test_what_was_overtaken_is_left_alone_and_named(desk: SimpleNamespace) -> None:
    job = accept(desk)
    by_hand, gone, shared = desk.companies[2], desk.companies[3], desk.companies[4]
    service.do_not_link(desk.admin, desk.connection, by_hand.id, CUSTOMER)
    DirectoryEntry.update(active=False).where(DirectoryEntry.remote_id == "103").execute()
    other = factories.company(desk.workspace, "Harborlight")
    service.link(desk.admin, desk.connection, other.id, CUSTOMER, "104")
    factories.do_jobs()
    assert links() == {by_hand.id: None, other.id: "104", desk.companies[5].id: "105"}
    assert dict(accepting.passed_over(job)) == {
        by_hand.name: accepting.OVERTAKEN,
        gone.name: accepting.GONE,
        shared.name: accepting.SHARED,
    }


def test_company_that_is_no_customer_any_more_is_left_alone(desk: SimpleNamespace) -> None:
    job = accept(desk, 99)
    Company.update(is_customer=False).where(Company.id == desk.companies[5].id).execute()
    factories.do_jobs()
    assert links() == {}
    assert accepting.outcomes(job) == {accepting.GONE: 1}


def test_taking_back_restores_all_but_what_was_changed_since(desk: SimpleNamespace) -> None:
    job = accept(desk)
    factories.do_jobs()
    before = {row.name: row for row in customers(desk.workspace)}
    kept = desk.companies[3]
    service.link(desk.admin, desk.connection, kept.id, CUSTOMER, "100")
    undo = accepting.take_back(desk.member, desk.connection, Job.get_by_id(job.id))
    factories.do_jobs()
    assert links() == {kept.id: "100"}
    assert Job.get_by_id(undo.id).state == JobState.DONE
    assert accepting.outcomes(job) == {"taken_back": 3, "overtaken": 1}
    after = {row.name: row for row in customers(desk.workspace)}
    assert before[NAMES[2]].state == StandingState.LINKED
    assert (after[NAMES[2]].state, after[NAMES[2]].remote_id) == (StandingState.SUGGESTED, "102")
    with pytest.raises(Conflict):
        accepting.take_back(desk.owner, desk.connection, Job.get_by_id(job.id))


def test_only_one_accepting_at_a_time(desk: SimpleNamespace) -> None:
    job = accept(desk)
    with pytest.raises(Conflict):
        accept(desk)
    with pytest.raises(Conflict):
        accepting.take_back(desk.owner, desk.connection, job)


@pytest.mark.parametrize("score", [0, 59, 101])
def test_score_out_of_bounds_is_refused(desk: SimpleNamespace, score: int) -> None:
    with pytest.raises(Invalid):
        accept(desk, score)
    assert Job.select().count() == 0


def test_score_that_nothing_reaches_is_refused(desk: SimpleNamespace) -> None:
    with pytest.raises(Invalid):
        accept(desk, 100)


def test_connection_of_another_workspace_is_not_there(desk: SimpleNamespace) -> None:
    with pytest.raises(NotFound):
        accepting.accept(desk.outsider, desk.connection, CUSTOMER, 96)


def test_stopped_job_keeps_what_it_did(desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "BATCH", 1)
    job = accept(desk)
    assert jobs.work("one", STEPS)
    assert jobs.cancel(job)
    factories.do_jobs()
    assert Job.get_by_id(job.id).state == JobState.CANCELLED
    assert accepting.outcomes(job) == {"linked": 1, "waiting": 3}
    assert not jobs.cancel(job)


def test_step_that_breaks_down_writes_nothing_and_is_done_again(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "BATCH", 2)
    job = accept(desk)
    with monkeypatch.context() as broken:
        broken.setattr(standings, "sync", lambda *_: 1 / 0)
        assert jobs.work("one", STEPS)
    assert links() == {}
    factories.do_jobs()
    assert len(links()) == 4
    assert accepting.outcomes(job) == {"linked": 4}


def test_worker_whose_lease_is_over_writes_nothing(desk: SimpleNamespace) -> None:
    job = accept(desk)
    Job.update(lease_owner="other").execute()
    job.lease_owner = "mine"
    with pytest.raises(Conflict):
        accepting.accept_step(job)
    assert links() == {}
