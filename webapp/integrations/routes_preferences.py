"""QuickBooks Accounts and Settings: read, edit in place, save; and reading QuickBooks' lists anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp import htmx, i18n
from webapp.accounting.tax import is_canadian
from webapp.accounting.terms import term_key
from webapp.auth import access, drafts
from webapp.errors import Conflict, Invalid, NotFound
from webapp.inputs import row_id
from webapp.integrations import page, permissions, preferences
from webapp.integrations.blueprint import integrations
from webapp.integrations.forms_preferences import (
    OURS,
    THEIRS,
    PreferencesForm,
    fill,
    form_class,
    refusal,
    rules_of,
)
from webapp.integrations.preference_choices import Choices, proposals_for
from webapp.integrations.preference_fields import PROVINCES, chosen, province_field, term_field
from webapp.integrations.preference_lists import Books, load
from webapp.integrations.preference_view import US_DEFAULTS, may_edit, term_words
from webapp.links import directory
from webapp.models import Connection

SECTION = "preferences"
READ = "integrations/preferences/_read.html"
FORM = "integrations/preferences/_form.html"


@dataclass(frozen=True)
class Desk:
    """What editing works on: the company's lists and what is saved."""

    connection: Connection
    books: Books
    saved: preferences.Saved
    terms: dict[str, str]

    @property
    def provinces(self) -> tuple[str, ...]:
        """The provinces that have a tax code of their own."""
        return PROVINCES if is_canadian(self.books.company) else ()

    @property
    def numbers_are_ours_to_choose(self) -> bool:
        """Whether QuickBooks takes our numbers on anything that it could number itself."""
        return self.books.company.custom_sales_numbers or self.books.company.custom_purchase_numbers

    @cached_property
    def proposals(self) -> dict[str, str]:
        """What is proposed where nothing is saved."""
        return proposals_for(self.books, self.terms, chosen(self.saved.rules))

    def form(self, **values: Any) -> PreferencesForm:
        """The section's form for this company."""
        return form_class(self.terms, self.provinces)(**values)


@integrations.app_template_global()
def preference_control(field: str, name: str) -> str:
    """The form's control for a preference as the mapping names it; ``name`` is a term or a province."""
    if field == "terms":
        return term_field(term_key(name))
    return province_field(name) if field == "province_tax_codes" else field


@integrations.app_template_global()
def reader_manages() -> bool:
    """Whether the reader may change settings; macros do not see the context's ``current_user``."""
    return bool(getattr(access.person(), "manages", False))


@integrations.app_template_filter()
def iso_day(text: str) -> str:
    """A day in words from its ISO form, as reasons keep it."""
    return i18n.day(date.fromisoformat(text))


@integrations.get("/quickbooks/preferences")
def preferences_read() -> Response:
    """Answer the section in read state; where Cancel leads, and what reads itself again."""
    if not htmx.is_htmx():
        return htmx.redirect(url_for("integrations.quickbooks", _anchor="preferences"))
    return _read(focus_edit=request.args.get("from") == "edit")


@integrations.get("/quickbooks/preferences/edit")
def preferences_edit() -> Response:
    """Open the section's form; ``field`` names the drop-down to start with."""
    desk = _sit_down()
    if desk is None:
        return _read()
    form = desk.form(formdata=drafts.formdata(), data=_initial(desk))
    if "item_search" in request.args:
        form.find.data = request.args["item_search"]
    return _form(desk, form, focus=request.args.get("field", ""))


@integrations.post("/quickbooks/preferences")
def preferences_save() -> Response:
    """Save the section, or answer its form with what is wrong or what a search found."""
    desk = _sit_down()
    if desk is None:
        return _read(status=409)
    form = desk.form()
    if "search" in request.form:
        return _form(desk, form, focus="find")
    if not form.validate():
        return _form(desk, form, 422)
    try:
        changed = _save(desk, form)
    except Invalid as error:
        if "connection" in error.errors:
            return _read(status=409)
        for name, codes in error.errors.items():
            form[name].errors = [refusal(name, code) for code in codes]
        return _form(desk, form, 422)
    except Conflict:
        return _conflict(desk, form)
    message = _("QuickBooks accounts and settings are saved.") if changed else _("Nothing was changed.")
    url = url_for("integrations.quickbooks", _anchor="preferences")
    return htmx.done(READ, url, message, preferences=_read_context(), focus_edit=True)


