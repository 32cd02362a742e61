"""QuickBooks Accounts and Settings: read, edit in place, save; and reading QuickBooks' lists anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp import htmx
from webapp.accounting.sources import MappingRules
from webapp.auth import access, drafts
from webapp.errors import Conflict, Invalid
from webapp.inputs import row_id, search_text
from webapp.integrations import (
    page,
    permissions,
    preference_rows,
    preferences,
    routes_preferences_links,
    routes_preferences_options,
)
from webapp.integrations.blueprint import integrations
from webapp.integrations.forms_preference_words import refusal
from webapp.integrations.forms_preferences import PreferencesForm, effect_words, fill
from webapp.integrations.preference_changes import control
from webapp.integrations.preference_conflict import clash
from webapp.integrations.preference_desk import Desk, Rows
from webapp.integrations.preference_fields import MOST_RULES, rule_field, rule_part
from webapp.integrations.preference_typed import typed_rules
from webapp.integrations.preference_values import suggestions
from webapp.integrations.preference_view import may_edit
from webapp.links import directory

__all__ = ["routes_preferences_links", "routes_preferences_options"]

SECTION = "preferences"
READ = "integrations/preferences/_read.html"
FORM = "integrations/preferences/_form.html"


@integrations.get("/quickbooks/preferences")
def preferences_read() -> Response:
    """Answer the section in read state; where Cancel leads, and what reads itself again."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.quickbooks", _anchor="preferences"))
    return _read(focus_edit="focus" in request.args)


@integrations.get("/quickbooks/preferences/edit")
def preferences_edit() -> Response:
    """Open the section's form; ``field`` names the control to start with."""
    desk = _sit_down()
    if desk is None:
        return _read()
    typed = drafts.formdata()
    rows = desk.saved_rows() if typed is None else preference_rows.read(typed)
    rows, focus = preference_rows.sought(rows, request.args.get("field", ""))
    is_plain = typed is None and "item_search" not in request.args and not any(row.is_open for row in rows)
    if is_plain and htmx.is_htmx():
        return page.remembered(
            (FORM, focus, desk.material(rows)), lambda: _form(desk, desk.form(rows), rows, focus=focus)
        )
    form = desk.form(rows, typed)
    if "item_search" in request.args:
        form.find.data = request.args["item_search"]
    return _form(desk, form, rows, focus=focus)


@integrations.post("/quickbooks/preferences")
def preferences_save() -> Response:
    """Save the section, or answer its form with what is wrong, or with what one of its buttons did."""
    desk = _sit_down()
    if desk is None:
        return _read(status=409)
    rows = preference_rows.read(request.form)
    if request.form.get("do") == "theirs":
        return _take_theirs(desk, rows)
    if "do" in request.form:
        rows, focus = preference_rows.act(rows, request.form["do"], request.form.get("added", ""))
        return _form(desk, desk.form(rows, request.form), rows, focus=focus)
    form = desk.form(rows, request.form)
    if _searches(form):
        return _form(desk, form, rows, focus="find")
    if not form.validate():
        return _form(desk, form, rows, 422)
    confirmed, seen = form.confirm_billable.data, _version(form)
    try:
        rules = typed_rules(desk, form, rows)
        saved = preferences.save(
            access.person(),
            desk.connection,
            rules,
            version=seen,
            confirmed=confirmed,
            words=desk.terms,
            before=desk.saved,
            lists=desk.lists,
        )
    except Invalid as error:
        return _refused(desk, rows, error)
    except Conflict:
        return _conflict(Desk.of(desk.connection), rows, seen, rules)
    message = _("QuickBooks accounts and settings are saved.") if saved else _("Nothing was changed.")
    url = url_for("integrations.quickbooks", _anchor="preferences")
    after = replace(desk, saved=saved) if saved else desk
    shown = preferences.read_context(access.person(), desk.connection, after)
    return htmx.done(READ, url, message, preferences=shown, focus_edit=True)


