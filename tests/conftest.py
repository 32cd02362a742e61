"""What every test can ask for: an app on a real database, people, and a real sandbox server."""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import requests
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.serving import make_server

from tests import factories
from webapp import create_app, db, logs
from webapp.clock import now
from webapp.config import Settings
from webapp.db import schema
from webapp.models import ALL, User
from webapp.sandbox import create_sandbox

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
HTMX = {"HX-Request": "true"}
RAW_CSRF = "0" * 40


def _postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of this test process's own, dropped at the end."""
    if not _postgres_answers():
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(f"REQUIRE_POSTGRES=1 but no Postgres answers at {POSTGRES}")
        pytest.skip("no Postgres answers")
    name = f"ledgerbridge_test_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        # No test pulls the plug of the machine, so none has to wait for its disk.
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    url = POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    yield url
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrate(url: str) -> None:
    db.database.initialize(db.database_for(url))
    schema.upgrade()
    close_database()


def close_database() -> None:
    """Really close every connection, the pool's too."""
    if hasattr(db.database.obj, "close_all"):
        db.database.obj.close_all()
    elif not db.database.is_closed():
        db.database.close()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> str:
    _migrate(postgres_url)
    return postgres_url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database; the test runs once on SQLite and once on Postgres."""
    if request.param == "sqlite":
        path = tmp_path / "panel.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("migrated_postgres")
    yield url
    _empty(url)


def _empty(url: str) -> None:
    """Delete every row: a TRUNCATE would make a new file for each table, and that takes long."""
    with psycopg.connect(url) as connection:
        for model in reversed(ALL):
            connection.execute(f'DELETE FROM "{model._meta.table_name}"')
        connection.execute("SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'")


@pytest.fixture(autouse=True)
def log_is_heard() -> None:
    """Have every test begin with a log that it can hear, whatever the app of an earlier one was made with."""
    logs.configure("WARNING", propagate=True)


@pytest.fixture(autouse=True)
def calls_in_transactions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The HTTP calls that were made inside a database transaction: a test that makes one fails."""
    found: list[str] = []
    send = requests.Session.send

    def guarded(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> Any:
        if db.database.obj is not None and db.database.in_transaction():
            found.append(f"{request.method} {request.url}")
        return send(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", guarded)
    yield found
    assert not found, "HTTP inside a database transaction"


class Sandbox:
    """A running sandbox server and its control addresses."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, path: str, **body: Any) -> Any:
        answer = requests.post(f"{self.url}/control/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def tokens(self, company: str = "us") -> dict[str, str]:
        return self.control("tokens", company=company)

    def requests(self) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.url}/control/requests", timeout=10).json()
        return answer["requests"] if isinstance(answer, dict) else answer

    def query(self, statement: str, company: str = "us") -> list[dict[str, Any]]:
        """Ask the sandbox directly, past the panel."""
        grant = self.tokens(company)
        answer = requests.get(
            f"{self.url}/v3/company/{grant['realmId']}/query",
            params={"query": statement, "minorversion": "75"},
            headers={"Authorization": f"Bearer {grant['access_token']}", "Accept": "application/json"},
            timeout=10,
        )
        answer.raise_for_status()
        found = answer.json()["QueryResponse"]
        return next((value for value in found.values() if isinstance(value, list)), [])


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    server = make_server("127.0.0.1", 0, create_sandbox(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Sandbox(f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Sandbox:
    """The live sandbox server with its sample data as new."""
    sandbox_server.control("reset")
    return sandbox_server


@pytest.fixture(scope="session")
def encryption_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def public_url() -> str:
    """Where the panel would be; tests that really serve it choose a free port."""
    return "http://localhost:8000"


@pytest.fixture
def settings(database_url: str, sandbox_server: Sandbox, encryption_key: str, public_url: str) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="test",
        encryption_keys=(encryption_key,),
        public_url=public_url,
        sandbox_url=sandbox_server.url.replace("127.0.0.1", "localhost"),
        calls_per_minute=100_000,
        log_level="WARNING",
        testing=True,
    )


class PanelClient(FlaskClient):
    """A browser without JavaScript that knows how to be somebody and carries the CSRF token."""

    def sign_in(self, user: User, hours: int = 12) -> PanelClient:
        with self.session_transaction() as session:
            session.update(
                _user_id=str(user.id),
                _fresh=True,
                hours=hours,
                until=now().timestamp() + hours * 3600,
                csrf_token=RAW_CSRF,
            )
        return self

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> Any:
        if csrf and kwargs.get("method", "GET") != "GET":
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("X-CSRFToken", self._csrf_token())
            kwargs["headers"] = headers
        return super().open(*args, **kwargs)

    def _csrf_token(self) -> str:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", RAW_CSRF)
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.test_client_class = PanelClient
    with db.database.connection_context():
        yield app
    close_database()


@pytest.fixture
def client(app: Flask) -> PanelClient:
    return app.test_client()


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    """A workspace with its people, a stranger's workspace, and support."""
    return factories.world()


@pytest.fixture
def connected(world: SimpleNamespace, sandbox: Sandbox) -> SimpleNamespace:
    """The world with a real connection to the sandbox's US company, its lists read."""
    world.sandbox = sandbox
    world.connection = factories.connect(world.workspace, world.owner, sandbox.tokens("us"))
    return world
