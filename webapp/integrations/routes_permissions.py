"""Permissions: read, edit in place, save."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp import htmx
from webapp.accounting.drafts import DocumentKind
from webapp.auth import access, drafts
from webapp.errors import Conflict, Invalid
from webapp.inputs import row_id
from webapp.integrations import overtaken, page, people, permissions
from webapp.integrations.blueprint import integrations
from webapp.integrations.forms_permissions import PermissionsForm
from webapp.models import Visibility

SECTION = "permissions"
READ = "integrations/permissions/_read.html"
FORM = "integrations/permissions/_form.html"
PEOPLE = "integrations/permissions/_people.html"


@integrations.get("/quickbooks/permissions")
def permissions_read() -> BaseResponse:
    """Answer the section in read state; where Cancel leads, and what reads itself again."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.quickbooks", _anchor="permissions"))
    return _read(focus_edit="focus" in request.args)


@integrations.get("/quickbooks/permissions/edit")
def permissions_edit() -> Response:
    """Open the section's form."""
    permissions.require_manages(access.person())
    if not _can_be_edited():
        return _read()
    saved = permissions.read(access.workspace_id())
    form = PermissionsForm(
        formdata=drafts.formdata(),
        data={
            "visible_to": saved.visible_to.value,
            "people": [person.id for person in saved.people],
            "send": [kind.value for kind in saved.sends],
            "version": str(saved.version),
        },
    )
    return _form(form)


@integrations.post("/quickbooks/permissions")
def permissions_save() -> BaseResponse:
    """Save the section, or answer its form with what is wrong, or with whom ``find`` found."""
    user = access.person()
    permissions.require_manages(user)
    if not _can_be_edited():
        return _read(status=409)
    form = PermissionsForm()
    if "find" in request.form:
        return _found(form)
    if not form.validate():
        return _form(form, 422)
    try:
        changed = permissions.save(
            user,
            visible_to=Visibility(form.visible_to.data),
            people=form.everybody_chosen,
            sends=[DocumentKind(kind) for kind in form.send.data or []],
            version=_version(form),
        )
    except Invalid as error:
        form.people.errors = [_words(code) for code in error.errors["people"]]
        return _form(form, 422)
    except Conflict:
        return _conflict(form)
    message = _("Permissions are saved.") if changed else _("Nothing was changed.")
    url = url_for("integrations.quickbooks", _anchor="permissions")
    return htmx.done(READ, url, message, permissions=_read_context(), focus_edit=True)


def _found(form: PermissionsForm) -> Response:
    """The list of people alone, as HTMX asks for it with each letter; without HTMX the whole form."""
    if not htmx.is_htmx():
        return _form(form, is_searching=True)
    context = {"permissions_form": form, "people": _people(form), "alone": True}
    return make_response(render_template(PEOPLE, **context))


def _conflict(form: PermissionsForm) -> Response:
    """The form as typed, over the version that somebody else saved; saving again replaces that one."""
    seen, home = _version(form), access.workspace_id()
    now = permissions.read(home)
    form.version.data = str(now.version)
    return _form(form, 409, now=now, overtaken=overtaken.since(home, permissions.SAVED, seen))


def _form(form: PermissionsForm, status: int = 200, **context: Any) -> Response:
    return page.render_section(SECTION, FORM, status, permissions_form=form, people=_people(form), **context)


def _people(form: PermissionsForm) -> people.Listing:
    return people.listing(access.workspace_id(), form.everybody_chosen, form.q.data or "")


def _read(status: int = 200, **context: Any) -> Response:
    return page.render_section(SECTION, READ, status, permissions=_read_context(), **context)


def _read_context() -> dict[str, object]:
    return permissions.read_context(access.person(), page.connection())


def _can_be_edited() -> bool:
    return permissions.is_living(page.connection())


def _version(form: PermissionsForm) -> int:
    version = row_id(form.version.data)
    return -1 if version is None else version


def _words(code: object) -> str:
    if code == "nobody":
        return _("Choose at least one person, or select All users.")
    return _("One of the chosen people is not there any more and was taken out. Check the others, then save.")
