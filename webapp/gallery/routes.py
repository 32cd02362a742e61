"""The gallery's pages: a table of what there is to see, and one page per section and state."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from markupsafe import Markup

from webapp.auth import access
from webapp.errors import NotFound
from webapp.gallery.cells import CELLS
from webapp.gallery.routes_answers import answer

gallery = Blueprint("gallery", __name__, url_prefix="/gallery")


@gallery.before_request
def only_for_people_of_a_workspace() -> None:
    """Support staff see no page of a workspace, not even of an invented one."""
    access.workspace_id()


@gallery.get("")
def index() -> str:
    """List every section with its states."""
    return render_template("gallery/index.html", cells=CELLS)


@gallery.get("/<section>/<state>")
def cell(section: str, state: str) -> str:
    """Show one section in one state as the product answers it."""
    found = CELLS.get(section, {}).get(state)
    if found is None:
        raise NotFound
    shown = answer(found)
    if shown.toast:
        flash(shown.toast)
    states = list(CELLS[section])
    place = states.index(state)
    return render_template(
        "gallery/cell.html",
        section=section,
        state=state,
        fragment=Markup(shown.fragment),  # noqa: S704 - what our own templates rendered
        before=states[place - 1] if place else None,
        after=states[place + 1] if place + 1 < len(states) else None,
    )
