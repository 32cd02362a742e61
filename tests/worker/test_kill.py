"""The worker as a real process, killed where it hurts: exactly one document in QuickBooks all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from tests import sendable
from tests.sendable import delivery_of, in_sandbox, outcomes, status_of
from webapp.clock import now
from webapp.config import Settings
from webapp.documents import service
from webapp.links import directory
from webapp.models import Connection, Delivery, DirectoryEntry, Document, DocumentState, ListKind

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 40.0

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(settings: Settings) -> Iterator[Start]:
    """Starts worker processes on the test's database; what still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "ENCRYPTION_KEYS": ",".join(settings.encryption_keys),
        "SECRET_KEY": "test",
        "SANDBOX_URL": settings.sandbox_url,
        "INTUIT_ENVIRONMENT": "demo",
    }

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def until(condition: Callable[[], Any]) -> Any:
    """Wait for a condition, looking often; fails at the deadline."""
    deadline, pause = time.monotonic() + DEADLINE, threading.Event()
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        pause.wait(0.05)
    pytest.fail("the condition did not come true in time")


def slow(world: SimpleNamespace, entity: str, seconds: float) -> None:
    world.sandbox.control("faults", kind="slow", seconds=seconds, method="POST", entity=entity)


def has_arrived(world: SimpleNamespace) -> bool:
    """Whether the slow call has reached the sandbox."""
    return not requests.get(f"{world.sandbox.url}/control/faults", timeout=10).json()["faults"]


def calls(world: SimpleNamespace, entity: str) -> list[dict[str, Any]]:
    """The finished calls that create something."""
    return [
        row
        for row in world.sandbox.requests()
        if row["method"] == "POST" and row["path"].endswith(f"/{entity}") and row["status"] == 200
    ]


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    assert process.wait(10) == -signal.SIGKILL


def end_lease(document: Document) -> None:
    """Let the time pass for which the dead worker has the delivery."""
    Delivery.update(lease_until=now() - timedelta(seconds=1)).where(Delivery.document == document).execute()


def is_sent(document: Document) -> bool:
    return status_of(document).state == DocumentState.SENT


def test_a_worker_killed_between_call_and_record_makes_one_invoice(
    ready: SimpleNamespace, start_worker: Start
) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    slow(ready, "invoice", 1.0)
    worker = start_worker()
    until(lambda: has_arrived(ready))
    kill(worker)
    until(lambda: calls(ready, "invoice"))
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1
    assert status_of(document).state == DocumentState.SENDING
    end_lease(document)
    start_worker()
    until(lambda: is_sent(document))
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1
    assert {row["requestid"] for row in calls(ready, "invoice")} == {delivery_of(document).request_id}
    assert outcomes(document) == ["interrupted", "sent"]


def test_a_repeat_while_the_first_call_is_still_on_its_way_makes_one_invoice(
    ready: SimpleNamespace, start_worker: Start
) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    slow(ready, "invoice", 4.0)
    worker = start_worker()
    until(lambda: has_arrived(ready))
    kill(worker)
    end_lease(document)
    start_worker()
    until(lambda: is_sent(document))
    until(lambda: len(calls(ready, "invoice")) == 2)
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1


def test_a_worker_killed_while_an_item_is_made_leaves_one_item(
    ready: SimpleNamespace, start_worker: Start
) -> None:
    document = sendable.invoice(ready)
    service.send(ready.owner, document.id)
    slow(ready, "item", 1.0)
    worker = start_worker()
    until(lambda: has_arrived(ready))
    kill(worker)
    until(lambda: calls(ready, "item"))
    end_lease(document)
    start_worker()
    until(lambda: is_sent(document))
    assert len(ready.sandbox.query("select * from Item where Name = 'BD-1140'")) == 1
    assert len(in_sandbox(ready, "Invoice", document.number)) == 1


def test_a_worker_told_to_stop_finishes_the_delivery_under_way(
    ready: SimpleNamespace, start_worker: Start
) -> None:
    first, second = sendable.invoice(ready), sendable.invoice(ready)
    for document in (first, second):
        service.send(ready.owner, document.id)
    slow(ready, "invoice", 1.0)
    worker = start_worker()
    until(lambda: has_arrived(ready))
    worker.terminate()
    assert worker.wait(DEADLINE) == 0
    assert is_sent(first)
    assert outcomes(first) == ["sent"]
    assert status_of(second).state == DocumentState.QUEUED


def test_a_worker_killed_while_it_reads_lists_leaves_what_another_goes_on_with(
    ready: SimpleNamespace, start_worker: Start
) -> None:
    before = actives()
    directory.request_refresh(ready.connection)
    ready.sandbox.control("faults", kind="slow", seconds=0.5, times=100, entity="query")
    worker = start_worker()
    until(lambda: (progress(ready) or NOT_BEGUN).done == 2)
    kill(worker)
    cut, reads = progress(ready), queries(ready)
    assert actives() == before
    Connection.update(lists_requested_at=now()).execute()  # the time passes for which it has the lists
    start_worker()
    until(lambda: not directory.refresh_pending(Connection.get_by_id(ready.connection.id)))
    # the call that was under way at the kill may be noted only now
    assert queries(ready) - reads <= cut.of - cut.done + 1
    assert actives() == before


NOT_BEGUN = directory.Progress(ListKind.ACCOUNT, 0, 0, 0)


def progress(world: SimpleNamespace) -> directory.Progress | None:
    return directory.progress(Connection.get_by_id(world.connection.id))


def actives() -> list[tuple[int, bool]]:
    return sorted(DirectoryEntry.select(DirectoryEntry.id, DirectoryEntry.active).tuples())


def queries(world: SimpleNamespace) -> int:
    return sum(row["path"].endswith("/query") for row in world.sandbox.requests())
