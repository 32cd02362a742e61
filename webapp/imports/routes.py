"""Uploading a file, its preview, the import itself, and the templates to start from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from webapp import error_pages, htmx
from webapp.auth.access import person, workspace_id
from webapp.i18n import language
from webapp.imports import forms, service, views
from webapp.imports.forms import UploadForm
from webapp.imports.problems import ImportProblem
from webapp.imports.reading import MAX_ROWS
from webapp.imports.template import template as template_file
from webapp.models import ImportFile, ImportKind

imports = Blueprint("imports", __name__)

MB = 1024 * 1024
DRAINED = 64 * MB


@imports.route("/<any(companies, documents):kind>/import", methods=["GET", "POST"])
def upload(kind: str) -> BaseResponse:
    """Show the form, or keep the file and show what it would do."""
    workspace_id()
    kind_ = ImportKind(kind)
    form = UploadForm()
    if request.method == "GET":
        return _form(kind_, form)
    try:
        filename, data = _uploaded(form)
        file = service.store(person(), kind_, filename, data)
    except ImportProblem as problem:
        return _form(kind_, form, problem)
    preview = service.preview(file)
    if preview.errors:
        return _preview(preview, 422)
    return htmx.redirect(url_for("imports.show", import_id=file.id))


@imports.get("/imports/<id:import_id>")
def show(import_id: int) -> BaseResponse:
    """What the file would do, or did."""
    file = service.find(workspace_id(), import_id)
    if file.finished_at is None:
        return _preview(service.preview(file))
    return make_response(render_template("imports/done.html", file=file, title=forms.title(file.kind)))


@imports.post("/imports/<id:import_id>/commit")
def commit(import_id: int) -> BaseResponse:
    """Import the file: all of it, or all but the bad rows."""
    file = service.find(workspace_id(), import_id)
    address = url_for("imports.show", import_id=import_id)
    if file.finished_at is not None:
        flash(_("This file was imported already. Nothing was imported twice."))
        return htmx.redirect(address)
    try:
        service.commit(person(), import_id, skip_bad=request.form.get("mode") == "skip_bad")
    except ImportProblem:
        return _preview(service.preview(file), 422)
    return htmx.redirect(address)


@imports.get("/<any(companies, documents):kind>/template.csv")
def template(kind: str) -> Response:
    """A file with only the header, in the reader's language."""
    workspace_id()
    name = {
        "companies": _("companies-template.csv"),
        "documents": _("documents-template.csv"),
    }[kind]
    response = make_response(template_file(service.COLUMNS[ImportKind(kind)], language()))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@imports.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> BaseResponse:
    """Say at the field that the file is too large, also when it is so large that it is not read at all.

    What the browser still sends is read and thrown away (up to a limit), for many show a broken connection
    instead of the answer otherwise.
    """
    _drain()
    if not current_user.is_authenticated or current_user.workspace_id is None:
        return error_pages.answer(413)
    kind = ImportKind((request.view_args or {}).get("kind", "companies"))
    return _form(kind, UploadForm(formdata=None), _too_large_problem())


def _drain() -> None:
    stream: Any = request.environ.get("wsgi.input")
    left = min(request.content_length or 0, DRAINED)
    while left > 0:
        chunk = stream.read(min(left, MB))
        if not chunk:
            return
        left -= len(chunk)


def _uploaded(form: UploadForm) -> tuple[str, bytes]:
    """The name and bytes of the chosen file; raises ImportProblem ``missing`` or ``too_large``."""
    upload_ = form.file.data
    if not upload_ or not upload_.filename:
        raise ImportProblem("missing")
    data = upload_.read()
    if len(data) > current_app.extensions["settings"].max_upload_mb * MB:
        raise _too_large_problem()
    return upload_.filename, data


def _too_large_problem() -> ImportProblem:
    problem = ImportProblem("too_large", limit=current_app.extensions["settings"].max_upload_mb)
    problem.status = 413
    return problem


def _form(kind: ImportKind, form: UploadForm, problem: ImportProblem | None = None) -> Response:
    columns = service.COLUMNS[kind]
    if problem is not None:
        form.file.errors = [forms.file_sentence(problem, columns)]
    page = render_template(
        "imports/upload.html",
        form=form,
        kind=kind.value,
        title=forms.title(kind),
        columns=[
            (column.header(language()), column.required, forms.column_help(column)) for column in columns
        ],
        limit=current_app.extensions["settings"].max_upload_mb,
        max_rows=MAX_ROWS,
    )
    return make_response(page, problem.status if problem else 200)


def _preview(preview: service.Preview, status: int = 200) -> Response:
    file: ImportFile = preview.file
    page = render_template(
        "imports/preview.html",
        file=file,
        preview=preview,
        title=forms.title(file.kind),
        **views.preview_context(preview),
    )
    return make_response(page, status)
