"""Answering a cell: its world is made, asked as people ask, and undone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, render_template, url_for
from werkzeug.test import TestResponse

from webapp import i18n
from webapp.clock import now
from webapp.db import transaction
from webapp.gallery.cells import Ask, Cell, Part
from webapp.gallery.filled import fields_of
from webapp.gallery.world import World
from webapp.integrations import page
from webapp.models import User

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Answer:
    """What is put into the page: the fragment and, after an action, the toast that goes with it."""

    fragment: str
    toast: str = ""


def answer(cell: Cell, *, whole: bool = False) -> Answer:
    """What the product answers in a cell's state.

    The world lives in a transaction that is rolled back, and is asked through the program's own addresses
    by its own people, so that nothing here can differ from the product. ``whole`` asks without HTMX, for
    the page with the section in it.
    """
    with transaction() as undone:
        try:
            world = World(i18n.language())
            for act in cell.acts:
                if isinstance(act, Ask):
                    _ask(world, act)
                else:
                    act(world)
            if isinstance(cell.shows, Part):
                return Answer(_part(world.people[cell.shows.person], cell.shows))
            return _ask(world, cell.shows, whole=whole)
        finally:
            undone.rollback()


def _part(person: User, part: Part) -> str:
    with current_app.app_context(), current_app.test_request_context():
        g._login_user = person
        return render_template(part.template, **page.page_context(person), **part.context)


def _ask(world: World, ask: Ask, *, whole: bool = False) -> Answer:
    """Make a request as one of the world's people; raises RuntimeError for another status than expected."""
    browser = Browser(world.people[ask.person])
    address = url_for(ask.endpoint)
    options: dict[str, Any] = {"follow_redirects": True} if whole else {"headers": HTMX}
    if ask.form:
        opened = browser.open("GET", url_for(ask.form), headers=HTMX).get_data(as_text=True)
        fields = _typed(world, ask, fields_of(opened, address))
        response = browser.open("POST", address, data=fields, **options)
    else:
        response = browser.open("GET", address, **options)
    if response.status_code != ask.status:
        raise RuntimeError(f"{ask.endpoint} answered {response.status_code}, not {ask.status}")
    events: dict[str, Any] = json.loads(response.headers.get("HX-Trigger", "{}"))
    return Answer(response.get_data(as_text=True), events.get("toast", {}).get("message", ""))


class Browser:
    """A person's browser, with a session of its own: the forms that it gets can be sent by no other."""

    def __init__(self, person: User) -> None:
        self._client = current_app.test_client()
        with current_app.app_context(), self._client.session_transaction() as session:
            until = now().timestamp() + 3600
            session.update(_user_id=str(person.id), _fresh=True, hours=1, until=until)

    def open(self, method: str, address: str, **options: Any) -> TestResponse:
        """A request in a context of its own, since the reader's own person stands in the present one."""
        with current_app.app_context():
            return self._client.open(address, method=method, **options)


def _typed(world: World, ask: Ask, standing: dict[str, list[str]]) -> dict[str, list[str]]:
    ids = {name: person.id for name, person in world.people.items()}
    changed = {
        name: [one.format(**ids) for one in ([value] if isinstance(value, str) else value)]
        for name, value in ask.fields.items()
    }
    return standing | changed
