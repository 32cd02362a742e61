"""The list of documents, a document's page, and sending it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp import htmx
from webapp.accounting.drafts import DocumentKind
from webapp.auth.access import person, workspace_id
from webapp.documents import queries, service
from webapp.documents.view import UNDER_WAY, DocumentView, view_of
from webapp.errors import Conflict, Invalid
from webapp.inputs import row_id, search_text
from webapp.integrations import permissions
from webapp.models import DocumentState

documents = Blueprint("documents", __name__, url_prefix="/documents")

Choice = TypeVar("Choice", bound=StrEnum)


@documents.get("")
def index() -> Response:
    """The list, searched, filtered and paged."""
    home, sees = workspace_id(), permissions.sees(person())
    filters = queries.Filters(
        text=search_text(request.args.get("q")),
        kind=_choice("kind", DocumentKind),
        state=_choice("state", DocumentState) if sees else None,
    )
    after, before = (row_id(request.args.get(name)) for name in ("after", "before"))
    listing = queries.page_of(home, filters, after=after, before=before)
    is_whole = filters == queries.Filters()
    return htmx.render(
        "documents/index.html",
        "documents/_list.html",
        listing=listing,
        filters=filters,
        sees=sees,
        empty=not listing.rows and not queries.has_any(home),
        kinds=queries.counts_by_kind(home) if is_whole else dict.fromkeys(DocumentKind),
        states=_states(home, is_whole) if sees else {},
        counted=queries.COUNTED,
    )


@documents.get("/<id:document_id>")
def show(document_id: int) -> Response:
    """One document: its lines, what QuickBooks will get, and what became of it there."""
    return _render(view_of(person(), service.find(workspace_id(), document_id)))


@documents.get("/<id:document_id>/status")
def status(document_id: int) -> Response:
    """The same, asked for again and again while the document is under way; its end is announced."""
    document = service.find(workspace_id(), document_id)
    permissions.require_visible(person())
    view = view_of(person(), document)
    answer = _render(view)
    if htmx.is_htmx() and view.state not in UNDER_WAY:
        return htmx.toast(answer, _end(view))
    return answer


@documents.post("/<id:document_id>/send")
def send(document_id: int) -> BaseResponse:
    """Queue the document for QuickBooks."""
    user = person()
    document = service.find(workspace_id(), document_id)
    try:
        service.send(user, document.id, anew=bool(request.form.get("anew")))
    except Invalid:
        return htmx.invalid(
            "documents/show.html",
            "documents/_document.html",
            view=view_of(user, document),
            focus_status=True,
        )
    except Conflict:
        message = _("%(document)s is in QuickBooks already.", document=_title(document))
    else:
        message = _("%(document)s is queued for QuickBooks.", document=_title(document))
    return htmx.done(
        "documents/_document.html",
        url_for("documents.show", document_id=document.id),
        message,
        view=view_of(user, document),
        focus_status=True,
    )


def _render(view: DocumentView) -> Response:
    return htmx.render("documents/show.html", "documents/_document.html", view=view)


def _title(document: Any) -> str:
    titles = {
        DocumentKind.INVOICE: _("Invoice %(number)s", number=document.number),
        DocumentKind.BILL: _("Bill %(number)s", number=document.number),
        DocumentKind.PURCHASE_ORDER: _("Purchase order %(number)s", number=document.number),
    }
    return titles[document.kind]


def _end(view: DocumentView) -> str:
    title = _title(view.document)
    if view.state in {DocumentState.SENT, DocumentState.CHANGED}:
        return _("%(document)s is in QuickBooks.", document=title)
    return _("%(document)s was not sent. This page says why.", document=title)


def _states(home: int, is_whole: bool) -> dict[DocumentState, int | None]:
    """The states to filter by: those that occur, or all when nothing was counted."""
    if not is_whole:
        return dict.fromkeys(DocumentState)
    return {state: count for state, count in queries.counts_by_state(home).items() if count}


def _choice(name: str, choices: type[Choice]) -> Choice | None:
    text = request.args.get(name, "")
    return choices(text) if text in set(choices) else None
