from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests import factories, sendable
from tests.sendable import status_of, work
from webapp import db
from webapp.clock import now
from webapp.delivery import housekeeping, worker
from webapp.documents import service
from webapp.links import directory
from webapp.models import Connection, ConnectionStatus, DocumentState, DocumentStatus, OAuthState


def connection(world: SimpleNamespace) -> Connection:
    return Connection.get_by_id(world.connection.id)


def test_lists_are_read_when_somebody_asked(ready: SimpleNamespace) -> None:
    before = connection(ready).lists_read_at
    directory.request_refresh(ready.connection)
    work()
    after = connection(ready)
    assert after.lists_read_at > before
    assert not directory.refresh_pending(after)
    assert not housekeeping.refresh_lists(now())


def test_two_workers_do_not_both_read_the_lists(ready: SimpleNamespace) -> None:
    directory.request_refresh(ready.connection)
    ready.sandbox.control("faults", kind="slow", seconds=1.0, entity="companyinfo")

    def read() -> None:
        with db.database.connection_context():
            housekeeping.refresh_lists(now())

    readers = [threading.Thread(target=read) for _worker in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(30)
    reads = [row for row in ready.sandbox.requests() if "/companyinfo/" in row["path"]]
    assert len(reads) == 3  # two of them when the world was connected
    assert not directory.refresh_pending(connection(ready))


def test_lists_that_could_not_be_read_are_tried_again_after_a_while(
    ready: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    read_at = connection(ready).lists_read_at
    directory.request_refresh(ready.connection)
    ready.sandbox.control("faults", kind="500", entity="companyinfo")
    work()
    after = connection(ready)
    assert (after.lists_error, after.lists_read_at) == ("server_fault", read_at)
    assert directory.refresh_pending(after)
    assert not housekeeping.refresh_lists(now())
    assert housekeeping.refresh_lists(now() + timedelta(minutes=2))
    assert connection(ready).lists_error == ""
    assert "were not read" in caplog.text


def test_a_refused_token_found_while_reading_lists_asks_to_reconnect(ready: SimpleNamespace) -> None:
    directory.request_refresh(ready.connection)
    Connection.update(access_token="gone", refresh_token="gone").execute()
    work()
    after = connection(ready)
    assert after.status == ConnectionStatus.RECONNECT_NEEDED
    assert not directory.refresh_pending(after)


def test_states_are_computed_anew_after_the_lists_were_read(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    work()
    assert status_of(document).state == DocumentState.READY
    assert not status_of(document).needs_check


def test_a_workspace_that_cannot_be_checked_holds_up_neither_others_nor_sending(
    ready: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    factories.connection(ready.other, realm_id="777", company={"books_closed_until": "never"})
    broken = factories.document(ready.other, factories.company(ready.other))
    DocumentStatus.update(state=DocumentState.READY).execute()
    document, queued = sendable.invoice(ready), sendable.invoice(ready)
    service.send(ready.owner, queued.id)
    work()
    assert status_of(document).state == DocumentState.READY
    assert status_of(queued).state == DocumentState.SENT
    assert (status_of(broken).state, status_of(broken).needs_check) == (DocumentState.READY, False)
    assert f"document {broken.id} could not be checked" in caplog.text


def test_consents_that_are_over_are_thrown_away(ready: SimpleNamespace) -> None:
    for number, minutes in enumerate((-1, 5)):
        OAuthState.create(
            state_hash=str(number),
            workspace=ready.workspace,
            user=ready.owner,
            expires_at=now() + timedelta(minutes=minutes),
        )
    work()
    assert [row.state_hash for row in OAuthState.select()] == ["1"]


def test_the_worker_goes_on_after_a_breakdown(
    ready: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, rounds = threading.Event(), []

    def broken(*_arguments: object) -> bool:
        rounds.append(1)
        if len(rounds) == 2:
            stop.set()
        raise RuntimeError("a round that breaks down")

    monkeypatch.setattr(worker, "AFTER_BREAKDOWN", 0)
    monkeypatch.setattr(worker, "work", broken)
    worker.run(stop)
    assert len(rounds) == 2
    assert "broke down" in caplog.text
    with pytest.raises(RuntimeError):
        worker.run(threading.Event(), once=True)
