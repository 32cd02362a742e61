"""Conflicts of links: recognised when they come about, kept, resolved, and each way out taken back."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.services.test_links import CUSTOMER, DECORATOR, REALM, SUPPLIER, desk, entry  # noqa: F401
from webapp import db
from webapp.errors import Conflict, Invalid, NotFound
from webapp.links import conflict_pages, conflict_rows, conflicts, mirroring, service, standings, successors
from webapp.models import (
    Activity,
    Company,
    ConflictKind,
    DirectoryEntry,
    DocumentStatus,
    Job,
    Link,
    LinkConflict,
    MemberType,
    Permission,
    Standing,
    StandingState,
    Visibility,
)

K = ConflictKind


def customer(remote_id: str, name: str, **values: Any) -> dict[str, Any]:
    return {"Id": remote_id, "DisplayName": name, "FullyQualifiedName": name, "Active": True, **values}


def tell(world: SimpleNamespace, *entities: dict[str, Any], kind: str = "customer") -> None:
    """QuickBooks' change feed says so."""
    with db.transaction():
        mirror = mirroring.Mirror(world.workspace.id, REALM)
        mirror.take_changes(mirroring.ListKind(kind), entities)


def merged(world: SimpleNamespace, gone: str, kept: str) -> None:
    with db.transaction():
        mirroring.Mirror(world.workspace.id, REALM).note_merged(mirroring.ListKind.CUSTOMER, {gone: kept})


def found(world: SimpleNamespace, **view: Any) -> tuple[conflict_pages.Row, ...]:
    factories.do_jobs()
    return conflict_pages.page(world.workspace.id, REALM, conflict_pages.View(**view)).rows


def kinds(world: SimpleNamespace) -> dict[str, str]:
    return {row.company: row.kind.value for row in found(world)}


def link(world: SimpleNamespace, company: Company, remote_id: str, member_type: MemberType = CUSTOMER) -> Any:
    return service.link(world.owner, world.connection, company.id, member_type, remote_id)


@pytest.fixture
def linked(desk: SimpleNamespace) -> SimpleNamespace:  # noqa: F811
    """The company is linked to customer 58."""
    link(desk, desk.company, "58")
    return desk


GONE: list[tuple[list[dict[str, Any]], ConflictKind]] = [
    ([customer("58", "Alder & Finch Events (deleted)", Active=False)], K.INACTIVE),
    ([{"Id": "58", "status": "Deleted"}], K.DELETED),
]


@pytest.mark.parametrize(("told", "kind"), GONE)
def test_what_is_not_in_use_any_more_is_a_conflict_that_blocks(linked, told, kind):
    document = factories.document(linked.workspace, linked.company)
    DocumentStatus.update(needs_check=False).execute()
    tell(linked, *told)
    (row,) = found(linked)
    assert (row.kind, row.company, row.successor, row.blocked) == (kind, linked.company.name, "", 1)
    assert row.before == "Alder & Finch Events"
    assert Standing.get().state == StandingState.CONFLICT
    assert DocumentStatus.get(DocumentStatus.document == document.id).needs_check
    tell(linked, customer("58", "Alder & Finch Events"))
    assert found(linked) == ()
    assert Standing.get().state == StandingState.LINKED


def test_a_link_to_what_the_list_never_had_is_a_conflict(desk):  # noqa: F811
    factories.link(desk.workspace, REALM, desk.company, "404")
    assert kinds(desk) == {desk.company.name: "deleted"}


def test_a_merger_offers_who_is_left_even_over_several_mergers(linked):
    entry(linked.workspace, "60", "Alder Group")
    merged(linked, "58", "59")
    assert found(linked) == (), "as long as it is in use nothing is the matter"
    tell(linked, customer("58", "Alder & Finch Events (deleted)", Active=False))
    (row,) = found(linked)
    assert (row.kind, row.successor_id, row.successor) == (K.MERGED, "59", "Birchline Outfitters Inc.")
    merged(linked, "59", "60")
    tell(linked, {"Id": "59", "status": "Deleted"})
    with db.transaction():
        LinkConflict.update(successor_id="").execute()
        conflict_rows.look_again(linked.workspace.id)
    (row,) = found(linked)
    assert (row.kind, row.successor) == (K.MERGED, "Alder Group")


