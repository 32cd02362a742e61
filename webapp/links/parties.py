"""The QuickBooks ids behind documents: their own company's link, and their order's customer's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peewee import JOIN, Case

from webapp.accounting.drafts import DocumentKind
from webapp.accounting.sources import Parties
from webapp.models import Company, DirectoryEntry, Document, Link, LinkState, MemberType

Role = tuple[int, MemberType]
Linked = dict[Role, tuple[str, str]]

SELLERS = (MemberType.SUPPLIER, MemberType.DECORATOR)
NOBODY: tuple[None, str] = (None, "")


def parties_for(document: Document, realm_id: str) -> Parties:
    """The parties of one document; see ``parties_for_many``."""
    return parties_for_many([document], realm_id)[document.id]


def parties_for_many(documents: Sequence[Document], realm_id: str) -> dict[int, Parties]:
    """The parties of some documents by the documents' ids, in two queries.

    An invoice's party is its company's customer link; a bill's or purchase order's the supplier link, else
    the decorator link. Names are ours. A link to what is inactive or deleted in QuickBooks counts as none,
    and ``party_gone`` says that there is one.
    """
    ids = {id_ for document in documents for id_ in (document.company_id, document.customer_id) if id_}
    names = dict(Company.select(Company.id, Company.name).where(Company.id.in_(ids)).tuples()) if ids else {}
    homes = {document.workspace_id for document in documents}
    links, gone = _links(homes, realm_id, ids) if ids else ({}, set())
    return {document.id: _parties(document, names, links, gone) for document in documents}


def _parties(document: Document, names: dict[int, str], links: Linked, gone: set[Role]) -> Parties:
    is_sale = document.kind == DocumentKind.INVOICE
    roles = (MemberType.CUSTOMER,) if is_sale else SELLERS
    found = (links[document.company_id, role] for role in roles if (document.company_id, role) in links)
    party_id, currency = next(found, NOBODY)
    is_gone = party_id is None and any((document.company_id, role) in gone for role in roles)
    customer = document.customer_id or (document.company_id if is_sale else None)
    customer_id, _currency = links.get((customer, MemberType.CUSTOMER), NOBODY) if customer else NOBODY
    return Parties(
        party_id=party_id,
        party_name=names.get(document.company_id, ""),
        customer_id=customer_id,
        customer_name=names.get(customer, "") if customer else "",
        party_currency=currency,
        party_gone=is_gone,
    )


def _links(workspace_ids: Iterable[int], realm_id: str, company_ids: set[int]) -> tuple[Linked, set[Role]]:
    """Ids and currencies at QuickBooks by our company and what it is to us, and the links to what is gone."""
    kind = Case(Link.member_type, ((MemberType.CUSTOMER.value, "customer"),), "vendor")
    entry = (
        (DirectoryEntry.workspace == Link.workspace)
        & (DirectoryEntry.realm_id == Link.realm_id)
        & (DirectoryEntry.kind == kind)
        & (DirectoryEntry.remote_id == Link.remote_id)
    )
    query = (
        Link.select(
            Link.company, Link.member_type, Link.remote_id, DirectoryEntry.currency, DirectoryEntry.active
        )
        .join(DirectoryEntry, JOIN.LEFT_OUTER, on=entry)
        .where(
            Link.workspace.in_(list(workspace_ids))
            & (Link.realm_id == realm_id)
            & Link.company.in_(company_ids)
            & (Link.state == LinkState.LINKED)
        )
    )
    links: Linked = {}
    gone: set[Role] = set()
    for company, role, id_, currency, active in query.tuples():
        if active:
            links[company, MemberType(role)] = (id_, currency)
        else:
            gone.add((company, MemberType(role)))
    return links, gone
