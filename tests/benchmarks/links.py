"""Link companies at 1,000 to 1,000,000 companies, on both databases, against a bare page of the same rows.

Ours is the real address: signed in, with filters and their counts, suggestions, and who shares a customer.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from cryptography.fernet import Fernet

from tests import factories
from tests.conftest import POSTGRES, close_database
from webapp import db
from webapp.db import schema
from webapp.links.table import PAGE
from webapp.models import Company, Role, Standing

from . import floors_links, links_data
from .panels import headers, panel
from .rows import Row
from .serving import CLIENTS, ROUNDS, SECONDS, THREADS, WORKERS, Served, Subject, in_turns, request, serve

PAGE_LIMIT, FRAGMENT_LIMIT, GROWTH_LIMIT, WEIGHT_LIMIT = 0.3, 0.5, 1.3, 40_000
SIZES: Final = (1_000, 100_000, 1_000_000)
TABLE = "/settings/integrations/quickbooks/links/customers"
HIT, MISS = links_data.PLANTED[1:8].lower(), "arborth"  # parts of words; every three letters of MISS occur
SETUP = {"workers": WORKERS, "threads": THREADS, "clients": CLIENTS, "rounds": ROUNDS, "seconds": SECONDS}


@dataclass(frozen=True)
class Measured:
    """Four views at one size: the page, its rows alone, and the floor's own of both."""

    page: dict[str, Subject]
    rows: dict[str, Subject]
    bare_page: dict[str, Subject]
    bare_rows: dict[str, Subject]


def measure() -> list[Row]:
    """Rates as ratios to the floor at every size, and how the middle time grows with the size."""
    sizes = [int(size) for size in os.environ.get("BENCH_SIZES", "").split(",") if size] or list(SIZES)
    rows: list[Row] = []
    for kind in ("sqlite", "postgres"):
        found = {}
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder, _database(kind, Path(folder)) as url:
                found[size] = _measured(Path(folder), url, size)
            rows += _ratios(kind, size, found[size])
        rows += _growth(kind, found[sizes[0]], found[sizes[-1]], (sizes[0], sizes[-1]))
    return rows


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/panel.sqlite3"
        return
    name = f"ledgerbridge_bench_{secrets.token_hex(4)}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    finally:
        close_database()
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _measured(folder: Path, url: str, size: int) -> Measured:
    key = Fernet.generate_key().decode()
    app = panel(str(folder), key, url)
    with app.app_context(), db.database.connection_context():
        schema.upgrade()
        home = factories.workspace()
        owner = factories.user(home, role=Role.OWNER)
        factories.connection(home, realm_id=links_data.REALM, lists_read_at=factories.now())
        links_data.fill(home.id, size)
        floors_links.prepare(f"{folder}/floor.sqlite3", _floor_rows())
        deep = _deep(size)
    close_database()
    head = headers(app, owner)
    with (
        serve(f"tests.benchmarks.floors_links:flask_page({f'{folder}/floor.sqlite3'!r})") as floor,
        serve(f"tests.benchmarks.panels:panel({str(folder)!r}, {key!r}, {url!r})") as ours,
    ):
        plain = {name: value for name, value in head.items() if name != "HX-Request"}
        views = {"first": "", "deep": f"?after={deep}", "hit": f"?q={HIT}", "miss": f"?q={MISS}"}
        found = Measured(
            {name: _subject(ours, f"{TABLE}{query}", plain) for name, query in views.items()},
            {name: _subject(ours, f"{TABLE}{query}", head) for name, query in views.items()},
            {name: _subject(floor, f"/{query}", {}) for name, query in views.items()},
            {name: _subject(floor, f"/rows{query}", {}) for name, query in views.items()},
        )
        for name in views:
            in_turns(found.bare_page[name], found.page[name], found.bare_rows[name], found.rows[name])
    return found


def _subject(served: Served, path: str, head: dict[str, str]) -> Subject:
    asked = request("GET", path, head)
    return Subject(served, lambda _: asked)


def _floor_rows() -> list[tuple[Any, ...]]:
    query = Standing.select(
        Company.id, Company.name, Company.sort_name, Company.number, Company.bill_city, Company.email,
        Company.name, Standing.state,
    ).join(Company)  # fmt: skip
    return [tuple(row) for row in query.tuples().iterator()]


def _deep(size: int) -> str:
    """The cursor of a page in the middle."""
    row = Company.select(Company.id, Company.sort_name).order_by(Company.sort_name, Company.id)
    company = row.offset(size // 2).limit(1).get()
    return f"{company.id}.{company.sort_name.replace(' ', '+')}"


def _ratios(kind: str, size: int, found: Measured) -> list[Row]:
    rows = []
    for view in found.page:
        for what, ours, bare, limit in (
            ("page", found.page[view], found.bare_page[view], PAGE_LIMIT),
            ("rows", found.rows[view], found.bare_rows[view], FRAGMENT_LIMIT),
        ):
            detail = {**SETUP, "per_second": ours.rate, "floor_per_second": bare.rate, "bytes": ours.size}
            name = f"links.{what}.{view}.{size}.{kind}"
            unit = f"of the calls a second of a bare Flask page of the same {PAGE} rows"
            rows.append(Row(name, ours.rate / bare.rate, limit, "min", unit, detail))
    heaviest = max(subject.size for subject in found.page.values())
    rows.append(Row(f"links.weight.{size}.{kind}", heaviest, WEIGHT_LIMIT, "max", "bytes of HTML", {}))
    return rows


def _growth(kind: str, small: Measured, large: Measured, sizes: tuple[int, int]) -> list[Row]:
    unit = f"times the middle time with {sizes[1]:,} companies of that with {sizes[0]:,}"
    return [
        Row(
            f"links.{what}.{view}.growth.{kind}",
            getattr(large, what)[view].p50 / getattr(small, what)[view].p50,
            GROWTH_LIMIT,
            "max",
            unit,
            {"p50_small": getattr(small, what)[view].p50, "p50_large": getattr(large, what)[view].p50},
        )
        for what in ("page", "rows")
        for view in small.page
    ]
