"""Documents and QuickBooks: whether they can be sent, and sending them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from peewee import IntegrityError, PeeweeException

from webapp.db import is_postgres, transaction
from webapp.documents import sources
from webapp.documents.readiness import (
    NOT_CONNECTED,
    Evaluation,
    Surroundings,
    evaluate,
    restored,
    stored,
    surroundings,
)
from webapp.documents.sources import source_of
from webapp.errors import Conflict, Invalid, NotFound
from webapp.integrations import connections, permissions
from webapp.models import (
    Connection,
    Delivery,
    DeliveryState,
    Document,
    DocumentState,
    DocumentStatus,
    Provider,
    User,
    record,
)
from webapp.models.document import UNSENT

__all__ = [
    "SENDABLE",
    "Evaluation",
    "evaluate",
    "evaluation_of",
    "find",
    "open_delivery",
    "recheck",
    "restored",
    "send",
    "source_of",
]

logger = logging.getLogger("webapp.documents")

SENDABLE: Final = (*UNSENT, DocumentState.FAILED)
OPEN: Final = (DeliveryState.QUEUED, DeliveryState.SENDING)


def find(workspace_id: int, document_id: int) -> Document:
    """A document of the workspace with its companies and lines; raises NotFound."""
    found = sources.load([document_id])
    if not found or found[0].workspace_id != workspace_id:
        raise NotFound
    return found[0]


def evaluation_of(document: Document) -> Evaluation:
    """Whether a document (from ``find``) could be sent now."""
    connection = connections.living(document.workspace_id)
    return evaluate(document, surroundings(connection, [document]) if connection else None)


def recheck(limit: int = 50) -> int:
    """Compute anew the states that something changed under; returns how many were looked at.

    Only ready and blocked ones change: what is queued or sent has its state from its delivery. The rows
    are locked before what they depend on is read, so that a change made meanwhile marks them again.
    """
    if not _to_check(limit).exists():
        return 0
    with transaction():
        due = list(_locked(_to_check(limit)))
        unsent: dict[int, list[DocumentStatus]] = {}
        for status in due:
            if status.state in UNSENT:
                unsent.setdefault(status.workspace_id, []).append(status)
        for workspace_id, statuses in unsent.items():
            _recheck_safely(workspace_id, statuses)
        DocumentStatus.update(needs_check=False).where(
            DocumentStatus.id.in_([status.id for status in due])
        ).execute()
    return len(due)


def send(user: User, document_id: int, provider: Provider = Provider.QUICKBOOKS) -> Delivery:
    """Queue a document for sending; one that is queued already stays as it is and is returned.

    Raises:
        NotFound: there is no such document, or the integration is hidden from the person.
        Forbidden: the person may not send this kind.
        Invalid: ``document`` holds the reasons (``accounting.sources.Reason``) that block it.
        Conflict: it was sent already.
    """
    if user.workspace_id is None:
        raise NotFound
    document = find(user.workspace_id, document_id)
    permissions.require_may_send(user, document.kind)
    waiting = open_delivery(document.id, provider)
    if waiting is not None:
        return waiting
    status = _status(document, provider)
    if status.state not in SENDABLE:
        raise Conflict
    connection = connections.living(document.workspace_id)
    if connection is None:
        return _refuse(status, Evaluation(DocumentState.BLOCKED, (NOT_CONNECTED,), None))
    evaluation = evaluate(document, surroundings(connection, [document]))
    if evaluation.reasons:
        return _refuse(status, evaluation)
    try:
        with transaction():
            return _queue(user, document, status, connection)
    except IntegrityError:
        # the second of two clicks: the first one's delivery is open
        waiting = open_delivery(document.id, provider)
        if waiting is None:
            raise
        return waiting


def open_delivery(document_id: int, provider: Provider = Provider.QUICKBOOKS) -> Delivery | None:
    """The delivery of a document that is queued or under way."""
    return Delivery.get_or_none(
        (Delivery.document == document_id) & (Delivery.provider == provider) & Delivery.state.in_(OPEN)
    )


def _to_check(limit: int) -> Any:
    return (
        DocumentStatus.select(
            DocumentStatus.id,
            DocumentStatus.document,
            DocumentStatus.workspace,
            DocumentStatus.state,
            DocumentStatus.reasons,
        )
        .where(DocumentStatus.needs_check & (DocumentStatus.provider == Provider.QUICKBOOKS))
        .order_by(DocumentStatus.id)
        .limit(limit)
    )


def _locked(query: Any) -> Any:
    return query.for_update(skip_locked=True) if is_postgres() else query


def _recheck_safely(workspace_id: int, statuses: Sequence[DocumentStatus]) -> None:
    """Compute states anew; one that breaks down stays as it is and holds no other up."""
    try:
        with transaction():
            _recheck(workspace_id, statuses)
    except PeeweeException:
        raise
    except Exception:
        if len(statuses) == 1:
            logger.exception("document %s could not be checked", statuses[0].document_id)
            return
        for status in statuses:
            _recheck_safely(workspace_id, [status])


def _recheck(workspace_id: int, statuses: Sequence[DocumentStatus]) -> None:
    connection = connections.living(workspace_id)
    documents = sources.load(status.document_id for status in statuses)
    around: Surroundings | None = surroundings(connection, documents) if connection else None
    evaluations = {document.id: evaluate(document, around) for document in documents}
    for status in statuses:
        evaluation = evaluations[status.document_id]
        reasons = stored(evaluation.reasons)
        if (status.state, status.reasons) != (evaluation.state, reasons):
            DocumentStatus.update(state=evaluation.state, reasons=reasons).where(
                DocumentStatus.id == status.id
            ).execute()


def _status(document: Document, provider: Provider) -> DocumentStatus:
    status, _made = DocumentStatus.get_or_create(
        document=document.id, provider=provider, defaults={"workspace": document.workspace_id}
    )
    return status


def _refuse(status: DocumentStatus, evaluation: Evaluation) -> Delivery:
    """Keep why a document cannot be sent, and say so; never returns.

    A mark for checking stays: what it stands for may have changed after the evaluation.
    """
    DocumentStatus.update(state=evaluation.state, reasons=stored(evaluation.reasons)).where(
        (DocumentStatus.id == status.id) & DocumentStatus.state.in_(SENDABLE)
    ).execute()
    raise Invalid({"document": list(evaluation.reasons)})


def _queue(user: User, document: Document, status: DocumentStatus, connection: Connection) -> Delivery:
    """Write the delivery, the state and the activity, in the caller's transaction."""
    delivery = Delivery.create(
        workspace=document.workspace_id,
        connection=connection.id,
        provider=status.provider,
        realm_id=connection.realm_id,
        document=document.id,
        created_by=user.id,
        **{"revision": document.revision, **_repeated(document, status.provider, connection)},
    )
    changed = (
        DocumentStatus.update(state=DocumentState.QUEUED, reasons=[], needs_check=False)
        .where((DocumentStatus.id == status.id) & DocumentStatus.state.in_(SENDABLE))
        .execute()
    )
    if changed != 1:
        raise Conflict
    facts = {"kind": document.kind.value, "number": document.number}
    record(document.workspace_id, user.id, "document.queued", ("document", document.id), **facts)
    return delivery


def _repeated(document: Document, provider: str, connection: Connection) -> dict[str, Any]:
    """The bytes and request id of the last delivery to this company, if its outcome is not known.

    They must be repeated: QuickBooks may have the document, and would make a second one under a new id.
    """
    last = (
        Delivery.select()
        .where(
            (Delivery.document == document.id)
            & (Delivery.provider == provider)
            & (Delivery.realm_id == connection.realm_id)
        )
        .order_by(Delivery.id.desc())
        .first()
    )
    if last is None or last.payload is None or not (last.error or {}).get("unknown"):
        return {}
    kept = ("request_id", "payload", "payload_hash", "revision", "billable", "line_keys")
    return {name: getattr(last, name) for name in kept}
