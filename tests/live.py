"""Fixtures that serve the panel over real HTTP with its worker, on SQLite; star-imported by conftests."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests import factories
from tests.conftest import Sandbox
from webapp import create_app, db
from webapp.config import Settings
from webapp.delivery import worker

__all__ = ["cast", "database_url", "panel", "public_url"]


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Tests of the served panel look at pages, not at databases: SQLite serves them all."""
    path = tmp_path / "panel.sqlite3"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def public_url() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://localhost:{probe.getsockname()[1]}"


def held_whole(app: Flask) -> Any:
    """Hold each answer in memory: werkzeug leaves the file of one open whose reader has gone."""

    def serve(environ: Any, start_response: Any) -> Iterable[bytes]:
        with closing(app(environ, start_response)) as answer:
            return [b"".join(answer)]

    return serve


@pytest.fixture
def panel(settings: Settings, sandbox: Sandbox) -> Iterator[Flask]:
    """The panel served over HTTP, its worker beside it."""
    app = create_app(settings)
    port = int(settings.public_url.rsplit(":", 1)[1])
    server = make_server("127.0.0.1", port, held_whole(app), threaded=True)
    stop = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, daemon=True),
        threading.Thread(target=worker.run, args=(stop,), kwargs={"poll": 0.1}, daemon=True),
    ]
    for thread in threads:
        thread.start()
    with db.database.connection_context():
        yield app
    stop.set()
    server.shutdown()
    for thread in threads:
        thread.join(timeout=20)
    server.server_close()


@pytest.fixture
def cast(panel: Flask) -> SimpleNamespace:
    """The world of factories, whose people sign in with factories.PASSWORD."""
    return factories.world()
