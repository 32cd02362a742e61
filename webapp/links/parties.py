"""The QuickBooks ids behind documents: their own company's link, and their order's customer's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peewee import JOIN, Case

from webapp.accounting.drafts import DocumentKind
from webapp.accounting.sources import Parties
from webapp.models import Company, DirectoryEntry, Document, Link, LinkState, MemberType

SELLERS = (MemberType.SUPPLIER, MemberType.DECORATOR)


def parties_for(document: Document, realm_id: str) -> Parties:
    """The parties of one document; see ``parties_for_many``."""
    return parties_for_many([document], realm_id)[document.id]


def parties_for_many(documents: Sequence[Document], realm_id: str) -> dict[int, Parties]:
    """The parties of some documents by the documents' ids, in two queries.

    An invoice's party is its company's customer link; a bill's or purchase order's the supplier link, else
    the decorator link. Names are ours. A link to what QuickBooks made inactive or deleted counts as none.
    """
    ids = {id_ for document in documents for id_ in (document.company_id, document.customer_id) if id_}
    names = dict(Company.select(Company.id, Company.name).where(Company.id.in_(ids)).tuples()) if ids else {}
    links = _links({document.workspace_id for document in documents}, realm_id, ids) if ids else {}
    return {document.id: _parties(document, names, links) for document in documents}


def _parties(document: Document, names: dict[int, str], links: dict[tuple[int, MemberType], str]) -> Parties:
    is_sale = document.kind == DocumentKind.INVOICE
    roles = (MemberType.CUSTOMER,) if is_sale else SELLERS
    found = (links.get((document.company_id, role)) for role in roles)
    customer = document.customer_id or (document.company_id if is_sale else None)
    return Parties(
        party_id=next((remote_id for remote_id in found if remote_id), None),
        party_name=names.get(document.company_id, ""),
        customer_id=links.get((customer, MemberType.CUSTOMER)) if customer else None,
        customer_name=names.get(customer, "") if customer else "",
    )


def _links(
    workspace_ids: Iterable[int], realm_id: str, company_ids: set[int]
) -> dict[tuple[int, MemberType], str]:
    kind = Case(Link.member_type, ((MemberType.CUSTOMER.value, "customer"),), "vendor")
    entry = (
        (DirectoryEntry.workspace == Link.workspace)
        & (DirectoryEntry.realm_id == Link.realm_id)
        & (DirectoryEntry.kind == kind)
        & (DirectoryEntry.remote_id == Link.remote_id)
    )
    query = (
        Link.select(Link.company, Link.member_type, Link.remote_id)
        .join(DirectoryEntry, JOIN.INNER, on=entry)
        .where(
            Link.workspace.in_(list(workspace_ids))
            & (Link.realm_id == realm_id)
            & Link.company.in_(company_ids)
            & (Link.state == LinkState.LINKED)
            & DirectoryEntry.active
        )
    )
    return {(company, MemberType(role)): remote_id for company, role, remote_id in query.tuples()}
