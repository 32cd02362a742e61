"""Where companies stand: kept right whatever changes, and made anew by the worker."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import factories
from tests.services.test_links import CUSTOMER, REALM, SUPPLIER, desk, entry  # noqa: F401
from webapp.companies import importing
from webapp.jobs import service as jobs
from webapp.links import hits, rebuilding, service, standings, suggesting, table
from webapp.links.rows import Sort, View
from webapp.models import (
    Company,
    DirectoryEntry,
    Job,
    MemberType,
    Standing,
    StandingCount,
    StandingState,
    Workspace,
)


def counted(home: Workspace) -> dict[tuple[MemberType, StandingState], int]:
    """What the rows add up to, which the kept counts have to say too."""
    found: dict[tuple[MemberType, StandingState], int] = {}
    for row in Standing.select().where(Standing.workspace == home.id):
        key = (row.member_type, row.state)
        found[key] = found.get(key, 0) + 1
    return found


def kept(home: Workspace) -> dict[tuple[MemberType, StandingState], int]:
    rows = StandingCount.select().where((StandingCount.workspace == home.id) & (StandingCount.companies > 0))
    return {(row.member_type, row.state): row.companies for row in rows}


def test_counts_follow_every_change(desk: SimpleNamespace) -> None:  # noqa: F811
    home, others = desk.workspace, [factories.company(desk.workspace, f"Company {n}") for n in range(4)]
    steps = (
        lambda: service.link(desk.owner, desk.connection, others[0].id, CUSTOMER, "58"),
        lambda: service.do_not_link(desk.owner, desk.connection, others[1].id, CUSTOMER),
        lambda: service.unlink(desk.owner, desk.connection, others[0].id, CUSTOMER),
        lambda: factories.suggest(home),
        lambda: Company.update(is_supplier=True, is_customer=False).execute(),
        lambda: standings.sync(home.id, [other.id for other in others]),
        lambda: factories.company(desk.other, "Elsewhere"),
    )
    for step in steps:
        step()
        assert kept(home) == counted(home)
    assert kept(home) == {(SUPPLIER, StandingState.NOT_LINKED): 4, (CUSTOMER, StandingState.SUGGESTED): 1}


def test_what_is_as_it_should_be_is_not_written(desk: SimpleNamespace) -> None:  # noqa: F811
    assert standings.sync(desk.workspace.id, [desk.company.id]) == 0
    Company.update(sort_name="zz").execute()
    assert standings.sync(desk.workspace.id, [desk.company.id]) == 1


def test_company_of_another_workspace_is_passed_over(desk: SimpleNamespace) -> None:  # noqa: F811
    theirs = factories.company(desk.other, "Elsewhere")
    assert standings.sync(desk.workspace.id, [theirs.id]) == 0
    assert kept(desk.workspace) == {(CUSTOMER, StandingState.NOT_LINKED): 1}


def test_rebuilding_goes_through_all_and_sees_what_quickbooks_gave_up(
    desk: SimpleNamespace,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    for number in range(5):
        other = factories.company(desk.workspace, f"Company {number}")
        service.link(desk.owner, desk.connection, other.id, CUSTOMER, "58")
    DirectoryEntry.update(active=False).where(DirectoryEntry.remote_id == "58").execute()

    for _ in range(2):
        jobs.start_once(desk.workspace.id, rebuilding.KIND)
    mine = Job.select().where(Job.kind == rebuilding.KIND)
    assert mine.count() == 1
    factories.do_jobs()
    assert kept(desk.workspace)[CUSTOMER, StandingState.CONFLICT] == 5
    assert mine.get().done == 6


def test_import_puts_companies_into_the_table_and_has_them_suggested(
    desk: SimpleNamespace,  # noqa: F811
) -> None:
    row = {"esp_id": "C-new", "name": "Birchline Outfitters", "is_customer": True, "is_supplier": True}
    importing.save(desk.workspace.id, importing.compare(desk.workspace.id, [row]))
    assert kept(desk.workspace)[SUPPLIER, StandingState.NOT_LINKED] == 1
    assert Job.get().kind == suggesting.KIND
    factories.do_jobs()
    assert kept(desk.workspace)[CUSTOMER, StandingState.SUGGESTED] == 2
    changed = {**row, "is_supplier": False}
    importing.save(desk.workspace.id, importing.compare(desk.workspace.id, [changed]))
    assert (SUPPLIER, StandingState.NOT_LINKED) not in kept(desk.workspace)


@pytest.mark.parametrize("sort", list(Sort))
def test_every_order_pages_through_all_rows_both_ways(
    desk: SimpleNamespace,  # noqa: F811
    sort: Sort,
) -> None:
    home = desk.workspace
    for number in range(6):
        entry(home, f"9{number}", f"Quillhaven {number}")
        company = factories.company(home, f"Quillhaven {number}", phone="860 555 0142" if number % 2 else "")
        Company.update(email="a@quillhaven.example").where(Company.id == company.id).execute()
    factories.suggest(home)
    view = View(state=StandingState.SUGGESTED, sort=sort)
    whole = [row.company_id for row in service.page(home.id, REALM, CUSTOMER, view).rows]
    seen, pages, after = [], [], None
    while True:
        page = service.page(home.id, REALM, CUSTOMER, View(state=view.state, sort=sort, after=after), limit=2)
        seen += [row.company_id for row in page.rows]
        pages.append(page)
        if page.next is None:
            break
        after = page.next
    assert seen == whole
    assert len(set(whole)) == 7
    before = View(state=view.state, sort=sort, before=pages[2].previous)
    assert service.page(home.id, REALM, CUSTOMER, before, limit=2).rows == pages[1].rows


def test_search_that_finds_very_many_pages_along_the_index(
    desk: SimpleNamespace,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:

    home = desk.workspace
    for number in range(8):
        factories.company(home, f"Quillhaven {number}")
    few = service.page(home.id, REALM, CUSTOMER, View("uillhav"))
    for module in (hits, table):
        monkeypatch.setattr(module, "MOST_HITS", 3)
    many = service.page(home.id, REALM, CUSTOMER, View("uillhav"), limit=5)
    assert many.rows == few.rows[:5]
    assert (many.counts, few.counts[StandingState.NOT_LINKED]) == (None, 8)
    rest = service.page(home.id, REALM, CUSTOMER, View("uillhav", after=many.next), limit=5)
    assert rest.rows == few.rows[5:]


def test_do_not_link_stays_when_something_is_suggested(desk: SimpleNamespace) -> None:  # noqa: F811
    service.do_not_link(desk.owner, desk.connection, desk.company.id, CUSTOMER)
    factories.suggest(desk.workspace)
    row = Standing.get(Standing.company == desk.company.id)
    assert (row.state, row.remote_id) == (StandingState.DO_NOT_LINK, None)
