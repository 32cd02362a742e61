"""Reads documents for the list and what happened to one; every query is of one workspace and bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from peewee import JOIN, ModelSelect

from webapp.accounting.drafts import DocumentKind
from webapp.db.search import matches
from webapp.models import (
    Company,
    Delivery,
    DeliveryAttempt,
    Document,
    DocumentState,
    DocumentStatus,
    Provider,
    User,
)

PAGE: Final = 50
COUNTED: Final = 1000
DELIVERIES: Final = 10
TRIES: Final = 20
AT_QUICKBOOKS: Final = (DocumentStatus.document == Document.id) & (
    DocumentStatus.provider == Provider.QUICKBOOKS
)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty and None mean everything."""

    text: str = ""
    kind: DocumentKind | None = None
    state: DocumentState | None = None


@dataclass(frozen=True)
class Page:
    """One page of the list; ``before`` and ``after`` are the documents to page from, None at an end."""

    rows: list[Document]
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Try:
    """One try of a delivery, with how long it took."""

    number: int
    started_at: datetime
    seconds: Decimal | None
    outcome: str
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Sending:
    """One delivery of a document with its tries, the newest first."""

    state: str
    created_at: datetime
    created_by: str
    next_attempt_at: datetime
    request_id: str
    error: Mapping[str, Any]
    tries: list[Try] = field(default_factory=list)


def page_of(
    workspace_id: int, filters: Filters, *, after: int | None = None, before: int | None = None
) -> Page:
    """One page of a workspace's documents, the newest first.

    Paging is by key, so that a deep page costs what the first does: ``after`` and ``before`` are the ids of
    the documents that it follows or precedes; an unknown one gives the first page.
    """
    query = _filtered(workspace_id, filters)
    anchor = _anchor(workspace_id, before or after)
    backwards = before is not None and anchor is not None
    if anchor is not None:
        query = query.where(_beyond(anchor, backwards=backwards))
    order = (Document.date, Document.id) if backwards else (Document.date.desc(), Document.id.desc())
    rows = list(query.order_by(*order).limit(PAGE + 1).objects())
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    has_before, has_after = (more, True) if backwards else (anchor is not None, more)
    if not rows:
        return Page([])
    return Page(rows, rows[0].id if has_before else None, rows[-1].id if has_after else None)


def has_any(workspace_id: int) -> bool:
    """Whether the workspace has documents at all."""
    return Document.select().where(Document.workspace == workspace_id).exists()


def counts_by_kind(workspace_id: int) -> dict[DocumentKind, int]:
    """How many documents of each kind there are; ``COUNTED`` + 1 stands for more."""
    return {
        kind: _count(Document.select(Document.id).where(_of_kind(workspace_id, kind)))
        for kind in DocumentKind
    }


def counts_by_state(workspace_id: int) -> dict[DocumentState, int]:
    """How many documents are in each state at QuickBooks; ``COUNTED`` + 1 stands for more."""
    return {state: _count(_in_state(workspace_id, state)) for state in DocumentState}


def sendings(document_id: int) -> list[Sending]:
    """The newest deliveries of a document with their newest tries."""
    deliveries = list(
        Delivery.select(Delivery, User.name.alias("person"))
        .join(User, JOIN.LEFT_OUTER)
        .where((Delivery.document == document_id) & (Delivery.provider == Provider.QUICKBOOKS))
        .order_by(Delivery.id.desc())
        .limit(DELIVERIES)
        .objects()
    )
    tries: dict[int, list[Try]] = {delivery.id: [] for delivery in deliveries}
    rows = (
        DeliveryAttempt.select()
        .where(DeliveryAttempt.delivery.in_(list(tries)))
        .order_by(DeliveryAttempt.id.desc())
        .limit(DELIVERIES * TRIES)
    )
    for row in rows:
        tries[row.delivery_id].append(_try(row))
    return [
        Sending(
            state=delivery.state.value,
            created_at=delivery.created_at,
            created_by=delivery.person or "",
            next_attempt_at=delivery.next_attempt_at,
            request_id=delivery.request_id or "",
            error=delivery.error or {},
            tries=tries[delivery.id][:TRIES],
        )
        for delivery in deliveries
    ]


def _filtered(workspace_id: int, filters: Filters) -> ModelSelect:
    query = (
        Document.select(
            Document.id,
            Document.kind,
            Document.number,
            Document.order_number,
            Document.date,
            Document.currency,
            Document.total,
            Company.name.alias("company_name"),
            DocumentStatus.state.alias("state"),
        )
        .join(Company, on=Document.company)
        .switch(Document)
        .join(DocumentStatus, JOIN.LEFT_OUTER, on=AT_QUICKBOOKS)
        .where(Document.workspace == workspace_id)
    )
    if filters.kind is not None:
        query = query.where(Document.kind == filters.kind)
    if filters.state is not None:
        query = query.where(_has_state(workspace_id, filters.state))
    found = matches(Document, filters.text)
    return query if found is None else query.where(found)


def _has_state(workspace_id: int, state: DocumentState) -> Any:
    """A condition that is cheap for a rare state, by its few documents, and for a common one, row by row."""
    few = [row for (row,) in _in_state(workspace_id, state).limit(COUNTED + 1).tuples()]
    if len(few) <= COUNTED:
        return Document.id.in_(few)
    return DocumentStatus.state == state


def _in_state(workspace_id: int, state: DocumentState) -> ModelSelect:
    return DocumentStatus.select(DocumentStatus.document).where(
        (DocumentStatus.workspace == workspace_id)
        & (DocumentStatus.provider == Provider.QUICKBOOKS)
        & (DocumentStatus.state == state)
    )


def _of_kind(workspace_id: int, kind: DocumentKind) -> Any:
    return (Document.workspace == workspace_id) & (Document.kind == kind)


def _count(query: ModelSelect) -> int:
    return query.limit(COUNTED + 1).count()


def _anchor(workspace_id: int, document_id: int | None) -> tuple[date, int] | None:
    if document_id is None:
        return None
    query = Document.select(Document.date, Document.id).where(
        (Document.workspace == workspace_id) & (Document.id == document_id)
    )
    return query.tuples().first()


def _beyond(anchor: tuple[date, int], *, backwards: bool) -> Any:
    """The rows past the anchor; the first comparison alone lets the index find the place."""
    day, id_ = anchor
    if backwards:
        return (Document.date >= day) & ((Document.date > day) | (Document.id > id_))
    return (Document.date <= day) & ((Document.date < day) | (Document.id < id_))


def _try(row: DeliveryAttempt) -> Try:
    facts = {
        "HTTP status": row.http_status,
        "code": row.provider_code,
        "intuit_tid": row.trace_id,
        "message": row.message,
    }
    return Try(
        number=row.number,
        started_at=row.started_at,
        seconds=_seconds(row),
        outcome=row.outcome,
        facts={name: value for name, value in facts.items() if value},
    )


def _seconds(row: DeliveryAttempt) -> Decimal | None:
    """How long the try took, to a tenth."""
    if row.finished_at is None:
        return None
    return Decimal(f"{(row.finished_at - row.started_at).total_seconds():.1f}")
