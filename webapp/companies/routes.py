"""The list of companies; a company's page and its sections hang on the same blueprint."""

from __future__ import annotations

from flask import Response, request

from webapp import htmx
from webapp.auth.access import workspace_id
from webapp.companies import queries, routes_exemptions
from webapp.companies.routes_company import companies
from webapp.inputs import row_id, search_text

__all__ = ["companies", "routes_exemptions"]


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
