"""Link companies: the table, and its rows read, edited, saved and brought back."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp import htmx
from webapp.auth import access, drafts
from webapp.errors import Conflict, Invalid, NotFound
from webapp.inputs import row_id, search_text
from webapp.links import (
    choices,
    dismissing,
    routes_bulk,
    routes_conflicts,
    routes_create,
    routes_create_many,
    service,
)
from webapp.links.blueprint import ROW, TABLE, links
from webapp.links.forms import (
    LinkForm,
    dismissed,
    outcome,
    overtaken,
    refusal,
    suggested_again,
    taken_back,
)
from webapp.links.routes_table import Desk, address, sit_down, whole_page
from webapp.links.rows import Row
from webapp.models import StandingState

__all__ = ["links", "routes_bulk", "routes_conflicts", "routes_create", "routes_create_many"]


@links.get(TABLE)
def index(member: str) -> Response:
    """Show the table of a member type; search, filter and page stand in the address."""
    return whole_page(sit_down(member))


@links.get(ROW)
def read(member: str, company_id: int) -> BaseResponse:
    """Answer a row in read state; where Cancel leads."""
    desk = sit_down(member)
    row = desk.row(company_id)
    if not htmx.is_htmx():
        return htmx.redirect(address(desk, company_id))
    return make_response(render_template("links/_row.html", **desk.context(row=row, focus_edit=True)))


@links.get(f"{ROW}/edit")
def edit(member: str, company_id: int) -> BaseResponse:
    """Open a row: a search in the QuickBooks list."""
    desk = sit_down(member)
    row = desk.row(company_id)
    if not desk.editable:
        return _not_connected(desk)
    form = LinkForm(
        formdata=drafts.formdata(), data={"q": _linked_name(row), "version": desk.version(company_id)}
    )
    return _edit(desk, row, form, with_choices=not htmx.is_htmx())


@links.get(f"{ROW}/options")
def options(member: str, company_id: int) -> str:
    """Answer what the combobox offers for what was typed, from our mirror of the list."""
    desk = sit_down(member)
    row = desk.row(company_id)
    found = choices.found(*desk.place, row, search_text(request.args.get("q")))
    return render_template("links/_options.html", **desk.context(options=found))


@links.post(ROW)
def save(member: str, company_id: int) -> BaseResponse:
    """Link, unlink or mark a company; ``action=search`` only lists what was searched for."""
    desk = sit_down(member)
    row = desk.row(company_id)
    if not desk.editable:
        return _not_connected(desk)
    form = LinkForm()
    if form.action.data == "search":
        return _edit(desk, row, form, with_choices=True)
    if form.action.data == "dismiss":
        return _dismiss(desk, company_id)
    try:
        change = _apply(desk, company_id, form)
    except Invalid as error:
        form.q.errors = [refusal(code, desk.member_type) for code in error.errors.get("remote_id", [])]
        return _edit(desk, row, form, 422, with_choices=not htmx.is_htmx())
    except Conflict:
        return _overtaken(desk, company_id, form)
    return _saved(desk, change)


@links.post(f"{TABLE}/accept")
def accept(member: str) -> BaseResponse:
    """Link a company to what is suggested for it, or turn that down; the answer replaces its row."""
    desk = sit_down(member)
    is_accepted = "accept" in request.form
    company_id, remote_id = _offer(request.form["accept"] if is_accepted else request.form.get("dismiss", ""))
    row = desk.row(company_id)
    if not desk.editable:
        return _not_connected(desk)
    answer = _accept(desk, row, remote_id) if is_accepted else _dismiss(desk, company_id, remote_id)
    answer.headers["HX-Retarget"] = f"#row-{company_id}"
    answer.headers["HX-Reswap"] = "outerHTML"
    return answer


def _accept(desk: Desk, row: Row, remote_id: str) -> BaseResponse:
    try:
        return _saved(desk, service.link(*desk.at(row.company_id), remote_id, seen="none"))
    except Invalid as error:
        form = LinkForm(formdata=None, data={"version": desk.version(row.company_id)})
        form.q.errors = [refusal(code, desk.member_type) for code in error.errors.get("remote_id", [])]
        return _edit(desk, row, form, 422, with_choices=not htmx.is_htmx())
    except Conflict:
        return _overtaken(desk, row.company_id, LinkForm(formdata=None))


def _dismiss(desk: Desk, company_id: int, remote_id: str = "") -> BaseResponse:
    try:
        done = dismissing.dismiss(*desk.at(company_id), [remote_id] if remote_id else None)
    except Conflict:
        return _done(desk, company_id, _("This is not suggested any more."), status=409)
    undo = url_for("links.undo", activity_id=done.activity_id)
    return _done(desk, company_id, dismissed(done), undo)


@links.post("/links/undo/<id:activity_id>")
def undo(activity_id: int) -> BaseResponse:
    """Bring back what a change replaced or what was turned down, unless it was changed again."""
    done = service.changed(access.workspace_id(), activity_id)
    desk = sit_down(f"{done.facts['member_type']}s")
    if not desk.editable:
        return _not_connected(desk)
    try:
        if done.verb == service.DISMISSED:
            again = dismissing.take_back(desk.user, desk.living, done)
            return _done(desk, again.company_id, suggested_again(again))
        change = service.undo(desk.user, desk.living, activity_id)
    except Conflict:
        message = (
            _("It is suggested again already.")
            if done.verb == service.DISMISSED
            else _("The link was changed again since, so it was left as it is now.")
        )
        return _done(desk, done.subject_id, message, status=409)
    return _done(desk, change.company_id, taken_back(change))


def _offer(text: str) -> tuple[int, str]:
    """The company and the entry of an accepted suggestion; raises NotFound for what names no company."""
    number, _dot, remote_id = text.partition(".")
    company_id = row_id(number)
    if company_id is None:
        raise NotFound
    return company_id, remote_id


def _linked_name(row: Row) -> str:
    """The name of what a company is linked to."""
    return "" if row.state is StandingState.SUGGESTED else row.remote_name


def _saved(desk: Desk, change: service.Change) -> BaseResponse:
    undo = None
    if change.activity_id:
        undo = url_for("links.undo", activity_id=change.activity_id)
    return _done(desk, change.company_id, outcome(change), undo)


def _overtaken(desk: Desk, company_id: int, form: LinkForm) -> Response:
    """The row's form over what somebody else made of the link."""
    form.q.errors = [overtaken(service.last_changed_by(desk.user.workspace_id, company_id))]
    form.version.data = desk.version(company_id)
    return _edit(desk, desk.row(company_id), form, 409, with_choices=not htmx.is_htmx())


