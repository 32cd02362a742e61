"""Permissions: read, edit in place, save."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp import htmx
from webapp.accounting.drafts import DocumentKind
from webapp.auth import access, drafts
from webapp.errors import Conflict, Invalid
from webapp.inputs import row_id
from webapp.integrations import page, permissions
from webapp.integrations.blueprint import integrations
from webapp.integrations.forms_permissions import PermissionsForm
from webapp.models import Visibility

SECTION = "permissions"
READ = "integrations/permissions/_read.html"
FORM = "integrations/permissions/_form.html"


@integrations.get("/quickbooks/permissions")
def permissions_read() -> Response:
    """Answer the section in read state; where Cancel leads."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.quickbooks"))
    return page.render_section(SECTION, READ, permissions=_read_context(), focus_edit=True)


@integrations.get("/quickbooks/permissions/edit")
def permissions_edit() -> Response:
    """Open the section's form."""
    permissions.require_manages(access.person())
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
def permissions_save() -> Response:
    """Save the section, or answer its form with what is wrong."""
    user = access.person()
    permissions.require_manages(user)
    form = PermissionsForm()
    if not form.validate():
        return _form(form, 422)
    try:
        changed = permissions.save(
            user,
            visible_to=Visibility(form.visible_to.data),
            people=form.people.data or [],
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


def _conflict(form: PermissionsForm) -> Response:
    """The form as typed, over the version that somebody else saved; saving again replaces that one."""
    now = permissions.read(access.workspace_id())
    form.version.data = str(now.version)
    return _form(form, 409, now=now, last_save=permissions.last_save(access.workspace_id()))


def _form(form: PermissionsForm, status: int = 200, **context: Any) -> Response:
    home = access.workspace_id()
    return page.render_section(
        SECTION,
        FORM,
        status,
        permissions_form=form,
        members=permissions.members(home),
        managers=permissions.managers(home),
        **context,
    )


def _read_context() -> dict[str, object]:
    return permissions.read_context(access.person())


def _version(form: PermissionsForm) -> int:
    version = row_id(form.version.data)
    return -1 if version is None else version


def _words(code: object) -> str:
    if code == "nobody":
        return _("Choose at least one person, or select All users.")
    return _("Choose people of your company only: one of the chosen is not there any more.")
