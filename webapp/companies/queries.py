"""Reads companies for the list and a company's page; every query is of one workspace and bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from peewee import JOIN

from webapp.db.search import matches
from webapp.errors import NotFound
from webapp.models import (
    Company,
    DirectoryEntry,
    Document,
    DocumentStatus,
    Link,
    ListKind,
    MemberType,
    Provider,
)

PAGE: Final = 50
DOCUMENTS: Final = 20
TYPES: Final = {
    "customer": Company.is_customer,
    "supplier": Company.is_supplier,
    "decorator": Company.is_decorator,
    "prospect": Company.is_prospect,
}


@dataclass(frozen=True)
class Page:
    """One page of the list; ``before`` and ``after`` are the companies to page from, None at an end."""

    rows: list[Company]
    before: int | None
    after: int | None


@dataclass(frozen=True)
class LinkFact:
    """What a company is tied to in QuickBooks as one member type; ``state`` is a link badge's word."""

    member_type: MemberType
    state: str
    name: str


def page_of(
    workspace_id: int, text: str = "", kind: str = "", *, after: int | None = None, before: int | None = None
) -> Page:
    """One page of a workspace's companies by name.

    Paging is by key, so that a deep page costs what the first does: ``after`` and ``before`` are the ids of
    the companies that it follows or precedes; an unknown one gives the first page.
    """
    query = Company.select().where(Company.workspace == workspace_id)
    if kind in TYPES:
        query = query.where(TYPES[kind])
    found = matches(Company, text)
    if found is not None:
        query = query.where(found)
    anchor = _anchor(workspace_id, before or after)
    backwards = before is not None and anchor is not None
    if anchor is not None:
        query = query.where(_beyond(anchor, backwards=backwards))
    order = (Company.sort_name.desc(), Company.id.desc()) if backwards else (Company.sort_name, Company.id)
    rows = list(query.order_by(*order).limit(PAGE + 1))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    has_before, has_after = (more, True) if backwards else (anchor is not None, more)
    if not rows:
        return Page([], None, None)
    return Page(rows, rows[0].id if has_before else None, rows[-1].id if has_after else None)


def has_any(workspace_id: int) -> bool:
    """Whether the workspace has companies at all."""
    return Company.select().where(Company.workspace == workspace_id).exists()


def find(workspace_id: int, company_id: int) -> Company:
    """A company of the workspace; raises NotFound."""
    company = Company.get_or_none((Company.id == company_id) & (Company.workspace == workspace_id))
    if company is None:
        raise NotFound
    return company


def documents_of(company: Company) -> list[Document]:
    """The company's newest documents, each with its ``state`` at QuickBooks."""
    query = (
        Document.select(Document, DocumentStatus.state.alias("state"))
        .join(
            DocumentStatus,
            JOIN.LEFT_OUTER,
            on=(DocumentStatus.document == Document.id) & (DocumentStatus.provider == Provider.QUICKBOOKS),
        )
        .where((Document.workspace == company.workspace_id) & (Document.company == company.id))
        .order_by(Document.date.desc(), Document.id.desc())
        .limit(DOCUMENTS)
    )
    return list(query.objects())


def links_of(company: Company, realm_id: str) -> list[LinkFact]:
    """The state of the company's link in one QuickBooks company, for each of its member types."""
    kinds = [kind for kind in MemberType if getattr(company, f"is_{kind.value}")]
    links = Link.select().where(
        (Link.workspace == company.workspace_id) & (Link.realm_id == realm_id) & (Link.company == company.id)
    )
    stored = {link.member_type: link for link in links}
    entries = DirectoryEntry.select(DirectoryEntry.kind, DirectoryEntry.remote_id, DirectoryEntry.name).where(
        (DirectoryEntry.workspace == company.workspace_id)
        & (DirectoryEntry.realm_id == realm_id)
        & DirectoryEntry.kind.in_([ListKind.CUSTOMER, ListKind.VENDOR])
        & DirectoryEntry.remote_id.in_([link.remote_id for link in stored.values() if link.remote_id])
    )
    names = {(entry.kind.value, entry.remote_id): entry.name for entry in entries}
    return [_link_fact(kind, stored.get(kind), names) for kind in kinds]


def _link_fact(kind: MemberType, link: Link | None, names: dict[tuple[str, str], str]) -> LinkFact:
    if link is None:
        return LinkFact(kind, "not_linked", "")
    return LinkFact(kind, link.state.value, names.get((kind.remote_kind, link.remote_id), ""))


def _anchor(workspace_id: int, company_id: int | None) -> tuple[str, int] | None:
    if company_id is None:
        return None
    query = Company.select(Company.sort_name, Company.id).where(
        (Company.workspace == workspace_id) & (Company.id == company_id)
    )
    return query.tuples().first()


def _beyond(anchor: tuple[str, int], *, backwards: bool) -> Any:
    """The rows past the anchor; the first comparison alone lets the index find the place."""
    name, id_ = anchor
    if backwards:
        return (Company.sort_name <= name) & ((Company.sort_name < name) | (Company.id < id_))
    return (Company.sort_name >= name) & ((Company.sort_name > name) | (Company.id > id_))
