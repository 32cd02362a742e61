"""Conflicts of links: the list of them over all member types, and the ways out, each with Undo."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp import htmx
from webapp.auth import access
from webapp.errors import Conflict, Invalid, NotFound
from webapp.inputs import row_id, search_text
from webapp.links import conflict_pages, conflicts, service
from webapp.links.blueprint import CONFLICTS, ROW, links
from webapp.links.forms import outcome, refusal, taken_back
from webapp.links.routes_table import MEMBERS, Desk, sit_down
from webapp.models import ConflictKind

MEMBER_OF: Final = {member_type: member for member, member_type in MEMBERS.items()}


@links.get(CONFLICTS)
def conflicts_index() -> Response:
    """Show what somebody has to look at; search, kind and page stand in the address."""
    return _list(_desk())


@links.post(f"{ROW}/conflict")
def conflict_save(member: str, company_id: int) -> BaseResponse:
    """Take one of the ways out of a conflict."""
    desk = sit_down(member)
    if not desk.editable:
        flash(_("QuickBooks is not connected, so links cannot be changed."), "message")
        return htmx.redirect(url_for("links.conflicts_index", **_given()))
    place = row_id(request.form.get("conflict", "")) or 0
    try:
        message, undo = _apply(desk, company_id)
    except Invalid as error:
        codes = error.errors.get("remote_id", ["required"])
        return _list(desk, place, problem=refusal(codes[0], desk.member_type), status=422)
    except Conflict:
        problem = _("This link was changed meanwhile. Look at it again.")
        return _list(desk, place, problem=problem, status=409)
    return _done(desk, place, message, undo)


@links.post("/links/conflicts/undo/<id:activity_id>")
def conflict_undo(activity_id: int) -> BaseResponse:
    """Bring back what a way out replaced, unless it was changed again."""
    desk = _desk()
    try:
        if not desk.editable:
            raise Conflict
        message = _undo(desk, activity_id)
    except Conflict:
        problem = _("The link was changed again since, so it was left as it is now.")
        return _list(desk, problem=problem, status=409)
    return _done(desk, 0, message)


def _desk() -> Desk:
    """The list is of all member types; any stands for them where one is needed."""
    return sit_down(next(iter(MEMBERS)))


def _apply(desk: Desk, company_id: int) -> tuple[str, str | None]:
    """Do what was asked for; what to say of it, and the address that takes it back."""
    at, seen, action = desk.at(company_id), request.form.get("version", ""), request.form.get("action")
    if action == "keep":
        kept = conflicts.keep(*at, seen)
        message = _("The link of %(company)s stays as it is.", company=kept.company_name)
        return message, _undo_address(kept.activity_id)
    if action == "unlink":
        change = service.unlink(*at, seen=seen)
    elif action == "link":
        change = service.link(*at, request.form.get("remote_id", ""), seen=seen)
    else:
        raise Invalid({"action": ["unknown"]})
    return outcome(change), _undo_address(change.activity_id)


def _undo(desk: Desk, activity_id: int) -> str:
    try:
        conflicts.kept_by(access.workspace_id(), activity_id)
    except NotFound:
        return taken_back(service.undo(desk.user, desk.living, activity_id))
    kept = conflicts.undo(desk.user, desk.living, activity_id)
    return _("The link of %(company)s is to be looked at again.", company=kept.company_name)


def _undo_address(activity_id: int | None) -> str | None:
    if activity_id is None:
        return None
    return url_for("links.conflict_undo", activity_id=activity_id, **_given())


def _given() -> dict[str, Any]:
    """The view that the reader came from, as its address has it."""
    given: dict[str, Any] = {"q": search_text(request.args.get("q"))}
    given |= {name: request.args.get(name, "")[:24] for name in ("kind", "after", "before")}
    return {name: value.replace("\0", "") for name, value in given.items() if value}


def _view(given: dict[str, str]) -> conflict_pages.View:
    kind = given.get("kind")
    return conflict_pages.View(
        text=given.get("q", ""),
        kind=ConflictKind(kind) if kind in set(ConflictKind) else None,
        after=row_id(given.get("after", "")),
        before=row_id(given.get("before", "")),
    )


def _done(desk: Desk, place: int, message: str, undo: str | None = None) -> BaseResponse:
    if not htmx.is_htmx():
        flash(message, "undo:" + undo if undo else "message")
        return htmx.redirect(url_for("links.conflicts_index", **_given()))
    return htmx.toast(_list(desk, place, undo_url=undo, moved=True), message, undo)


def _list(desk: Desk, place: int = 0, status: int = 200, *, moved: bool = False, **more: Any) -> Response:
    """The page, or the list alone; the focus goes to the row at the place of the one that was dealt with."""
    given = _given()
    view = _view(given)
    found = conflict_pages.page(desk.user.workspace_id, desk.place[1], view)
    if not found.rows and (view.after or view.before):
        given = {name: value for name, value in given.items() if name not in {"after", "before"}}
        view = _view(given)
        found = conflict_pages.page(desk.user.workspace_id, desk.place[1], view)
    ids = [row.id for row in found.rows]
    focus = next((id_ for id_ in ids if id_ <= place), ids[-1] if ids else 0) if moved or place else None
    counts = conflicts.counts(desk.user.workspace_id)
    context = {
        "found": found,
        "counts": counts,
        "counted": conflicts.COUNTED,
        "most_blocked": conflict_pages.MOST_BLOCKED,
        "view": given,
        "kind": view.kind,
        "focus": focus,
        "editable": desk.editable,
        "member_of": MEMBER_OF,
        "keepable": conflicts.KEEPABLE,
        "is_empty": not any(counts.values()),
        **more,
    }
    template = "links/_conflicts.html" if htmx.is_htmx() else "links/conflicts.html"
    return make_response(render_template(template, **context), status)
