"""Create in QuickBooks: a row becomes a customer or vendor there, and follows what comes of it."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp import htmx
from webapp.auth import drafts
from webapp.errors import Conflict, Invalid
from webapp.inputs import search_text
from webapp.links import creating, directory, forms_create, party_names, standings
from webapp.links.asked import Asked
from webapp.links.blueprint import ROW, links
from webapp.links.forms import overtaken
from webapp.links.forms_create import CreateForm
from webapp.links.party_drafts import Planner
from webapp.links.routes_table import Desk, address, sit_down, whole_page
from webapp.links.rows import Row
from webapp.links.service import last_changed_by
from webapp.models import Company, DirectoryEntry, MemberType, StandingState
from webapp.quickbooks.payloads.names import party_name

CREATABLE: Final = (StandingState.NOT_LINKED, StandingState.SUGGESTED, StandingState.CONFLICT)
OPTIONS: Final = 20


@links.get(f"{ROW}/create")
def create_edit(member: str, company_id: int) -> BaseResponse:
    """Show what QuickBooks would get of a company, with the name to be chosen."""
    desk = sit_down(member)
    row, company = desk.row(company_id), _company(desk, company_id)
    if not desk.editable:
        return not_connected(desk)
    name = _former_name(row) or party_name(company.name)
    form = CreateForm(formdata=drafts.formdata(), data={"name": name, "version": desk.version(company_id)})
    if not form.name.errors:
        _say_taken(desk, row, form)
    return _form(desk, row, company, form)


@links.post(f"{ROW}/create")
def create(member: str, company_id: int) -> BaseResponse:
    """Queue the customer or vendor; ``action=search`` only lists the customers that it may be below."""
    desk = sit_down(member)
    row, company = desk.row(company_id), _company(desk, company_id)
    if not desk.editable:
        return not_connected(desk)
    form = CreateForm()
    if form.action.data == "search":
        return _form(desk, row, company, form)
    asked = Asked(form.use.data or form.name.data or "", form.parent_id.data or "", form.version.data or "")
    try:
        creating.create(*desk.at(company_id), asked)
    except Invalid as error:
        form.name.data = asked.name
        form.name.errors = [
            forms_create.name_fault(code, desk.member_type) for code in error.errors.get("name", [])
        ]
        form.parent.errors = [forms_create.parent_fault(code) for code in error.errors.get("parent_id", [])]
        return _form(desk, row, company, form, 422)
    except Conflict:
        form.name.errors = [overtaken(last_changed_by(desk.user.workspace_id, company_id))]
        form.version.data = desk.version(company_id)
        return _form(desk, desk.row(company_id), company, form, 409)
    return _done(desk, company_id, _("%(company)s is on its way to QuickBooks.", company=company.name))


@links.get(f"{ROW}/parents")
def create_parents(member: str, company_id: int) -> str:
    """Answer the customers that a new one may be below, from our mirror."""
    desk = sit_down(member)
    desk.row(company_id)
    found = _parents(desk, search_text(request.args.get("q")))
    return render_template("links/_parents.html", options=found)


@links.get(f"{ROW}/creation")
def creation(member: str, company_id: int) -> BaseResponse:
    """Answer a row whose customer or vendor is under way; it reads itself again until that has ended."""
    desk = sit_down(member)
    row = desk.row(company_id)
    if not htmx.is_htmx():
        return htmx.redirect(address(desk, company_id))
    answer = make_response(render_template("links/_row.html", **desk.context(row=row)))
    if row.creation is not None and row.creation.is_open:
        return answer
    if row.state is StandingState.LINKED:
        message = _("%(name)s is in QuickBooks and linked.", name=row.remote_name)
    else:
        message = forms_create.told(row.creation) if row.creation else ""
    return htmx.toast(answer, message) if message else answer


@links.post(f"{ROW}/creation/withdraw")
def creation_withdraw(member: str, company_id: int) -> BaseResponse:
    """Take back what is queued, unless it was sent."""
    desk = sit_down(member)
    desk.row(company_id)
    if not desk.editable:
        return not_connected(desk)
    try:
        creating.withdraw(*desk.at(company_id))
    except Conflict:
        message = _("It is being sent already, so it could not be taken back.")
        return _done(desk, company_id, message, 409)
    return _done(desk, company_id, _("Taken back. Nothing was sent to QuickBooks."))


def _company(desk: Desk, company_id: int) -> Company:
    return standings.company(desk.user.workspace_id, company_id, desk.member_type)


def _former_name(row: Row) -> str:
    """The name that was refused, so that it can be corrected."""
    return row.creation.name if row.creation is not None and row.creation.error else ""


def _say_taken(desk: Desk, row: Row, form: CreateForm) -> None:
    """Tell at once when the name is taken, by our mirror or by what QuickBooks said."""
    name = form.name.data or ""
    owner = _owner(desk, name, "")
    was_refused = row.creation is not None and row.creation.error.get("code") == "duplicate_name"
    if owner is not None or (was_refused and name == _former_name(row)):
        form.name.errors = [forms_create.taken(owner, desk.member_type)]


def _owner(desk: Desk, name: str, parent_id: str) -> DirectoryEntry | None:
    home = (desk.living.workspace_id, desk.living.realm_id)
    found = party_names.owners(*home, [" ".join(name.split())], parent_id) if name.isprintable() else {}
    return next(iter(found.values()), None)


def _parents(desk: Desk, text: str) -> list[DirectoryEntry]:
    if desk.member_type is not MemberType.CUSTOMER or desk.connection is None:
        return []
    home = (desk.living.workspace_id, desk.living.realm_id)
    found = directory.search(*home, desk.member_type.remote_kind, text, OPTIONS)
    return [entry for entry in found if not party_names.is_too_deep(entry)]


def _form(desk: Desk, row: Row, company: Company, form: CreateForm, status: int = 200) -> Response:
    plan = Planner(desk.living).plan(company, desk.member_type, Asked(party_name(company.name) or "-"))
    parent_id = form.parent_id.data or ""
    parent = creating.parent_of(desk.living, desk.member_type, parent_id)
    context: dict[str, Any] = desk.context(
        row=row,
        form=form,
        preview=forms_create.preview(plan),
        left_out=forms_create.left_out(plan),
        told=forms_create.told(row.creation) if row.creation else "",
        parent=parent,
        parents=None if htmx.is_htmx() else _parents(desk, form.parent.data or ""),
        opened_template="links/_create.html",
        **_ways_out(desk, company, form, parent_id if parent else ""),
    )
    if htmx.is_htmx():
        return make_response(render_template("links/_create.html", **context), status)
    return whole_page(desk, row, context, status)


def _ways_out(desk: Desk, company: Company, form: CreateForm, parent_id: str) -> dict[str, Any]:
    """The entry that has the name, if it can be linked, and other names; nothing when no name is refused."""
    name = " ".join((form.name.data or "").split())
    if not form.name.errors or party_names.faults(name):
        return {"owner": None, "offers": []}
    owner = _owner(desk, name, parent_id)
    home = (desk.living.workspace_id, desk.living.realm_id)
    extras = forms_create.extras(company.bill_city, desk.member_type, owner)
    is_linkable = owner is not None and owner.kind.value == desk.member_type.remote_kind
    return {
        "owner": owner if is_linkable else None,
        "offers": party_names.offers(*home, name, extras, parent_id),
    }


def _done(desk: Desk, company_id: int, message: str, status: int = 200) -> BaseResponse:
    context = desk.context(row=desk.row(company_id), focus_edit=True)
    answer = htmx.done("links/_row.html", address(desk, company_id), message, **context)
    if htmx.is_htmx():
        answer.status_code = status
    return answer


def not_connected(desk: Desk) -> BaseResponse:
    """Say so at the table: nothing can be created without QuickBooks."""
    flash(_("QuickBooks is not connected, so nothing can be created there."), "message")
    return htmx.redirect(address(desk))
