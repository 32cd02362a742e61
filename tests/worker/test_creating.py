"""A company becomes a customer or vendor in QuickBooks exactly once, whatever happens on the way."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories, sendable
from tests.sendable import work
from tests.worker.test_outbox import end_pause
from webapp import db
from webapp.clock import now
from webapp.delivery import outbox, parties, sending
from webapp.documents import service as documents
from webapp.errors import Conflict, Invalid, NotFound
from webapp.integrations import connections
from webapp.integrations.connections import endpoints
from webapp.links import creating, directory, service
from webapp.links.asked import Asked
from webapp.models import (
    Activity,
    Company,
    Connection,
    ConnectionStatus,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    DirectoryEntry,
    Document,
    DocumentState,
    DocumentStatus,
    Link,
    LinkState,
    MemberType,
    Standing,
    StandingState,
)
from webapp.quickbooks.client import QuickBooksClient

NAME = "Quillwright & Daughters"


@pytest.fixture
def ready(connected: SimpleNamespace) -> SimpleNamespace:
    sendable.prepare(connected)
    connected.company = factories.company(
        connected.workspace,
        NAME,
        is_supplier=True,
        email="desk@quillwright.example",
        phone="+1 860 555 0142",
        website="https://quillwright.example",
        terms="Net 30",
        bill_line1="4 Weir Lane",
        bill_city="Hartford",
        bill_region="CT",
        bill_postal_code="06103",
        bill_country="US",
        ship_line1="Dock 2",
    )
    return connected


def ask(world: SimpleNamespace, name: str = NAME, **values: Any) -> Delivery:
    of = values.pop("of", world.company)
    member_type = values.pop("member_type", MemberType.CUSTOMER)
    who = values.pop("who", world.member)
    return creating.create(who, world.connection, of.id, member_type, Asked(name, **values))


def newest(company: Company) -> Delivery:
    return Delivery.select().where(Delivery.company == company).order_by(Delivery.id.desc()).get()


def there(world: SimpleNamespace, name: str = NAME, entity: str = "Customer") -> list[dict[str, Any]]:
    quoted = name.replace("'", "\\'")
    return world.sandbox.query(f"select * from {entity} where DisplayName = '{quoted}'")


def link_of(company: Company, member_type: MemberType = MemberType.CUSTOMER) -> Link | None:
    return Link.get_or_none((Link.company == company) & (Link.member_type == member_type))


def state_of(company: Company, member_type: MemberType = MemberType.CUSTOMER) -> StandingState:
    return Standing.get((Standing.company == company) & (Standing.member_type == member_type)).state


def outcomes(company: Company) -> list[str]:
    tries = DeliveryAttempt.select().join(Delivery).where(Delivery.company == company)
    return [row.outcome for row in tries.order_by(DeliveryAttempt.id)]


def fault(world: SimpleNamespace, kind: str, **wish: Any) -> None:
    world.sandbox.control("faults", kind=kind, method="POST", **{"entity": "customer", **wish})


def make_due() -> None:
    Delivery.update(next_attempt_at=now()).where(Delivery.state == DeliveryState.QUEUED).execute()


def api(world: SimpleNamespace) -> QuickBooksClient:
    grant = world.sandbox.tokens("us")
    return QuickBooksClient(endpoints(), grant["realmId"], grant["access_token"])


def test_customer_is_made_linked_and_its_documents_become_ready(ready: SimpleNamespace) -> None:
    document = factories.document(ready.workspace, ready.company)
    documents.recheck(50)
    assert DocumentStatus.get(DocumentStatus.document == document).state == DocumentState.BLOCKED
    ask(ready)
    work()
    (made,) = there(ready)
    assert made["PrimaryEmailAddr"] == {"Address": "desk@quillwright.example"}
    assert made["PrimaryPhone"] == {"FreeFormNumber": "+1 860 555 0142"}
    assert made["WebAddr"] == {"URI": "https://quillwright.example"}
    assert made["BillAddr"]["Line1"] == "4 Weir Lane"
    assert made["ShipAddr"]["Line1"] == "Dock 2"
    assert made["SalesTermRef"]["value"] == "3"
    link, delivery = link_of(ready.company), newest(ready.company)
    assert link is not None
    assert (link.remote_id, link.linked_by_id) == (made["Id"], ready.member.id)
    assert (delivery.state, delivery.remote_id, delivery.error) == (DeliveryState.SENT, made["Id"], None)
    assert state_of(ready.company) == StandingState.LINKED
    assert state_of(ready.company, MemberType.SUPPLIER) != StandingState.LINKED
    assert DirectoryEntry.get(DirectoryEntry.name == NAME).remote_id == made["Id"]
    assert DocumentStatus.get(DocumentStatus.document == document).state == DocumentState.READY
    assert Activity.get(Activity.verb == "company.created").facts["linked"] is True
    assert outcomes(ready.company) == ["sent"]


def test_supplier_becomes_a_vendor(ready: SimpleNamespace) -> None:
    ask(ready, member_type=MemberType.SUPPLIER)
    work()
    (made,) = there(ready, entity="Vendor")
    assert made["TermRef"]["value"] == "3"
    link = link_of(ready.company, MemberType.SUPPLIER)
    assert link is not None
    assert link.remote_id == made["Id"]
    assert there(ready) == []


def test_sub_customer_is_below_its_parent(ready: SimpleNamespace) -> None:
    ask(ready, parent_id="1")
    work()
    (made,) = there(ready)
    assert (made["Job"], made["ParentRef"]["value"], made["Level"]) == (True, "1", 1)
    entry = DirectoryEntry.get(DirectoryEntry.name == NAME)
    assert entry.parent_id == "1"
    assert entry.full_name.endswith(f":{NAME}")


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "500"])
def test_what_has_no_answer_is_repeated_and_made_once(ready: SimpleNamespace, kind: str) -> None:
    ask(ready)
    fault(ready, kind)
    work()
    first = newest(ready.company)
    assert (first.state, first.payload is None) == (DeliveryState.QUEUED, False)
    Company.update(email="other@quillwright.example").where(Company.id == ready.company.id).execute()
    make_due()
    work()
    again = newest(ready.company)
    assert (again.request_id, bytes(again.payload)) == (first.request_id, bytes(first.payload))
    assert len(there(ready)) == 1
    assert outcomes(ready.company)[-1] == "sent"


def test_throttled_is_not_a_failed_try(ready: SimpleNamespace) -> None:
    ask(ready)
    fault(ready, "429")
    work()
    assert (newest(ready.company).state, newest(ready.company).attempts) == (DeliveryState.QUEUED, 0)
    make_due()
    end_pause(ready)
    work()
    assert len(there(ready)) == 1


def test_refused_token_is_refreshed_on_the_way(ready: SimpleNamespace) -> None:
    ask(ready)
    fault(ready, "401")
    work()
    assert outcomes(ready.company) == ["sent"]
    assert len(there(ready)) == 1


class Killed(BaseException):
    pass


def die(*_given: Any, **_named: Any) -> None:
    raise Killed


def test_worker_that_dies_before_or_after_the_call_makes_one(
    ready: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(ready)
    for place in ("parties._prepare", "parties._post", "party_records.record_made"):
        claim = outbox.claim(f"dies at {place}", now())
        assert claim is not None
        with monkeypatch.context() as patch:
            patch.setattr("webapp.delivery.records.record_wait", lambda *_given: None)
            patch.setattr(f"webapp.delivery.{place}", die)
            with pytest.raises(Killed):
                sending.deliver(claim)
        Delivery.update(lease_until=now() - timedelta(seconds=1)).execute()
    assert len(there(ready)) == 1
    assert link_of(ready.company) is None
    work()
    assert len(there(ready)) == 1
    assert link_of(ready.company) is not None
    assert outcomes(ready.company) == ["interrupted", "interrupted", "interrupted", "sent"]


def test_request_that_quickbooks_forgot_is_recognised_by_its_name(ready: SimpleNamespace) -> None:
    ask(ready)
    fault(ready, "drop_after")
    work()
    (made,) = there(ready)
    # QuickBooks does not know the request any more, and refuses the name
    Delivery.update(request_id="forgotten").execute()
    make_due()
    work()
    assert outcomes(ready.company)[-1] == "adopted"
    assert [one["Id"] for one in there(ready)] == [made["Id"]]
    link = link_of(ready.company)
    assert link is not None
    assert link.remote_id == made["Id"]


def give_up(world: SimpleNamespace, first: str) -> None:
    fault(world, first)
    fault(world, "503", times=7)
    for _try in range(8):
        make_due()
        work()
    assert newest(world.company).error["unknown"]


def test_asking_again_repeats_the_same_bytes_until_there_is_an_answer(ready: SimpleNamespace) -> None:
    ask(ready)
    give_up(ready, "drop_after")
    first = newest(ready.company)
    again = ask(ready, "Another name")
    assert again.id != first.id
    assert (again.request_id, again.asked["name"]) == (first.request_id, NAME)
    work()
    assert len(there(ready)) == 1
    assert there(ready, "Another name") == []
    assert state_of(ready.company) == StandingState.LINKED


def a_day_later(world: SimpleNamespace) -> None:
    day = timedelta(hours=25)
    for row in Delivery.select():
        ended = row.finished_at and row.finished_at - day
        Delivery.update(created_at=row.created_at - day, finished_at=ended).where(
            Delivery.id == row.id
        ).execute()
    for tried in DeliveryAttempt.select():
        DeliveryAttempt.update(started_at=tried.started_at - day).where(
            DeliveryAttempt.id == tried.id
        ).execute()


def test_after_a_day_it_is_looked_for_and_taken_over(ready: SimpleNamespace) -> None:
    ask(ready)
    give_up(ready, "drop_after")
    a_day_later(ready)
    ask(ready)
    make_due()
    work()
    assert outcomes(ready.company)[-1] == "adopted"
    assert len(there(ready)) == 1


def test_after_a_day_what_was_never_made_is_made(ready: SimpleNamespace) -> None:
    ask(ready)
    give_up(ready, "drop_before")
    a_day_later(ready)
    ask(ready)
    make_due()
    work()
    assert outcomes(ready.company)[-1] == "sent"
    assert len(there(ready)) == 1


def test_one_that_was_renamed_meanwhile_is_not_made_again(ready: SimpleNamespace) -> None:
    ask(ready)
    give_up(ready, "drop_after")
    (made,) = there(ready)
    with api(ready) as client:
        client.update("Customer", {**made, "DisplayName": "Renamed by hand", "sparse": True}, "rename")
    a_day_later(ready)
    ask(ready)
    make_due()
    work()
    error = newest(ready.company).error
    assert (error["code"], error["found"]) == (
        "changed_found",
        [{"id": made["Id"], "number": "Renamed by hand"}],
    )
    assert there(ready) == []


def test_name_that_is_taken_only_in_quickbooks_comes_back_with_its_owner(ready: SimpleNamespace) -> None:
    with api(ready) as client:
        owner = client.create("Vendor", {"DisplayName": NAME}, "typed-in")
    ask(ready)
    work()
    error = newest(ready.company).error
    assert (error["code"], error["provider_code"]) == ("duplicate_name", "6240")
    assert error["found"] == [{"id": owner["Id"], "number": NAME}]
    assert link_of(ready.company) is None
    assert DirectoryEntry.get(DirectoryEntry.name == NAME).remote_id == owner["Id"]
    with pytest.raises(Invalid) as caught:
        ask(ready)
    ((code, entry),) = caught.value.errors["name"]
    assert (code, entry.remote_id) == ("taken", owner["Id"])
    ask(ready, f"{NAME} (Hartford)")
    work()
    assert len(there(ready, f"{NAME} (Hartford)")) == 1


def test_employees_have_names_too(ready: SimpleNamespace) -> None:
    with api(ready) as client:
        client.create("Employee", {"DisplayName": NAME, "GivenName": "Q", "FamilyName": "W"}, "hired")
    ask(ready)
    work()
    error = newest(ready.company).error
    assert (error["code"], error["found"]) == ("duplicate_name", [])


def test_link_that_a_person_wrote_before_the_call_stops_it(ready: SimpleNamespace) -> None:
    ask(ready)
    service.link(ready.owner, ready.connection, ready.company.id, MemberType.CUSTOMER, "2")
    work()
    assert newest(ready.company).error["code"] == "link_changed"
    assert there(ready) == []
    link = link_of(ready.company)
    assert link is not None
    assert link.remote_id == "2"


def test_link_that_a_person_wrote_during_the_call_stays(
    ready: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(ready)
    post = parties._post

    def linked_meanwhile(*given: Any, **named: Any) -> Any:
        made = post(*given, **named)
        service.do_not_link(ready.owner, ready.connection, ready.company.id, MemberType.CUSTOMER)
        return made

    monkeypatch.setattr(parties, "_post", linked_meanwhile)
    work()
    (made,) = there(ready)
    delivery, link = newest(ready.company), link_of(ready.company)
    assert link is not None
    assert link.state == LinkState.DO_NOT_LINK
    assert (delivery.state, delivery.error) == (DeliveryState.SENT, {"code": "not_linked"})
    assert DirectoryEntry.get(DirectoryEntry.name == NAME).remote_id == made["Id"]
    assert Activity.get(Activity.verb == "company.created").facts["linked"] is False


def test_two_people_at_once_make_one(ready: SimpleNamespace) -> None:
    barrier = threading.Barrier(2)
    found: list[int] = []

    def click(who: Any) -> None:
        with db.database.connection_context():
            barrier.wait(10)
            found.append(ask(ready, who=who).id)

    threads = [threading.Thread(target=click, args=[who]) for who in (ready.owner, ready.member)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 2
    assert len(set(found)) == Delivery.select().count() == 1
    work()
    assert len(there(ready)) == 1


def test_supplier_and_decorator_of_one_company_do_not_go_out_together(ready: SimpleNamespace) -> None:
    Company.update(is_decorator=True).where(Company.id == ready.company.id).execute()
    first = ask(ready, member_type=MemberType.SUPPLIER)
    assert ask(ready, member_type=MemberType.DECORATOR).id == first.id
    assert ask(ready).id != first.id


def test_two_companies_of_one_name_make_one_and_say_so(ready: SimpleNamespace) -> None:
    twin = factories.company(ready.workspace, NAME)
    ask(ready)
    ask(ready, of=twin)
    work()
    assert len(there(ready)) == 1
    assert newest(twin).error["code"] == "duplicate_name"


def test_company_that_changed_before_the_bytes_goes_out_as_it_is(ready: SimpleNamespace) -> None:
    ask(ready)
    Company.update(phone="+1 860 555 0199").where(Company.id == ready.company.id).execute()
    work()
    assert there(ready)[0]["PrimaryPhone"]["FreeFormNumber"] == "+1 860 555 0199"


def test_company_that_lost_its_member_type_is_not_made(ready: SimpleNamespace) -> None:
    ask(ready)
    Company.update(is_customer=False).where(Company.id == ready.company.id).execute()
    work()
    assert newest(ready.company).error["code"] == "not_member"
    assert there(ready) == []


def test_parent_that_went_away_stops_it(ready: SimpleNamespace) -> None:
    ask(ready, parent_id="1")
    DirectoryEntry.update(active=False).where(
        (DirectoryEntry.kind == "customer") & (DirectoryEntry.remote_id == "1")
    ).execute()
    work()
    assert newest(ready.company).error["code"] == "parent_gone"
    assert there(ready) == []


def test_parent_that_only_quickbooks_knows_to_be_gone_has_the_lists_read(ready: SimpleNamespace) -> None:
    ask(ready, parent_id="1")
    with api(ready) as client:
        newest_one = client.read("Customer", "1")
        client.update("Customer", {**newest_one, "Active": False, "sparse": True}, "gone")
    work()
    assert newest(ready.company).error["code"] == "not_found_remote"
    assert link_of(ready.company) is None
    parent = directory.entry(ready.workspace.id, ready.connection.realm_id, "customer", "1")
    assert parent is not None
    assert not parent.active


def test_disconnected_company_waits_and_goes_on_when_it_is_back(ready: SimpleNamespace) -> None:
    ask(ready)
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    work()
    assert newest(ready.company).state == DeliveryState.QUEUED
    Connection.update(status=ConnectionStatus.CONNECTED).execute()
    make_due()
    work()
    assert len(there(ready)) == 1


def test_what_waits_for_another_quickbooks_company_is_ended(ready: SimpleNamespace) -> None:
    ask(ready)
    Connection.update(realm_id="9").execute()
    outbox.fail_strays(now())
    assert newest(ready.company).error["code"] == "company_changed"


def test_queued_one_can_be_taken_back_until_it_is_sent(ready: SimpleNamespace) -> None:
    ask(ready)
    creating.withdraw(ready.member, ready.connection, ready.company.id, MemberType.CUSTOMER)
    work()
    assert there(ready) == []
    assert newest(ready.company).error == {"code": "withdrawn"}
    with pytest.raises(Conflict):
        creating.withdraw(ready.member, ready.connection, ready.company.id, MemberType.CUSTOMER)
    ask(ready)
    fault(ready, "drop_after")
    work()
    with pytest.raises(Conflict):
        creating.withdraw(ready.member, ready.connection, ready.company.id, MemberType.CUSTOMER)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "required"),
        ("  \t ", "required"),
        ("Acme: Ohio", "characters"),
        ("Nul\0name", "characters"),
        ("x" * 501, ("too_long", 500)),
    ],
)
def test_names_that_quickbooks_would_refuse(ready: SimpleNamespace, name: str, code: Any) -> None:
    with pytest.raises(Invalid) as caught:
        ask(ready, name)
    assert caught.value.errors == {"name": [code]}
    assert not Delivery.select().exists()


@pytest.mark.parametrize("name", ["50% off_'\"", "شركة القلم", "Ink 🖋 Co.", "x" * 500, "O'Hara \\ Sons"])
def test_names_of_every_kind_go_out_as_they_are(ready: SimpleNamespace, name: str) -> None:
    ask(ready, name)
    work()
    assert newest(ready.company).state == DeliveryState.SENT
    assert DirectoryEntry.get(DirectoryEntry.remote_id == newest(ready.company).remote_id).name == name


@pytest.mark.parametrize("parent", ["31", "999999", "\0", "x" * 400])
def test_parent_is_a_customer_of_the_mirror(ready: SimpleNamespace, parent: str) -> None:
    DirectoryEntry.delete().where(
        (DirectoryEntry.kind == "customer") & (DirectoryEntry.remote_id == "31")
    ).execute()
    with pytest.raises(Invalid) as caught:
        ask(ready, parent_id=parent)
    assert caught.value.errors == {"parent_id": ["unknown"]}


def test_vendor_has_no_parent(ready: SimpleNamespace) -> None:
    with pytest.raises(Invalid) as caught:
        ask(ready, member_type=MemberType.SUPPLIER, parent_id="1")
    assert caught.value.errors == {"parent_id": ["unknown"]}


def test_hierarchy_ends_where_quickbooks_ends_it(ready: SimpleNamespace) -> None:
    DirectoryEntry.update(full_name="A:B:C:D:E").where(
        (DirectoryEntry.kind == "customer") & (DirectoryEntry.remote_id == "1")
    ).execute()
    with pytest.raises(Invalid) as caught:
        ask(ready, parent_id="1")
    assert caught.value.errors == {"parent_id": [("deep", 5)]}


def test_nobody_makes_anything_of_another_workspace(ready: SimpleNamespace) -> None:
    theirs = factories.company(ready.other)
    with pytest.raises(NotFound):
        ask(ready, of=theirs)
    with pytest.raises(NotFound):
        ask(ready, who=ready.outsider)
    with pytest.raises(NotFound):
        ask(ready, who=ready.support)
    with pytest.raises(NotFound):
        ask(ready, of=ready.customer, member_type=MemberType.SUPPLIER)
    assert not Delivery.select().exists()


def test_linked_company_and_an_old_screen_are_conflicts(ready: SimpleNamespace) -> None:
    with pytest.raises(Conflict):
        ask(ready, of=ready.customer, seen=service.token(
            ready.workspace.id, ready.connection.realm_id, MemberType.CUSTOMER, ready.customer.id
        ))  # fmt: skip
    service.do_not_link(ready.owner, ready.connection, ready.company.id, MemberType.CUSTOMER)
    with pytest.raises(Conflict):
        ask(ready)


def test_disconnected_workspace_is_told(ready: SimpleNamespace) -> None:
    gone = Connection.get_by_id(ready.connection.id)
    gone.status = ConnectionStatus.DISCONNECTED
    ready.connection = gone
    with pytest.raises(Invalid) as caught:
        ask(ready)
    assert caught.value.errors == {"connection": ["not_connected"]}


def test_email_that_is_none_and_unmapped_terms_stay_behind(ready: SimpleNamespace) -> None:
    odd = factories.company(ready.workspace, "Odd & Ends", email="ask at the desk", terms="Whenever")
    ask(ready, "Odd & Ends", of=odd)
    work()
    (made,) = there(ready, "Odd & Ends")
    assert "PrimaryEmailAddr" not in made
    assert "SalesTermRef" not in made


def test_documents_and_companies_share_the_queue(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    ask(ready)
    documents.send(ready.owner, document.id)
    assert connections.living(ready.workspace.id) is not None
    work()
    assert DocumentStatus.get(DocumentStatus.document == document).state == DocumentState.SENT
    assert Document.select().count() == 1
    assert len(there(ready)) == 1