def test_mergers_in_a_circle_lead_nowhere(linked):
    merged(linked, "58", "59")
    merged(linked, "59", "58")
    tell(linked, *({"Id": id_, "status": "Deleted"} for id_ in ("58", "59")))
    (row,) = found(linked)
    assert (row.kind, row.successor) == (K.MERGED, "")


def test_a_merger_that_is_told_late_changes_what_is_said(linked):
    tell(linked, {"Id": "58", "status": "Deleted"})
    assert found(linked)[0].kind == K.DELETED
    merged(linked, "58", "59")
    assert found(linked)[0].kind == K.MERGED


@pytest.mark.parametrize(
    ("successor", "is_found"),
    [
        ({"name": "Alder & Finch Events"}, True),
        ({"name": "ALDER & FINCH EVENTS"}, True),
        ({"name": "Northern Lights", "email": "Office@alder.example"}, True),
        ({"name": "Finch", "phone": "(860) 555-0142"}, True),
        ({"name": "Northern Lights"}, False),
        ({"name": "Alder & Finch Events", "active": False}, False),
        ({"name": "Alder & Finch Events", "kind": "vendor"}, False),
    ],
)
def test_a_successor_has_the_same_name_address_or_number(linked, successor, is_found):
    tell(
        linked,
        customer(
            "58",
            "Alder & Finch Events",
            PrimaryEmailAddr={"Address": "office@alder.example"},
            PrimaryPhone={"FreeFormNumber": "860 555 0142"},
        ),
    )
    entry(linked.workspace, "61", **successor)
    entry(linked.other, "62", "Alder & Finch Events")
    tell(linked, {"Id": "58", "status": "Deleted"})
    (row,) = found(linked)
    assert row.successor_id == ("61" if is_found else "")


def test_one_of_two_that_could_be_meant_is_not_offered(linked):
    for remote_id in ("61", "62"):
        entry(linked.workspace, remote_id, "Alder & Finch Events")
    tell(linked, {"Id": "58", "status": "Deleted"})
    assert found(linked)[0].successor == ""


def test_a_successor_that_goes_too_is_not_offered_any_more(linked):
    entry(linked.workspace, "61", "Alder & Finch Events")
    tell(linked, {"Id": "58", "status": "Deleted"})
    assert found(linked)[0].successor_id == "61"
    tell(linked, customer("61", "Alder & Finch Events", Active=False))
    assert found(linked)[0].successor_id == ""


def test_a_new_name_is_shown_until_somebody_has_seen_it(linked):
    tell(linked, customer("58", "Alder Holdings"))
    (row,) = found(linked)
    assert (row.kind, row.before, row.now) == (K.RENAMED, "Alder & Finch Events", "Alder Holdings")
    assert Standing.get().state == StandingState.LINKED
    kept = conflicts.keep(linked.owner, linked.connection, linked.company.id, CUSTOMER, row.token)
    assert found(linked) == ()
    conflicts.undo(linked.owner, linked.connection, kept.activity_id)
    assert found(linked)[0].kind == K.RENAMED
    tell(linked, customer("58", "Alder & Finch Events"))
    assert found(linked) == ()


@pytest.mark.parametrize("name", ["ALDER & FINCH EVENTS", "Alder & Finch Events"])
def test_a_name_in_other_letters_is_the_same_name(linked, name):
    tell(linked, customer("58", name))
    assert found(linked) == ()