@integrations.post("/quickbooks/lists/refresh")
def lists_refresh() -> Response:
    """Have QuickBooks' lists read anew; the section follows it by itself."""
    permissions.require_manages(access.person())
    connection = _connection()
    if not connection.is_usable:
        return _read(status=409)
    directory.request_refresh(connection)
    url = url_for("integrations.quickbooks", _anchor="preferences")
    message = _("The lists are being read from QuickBooks. What is saved here stays as it is.")
    return htmx.done(READ, url, message, preferences=_read_context())


def _connection() -> Connection:
    connection = Connection.of(access.workspace_id())
    if connection is None:
        raise NotFound
    return connection


def _sit_down() -> Desk | None:
    """What editing needs; None where the section can only be read. Raises Forbidden, NotFound."""
    permissions.require_manages(access.person())
    connection = _connection()
    if not may_edit(access.person(), connection):
        return None
    home = connection.workspace_id
    saved = preferences.read(home, connection.realm_id)
    return Desk(connection, load(connection), saved, term_words(home, saved))


def _initial(desk: Desk) -> dict[str, Any]:
    """What stands in the form when it is opened: what is saved, and proposals where nothing is."""
    rules = desk.saved.rules
    values: dict[str, Any] = {
        "billable": rules.billable,
        "item_name_source": rules.item_name_source.value,
        "unknown_items": rules.unknown_items.value,
        "numbers": OURS if rules.use_our_numbers and desk.numbers_are_ours_to_choose else THEIRS,
        "version": str(desk.saved.version),
    }
    defaults = US_DEFAULTS if desk.books.company.is_us else {}
    return values | desk.proposals | defaults | chosen(rules)


def _save(desk: Desk, form: PreferencesForm) -> bool:
    ours = form.numbers.data == OURS if desk.numbers_are_ours_to_choose else desk.saved.rules.use_our_numbers
    try:
        rules = rules_of(form, desk.terms, desk.provinces, ours)
    except ValueError as error:
        raise Invalid({str(error): ["missing"]}) from error
    return preferences.save(
        access.person(),
        desk.connection,
        rules,
        version=_version(form),
        confirmed=form.confirm_billable.data,
    )


def _conflict(desk: Desk, form: PreferencesForm) -> Response:
    """The form as typed, over the version that somebody else saved; saving again replaces that one."""
    form.version.data = str(preferences.read(desk.connection.workspace_id, desk.connection.realm_id).version)
    last_save = preferences.last_save(desk.connection.workspace_id)
    return _form(desk, form, 409, is_overtaken=True, last_save=last_save)


def _form(desk: Desk, form: PreferencesForm, status: int = 200, focus: str = "", **context: Any) -> Response:
    choices = Choices(desk.books, desk.proposals, form.find.data or "")
    fill(form, choices)
    invalid = next((field.name for field in form if field.errors), "")
    return page.render_section(
        SECTION,
        FORM,
        status,
        preferences_form=form,
        company=desk.books.company,
        choices=choices,
        terms=desk.terms,
        provinces=desk.provinces,
        numbers_are_ours=desk.numbers_are_ours_to_choose,
        focus=invalid or (focus if focus in form else "billable"),
        **context,
    )


def _read(status: int = 200, **context: Any) -> Response:
    _connection()
    return page.render_section(SECTION, READ, status, preferences=_read_context(), **context)


def _read_context() -> dict[str, Any]:
    return preferences.read_context(access.person(), _connection())


def _version(form: PreferencesForm) -> int:
    version = row_id(form.version.data)
    return -1 if version is None else version
