"""The mirror of QuickBooks' lists against a live sandbox."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from webapp.clock import now
from webapp.errors import AppError
from webapp.integrations import connections
from webapp.links import directory, refreshing
from webapp.models import Connection, DirectoryEntry, DocumentStatus, ListKind

REALM = "4620816365213508"


def scope(world: SimpleNamespace) -> tuple[int, str]:
    return world.workspace.id, world.connection.realm_id


def refresh(world: SimpleNamespace) -> dict[str, int]:
    row = Connection.get_by_id(world.connection.id)
    return directory.refresh(row, connections.client_for(row))


def entity(remote_id: str, name: str, **values: Any) -> dict[str, Any]:
    return {"Id": remote_id, "Name": name, "FullyQualifiedName": name, "Active": True, **values}


def remembered(world: SimpleNamespace, kind: ListKind, *entities: dict[str, Any]) -> None:
    for each in entities:
        directory.remember(world.workspace.id, REALM, kind, each)


def names(found: list[DirectoryEntry]) -> list[str]:
    return [row.name for row in found]


@pytest.mark.parametrize("company", ["us", "ca"])
def test_refresh_mirrors_every_list_of_the_company(world, sandbox, company):
    connection = factories.connect(world.workspace, world.owner, sandbox.tokens(company))
    for kind, theirs in (
        ("account", "Account"),
        ("customer", "Customer"),
        ("item", "Item"),
        ("term", "Term"),
    ):
        rows = sandbox.query(f"SELECT * FROM {theirs} WHERE Active IN (true, false) MAXRESULTS 1000", company)
        mine = DirectoryEntry.list(world.workspace.id, connection.realm_id, ListKind(kind))
        assert {row.remote_id for row in mine} == {row["Id"] for row in rows}
    assert connection.lists_read_at is not None
    assert connection.company["country"] == company.upper()


def test_refresh_keeps_inactive_entries_as_inactive(connected):
    found = directory.entry(*scope(connected), ListKind.ACCOUNT, "90")
    assert found is not None
    assert not found.active


def test_refresh_makes_inactive_what_quickbooks_no_longer_has(connected):
    stray = entity("9999", "Left over")
    directory.remember(*scope(connected), ListKind.TERM, stray)
    DirectoryEntry.update(updated_at=now() - timedelta(hours=1)).where(
        DirectoryEntry.remote_id == "9999"
    ).execute()
    refresh(connected)
    found = directory.entry(*scope(connected), ListKind.TERM, "9999")
    assert found is not None
    assert not found.active


def test_refresh_spares_what_was_created_while_it_ran(connected):
    directory.remember(*scope(connected), ListKind.ITEM, entity("9999", "Made just now"))
    DirectoryEntry.update(updated_at=now() + timedelta(minutes=1)).where(
        DirectoryEntry.remote_id == "9999"
    ).execute()
    refresh(connected)
    found = directory.entry(*scope(connected), ListKind.ITEM, "9999")
    assert found is not None
    assert found.active


def test_refresh_twice_changes_no_counts(connected):
    before = DirectoryEntry.select().count()
    counts = refresh(connected)
    assert DirectoryEntry.select().count() == before == sum(counts.values())


def test_refresh_takes_over_new_names_and_finds_them(connected):
    DirectoryEntry.update(name="Old", folded="old").where(DirectoryEntry.kind == ListKind.TERM).execute()
    refresh(connected)
    assert names(directory.search(*scope(connected), ListKind.TERM, "receipt")) == ["Due on receipt"]
    assert directory.search(*scope(connected), ListKind.TERM, "old") == []


def test_refresh_reads_classes_and_locations_only_when_they_are_tracked(connected):
    facts = Connection.get_by_id(connected.connection.id).company
    has_classes = DirectoryEntry.list(*scope(connected), ListKind.CLASS).count() > 0
    assert has_classes == facts["class_tracking"]


def test_refresh_leaves_other_workspaces_alone(connected):
    directory.remember(
        connected.other.id, connected.connection.realm_id, ListKind.TERM, entity("77", "Theirs")
    )
    DirectoryEntry.update(updated_at=now() - timedelta(hours=1)).where(
        DirectoryEntry.remote_id == "77"
    ).execute()
    refresh(connected)
    assert directory.entry(connected.other.id, connected.connection.realm_id, ListKind.TERM, "77").active
    assert directory.entry(*scope(connected), ListKind.TERM, "77") is None


def test_refresh_has_documents_checked_again(connected):
    document = factories.document(connected.workspace, factories.company(connected.workspace))
    DocumentStatus.update(needs_check=False).execute()
    refresh(connected)
    assert DocumentStatus.get(DocumentStatus.document == document.id).needs_check


@pytest.mark.parametrize(("fault", "code"), [("429", "throttled"), ("500", "server_fault")])
def test_failed_refresh_keeps_the_old_lists_and_says_why(connected, sandbox, fault, code):
    before = {row.remote_id: row.active for row in DirectoryEntry.list(*scope(connected), ListKind.ACCOUNT)}
    read_at = Connection.get_by_id(connected.connection.id).lists_read_at
    sandbox.control("faults", kind=fault, times=1, entity="query")
    with pytest.raises(AppError):
        refresh(connected)
    row = Connection.get_by_id(connected.connection.id)
    assert row.lists_error == code
    assert row.lists_read_at == read_at
    assert before == {
        entry.remote_id: entry.active for entry in DirectoryEntry.list(*scope(connected), ListKind.ACCOUNT)
    }
    refresh(connected)
    assert Connection.get_by_id(row.id).lists_error == ""


def test_request_waits_until_the_lists_are_read(connected):
    row = Connection.get_by_id(connected.connection.id)
    assert not directory.refresh_pending(row)
    directory.request_refresh(row)
    asked = Connection.get_by_id(row.id)
    assert directory.refresh_pending(asked)
    directory.request_refresh(asked)
    assert Connection.get_by_id(row.id).lists_requested_at == asked.lists_requested_at
    refresh(connected)
    assert not directory.refresh_pending(Connection.get_by_id(row.id))


def test_search_gives_what_begins_with_the_term_first(world):
    remembered(
        world,
        ListKind.ITEM,
        entity("1", "Blue mug"),
        entity("2", "Mug blue"),
        entity("3", "A smug hat"),
        entity("4", "Tote bag"),
    )
    assert names(directory.search(world.workspace.id, REALM, ListKind.ITEM, "mug")) == [
        "Mug blue",
        "A smug hat",
        "Blue mug",
    ]


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("quebec", ["Atelier Québec"]),
        ("ÉCLAIR Inc", ["Éclair inc."]),
        ("ec", ["Éclair inc."]),
        ("atelier@", ["Atelier Québec"]),
        ("100%", []),
        ("\0quebec", ["Atelier Québec"]),
        ("", ["Atelier Québec", "Éclair inc."]),
    ],
)
def test_search_folds_accents_and_looks_at_the_email_too(world, term, found):
    remembered(
        world,
        ListKind.CUSTOMER,
        entity("1", "Atelier Québec", DisplayName="Atelier Québec", FullyQualifiedName="Atelier Québec",
               PrimaryEmailAddr={"Address": "atelier@example.test"}),
        entity("2", "Éclair inc.", DisplayName="Éclair inc."),
    )  # fmt: skip
    assert names(directory.search(world.workspace.id, REALM, ListKind.CUSTOMER, term)) == found


def test_search_leaves_out_inactive_entries_other_lists_and_other_workspaces(world):
    remembered(world, ListKind.ITEM, entity("1", "Mug (deleted)", Active=False))
    remembered(world, ListKind.ACCOUNT, entity("2", "Mug income"))
    directory.remember(world.other.id, REALM, ListKind.ITEM, entity("3", "Mug"))
    directory.remember(world.workspace.id, "1", ListKind.ITEM, entity("4", "Mug"))
    assert directory.search(world.workspace.id, REALM, ListKind.ITEM, "mug") == []


def test_search_stops_at_the_limit(world):
    remembered(world, ListKind.ITEM, *(entity(str(n), f"Mug {n}") for n in range(9)))
    assert len(directory.search(world.workspace.id, REALM, ListKind.ITEM, "mug", limit=4)) == 4


def test_entries_come_by_id_from_one_list_of_one_workspace(world):
    remembered(world, ListKind.ITEM, entity("1", "Mug"), entity("2", "Bag", Active=False))
    remembered(world, ListKind.TERM, entity("1", "Net 30"))
    directory.remember(world.other.id, REALM, ListKind.ITEM, entity("3", "Hat"))
    found = directory.entries(world.workspace.id, REALM, ListKind.ITEM, ["1", "2", "3", "1\0"])
    assert {key: row.name for key, row in found.items()} == {"1": "Mug", "2": "Bag"}


def test_named_finds_whatever_the_case_and_active_entries_first(world):
    remembered(
        world, ListKind.ITEM, entity("1", "MUG", Active=False), entity("2", "Mug"), entity("3", "Mug 2")
    )
    found = directory.named(world.workspace.id, REALM, ListKind.ITEM, ["mug"])
    assert names(found) == ["Mug", "MUG"]


def test_remember_overwrites_the_entry_it_knew(world):
    remembered(world, ListKind.TERM, entity("1", "Net 30"))
    remembered(world, ListKind.TERM, entity("1", "Net 31", Active=False))
    found = directory.entry(world.workspace.id, REALM, ListKind.TERM, "1")
    assert (found.name, found.active) == ("Net 31", False)
    assert DirectoryEntry.select().count() == 1


def test_names_longer_than_a_column_are_cut(world):
    remembered(world, ListKind.ITEM, entity("1", "m" * 5000, Sku="s" * 500))
    found = directory.entry(world.workspace.id, REALM, ListKind.ITEM, "1")
    assert len(found.name) == 1024
    assert len(found.number) == 100


# how far a refresh is, and one that is cut off


class Died(BaseException):
    """The process ends in the middle."""


def actives() -> dict[tuple[str, str], bool]:
    return {(row.kind.value, row.remote_id): row.active for row in DirectoryEntry.select()}


def asked(world: SimpleNamespace) -> Connection:
    """The connection, whose lists somebody asked to be read anew."""
    directory.request_refresh(Connection.get_by_id(world.connection.id))
    return Connection.get_by_id(world.connection.id)


def read_until(connection: Connection, calls: int, page: int = 1000, batch: int = 500) -> list[Any]:
    """Read the lists and die before the given call of QuickBooks; returns the progress at each call.

    The first two calls read the company; each further one a page of a list.
    """
    seen: list[Any] = []

    def before_call() -> None:
        seen.append(directory.progress(Connection.get_by_id(connection.id)))
        if len(seen) > calls:
            raise Died

    with pytest.MonkeyPatch.context() as patch, connections.client_for(connection) as client:
        patch.setattr(refreshing, "BATCH", batch)
        patch.setattr(client, "_before_call", before_call)
        patch.setattr(client, "query", partial(client.query, page_size=page))
        with suppress(Died):
            directory.refresh(connection, client)
    return seen


def test_refresh_says_how_far_it_is_and_nothing_once_it_is_over(connected):
    kinds = list(refresh(connected))
    row = asked(connected)
    seen = read_until(row, calls=100)
    assert seen[:2] == [None, None]
    assert [(one.list.value, one.done, one.of, one.entries) for one in seen[2:]] == [
        (kind, place, len(kinds), 0) for place, kind in enumerate(kinds)
    ]
    after = Connection.get_by_id(row.id)
    assert (after.lists_progress, directory.progress(after)) == ({}, None)


def test_entries_of_a_long_list_are_counted_as_they_come(connected):
    customers = DirectoryEntry.list(*scope(connected), ListKind.CUSTOMER).count()
    seen = read_until(asked(connected), calls=100, page=4, batch=2)
    counted = [one.entries for one in seen[2:] if one.list is ListKind.CUSTOMER]
    assert counted == list(range(0, customers + 1, 4))[: len(counted)]
    assert len(counted) == customers // 4 + 1


def test_progress_is_shown_only_while_a_refresh_is_asked_for_and_of_this_company(connected):
    row = asked(connected)
    read_until(row, calls=4)
    assert directory.progress(Connection.get_by_id(row.id)).done == 2
    Connection.update(realm_id="777").execute()
    assert directory.progress(Connection.get_by_id(row.id)) is None
    Connection.update(realm_id=row.realm_id, lists_requested_at=None).execute()
    assert directory.progress(Connection.get_by_id(row.id)) is None


@pytest.mark.parametrize("calls", range(2, 12))
def test_refresh_that_was_cut_off_goes_on_where_it_was(connected, calls):
    before = actives()
    row = asked(connected)
    read_until(row, calls, page=20, batch=7)
    assert actives() == before
    cut = Connection.get_by_id(row.id)
    kept = directory.progress(cut)
    if kept is None:
        assert cut.lists_progress == {}
        return
    again = read_until(cut, calls=100, page=20, batch=7)
    assert again[2].list is kept.list
    assert [one.done for one in again[2:]] == sorted(one.done for one in again[2:])
    after = Connection.get_by_id(row.id)
    assert after.lists_read_at.isoformat() == cut.lists_progress["started"]
    assert after.lists_progress == {}
    assert actives() == before
    runs = {entry.seen_in for entry in DirectoryEntry.select()}
    assert runs == {cut.lists_progress["run"]}


def test_refresh_that_goes_on_spares_what_was_made_meanwhile_and_finds_what_is_gone(connected):
    gone, made = entity("9998", "Left over"), entity("9999", "Made just now")
    directory.remember(*scope(connected), ListKind.CUSTOMER, gone)
    DirectoryEntry.update(updated_at=now() - timedelta(hours=1)).where(
        DirectoryEntry.remote_id == "9998"
    ).execute()
    row = asked(connected)
    read_until(row, calls=4, page=4, batch=2)  # accounts first, then the first page of customers
    for kind in (ListKind.ACCOUNT, ListKind.CUSTOMER):
        directory.remember(*scope(connected), kind, made)
    refresh(connected)
    assert directory.entry(*scope(connected), ListKind.CUSTOMER, "9999").active
    assert directory.entry(*scope(connected), ListKind.ACCOUNT, "9999").active
    assert not directory.entry(*scope(connected), ListKind.CUSTOMER, "9998").active


def test_counts_of_a_refresh_that_went_on_are_of_all_lists(connected):
    counts = refresh(connected)
    read_until(asked(connected), calls=4)
    assert refresh(connected) == counts


def test_failed_refresh_goes_on_with_the_list_that_failed(connected, sandbox):
    row = asked(connected)
    read_until(row, calls=4)
    sandbox.control("faults", kind="500", times=1, entity="query")
    with pytest.raises(AppError):
        refresh(connected)
    failed = Connection.get_by_id(row.id)
    assert failed.lists_error == "server_fault"
    assert directory.progress(failed).done == 2
    again = read_until(failed, calls=100)
    assert again[2].done == 2
    assert Connection.get_by_id(row.id).lists_error == ""


@pytest.mark.parametrize("why", ["old", "other company", "asked again", "from the future"])
def test_run_that_must_not_go_on_begins_anew(connected, why):
    row = asked(connected)
    read_until(row, calls=4)
    cut = Connection.get_by_id(row.id)
    if why == "other company":
        Connection.update(lists_progress={**cut.lists_progress, "realm_id": "777"}).execute()
    elif why == "asked again":
        Connection.update(lists_requested_at=None).execute()
        cut = asked(connected)
    else:
        hours = 2 if why == "old" else -2
        started = (now() - timedelta(hours=hours)).isoformat()
        Connection.update(lists_progress={**cut.lists_progress, "started": started}).execute()
    again = read_until(Connection.get_by_id(row.id), calls=2)
    assert Connection.get_by_id(row.id).lists_progress["done"] == 0
    assert len(again) == 3
