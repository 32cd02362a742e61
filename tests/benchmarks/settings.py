"""The preferences' form, opened and saved, against a bare Flask route with a form of the same size.

Ours is the real address: signed in, CSRF checked, QuickBooks' lists read, what changed written down. The form
is opened again and again, so that it is remembered; its detail also has the rate of rendering it anew each
time. Each save changes something, on one of several workspaces in turn, so that no two of them meet.
"""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from bs4 import BeautifulSoup
from cryptography.fernet import Fernet
from flask import Flask

from tests import factories
from webapp import db
from webapp.db import schema
from webapp.gallery.filled import fields_of
from webapp.gallery.samples import read_lists
from webapp.models import Connection, Role, User

from .panels import headers, panel
from .rows import Row
from .serving import CLIENTS, ROUNDS, SECONDS, THREADS, WORKERS, Subject, in_turns, request, serve

LIMIT = 0.5
WORKSPACES = 16
PREFERENCES = "/settings/integrations/quickbooks/preferences"
TERMS = ("Net 30", "Net 45", "2 % 10, net 30")
SETUP = {"workers": WORKERS, "threads": THREADS, "clients": CLIENTS, "rounds": ROUNDS, "seconds": SECONDS}


@dataclass(frozen=True)
class Size:
    """How large our form is: the options of each field, and the bytes of the form and of a save's answer."""

    options: list[int]
    form: int
    read: int


def measure() -> list[Row]:
    """Opening and saving as a ratio to the floor."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> list[Row]:
    key = Fernet.generate_key().decode()
    app = panel(str(folder), key)
    owners = _fill(app)
    heads = [headers(app, owner) for owner in owners]
    fields, size = _try(app, heads[-1])
    _prepare_floor(folder / "floor.sqlite3", len(size.options))
    arguments = f"{str(folder / 'floor.sqlite3')!r}, {size.options!r}, {size.form}, {size.read}"
    floor_app = f"tests.benchmarks.floors:flask_form({arguments})"
    panel_app = f"tests.benchmarks.panels:panel({str(folder)!r}, {key!r})"
    with serve(floor_app) as floor, serve(panel_app) as ours:
        plain = urlencode({f"field{number}": "1" for number in range(len(size.options))}).encode()
        bare_edit = Subject(floor, lambda n: request("GET", f"/{n % WORKSPACES + 1}"))
        bare_save = Subject(
            floor, lambda n: request("POST", f"/{n % WORKSPACES + 1}", FORM_TYPE, plain + b"%d" % (n % 10))
        )
        edit = Subject(ours, lambda n: request("GET", f"{PREFERENCES}/edit", heads[n % WORKSPACES]))
        save = Subject(
            ours,
            lambda n: request(
                "POST", PREFERENCES, {**heads[n % WORKSPACES], **FORM_TYPE}, _body(fields, n // WORKSPACES)
            ),
        )
        anew = Subject(
            ours, lambda n: request("GET", f"{PREFERENCES}/edit?item_search=", heads[n % WORKSPACES])
        )
        in_turns(bare_edit, edit, anew)
        in_turns(bare_save, save)
    detail = {**SETUP, "fields": len(size.options), "options": sum(size.options)}
    return [
        _row("settings.edit", edit, bare_edit, {**detail, "bytes": size.form, "anew_per_second": anew.rate}),
        _row("settings.save", save, bare_save, {**detail, "bytes": size.read}),
    ]


FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


def _row(name: str, ours: Subject, bare: Subject, detail: dict[str, object]) -> Row:
    rates = {"per_second": ours.rate, "floor_per_second": bare.rate}
    unit = "of the calls a second of a bare Flask form of the same size"
    return Row(name, ours.rate / bare.rate, LIMIT, "min", unit, {**detail, **rates})


def _fill(app: Flask) -> list[User]:
    """Workspaces that are connected, with terms of their own; their owners, and one more to try out with."""
    owners = []
    with app.app_context(), db.database.connection_context():
        schema.upgrade()
        for number in range(WORKSPACES + 1):
            home = factories.workspace()
            owners.append(factories.user(home, role=Role.OWNER))
            factories.connection(home, realm_id=f"99990000000{number:05d}", connected_by=owners[-1])
            read_lists(Connection.of(home.id), "us")
            for terms in TERMS:
                factories.company(home, terms=terms)
    return owners


def _try(app: Flask, head: dict[str, str]) -> tuple[dict[str, list[str]], Size]:
    """Open the form and save it once: the fields that a browser sends, and how large both answers are."""
    client = app.test_client(use_cookies=False)
    form = client.get(f"{PREFERENCES}/edit", headers=head).get_data(as_text=True)
    fields = fields_of(form, PREFERENCES)
    saved = client.post(PREFERENCES, headers=head, data=fields)
    if saved.status_code != 200:
        raise RuntimeError(saved.get_data(as_text=True)[:2000])
    controls = BeautifulSoup(form, "html.parser").find("form", action=PREFERENCES)
    options = [
        len(control.find_all("option"))
        for control in controls.find_all(["select", "input"])
        if control.get("name")
    ]
    return fields, Size(options, len(form.encode()), len(saved.data))


def _body(fields: dict[str, list[str]], saves: int) -> bytes:
    """The form after so many saves, with another start date: no two saves leave the same state."""
    day = date(2020, 1, 1) + timedelta(days=saves)
    changed = {**fields, "version": [str(saves)], "start_date": [day.isoformat()]}
    return urlencode(changed, doseq=True).encode()


def _prepare_floor(path: Path, fields: int) -> None:
    columns = ", ".join(f"field{number} TEXT DEFAULT '0'" for number in range(fields))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=wal")
        connection.execute(f"CREATE TABLE saved (id INTEGER PRIMARY KEY, {columns})")
        connection.executemany("INSERT INTO saved (id) VALUES (?)", [(n + 1,) for n in range(WORKSPACES)])
