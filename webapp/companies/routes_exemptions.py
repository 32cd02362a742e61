"""Tax exemptions of a customer: read, add, edit in place, remove."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp import htmx
from webapp.auth import access, drafts
from webapp.companies import exemptions, queries
from webapp.companies.forms import ExemptionForm, number_refusal
from webapp.companies.routes_company import EXEMPTIONS, companies, render_exemptions, section_context
from webapp.errors import Conflict, Forbidden, Invalid, NotFound
from webapp.inputs import row_id
from webapp.models import Company, TaxExemption

ALL = "/<id:company_id>/exemptions"
ONE = f"{ALL}/<id:exemption_id>"
FORM = "companies/exemptions/_form.html"


@companies.get(ALL)
def exemptions_read(company_id: int) -> Response:
    """Answer the section in read state; where Cancel leads."""
    if not htmx.is_htmx():
        queries.find(access.workspace_id(), company_id)
        return htmx.redirect(_place(company_id))
    return render_exemptions(company_id, EXEMPTIONS, focus=row_id(request.args.get("from")) or "new")


@companies.get(f"{ALL}/edit")
def exemptions_new(company_id: int) -> Response:
    """Open the form of a new certificate."""
    _sit_down(company_id)
    return _form(company_id, None, ExemptionForm(formdata=drafts.formdata()))


@companies.post(ALL)
def exemptions_add(company_id: int) -> Response:
    """Keep a new certificate, or answer the form with what is wrong."""
    _sit_down(company_id)
    form = ExemptionForm()
    if not form.validate():
        return _form(company_id, None, form, 422)
    try:
        exemptions.add(access.person(), company_id, form.certificate)
    except Invalid as error:
        return _refused(company_id, None, form, error)
    return _done(company_id, _("The certificate is saved."), "new")


@companies.get(f"{ONE}/edit")
def exemptions_edit(company_id: int, exemption_id: int) -> Response:
    """Open the form of a certificate."""
    row = exemptions.find(_sit_down(company_id), exemption_id)
    return _form(company_id, row, ExemptionForm.of(row, drafts.formdata()))


@companies.post(ONE)
def exemptions_save(company_id: int, exemption_id: int) -> Response:
    """Keep what a certificate says now or forget it, or answer the form with what is wrong."""
    company = _sit_down(company_id)
    form = ExemptionForm()
    if request.form.get("action") == "remove":
        return _remove(company, exemption_id, form)
    if not form.validate():
        return _form(company_id, _row(company, exemption_id), form, 422)
    try:
        changed = exemptions.change(access.person(), company_id, exemption_id, form.certificate, form.seen)
    except Invalid as error:
        return _refused(company_id, _row(company, exemption_id), form, error)
    except Conflict:
        return _conflict(company, exemption_id, form)
    message = _("The certificate is saved.") if changed else _("Nothing was changed.")
    return _done(company_id, message, exemption_id)


def _remove(company: Company, exemption_id: int, form: ExemptionForm) -> Response:
    try:
        exemptions.remove(access.person(), company.id, exemption_id, form.seen)
    except Conflict:
        if _row(company, exemption_id) is not None:
            return _conflict(company, exemption_id, form)
    return _done(company.id, _("The certificate is removed."), "new")


def _sit_down(company_id: int) -> Company:
    """The company, for whoever may edit its certificates; raises NotFound, Forbidden."""
    company = queries.find(access.workspace_id(), company_id)
    if not access.person().manages:
        raise Forbidden
    return company


def _row(company: Company, exemption_id: int) -> TaxExemption | None:
    try:
        return exemptions.find(company, exemption_id)
    except NotFound:
        return None


def _conflict(company: Company, exemption_id: int, form: ExemptionForm) -> Response:
    """The form as typed, over what somebody else saved; saving again replaces that, or adds it anew."""
    row = _row(company, exemption_id)
    form.version.data = str(row.version) if row else ""
    last = exemptions.last_change(company, exemption_id, row.updated_at if row else None)
    now = exemptions.Certificate.of(row) if row else None
    return _form(company.id, row, form, 409, is_overtaken=True, now=now, last_change=last)


def _refused(company_id: int, row: TaxExemption | None, form: ExemptionForm, error: Invalid) -> Response:
    form.number.errors = [number_refusal(code) for code in error.errors["number"]]
    return _form(company_id, row, form, 422)


def _form(
    company_id: int, row: TaxExemption | None, form: ExemptionForm, status: int = 200, **context: Any
) -> Response:
    invalid = next((field.name for field in form if field.errors), "number")
    return render_exemptions(
        company_id, FORM, status, exemption_form=form, exemption=row, focus=invalid, **context
    )


def _done(company_id: int, message: str, focus: int | str) -> Response:
    context = section_context(company_id) if htmx.is_htmx() else {}
    return htmx.done(EXEMPTIONS, _place(company_id), message, focus=focus, **context)


def _place(company_id: int) -> str:
    return url_for("companies.show", company_id=company_id, _anchor="exemptions")