def test_two_companies_on_one_are_listed_until_somebody_says_it_is_meant(linked):
    others = [factories.company(linked.workspace, name) for name in ("Second", "Third")]
    link(linked, others[0], "58")
    assert kinds(linked) == {linked.company.name: "shared", "Second": "shared"}
    row = next(row for row in found(linked) if row.company == "Second")
    assert row.shared_with == (linked.company.name,)
    kept = conflicts.keep(linked.owner, linked.connection, others[0].id, CUSTOMER, row.token)
    assert kinds(linked) == {}
    standings.sync(linked.workspace.id, [linked.company.id, others[0].id])
    assert kinds(linked) == {}
    link(linked, others[1], "58")
    assert kinds(linked) == {"Third": "shared"}
    conflicts.undo(linked.owner, linked.connection, kept.activity_id)
    assert kinds(linked) == {linked.company.name: "shared", "Second": "shared", "Third": "shared"}
    service.unlink(linked.owner, linked.connection, others[0].id, CUSTOMER)
    service.unlink(linked.owner, linked.connection, others[1].id, CUSTOMER)
    assert kinds(linked) == {}


def test_supplier_and_decorator_share_vendors_and_one_company_shares_with_nobody(desk):  # noqa: F811
    both = factories.company(desk.workspace, "Both", is_customer=False, is_supplier=True, is_decorator=True)
    link(desk, both, "70", SUPPLIER)
    link(desk, both, "70", DECORATOR)
    assert kinds(desk) == {}
    other = factories.company(desk.workspace, "Other", is_customer=False, is_decorator=True)
    link(desk, other, "70", DECORATOR)
    assert sorted(row.company for row in found(desk)) == ["Both", "Both", "Other"]
    entry(desk.workspace, "70", "A customer of the same id")
    link(desk, desk.company, "70")
    assert desk.company.name not in kinds(desk)


def test_a_company_that_is_no_customer_any_more_can_lose_its_link_and_get_it_back(linked):
    Company.update(is_customer=False, is_supplier=True).where(Company.id == linked.company.id).execute()
    standings.sync(linked.workspace.id, [linked.company.id])
    (row,) = found(linked)
    assert row.kind == K.NOT_MEMBER
    change = service.unlink(linked.owner, linked.connection, linked.company.id, CUSTOMER, row.token)
    assert found(linked) == ()
    service.undo(linked.owner, linked.connection, change.activity_id)
    assert found(linked)[0].kind == K.NOT_MEMBER
    kept = conflicts.keep(
        linked.owner, linked.connection, linked.company.id, CUSTOMER, found(linked)[0].token
    )
    assert found(linked) == ()
    tell(linked, {"Id": "58", "status": "Deleted"})
    assert found(linked)[0].kind == K.DELETED
    tell(linked, customer("58", "Alder & Finch Events"))
    conflicts.undo(linked.owner, linked.connection, kept.activity_id)
    assert found(linked)[0].kind == K.NOT_MEMBER
    with pytest.raises(NotFound):
        link(linked, linked.company, "59")


def test_a_company_that_is_deleted_takes_its_conflict_along(linked):
    tell(linked, {"Id": "58", "status": "Deleted"})
    linked.company.delete_instance()
    assert found(linked) == ()


def test_taking_the_successor_is_undone_exactly(linked):
    tell(linked, customer("58", "Alder Holdings"))
    before = Link.select().dicts().get()
    tell(linked, {"Id": "58", "status": "Deleted"})
    (row,) = found(linked)
    change = service.link(linked.owner, linked.connection, linked.company.id, CUSTOMER, "59", row.token)
    assert found(linked) == ()
    assert Link.get().known_name == "Birchline Outfitters Inc."
    service.undo(linked.owner, linked.connection, change.activity_id)
    after = Link.select().dicts().get()
    assert {**after, "version": 0} == {**before, "version": 0}
    assert found(linked)[0].kind == K.DELETED


KEPT_WRONGLY: list[tuple[Callable[[SimpleNamespace], Any], str]] = [
    (lambda world: tell(world, {"Id": "58", "status": "Deleted"}), "what is gone cannot be kept"),
    (lambda world: tell(world, customer("58", "Alder & Finch Events")), "nothing is the matter any more"),
    (lambda world: link(world, world.company, "59"), "it leads elsewhere by now"),
    (lambda world: Link.delete().execute(), "it is gone"),
]