def _apply(desk: Desk, company_id: int, form: LinkForm) -> service.Change:
    at = desk.at(company_id)
    action = form.action.data or "link"
    if action not in {"link", "unlink", "do_not_link"}:
        raise Invalid({"action": ["unknown"]})
    if action == "unlink":
        return service.unlink(*at, seen=form.version.data)
    if action == "do_not_link":
        return service.do_not_link(*at, seen=form.version.data)
    return service.link(*at, form.remote_id.data or "", seen=form.version.data)


def _done(
    desk: Desk, company_id: int, message: str, undo: str | None = None, status: int = 200
) -> BaseResponse:
    url = address(desk, company_id)
    row = desk.row(company_id)
    context = desk.context(row=row, undo_url=undo, focus_edit=True)
    answer = htmx.done("links/_row.html", url, message, undo, **context)
    if htmx.is_htmx():
        answer.status_code = status
    return answer


def _edit(desk: Desk, row: Row, form: LinkForm, status: int = 200, *, with_choices: bool) -> Response:
    found = choices.found(*desk.place, row, form.q.data or "") if with_choices else None
    chosen = form.remote_id.data or ("" if row.alike else row.remote_id)
    context = desk.context(row=row, form=form, options=found, chosen=chosen)
    if htmx.is_htmx():
        return make_response(render_template("links/_edit.html", **context), status)
    return whole_page(desk, row, context, status)


def _not_connected(desk: Desk) -> BaseResponse:
    flash(_("QuickBooks is not connected, so links cannot be changed."), "message")
    return htmx.redirect(address(desk))
