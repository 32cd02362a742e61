"""Everything that a document's page shows, for one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from webapp.accounting.sources import Reason
from webapp.documents import queries, service, unanswered
from webapp.documents.preview import Preview, preview_of
from webapp.documents.unanswered import Unanswered
from webapp.integrations import connections, permissions
from webapp.models import Connection, Document, DocumentState, DocumentStatus, Provider, User
from webapp.models.document import UNSENT
from webapp.quickbooks.endpoints import document_url

UNDER_WAY: Final = (DocumentState.QUEUED, DocumentState.SENDING)


@dataclass(frozen=True)
class Comparison:
    """Our document beside the one in QuickBooks that has its number; ``document`` is that one's ours."""

    party: str
    party_differs: bool
    our_date: date
    their_date: date
    our_total: Decimal
    their_total: Decimal
    document: str


@dataclass(frozen=True)
class DocumentView:
    """A document as a person sees it; all but the document is empty for whom the integration is hidden.

    ``reasons`` stand in the way of sending; ``notes`` are what people should know of what was sent;
    ``unanswered`` is what went out without an answer, of which ``may_decide`` says who has the last word.
    """

    document: Document
    sees: bool = False
    may_send: bool = False
    may_decide: bool = False
    connection: Connection | None = None
    connection_status: str = "not_connected"
    status: DocumentStatus | None = None
    state: DocumentState | None = None
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    unanswered: Unanswered | None = None
    preview: Preview | None = None
    sender: str = ""
    url: str | None = None
    sendings: list[queries.Sending] = field(default_factory=list)

    @property
    def is_under_way(self) -> bool:
        """Whether the state changes by itself soon."""
        return self.state in UNDER_WAY

    @property
    def can_be_sent(self) -> bool:
        """Whether the document is in a state from which it is sent, were there no reasons against it."""
        return self.state in service.SENDABLE

    @property
    def difference(self) -> Decimal | None:
        """How much the total that QuickBooks answered differs from what was sent; None when it does not."""
        found = (note.facts["difference"] for note in self.notes if note.code == "total_differs")
        return next(map(Decimal, found), None)

    @property
    def comparison(self) -> Comparison | None:
        """The other document that has our number, when QuickBooks showed it."""
        return comparison_of(self.sendings[0].error) if self.sendings else None


def comparison_of(error: Mapping[str, Any]) -> Comparison | None:
    """Read the two documents that a delivery's error compares."""
    ours, theirs = error.get("ours"), error.get("theirs") or {}
    if not ours or "total" not in theirs:
        return None
    return Comparison(
        party=theirs.get("party") or theirs["party_id"],
        party_differs=ours["party_id"] != theirs["party_id"],
        our_date=date.fromisoformat(ours["date"]),
        their_date=date.fromisoformat(theirs["date"]),
        our_total=Decimal(ours["total"]),
        their_total=Decimal(theirs["total"]),
        document=theirs.get("document") or "",
    )


def view_of(user: User, document: Document) -> DocumentView:
    """Gather what a person sees of a document (from ``service.find``).

    Whether it can be sent is computed anew, so that the page is right before the worker has come by.
    """
    if not permissions.sees(user):
        return DocumentView(document)
    connection = connections.living(document.workspace_id)
    status = _status(document)
    state = status.state if status else DocumentState.BLOCKED
    reasons: tuple[Reason, ...] = ()
    preview = lost = None
    if state in service.SENDABLE:
        lost = _unanswered(document, connection)
        evaluation = service.evaluation_of(document)
        reasons = evaluation.reasons
        state = evaluation.state if state in UNSENT else state
        draft = evaluation.mapped.draft if evaluation.mapped else None
        preview = preview_of(draft, connection) if draft and connection else None
    return DocumentView(
        document=document,
        sees=True,
        may_send=permissions.may_send(user, document.kind),
        may_decide=user.manages,
        connection=connection,
        connection_status=connections.status_of(connection),
        status=status,
        state=state,
        reasons=reasons,
        unanswered=lost,
        notes=service.restored(status.reasons) if status and status.remote_id else (),
        preview=preview,
        sender=_name(status.sent_by_id) if status else "",
        url=_url(document, status, connection),
        sendings=queries.sendings(document.id),
    )


def _status(document: Document) -> DocumentStatus | None:
    return DocumentStatus.get_or_none(
        (DocumentStatus.document == document.id) & (DocumentStatus.provider == Provider.QUICKBOOKS)
    )


def _unanswered(document: Document, connection: Connection | None) -> Unanswered | None:
    if connection is None:
        return None
    return unanswered.of_document(document.id, Provider.QUICKBOOKS, connection.realm_id)


def _name(user_id: int | None) -> str:
    return User.select(User.name).where(User.id == user_id).scalar() or "" if user_id else ""


def _url(document: Document, status: DocumentStatus | None, connection: Connection | None) -> str | None:
    """Where the document is in QuickBooks, while the company that it was sent to is connected."""
    if status is None or connection is None or not status.remote_id:
        return None
    if status.realm_id != connection.realm_id:
        return None
    return document_url(connections.endpoints(), document.kind, status.remote_id)
