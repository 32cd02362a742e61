"""Linking: what may be linked, exact undo, and what documents get of it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from webapp import db
from webapp.clock import now
from webapp.db.search import fold
from webapp.errors import Conflict, Invalid, NotFound
from webapp.jobs import service as jobs
from webapp.links import rebuilding, service, table
from webapp.links.rows import Row, View
from webapp.models import (
    Activity,
    Company,
    Connection,
    ConnectionStatus,
    DirectoryEntry,
    DocumentStatus,
    Link,
    LinkState,
    MemberType,
    Permission,
    StandingState,
    User,
    Visibility,
    Workspace,
)

CUSTOMER, SUPPLIER, DECORATOR = MemberType
REALM = "4620816365213508"


def entry(home: Workspace, remote_id: str, name: str, **values: Any) -> DirectoryEntry:
    full_name = values.pop("full_name", name)
    folded = fold(" ".join(filter(None, (full_name, values.get("email", "")))))
    defaults = {
        "workspace": home,
        "realm_id": REALM,
        "kind": "customer",
        "remote_id": remote_id,
        "name": name,
        "full_name": full_name,
        "folded": folded,
        "name_key": name.casefold(),
    }
    return DirectoryEntry.create(**{**defaults, **values})


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    """The world with a connection, two customers and a vendor of QuickBooks, and a company."""
    world.connection = factories.connection(world.workspace)
    entry(world.workspace, "58", "Alder & Finch Events")
    entry(world.workspace, "59", "Birchline Outfitters Inc.")
    entry(world.workspace, "70", "Copper Mug Supply", kind="vendor")
    world.company = factories.company(world.workspace, "Alder & Finch Events")
    return world


def customers(home: Workspace) -> tuple[Row, ...]:
    return service.page(home.id, REALM, CUSTOMER, View()).rows


def states(home: Workspace, member_type: MemberType = CUSTOMER) -> dict[str, tuple[str, str | None]]:
    found = table.page(home.id, REALM, member_type, View()).rows
    return {row.name: (row.state.value, row.remote_id) for row in found}


def activities() -> list[str]:
    return [row.verb for row in Activity.select().order_by(Activity.id)]


def test_link_is_saved_with_who_and_noted(desk: SimpleNamespace) -> None:
    change = service.link(desk.member, desk.connection, desk.company.id, CUSTOMER, "58")
    link = Link.get()
    assert (link.remote_id, link.state, link.linked_by_id) == ("58", LinkState.LINKED, desk.member.id)
    assert change.remote_name == "Alder & Finch Events"
    row = Activity.get_by_id(change.activity_id)
    assert (row.verb, row.user_id, row.subject_id) == ("links.linked", desk.member.id, desk.company.id)
    assert row.facts["before"]["state"] is None
    assert row.facts["after"]["remote_name"] == "Alder & Finch Events"


@pytest.mark.parametrize(
    ("remote_id", "code"),
    [
        ("", "required"),
        ("70", "unknown"),
        ("999", "unknown"),
        ("5\0", "unknown"),
        ("5" * 500, "unknown"),
        ("inactive", "inactive"),
        ("theirs", "unknown"),
        ("other realm", "unknown"),
        ("an item", "unknown"),
    ],
)
def test_link_refuses_what_is_not_an_active_customer_of_this_company(
    desk: SimpleNamespace, remote_id: str, code: str
) -> None:
    entry(desk.workspace, "inactive", "Gone", active=False)
    entry(desk.other, "theirs", "Of another workspace")
    entry(desk.workspace, "other realm", "Of another company", realm_id="1")
    entry(desk.workspace, "an item", "Mug", kind="item")
    with pytest.raises(Invalid) as refused:
        service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, remote_id)
    assert refused.value.errors == {"remote_id": [code]}
    assert Link.select().count() == Activity.select().count() == 0


@pytest.mark.parametrize(("member_type", "remote_id"), [(SUPPLIER, "58"), (DECORATOR, "58")])
def test_vendors_and_customers_are_not_mixed(
    desk: SimpleNamespace, member_type: MemberType, remote_id: str
) -> None:
    company = factories.company(desk.workspace, "Copper Mug", is_supplier=True, is_decorator=True)
    with pytest.raises(Invalid):
        service.link(desk.owner, desk.connection, company.id, member_type, remote_id)
    service.link(desk.owner, desk.connection, company.id, member_type, "70")


def test_company_must_be_of_the_member_type_and_of_the_workspace(desk: SimpleNamespace) -> None:
    theirs = factories.company(desk.other, "Elsewhere customer")
    for company_id, member_type, remote_id in (
        (desk.company.id, SUPPLIER, "70"),
        (theirs.id, CUSTOMER, "58"),
        (10**9, CUSTOMER, "58"),
    ):
        with pytest.raises(NotFound):
            service.link(desk.owner, desk.connection, company_id, member_type, remote_id)


def people(desk: SimpleNamespace) -> list[User]:
    return [desk.outsider, desk.support]


@pytest.mark.parametrize("who", ["outsider", "support"])
def test_people_from_elsewhere_are_refused(desk: SimpleNamespace, who: str) -> None:
    for verb in (
        lambda user: service.link(user, desk.connection, desk.company.id, CUSTOMER, "58"),
        lambda user: service.unlink(user, desk.connection, desk.company.id, CUSTOMER),
        lambda user: service.do_not_link(user, desk.connection, desk.company.id, CUSTOMER),
        lambda user: service.undo(user, desk.connection, 1),
    ):
        with pytest.raises(NotFound):
            verb(getattr(desk, who))


def test_member_for_whom_it_is_hidden_cannot_link(desk: SimpleNamespace) -> None:
    Permission.create(workspace=desk.workspace, visible_to=Visibility.SELECTED)
    with pytest.raises(NotFound):
        service.link(desk.member, desk.connection, desk.company.id, CUSTOMER, "58")
    service.link(desk.admin, desk.connection, desk.company.id, CUSTOMER, "58")


def test_link_needs_a_living_connection(desk: SimpleNamespace) -> None:
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    with pytest.raises(Invalid):
        service.link(desk.owner, Connection.get(), desk.company.id, CUSTOMER, "58")


def test_save_that_changes_nothing_writes_nothing(desk: SimpleNamespace) -> None:
    service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, "58")
    before = Link.get()
    again = service.link(desk.admin, desk.connection, desk.company.id, CUSTOMER, "58", seen="stale")
    assert again.activity_id is None
    assert (Link.get().version, Link.get().linked_by_id) == (before.version, desk.owner.id)
    assert activities() == ["links.linked"]
    other = factories.company(desk.workspace)
    assert service.unlink(desk.owner, desk.connection, other.id, CUSTOMER).activity_id is None


def test_second_company_on_one_customer_is_allowed_and_named(desk: SimpleNamespace) -> None:
    other = factories.company(desk.workspace, "Alder Youth League")
    service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, "58")
    change = service.link(desk.owner, desk.connection, other.id, CUSTOMER, "58")
    assert change.shared_with == ("Alder & Finch Events",)
    rows = table.page(desk.workspace.id, REALM, CUSTOMER, View()).rows
    assert [row.shared_with for row in rows] == [("Alder Youth League",), ("Alder & Finch Events",)]


def test_same_company_as_supplier_and_decorator_shares_with_nobody(desk: SimpleNamespace) -> None:
    both = factories.company(desk.workspace, "Copper Mug", is_supplier=True, is_decorator=True)
    service.link(desk.owner, desk.connection, both.id, SUPPLIER, "70")
    assert service.link(desk.owner, desk.connection, both.id, DECORATOR, "70").shared_with == ()


def snapshot() -> list[tuple[Any, ...]]:
    rows = Link.select(Link.company, Link.state, Link.remote_id, Link.linked_by, Link.linked_at)
    return sorted(rows.tuples())


@pytest.mark.parametrize("former", [None, "58", "do_not_link"])
@pytest.mark.parametrize("verb", ["link", "unlink", "do_not_link"])
def test_undo_restores_exactly_the_former_state(desk: SimpleNamespace, former: str | None, verb: str) -> None:
    at = (desk.connection, desk.company.id, CUSTOMER)
    if former == "do_not_link":
        service.do_not_link(desk.admin, *at)
    elif former:
        service.link(desk.admin, *at, former)
    before = snapshot()
    change = (
        service.link(desk.owner, *at, "59") if verb == "link" else getattr(service, verb)(desk.owner, *at)
    )
    if change.activity_id is None:
        assert snapshot() == before
        return
    assert snapshot() != before
    service.undo(desk.member, desk.connection, change.activity_id)
    assert snapshot() == before
    assert activities()[-1] == "links.undone"
    with pytest.raises(Conflict):
        service.undo(desk.member, desk.connection, change.activity_id)
    assert snapshot() == before


def test_undo_refuses_after_another_change_even_back_to_the_same(desk: SimpleNamespace) -> None:
    at = (desk.connection, desk.company.id, CUSTOMER)
    first = service.link(desk.owner, *at, "58")
    service.unlink(desk.admin, *at)
    service.link(desk.admin, *at, "58")
    with pytest.raises(Conflict):
        service.undo(desk.owner, desk.connection, first.activity_id)
    assert Link.get().linked_by_id == desk.admin.id


def test_undo_is_refused_for_another_quickbooks_company(desk: SimpleNamespace) -> None:
    change = service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, "58")
    Connection.update(realm_id="1").execute()
    with pytest.raises(Conflict):
        service.undo(desk.owner, Connection.get(), change.activity_id)


def test_undo_knows_only_changes_of_links_in_this_workspace(desk: SimpleNamespace) -> None:
    other = Activity.create(workspace=desk.workspace, verb="permissions.saved", facts={})
    change = service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, "58")
    with pytest.raises(NotFound):
        service.undo(desk.owner, desk.connection, other.id)
    theirs = factories.connection(desk.other, realm_id="77")
    with pytest.raises(NotFound):
        service.undo(desk.outsider, theirs, change.activity_id)


def test_second_of_two_people_is_told(desk: SimpleNamespace) -> None:
    seen = service.token(desk.workspace.id, REALM, CUSTOMER, desk.company.id)
    service.link(desk.admin, desk.connection, desk.company.id, CUSTOMER, "58", seen)
    with pytest.raises(Conflict):
        service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, "59", seen)
    assert Link.get().remote_id == "58"
    assert service.last_changed_by(desk.workspace.id, desk.company.id) == "Mika Orlen"


def test_change_between_reading_and_writing_is_a_conflict(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = (desk.connection, desk.company.id, CUSTOMER)
    read = service.changes.Place.link

    def read_then_overtaken(place: Any) -> Link | None:
        found = read(place)
        if found is None:
            factories.link(desk.workspace, REALM, desk.company, "59")
        else:
            Link.update(version=Link.version + 1).execute()
        return found

    monkeypatch.setattr(service.changes.Place, "link", read_then_overtaken)
    with pytest.raises(Conflict):
        service.link(desk.owner, *at, "58")
    monkeypatch.undo()
    service.link(desk.owner, *at, "59")
    monkeypatch.setattr(service.changes.Place, "link", read_then_overtaken)
    for verb in (service.unlink, service.do_not_link):
        with pytest.raises(Conflict):
            verb(desk.owner, *at)


def test_change_has_unsent_documents_checked_anew(desk: SimpleNamespace) -> None:
    mine = factories.document(desk.workspace, desk.company)
    other = factories.document(desk.workspace, factories.company(desk.workspace))
    cost = factories.document(
        desk.workspace, factories.company(desk.workspace), kind="bill", customer=desk.company
    )
    DocumentStatus.update(needs_check=False).execute()
    service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, "58")
    asked = {row.document_id for row in DocumentStatus.select().where(DocumentStatus.needs_check)}
    assert asked == {mine.id, cost.id}
    assert other.id not in asked


def test_overview_adds_up_per_member_type(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "60", "Gone", active=False)
    for name, remote_id in (("Linked", "59"), ("Inactive", "60"), ("Vanished", "404")):
        factories.link(home, REALM, factories.company(home, name), remote_id)
    factories.link(home, REALM, factories.company(home, "Never"), None, state=LinkState.DO_NOT_LINK)
    factories.link(home, "1", desk.company, "58")
    factories.company(home, "Prospect", is_customer=False, is_prospect=True)
    factories.company(home, "Mugs", is_customer=False, is_supplier=True, is_decorator=True)
    factories.company(desk.other, "Elsewhere")
    customers, suppliers, decorators = service.overview(home.id)
    assert (customers.linked, customers.review, customers.not_linked, customers.do_not_link) == (1, 2, 1, 1)
    assert customers.total == 4
    assert (suppliers.not_linked, decorators.not_linked) == (1, 1)


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (None, ["Alder & Finch Events", "Gone to", "Linked", "Never"]),
        (StandingState.NOT_LINKED, ["Alder & Finch Events"]),
        (StandingState.LINKED, ["Linked"]),
        (StandingState.CONFLICT, ["Gone to"]),
        (StandingState.DO_NOT_LINK, ["Never"]),
    ],
)
def test_page_filters_by_state(desk: SimpleNamespace, state: StandingState | None, names: list[str]) -> None:
    home = desk.workspace
    entry(home, "60", "Gone", active=False)
    factories.link(home, REALM, factories.company(home, "Linked"), "59")
    factories.link(home, REALM, factories.company(home, "Gone to"), "60")
    factories.link(home, REALM, factories.company(home, "Never"), None, state=LinkState.DO_NOT_LINK)
    found = service.page(home.id, REALM, CUSTOMER, View(state=state))
    assert [row.name for row in found.rows] == names
    assert {kind: number for kind, number in found.counts.items() if number} == {
        StandingState.LINKED: 1,
        StandingState.NOT_LINKED: 1,
        StandingState.CONFLICT: 1,
        StandingState.DO_NOT_LINK: 1,
    }


def test_pages_lead_forward_and_back_without_gaps(desk: SimpleNamespace) -> None:
    home = desk.workspace
    for number in range(6):
        factories.company(home, f"Same name {number // 2}")
    whole = [row.company_id for row in service.page(home.id, REALM, CUSTOMER, View()).rows]
    first = service.page(home.id, REALM, CUSTOMER, View(), limit=3)
    second = service.page(home.id, REALM, CUSTOMER, View(after=first.next), limit=3)
    third = service.page(home.id, REALM, CUSTOMER, View(after=second.next), limit=3)
    assert [row.company_id for page in (first, second, third) for row in page.rows] == whole
    assert first.previous is None
    assert third.next is None
    back = service.page(home.id, REALM, CUSTOMER, View(before=third.previous), limit=3)
    assert back.rows == second.rows
    start = service.page(home.id, REALM, CUSTOMER, View(before=back.previous), limit=3)
    assert (start.rows, start.previous) == (first.rows, None)


def test_page_needs_no_more_queries_for_more_rows(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = db.database.obj.execute_sql
    monkeypatch.setattr(
        db.database.obj,
        "execute_sql",
        lambda sql, *args, **kw: asked.append(sql) or execute(sql, *args, **kw),
    )
    for number in range(12):
        company = factories.company(desk.workspace, f"Company of mugs {number}")
        if number % 2:
            factories.link(desk.workspace, REALM, company, "59")
    asked.clear()
    service.page(desk.workspace.id, REALM, CUSTOMER, View())
    assert len(asked) <= 4
    asked.clear()
    service.overview(desk.workspace.id)
    assert len(asked) == 3  # one for each member type


@pytest.mark.parametrize(
    "text",
    ["%", "_", "'", '"', '" OR 1', "🎈", "مرحبا", "x" * 10_000, "a b c d e f g h i j", "\\", "*", "NEAR("],
)
def test_search_takes_any_text(desk: SimpleNamespace, text: str) -> None:
    found = service.page(desk.workspace.id, REALM, CUSTOMER, View(text))
    assert found.rows == ()
    assert sum(found.counts.values()) == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("100% Cotton", "00%"),
        ("Under_score", "r_s"),
        ("O'Neil", "'nei"),
        ("Balloons 🎈🎈🎈", "🎈🎈🎈"),
        ("Québec", "QUEBEC"),
    ],
)
def test_search_finds_signs_as_they_are_written(desk: SimpleNamespace, name: str, text: str) -> None:
    factories.company(desk.workspace, name)
    found = service.page(desk.workspace.id, REALM, CUSTOMER, View(text))
    assert [row.name for row in found.rows] == [name]
    assert found.counts[StandingState.NOT_LINKED] == 1


def test_offer_stands_at_rows_that_are_not_linked(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "61", "Kestrel Dental", phone="(860) 555-0142", email="x@kestrel.example")
    entry(home, "62", "Birchline Outfitters Ltd", active=False)
    entry(desk.other, "63", "Birchline Outfitters")
    factories.company(home, "Birchline Outfitters")
    factories.company(home, "Falcon", phone="860 555 0142", email="y@kestrel.example")
    factories.company(home, "Nobody like it")
    factories.suggest(home)
    offers = {row.name: (row.state, row.remote_id, row.score) for row in customers(home)}
    assert offers["Nobody like it"] == (StandingState.NOT_LINKED, None, None)
    assert offers["Birchline Outfitters"][:2] == (StandingState.SUGGESTED, "59")
    assert offers["Falcon"][:2] == (StandingState.SUGGESTED, "61")
    assert 100 >= offers["Birchline Outfitters"][2] > 90 > offers["Falcon"][2] >= 50
    change = service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, "59")
    assert {row.name: row.state for row in customers(home)}["Birchline Outfitters"] == "not_linked"
    service.undo(desk.owner, desk.connection, change.activity_id)
    assert {row.name: row.remote_id for row in customers(home)}["Birchline Outfitters"] == "59"


def test_parties_of_an_invoice_are_its_customer(desk: SimpleNamespace) -> None:
    invoice = factories.document(desk.workspace, desk.company)
    assert service.parties_for(invoice, REALM).party_id is None
    assert service.parties_for(invoice, REALM).party_name == "Alder & Finch Events"
    factories.link(desk.workspace, REALM, desk.company, "58")
    parties = service.parties_for(invoice, REALM)
    assert (parties.party_id, parties.customer_id, parties.customer_name) == (
        "58",
        "58",
        "Alder & Finch Events",
    )
    assert service.parties_for(invoice, "1").party_id is None


def test_parties_of_costs_prefer_the_supplier_link(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "71", "Copper Mug Printing", kind="vendor")
    maker = factories.company(home, "Copper Mug", is_supplier=True, is_decorator=True)
    bill = factories.document(home, maker, kind="bill", customer=desk.company)
    assert service.parties_for(bill, REALM).party_id is None
    factories.link(home, REALM, maker, "71", member_type=DECORATOR)
    assert service.parties_for(bill, REALM).party_id == "71"
    factories.link(home, REALM, maker, "70", member_type=SUPPLIER)
    factories.link(home, REALM, desk.company, "58")
    parties = service.parties_for(bill, REALM)
    assert (parties.party_id, parties.party_name) == ("70", "Copper Mug")
    assert (parties.customer_id, parties.customer_name) == ("58", "Alder & Finch Events")


def test_link_to_an_inactive_customer_gives_no_party(desk: SimpleNamespace) -> None:
    factories.link(desk.workspace, REALM, desk.company, "58")
    invoice = factories.document(desk.workspace, desk.company)
    DirectoryEntry.update(active=False).where(DirectoryEntry.remote_id == "58").execute()
    assert service.parties_for(invoice, REALM).party_id is None


def test_parties_of_many_are_those_of_each(desk: SimpleNamespace) -> None:
    factories.link(desk.workspace, REALM, desk.company, "58")
    documents = [factories.document(desk.workspace, desk.company) for _ in range(3)]
    documents.append(
        factories.document(desk.workspace, factories.company(desk.workspace, is_supplier=True), kind="bill")
    )
    found = service.parties_for_many(documents, REALM)
    assert found == {document.id: service.parties_for(document, REALM) for document in documents}
    assert service.parties_for_many([], REALM) == {}


def test_links_of_one_company_of_quickbooks_stay_when_another_is_connected(desk: SimpleNamespace) -> None:
    home = desk.workspace
    service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, "58")
    for realm_id, linked in (("1", 0), (REALM, 1)):
        Connection.update(realm_id=realm_id).execute()
        jobs.start_once(home.id, rebuilding.KIND)
        factories.do_jobs()
        assert service.overview(home.id)[0].linked == linked


def test_linked_at_is_the_moment_of_linking(desk: SimpleNamespace) -> None:
    service.link(desk.owner, desk.connection, desk.company.id, CUSTOMER, "58")
    assert now() - Link.get().linked_at < timedelta(minutes=1)
    assert Company.get_by_id(desk.company.id).name == "Alder & Finch Events"
