"""Many companies become customers: a few at a time, each once, told by cause, and stopped on demand."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories, sendable
from tests.conftest import HTMX, PanelClient
from tests.html import soup, text
from tests.services.test_links import entry
from tests.web.test_links_table import LINKS
from webapp.clock import now
from webapp.delivery import parties
from webapp.errors import Conflict, Invalid, NotFound
from webapp.jobs import service as jobs
from webapp.links import creating, creating_many, service
from webapp.links.accepting import outcomes
from webapp.links.asked import Asked
from webapp.models import (
    OPEN_JOBS,
    Activity,
    Connection,
    Delivery,
    DeliveryState,
    Job,
    JobState,
    Link,
    MemberType,
)

NAMES = ["Ropewalk Press", "Quillwright & Daughters", "Tinsmith Row", "Larkspur Kites", "Bellows Yard"]


@pytest.fixture
def many(connected: SimpleNamespace) -> SimpleNamespace:
    connected.companies = [factories.company(connected.workspace, name) for name in NAMES]
    return connected


def step() -> bool:
    Job.update(next_step_at=now()).where(Job.state.in_(OPEN_JOBS)).execute()
    return jobs.work("tests", {creating_many.KIND: creating_many.step})


def to_the_end(job: Job) -> Job:
    for _round in range(30):
        step()
        Delivery.update(next_attempt_at=now()).where(Delivery.state == DeliveryState.QUEUED).execute()
        sendable.work()
        if Job.get_by_id(job.id).state not in OPEN_JOBS:
            break
    return Job.get_by_id(job.id)


def start(world: SimpleNamespace, who: Any = None) -> Job:
    return creating_many.create(who or world.member, world.connection, MemberType.CUSTOMER)


def made(world: SimpleNamespace) -> Counter[str]:
    found = world.sandbox.query("select * from Customer maxresults 1000")
    return Counter(one["DisplayName"] for one in found if one["DisplayName"] in NAMES)


def test_all_are_made_once_and_linked(many: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creating_many, "WINDOW", 2)
    job = start(many)
    step()
    assert Delivery.select().count() == 2
    step()
    assert Delivery.select().count() == 2
    job = to_the_end(job)
    assert (job.state, job.done, job.total) == (JobState.DONE, 5, 5)
    assert made(many) == Counter(NAMES)
    assert Link.select().count() == 5
    assert outcomes(job) == {"sent": 5}
    assert Activity.select().where(Activity.verb == "companies.queued").count() == 1


def test_clashes_are_left_out_and_told(many: SimpleNamespace) -> None:
    realm_id = many.connection.realm_id
    entry(many.workspace, "901", "tinsmith row", kind="vendor", realm_id=realm_id)
    factories.company(many.workspace, "LARKSPUR kites")
    busy = many.companies[0]
    creating.create(many.owner, many.connection, busy.id, MemberType.CUSTOMER, Asked(busy.name))
    found = {
        (one.name, one.why_not) for one in creating_many.candidates(many.connection, MemberType.CUSTOMER)
    }
    assert ("Tinsmith Row", "duplicate_name") in found
    assert ("Ropewalk Press", "open") in found
    assert len({name for name, why in found if name.casefold() == "larkspur kites" and why == "twin"}) == 1
    job = to_the_end(start(many))
    assert outcomes(job) == {"sent": 3, "duplicate_name": 1, "twin": 1, "open": 1}


def test_refusals_of_quickbooks_are_told_by_cause(many: SimpleNamespace) -> None:
    job = start(many)
    service.do_not_link(many.owner, many.connection, many.companies[1].id, MemberType.CUSTOMER)
    step()
    service.do_not_link(many.owner, many.connection, many.companies[2].id, MemberType.CUSTOMER)
    many.sandbox.control("faults", kind="drop_after", method="POST", entity="customer")
    job = to_the_end(job)
    assert outcomes(job) == {"sent": 3, "link_changed": 2}
    assert made(many).total() == 3


def test_stopped_in_the_middle_takes_back_what_was_not_sent(
    many: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(creating_many, "WINDOW", 3)
    job = start(many)
    step()
    post, sent = parties._post, []

    def stopping(*given: Any, **named: Any) -> Any:
        if not sent:
            sent.append(creating_many.stop(many.member, many.connection, job))
        return post(*given, **named)

    monkeypatch.setattr(parties, "_post", stopping)
    job = to_the_end(job)
    assert job.state == JobState.CANCELLED
    assert outcomes(job) == {"sent": 1, "withdrawn": 2, "waiting": 2}
    assert made(many).total() == 1
    assert not creating_many.stop(many.member, many.connection, job)


def test_one_queued_by_a_step_that_the_stop_overtook_is_not_sent(many: SimpleNamespace) -> None:
    job = start(many)
    step()
    jobs.cancel(job)
    sendable.work()
    assert made(many).total() == 0
    assert outcomes(job) == {"withdrawn": 5}


def test_step_that_died_before_it_was_kept_is_done_again(
    many: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_given: Any, **_named: Any) -> None:
        raise Killed

    job = start(many)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "advance", die)
        with pytest.raises(Killed):
            step()
    assert not Delivery.select().exists()
    Job.update(lease_until=None).execute()
    assert to_the_end(job).state == JobState.DONE
    assert made(many) == Counter(NAMES)


def test_only_one_at_a_time_and_not_for_others(many: SimpleNamespace) -> None:
    for who in (many.outsider, many.support):
        with pytest.raises(NotFound):
            start(many, who)
    start(many)
    with pytest.raises(Conflict):
        start(many)


def test_nothing_to_make_is_said(connected: SimpleNamespace) -> None:
    with pytest.raises(Invalid):
        start(connected)


def test_whole_way_by_pages(many: SimpleNamespace, client: PanelClient) -> None:
    entry(many.workspace, "901", NAMES[0], realm_id=many.connection.realm_id)
    client.sign_in(many.member)
    table = soup(client.get(f"{LINKS}/customers?state=not_linked"))
    asked = client.get(table.select_one("#create-many")["href"])
    assert "4 customers would be created." in text(asked)
    assert "1: The name is taken in QuickBooks" in text(asked)
    assert "cannot delete customers and vendors" in text(asked)
    begun = client.post(soup(asked).select_one(".section-foot form")["action"])
    assert begun.status_code == 303
    assert "0 of 4 done." in text(client.get(begun.location))
    again = client.post(f"{LINKS}/customers/create")
    assert again.status_code == 409
    job = to_the_end(Job.get(Job.kind == creating_many.KIND))
    assert job.state == JobState.DONE
    page = client.get(begun.location, headers=HTMX)
    assert "4 companies were created in QuickBooks and linked." in text(page)
    assert not soup(page).select_one("#job[hx-trigger]")
    assert NAMES[0] in text(page)
    assert "4 companies were queued to be created" in text(client.get("/activity"))
    assert client.get(begun.location.replace("customers", "suppliers")).status_code == 200
    nothing = client.post(f"{LINKS}/customers/create")
    assert nothing.status_code == 422
    assert "There is nothing to create." in text(nothing)


def test_stop_by_page(many: SimpleNamespace, client: PanelClient) -> None:
    client.sign_in(many.member)
    begun = client.post(f"{LINKS}/customers/create")
    step()
    stop = soup(client.get(begun.location)).select_one("form[action$=stop]")["action"]
    assert client.post(stop).status_code == 303
    step()
    page = client.get(begun.location)
    assert "Stopped." in text(page)
    assert "5: Taken back before it was sent." in text(page)
    assert client.post(stop).status_code == 409
    assert made(many).total() == 0


def test_disconnected_company_is_told_at_the_table(many: SimpleNamespace, client: PanelClient) -> None:
    Connection.update(status="disconnected").execute()
    client.sign_in(many.member)
    for answer in (client.get(f"{LINKS}/customers/create"), client.post(f"{LINKS}/customers/create")):
        assert answer.status_code == 303
    assert not Job.select().where(Job.kind == creating_many.KIND).exists()
