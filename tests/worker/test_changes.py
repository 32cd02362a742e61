"""What changes in QuickBooks' lists comes over by itself: few calls, nothing twice, nothing left out."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories, quickbooks_side, sendable
from tests.sendable import status_of, work
from webapp import db
from webapp.clock import now
from webapp.delivery import housekeeping, reading
from webapp.integrations import connections
from webapp.links import changes_feed, directory, mirroring, refreshing, runs, suggesting
from webapp.models import (
    CallCount,
    Connection,
    ConnectionStatus,
    DirectoryEntry,
    DocumentState,
    DocumentStatus,
    Job,
    ListKind,
    Standing,
    StandingState,
    Suggestion,
    Touched,
)

CUSTOMER = ListKind.CUSTOMER
DAYS = timedelta(days=1)


def connection() -> Connection:
    return Connection.get()


def entry(world: SimpleNamespace, remote_id: str, kind: ListKind = CUSTOMER) -> DirectoryEntry:
    found = directory.entry(world.workspace.id, world.connection.realm_id, kind, remote_id)
    assert found is not None
    return found


def due(**values: Any) -> None:
    """Have the changes read at once."""
    Connection.update({"changes_due_at": now(), **values}).execute()


def calls(world: SimpleNamespace, part: str = "/cdc") -> list[dict[str, Any]]:
    return [row for row in world.sandbox.requests() if part in row["path"]]


def read() -> changes_feed.Outcome:
    row = connection()
    with connections.client_for(row) as client:
        return changes_feed.read(row, client)


def everything() -> list[Any]:
    return sorted(map(repr, DirectoryEntry.select().tuples()))


@pytest.fixture
def settled(ready: SimpleNamespace) -> SimpleNamespace:
    """Nothing is due any more, and nothing has been called yet."""
    work()
    ready.company = factories.company(ready.workspace, "Saltmarsh Brewing")
    ready.before = len(ready.sandbox.requests())
    return ready


def test_a_new_name_comes_over_with_one_call_that_is_counted(settled):
    reads = CallCount.get().reads
    quickbooks_side.change(settled.sandbox, "Customer", "1", DisplayName="Renamed Rowing")
    due()
    work()
    assert entry(settled, "1").name == "Renamed Rowing"
    assert len(calls(settled)) == 1
    assert CallCount.get().reads == reads + 1
    assert connection().changes_due_at > now() + timedelta(minutes=4)
    assert directory.search(
        settled.workspace.id, settled.connection.realm_id, CUSTOMER, "renamed rowing"
    ) == [entry(settled, "1")]


def test_nothing_is_read_before_it_is_due_nor_while_all_lists_are_asked_for(settled):
    work()
    assert calls(settled) == []
    due(lists_requested_at=now() + DAYS)
    assert not reading.read_changes(now())
    due(lists_requested_at=None, status=ConnectionStatus.RECONNECT_NEEDED)
    assert not reading.read_changes(now())
    due(status=ConnectionStatus.CONNECTED, changes_since=None)
    assert not reading.read_changes(now())
    assert calls(settled) == []


def test_what_was_made_inactive_blocks_its_documents_and_marks_the_link(settled):
    document = sendable.invoice(settled)
    work()
    assert status_of(document).state == DocumentState.READY
    linked_to = Standing.get(Standing.company == settled.customer.id).remote_id
    quickbooks_side.change(settled.sandbox, "Customer", linked_to, Active=False)
    due()
    work()
    assert not entry(settled, linked_to).active
    assert Standing.get(Standing.company == settled.customer.id).state == StandingState.CONFLICT
    assert status_of(document).state == DocumentState.BLOCKED
    quickbooks_side.change(settled.sandbox, "Customer", linked_to, Active=True)
    due()
    work()
    assert Standing.get(Standing.company == settled.customer.id).state == StandingState.LINKED
    assert status_of(document).state == DocumentState.READY


def test_new_customers_are_suggested_and_other_lists_have_no_suggestions_made(settled):
    Job.delete().execute()
    quickbooks_side.make(settled.sandbox, "Term", Name="Net 41", DueDays=41)
    due()
    work()
    assert directory.named(settled.workspace.id, settled.connection.realm_id, ListKind.TERM, ["net 41"])
    assert Job.select().count() == 0
    remote_id = quickbooks_side.make(settled.sandbox, "Customer", DisplayName="Saltmarsh Brewing")
    due()
    work()
    assert [job.kind for job in Job.select()] == [suggesting.KIND]
    factories.do_jobs()
    suggested = Suggestion.select().where(Suggestion.company == settled.company)
    assert remote_id in {one.remote_id for one in suggested}


def test_reading_the_same_twice_writes_nothing(settled):
    quickbooks_side.change(settled.sandbox, "Customer", "1", DisplayName="Renamed Rowing")
    assert read() == changes_feed.Outcome(parties=1)
    before, documents = everything(), sorted(map(repr, DocumentStatus.select().tuples()))
    Job.delete().execute()
    assert read() == changes_feed.Outcome()
    assert (everything(), Job.select().count()) == (before, 0)
    assert sorted(map(repr, DocumentStatus.select().tuples())) == documents


def test_what_comes_next_is_asked_from_before_the_last_reading(settled):
    begun = now()
    read()
    assert begun - timedelta(seconds=1) <= connection().changes_since <= now()
    read()
    asked = calls(settled)[-1]
    assert "changedSince" in asked["query"]
    assert timedelta(minutes=1) <= changes_feed.OVERLAP


def test_a_clock_of_quickbooks_that_is_behind_loses_nothing(settled):
    settled.sandbox.control("clock", advance=-3600)
    read()
    assert connection().changes_since < now() - timedelta(minutes=59)


def test_tax_codes_are_not_asked_for_with_the_changes(settled):
    read()
    asked = calls(settled)[-1]["query"]
    assert "Customer" in asked
    assert "TaxCode" not in asked


def test_more_changes_than_an_answer_holds_have_all_lists_read(settled):
    quickbooks_side.make_many(settled.sandbox, "Customer", [f"Quillhaven {n}" for n in range(1001)])
    time.sleep(1.1)  # QuickBooks counts whole seconds
    assert read() == changes_feed.Outcome(is_partial=True)
    due()
    work()
    found = DirectoryEntry.select().where(DirectoryEntry.name.startswith("Quillhaven"))
    assert found.count() == 1001
    assert not directory.refresh_pending(connection())
    assert len(calls(settled)) == 4  # each time without what is asked for twice, too
    before = len(settled.sandbox.requests())
    due()
    work()
    assert len(settled.sandbox.requests()) == before + 2, "the whole reading is not done again"
    assert connection().lists_error == ""


def test_a_clock_31_days_ahead_at_quickbooks_has_all_lists_read(settled):
    read_at = connection().lists_read_at
    quickbooks_side.change(settled.sandbox, "Customer", "1", DisplayName="Renamed Rowing")
    settled.sandbox.control("clock", advance=31 * 86_400)
    due()
    work()
    assert entry(settled, "1").name == "Renamed Rowing"
    assert connection().lists_read_at > read_at


def test_lists_that_were_read_too_long_ago_are_read_whole_at_once(settled):
    quickbooks_side.change(settled.sandbox, "Customer", "1", DisplayName="Renamed Rowing")
    due(changes_since=now() - 29 * DAYS)
    assert reading.read_changes(now())
    assert calls(settled) == []
    assert directory.refresh_pending(connection())
    work()
    assert entry(settled, "1").name == "Renamed Rowing"


@pytest.mark.parametrize(
    ("fault", "seconds", "status"),
    [
        ("429", 120, ConnectionStatus.PAUSED),
        ("500", 120, ConnectionStatus.CONNECTED),
        ("500_html", 120, ConnectionStatus.CONNECTED),
        ("drop_before", 120, ConnectionStatus.CONNECTED),
        ("drop_after", 120, ConnectionStatus.CONNECTED),
        ("subscription_ended", 3700, ConnectionStatus.PAUSED),
    ],
)
def test_a_failure_keeps_the_old_lists_and_is_tried_again(settled, fault, seconds, status):
    quickbooks_side.change(settled.sandbox, "Customer", "1", DisplayName="Renamed Rowing")
    before, since = everything(), connection().changes_since
    settled.sandbox.control("faults", kind=fault, times=1, entity="cdc")
    due()
    work()
    after = connection()
    assert (everything(), after.changes_since, after.status) == (before, since, status)
    assert not reading.read_changes(now())
    assert reading.read_changes(now() + timedelta(seconds=seconds))
    assert entry(settled, "1").name == "Renamed Rowing"
    assert connection().lists_error == ""


def test_a_token_that_ran_out_in_the_middle_is_renewed_and_one_that_is_refused_asks_to_reconnect(settled):
    quickbooks_side.change(settled.sandbox, "Customer", "1", DisplayName="Renamed Rowing")
    settled.sandbox.control("faults", kind="401", times=1, entity="cdc")
    due()
    work()
    assert entry(settled, "1").name == "Renamed Rowing"
    due(access_token="gone", refresh_token="gone")
    work()
    assert connection().status == ConnectionStatus.RECONNECT_NEEDED


def test_a_failure_that_may_pass_is_told_once_the_lists_are_old(settled):
    settled.sandbox.control("faults", kind="500", times=2, entity="cdc")
    due()
    assert reading.read_changes(now())
    assert connection().lists_error == ""
    due(changes_since=now() - timedelta(minutes=20))
    assert reading.read_changes(now())
    assert connection().lists_error == "server_fault"
    due()
    assert reading.read_changes(now())
    assert connection().lists_error == ""


def test_changes_do_not_hide_that_the_last_whole_reading_failed(settled):
    due(lists_error="server_fault", lists_progress={"list": "customer"})
    assert reading.read_changes(now())
    assert connection().lists_error == "server_fault"


def test_two_workers_at_once_read_once(settled):
    settled.sandbox.control("faults", kind="slow", seconds=1.0, entity="cdc")
    due()

    def run() -> None:
        with db.database.connection_context():
            reading.read_changes(now())

    workers = [threading.Thread(target=run) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(calls(settled)) == 1


class Died(BaseException):
    """The process ends in the middle."""


@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_a_worker_that_dies_in_the_middle_leaves_all_to_the_next(settled, place, monkeypatch):
    quickbooks_side.change(settled.sandbox, "Customer", "1", DisplayName="Renamed Rowing")
    quickbooks_side.make(settled.sandbox, "Vendor", DisplayName="Quillhaven Needlework")
    quickbooks_side.make(settled.sandbox, "Term", Name="Net 41", DueDays=41)
    Job.delete().execute()
    since, take, taken = connection().changes_since, mirroring.Mirror.take_changes, []

    def dying(*arguments: Any) -> int:
        taken.append(1)
        if len(taken) > place:
            raise Died
        return take(*arguments)

    due()
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(mirroring.Mirror, "take_changes", dying)
        reading.read_changes(now())
    assert connection().changes_since == since
    assert not reading.read_changes(now())
    assert reading.read_changes(now() + reading.READING_CHANGES)
    assert entry(settled, "1").name == "Renamed Rowing"
    for kind, name in ((ListKind.VENDOR, "Quillhaven Needlework"), (ListKind.TERM, "Net 41")):
        assert directory.named(settled.workspace.id, settled.connection.realm_id, kind, [name])
    assert [job.kind for job in Job.select()] == [suggesting.KIND]


def test_deleted_objects_are_marked_and_keep_what_is_known_of_them(settled):
    Touched.delete().execute()
    mirror, name = mirroring.Mirror.of(connection()), entry(settled, "1").name
    gone = [{"Id": "1", "status": "Deleted", "domain": "QBO"}, {"Id": "no such", "status": "Deleted"}]
    with db.transaction():
        assert mirror.take_changes(CUSTOMER, gone) == 1
        assert mirror.take_changes(CUSTOMER, gone) == 0
    row = entry(settled, "1")
    assert (row.name, row.active, row.deleted) == (name, False, True)
    assert [(one.side, one.ref) for one in Touched.select()] == [("customer", "1")]


def test_changes_of_one_workspace_concern_no_other(settled):
    theirs = {"Id": "1", "DisplayName": "Theirs"}
    directory.remember(settled.other.id, settled.connection.realm_id, CUSTOMER, theirs)
    quickbooks_side.change(settled.sandbox, "Customer", "1", DisplayName="Renamed Rowing")
    read()
    found = directory.entry(settled.other.id, settled.connection.realm_id, CUSTOMER, "1")
    assert (found.name, found.active) == ("Theirs", True)


# all lists, daily


def test_all_lists_are_read_daily_once(settled):
    row = connection()
    assert timedelta(hours=5) < row.lists_due_at - row.lists_read_at <= DAYS
    moment = row.lists_due_at
    reading.request_daily(moment - timedelta(seconds=1))
    assert not directory.refresh_pending(connection())
    reading.request_daily(moment)
    assert connection().lists_requested_at == moment
    reading.request_daily(moment + timedelta(hours=1))
    assert connection().lists_requested_at == moment
    assert reading.refresh_lists(moment)
    assert connection().lists_due_at <= now() + DAYS


def test_a_daily_reading_that_cannot_succeed_is_not_tried_every_minute(settled):
    Connection.update(lists_due_at=now()).execute()
    reading.request_daily(now())
    Connection.update(lists_requested_at=None).execute()
    reading.request_daily(now() + timedelta(hours=23))
    assert connection().lists_requested_at is None


@pytest.mark.parametrize(
    ("started", "after"), [((8, 0), 24), ((3, 0), 24), ((1, 0), 7), ((20, 0), 12), ((23, 30), 8.5)]
)
def test_the_next_whole_reading_is_at_a_quiet_hour_or_after_a_day(started, after):
    moment = now().replace(hour=started[0], minute=started[1], second=0, microsecond=0)
    assert refreshing._next(moment) == moment + timedelta(hours=after)


def test_housekeeping_asks_for_the_daily_reading(settled):
    read_at = connection().lists_read_at
    Connection.update(lists_due_at=now()).execute()
    house = housekeeping.Housekeeping()
    house.round()
    house.round()
    assert connection().lists_read_at > read_at


def test_a_whole_reading_asks_again_for_what_its_pages_missed(settled, monkeypatch):
    """An object that moves to a page that was read already is not taken for a deleted one."""
    row = connection()
    with connections.client_for(row) as client:
        ask = client.query

        def missing(entity: str, where: str | None = None, **options: Any) -> Any:
            found = ask(entity, where, **options)
            return found if where else (one for one in found if (entity, one["Id"]) != ("Customer", "1"))

        monkeypatch.setattr(client, "query", missing)
        directory.refresh(row, client)
    assert entry(settled, "1").active
    assert {one.seen_in for one in DirectoryEntry.select()} == {entry(settled, "1").seen_in}


def test_a_reading_that_was_cut_off_goes_on_a_page_before_its_place(settled, monkeypatch):
    monkeypatch.setattr(refreshing, "PAGE", 3)
    row = connection()
    kinds = refreshing.tracked(row.company)
    run = runs.Run(9, now(), counts={"account": 1, "customer": 7})
    with db.transaction():
        run.note(row, kinds, kinds.index(CUSTOMER))
    with connections.client_for(connection()) as client:
        counts = directory.refresh(connection(), client)
    asked = [one["query"] for one in calls(settled, "/query")[-len(kinds) :]]
    assert any("FROM+Customer" in one and "STARTPOSITION+5" in one for one in asked) or any(
        "FROM Customer" in one and "STARTPOSITION 5" in one for one in asked
    )
    listed = DirectoryEntry.select().where(DirectoryEntry.kind == CUSTOMER, ~DirectoryEntry.deleted)
    assert counts["customer"] == listed.count()
    assert all(one.active or not one.deleted for one in listed)
