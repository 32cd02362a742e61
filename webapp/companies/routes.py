"""The list of companies and a company's page."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from webapp import htmx
from webapp.auth.access import person, workspace_id
from webapp.companies import queries
from webapp.inputs import row_id, search_text
from webapp.integrations import connections, permissions

companies = Blueprint("companies", __name__, url_prefix="/companies")


@companies.get("")
def index() -> Response:
    """The list, searched, filtered and paged."""
    text = search_text(request.args.get("q"))
    kind = request.args.get("type", "")
    kind = kind if kind in queries.TYPES else ""
    after, before = (row_id(request.args.get(name)) for name in ("after", "before"))
    listing = queries.page_of(workspace_id(), text, kind, after=after, before=before)
    empty = not listing.rows and not queries.has_any(workspace_id())
    return htmx.render(
        "companies/index.html", "companies/_list.html", listing=listing, q=text, type=kind, empty=empty
    )


@companies.get("/<id:company_id>")
def show(company_id: int) -> Response:
    """One company with its documents, and its links for those who see the integration."""
    company = queries.find(workspace_id(), company_id)
    sees = permissions.sees(person())
    connection = connections.living(workspace_id()) if sees else None
    page = render_template(
        "companies/show.html",
        company=company,
        documents=queries.documents_of(company),
        sees=sees,
        links=queries.links_of(company, connection.realm_id) if connection else None,
    )
    return make_response(page)
