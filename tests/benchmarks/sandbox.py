"""The sandbox server against a bare Flask JSON route, and a full page of a short against one of a long list.

Both run under the same gunicorn. The sandbox's workers share one SQLite file, as two processes would.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from webapp.sandbox import create_sandbox, sample
from webapp.sandbox.books import Books
from webapp.sandbox.store import Store

from .rows import Row
from .serving import CLIENTS, ROUNDS, SECONDS, WORKERS, Served, Subject, in_turns, request, serve

READ_LIMIT, CREATE_LIMIT, GROWTH_LIMIT = 0.5, 0.25, 1.3
SMALL, LARGE = 1_000, 100_000
REALM = sample.COMPANIES["us"].realm
ITEMS = ("2", "10")
SETUP = {"workers": WORKERS, "threads": 1, "clients": CLIENTS, "rounds": ROUNDS, "seconds": SECONDS}


def measure() -> list[Row]:
    """Reads and creates as a ratio to the floor, and what 100,000 customers add to the price of a page."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_against_the_floor(Path(folder)), _growth(Path(folder))]


def _against_the_floor(folder: Path) -> list[Row]:
    token = _prepare(folder / "plain.sqlite3", 0)
    with (
        serve("tests.benchmarks.floors:flask_json") as floor,
        serve(_app(folder / "plain.sqlite3")) as sandbox,
    ):
        bare = Subject(floor, lambda _: request("GET", "/"))
        read = Subject(sandbox, lambda n: _get(token, f"customer/{n % 20 + 1}"))
        create = Subject(sandbox, lambda n: _post(token, "invoice", _invoice(n)))
        in_turns(bare, read, create)
    rows = (("sandbox.read", read, READ_LIMIT), ("sandbox.create.invoice10", create, CREATE_LIMIT))
    return [
        Row(
            name,
            subject.rate / bare.rate,
            limit,
            "min",
            "of the calls a second of a bare Flask JSON route",
            {**SETUP, "per_second": subject.rate, "floor_per_second": bare.rate},
        )
        for name, subject, limit in rows
    ]


def _growth(folder: Path) -> Row:
    short, long = folder / "short.sqlite3", folder / "long.sqlite3"
    tokens = _prepare(short, SMALL), _prepare(long, LARGE)
    with serve(_app(short)) as few, serve(_app(long)) as many:
        subjects = [_pages(served, token) for served, token in zip((few, many), tokens, strict=True)]
        in_turns(*subjects)
    small, large = (subject.rate for subject in subjects)
    detail = {**SETUP, "small": SMALL, "large": LARGE, "per_second": {"small": small, "large": large}}
    return Row(
        "sandbox.query.page1000.growth",
        small / large,
        GROWTH_LIMIT,
        "max",
        "times as long with 100,000 customers as with 1,000",
        detail,
    )


def _pages(served: Served, token: str) -> Subject:
    query = "query?query=SELECT%20*%20FROM%20Customer%20MAXRESULTS%201000"
    return Subject(served, lambda _: _get(token, query))


def _app(store: Path) -> str:
    return f"webapp.sandbox:create_sandbox({str(store)!r}, control=False)"


def _prepare(path: Path, customers: int) -> str:
    """Make a store with this many customers more, and a token for it; names are in another order than ids."""
    app = create_sandbox(str(path))
    token: str = app.test_client().post("/control/tokens", json={}).get_json()["access_token"]
    store: Store = app.extensions["sandbox"].store
    with store.writing() as db:
        books = Books(db, REALM, app.extensions["sandbox"].clock.now())
        body = books.get("Customer", "1")
        for n in range(customers):
            name = f"Customer {n * 7919 % customers:06d}"
            names = {"DisplayName": name, "FullyQualifiedName": name, "PrintOnCheckName": name}
            books.add("Customer", {**body, **names, "Id": books.next_id("names")})
    store.close()
    return token


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def _get(token: str, path: str) -> bytes:
    return request("GET", f"/v3/company/{REALM}/{path}", _headers(token))


def _post(token: str, path: str, body: bytes) -> bytes:
    headers = {**_headers(token), "Content-Type": "application/json"}
    return request("POST", f"/v3/company/{REALM}/{path}", headers, body)


def _invoice(number: int) -> bytes:
    """An invoice of ten lines; only customer and number change, so that asking costs next to nothing."""
    return _INVOICE.replace(b"CUSTOMER", b"%d" % (number % 20 + 1)).replace(b"NUMBER", b"B%d" % number)


def _line(number: int) -> dict[str, Any]:
    return {
        "Amount": 98.5,
        "DetailType": "SalesItemLineDetail",
        "Description": f"Line {number}",
        "SalesItemLineDetail": {
            "ItemRef": {"value": ITEMS[number % 2]},
            "Qty": 10,
            "UnitPrice": 9.85,
            "TaxCodeRef": {"value": "NON"},
        },
    }


_INVOICE = json.dumps(
    {"CustomerRef": {"value": "CUSTOMER"}, "DocNumber": "NUMBER", "Line": [_line(n) for n in range(10)]}
).encode()