@integrations.post("/quickbooks/lists/refresh")
def lists_refresh() -> Response:
    """Have QuickBooks' lists read anew; the section follows it by itself."""
    permissions.require_manages(access.person())
    connection = page.connection()
    if not connection.is_usable:
        return _read(status=409)
    directory.request_refresh(connection)
    url = url_for("integrations.quickbooks", _anchor="preferences")
    message = _("The lists are being read from QuickBooks. What is saved here stays as it is.")
    return htmx.done(READ, url, message, preferences=_read_context())


def _sit_down() -> Desk | None:
    """What editing needs; None where the section can only be read. Raises Forbidden, NotFound."""
    permissions.require_manages(access.person())
    connection = page.connection()
    return Desk.of(connection) if may_edit(access.person(), connection) else None


def _searches(form: PreferencesForm) -> bool:
    """Whether to search: by its button, or by Enter after something else was typed to look for."""
    if "search" in request.form:
        return True
    asked, found = (search_text(request.form.get(name)) for name in ("find", "found"))
    return "enter" in request.form and asked != found


def _refused(desk: Desk, rows: Rows, error: Invalid) -> Response:
    """The form as typed, with the service's errors at their controls."""
    if "connection" in error.errors:
        return _read(status=409)
    parts = (rule_part(name) for name in error.errors)
    rows = preference_rows.opened(rows, {part[0] for part in parts if part})
    form = desk.form(rows, request.form)
    for name, codes in error.errors.items():
        if name in form:
            form[name].errors = [refusal(name, code) for code in codes]
    if "rules" not in error.errors:
        return _form(desk, form, rows, 422)
    first_too_many = rule_field(MOST_RULES, "open")
    return _form(desk, form, rows, 422, focus=first_too_many, rules_error=refusal("rules", "too_many"))


def _conflict(desk: Desk, rows: Rows, seen: int, mine: MappingRules) -> Response:
    """The form as typed with what others saved meanwhile; saving it again is a decision."""
    form = desk.form(rows, request.form)
    form.version.data = str(desk.saved.version)
    found = clash(desk.lists, desk.saved, seen, mine, desk.terms)
    return _form(desk, form, rows, 409, focus="theirs", clash=found)


def _take_theirs(desk: Desk, rows: Rows) -> Response:
    """The form with what others saved where that was ticked, and as typed otherwise."""
    keys = request.form.getlist("theirs")
    rows = desk.saved_rows() if "rules" in keys else rows
    form = desk.form(rows, request.form)
    taken = desk.take_theirs(form, keys)
    first = "rule-add" if taken[:1] == ["rules"] else "".join(map(control, taken[:1]))
    return _form(desk, form, rows, focus=first, taken=taken)


def _form(
    desk: Desk, form: PreferencesForm, rows: Rows, status: int = 200, focus: str = "", **context: Any
) -> Response:
    form.find.data = search_text(form.find.data)
    choices = desk.choices(form, rows)
    fill(form, choices)
    is_control = focus in form or focus.startswith(("rule", "theirs"))
    return page.render_section(
        SECTION,
        FORM,
        status,
        preferences_form=form,
        desk=desk,
        company=desk.lists.company,
        choices=choices,
        rows=[(row, effect_words(choices, place, row)) for place, row in enumerate(rows)],
        suggestions=suggestions(desk.connection.workspace_id, {row.field for row in rows if row.is_open}),
        focus=form.first_invalid() or (focus if is_control else "billable"),
        **context,
    )


def _read(status: int = 200, **context: Any) -> Response:
    page.connection()
    return page.render_section(SECTION, READ, status, preferences=_read_context(), **context)


def _read_context() -> dict[str, Any]:
    return preferences.read_context(access.person(), page.connection())


def _version(form: PreferencesForm) -> int:
    version = row_id(form.version.data)
    return -1 if version is None else version