@pytest.mark.parametrize(("meanwhile", "why"), KEPT_WRONGLY)
def test_a_link_that_changed_meanwhile_is_not_kept(linked, meanwhile, why):
    tell(linked, customer("58", "Alder Holdings"))
    (row,) = found(linked)
    meanwhile(linked)
    with pytest.raises(Conflict):
        conflicts.keep(linked.owner, linked.connection, linked.company.id, CUSTOMER, row.token)
    assert not Activity.select().where(Activity.verb == conflicts.KEPT).exists(), why


def test_who_may_not_link_may_not_keep(linked):
    tell(linked, customer("58", "Alder Holdings"))
    token = found(linked)[0].token
    with pytest.raises(NotFound):
        conflicts.keep(linked.outsider, linked.connection, linked.company.id, CUSTOMER, token)
    theirs = factories.connection(linked.other, realm_id="777")
    with pytest.raises(NotFound):
        conflicts.keep(linked.owner, theirs, linked.company.id, CUSTOMER, token)
    kept = conflicts.keep(linked.owner, linked.connection, linked.company.id, CUSTOMER, token)
    with pytest.raises(NotFound):
        conflicts.undo(linked.outsider, theirs, kept.activity_id)
    Permission.create(workspace=linked.workspace, visible_to=Visibility.SELECTED)
    with pytest.raises(NotFound):
        conflicts.undo(linked.member, linked.connection, kept.activity_id)
    linked.connection.status = "disconnected"
    with pytest.raises(Invalid):
        conflicts.undo(linked.owner, linked.connection, kept.activity_id)


def test_what_is_as_it_was_is_not_written_and_looked_for_once(linked):
    tell(linked, {"Id": "58", "status": "Deleted"})
    before = [repr(row) for row in found(linked)]
    Job.delete().execute()
    standings.sync(linked.workspace.id, [linked.company.id])
    assert [repr(row) for row in found(linked)] == before
    assert Job.select().where(Job.kind == successors.KIND).count() == 0


def test_another_quickbooks_company_has_conflicts_of_its_own(linked):
    tell(linked, {"Id": "58", "status": "Deleted"})
    linked.connection.realm_id = "777"
    linked.connection.save()
    standings.sync(linked.workspace.id, [linked.company.id])
    assert LinkConflict.select().count() == 0


def test_pages_go_through_all_and_back_and_counts_are_bounded(desk, monkeypatch):  # noqa: F811
    for number in range(7):
        company = factories.company(desk.workspace, f"Quillhaven {number}")
        factories.link(desk.workspace, REALM, company, f"4{number}")
    whole = [row.id for row in found(desk)]
    seen, pages, after = [], [], None
    while True:
        page = conflict_pages.page(desk.workspace.id, REALM, conflict_pages.View(after=after), limit=3)
        seen += [row.id for row in page.rows]
        pages.append(page)
        if page.next is None:
            break
        after = page.next
    assert (seen, len(pages), seen) == (whole, 3, sorted(seen, reverse=True))
    back = conflict_pages.page(
        desk.workspace.id, REALM, conflict_pages.View(before=pages[2].previous), limit=3
    )
    assert back.rows == pages[1].rows
    Company.update(folded="northern lights").where(Company.name == "Quillhaven 3").execute()
    assert [row.company for row in found(desk, text="hern")] == ["Quillhaven 3"]
    assert found(desk, text="%") == found(desk, text="_") == ()
    assert len(found(desk, kind=K.DELETED)) == 7
    assert found(desk, kind=K.SHARED) == ()
    assert conflicts.counts(desk.workspace.id) == {**dict.fromkeys(K, 0), K.DELETED: 7}
    monkeypatch.setattr(conflicts, "COUNTED", 3)
    assert conflicts.counts(desk.workspace.id)[K.DELETED] == 4
    assert DirectoryEntry.select().count() == 3
