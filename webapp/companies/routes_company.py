"""A company's page, and how its one section that is edited in place is answered alone or in the page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from webapp import htmx
from webapp.auth.access import person, workspace_id
from webapp.companies import exemptions, queries
from webapp.integrations import connections, permissions
from webapp.models import Company

companies = Blueprint("companies", __name__, url_prefix="/companies")

EXEMPTIONS = "companies/exemptions/_read.html"


@companies.get("/<id:company_id>")
def show(company_id: int) -> Response:
    """One company with its documents, and its links for those who see the integration."""
    return htmx.render("companies/show.html", "companies/show.html", **page_context(company_id))


def render_exemptions(company_id: int, fragment: str, status: int = 200, **context: Any) -> Response:
    """Answer the section of tax exemptions: alone to HTMX, else the whole page with it in its place.

    Raises:
        NotFound: the person's workspace has no such company.
    """
    whole = section_context if htmx.is_htmx() else page_context
    values = {**whole(company_id), **context, "exemptions_fragment": fragment}
    return htmx.render("companies/show.html", fragment, status, **values)


def section_context(company_id: int) -> dict[str, Any]:
    """What the section of tax exemptions shows."""
    return _section(queries.find(workspace_id(), company_id))


def page_context(company_id: int) -> dict[str, Any]:
    """What the page shows to the reader."""
    company = queries.find(workspace_id(), company_id)
    sees = permissions.sees(person())
    connection = connections.living(workspace_id()) if sees else None
    return {
        **_section(company),
        "exemptions_fragment": EXEMPTIONS,
        "documents": queries.documents_of(company),
        "sees": sees,
        "links": queries.links_of(company, connection.realm_id) if connection else None,
    }


def _section(company: Company) -> dict[str, Any]:
    return {
        "company": company,
        "exemptions": exemptions.standings(company),
        "may_edit_exemptions": person().manages,
    }
