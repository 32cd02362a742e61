"""Queueing documents for QuickBooks: what a click on Send does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from peewee import IntegrityError

from webapp.clock import now
from webapp.db import transaction
from webapp.documents import unanswered
from webapp.documents.readiness import NOT_CONNECTED, Evaluation, evaluate, stored, surroundings
from webapp.documents.sources import find
from webapp.documents.unanswered import Unanswered
from webapp.errors import Conflict, Invalid, NotFound
from webapp.integrations import connections, permissions
from webapp.models import (
    OPEN_DELIVERIES,
    Connection,
    Delivery,
    Document,
    DocumentState,
    DocumentStatus,
    Provider,
    User,
    record,
)
from webapp.models.document import UNSENT

SENDABLE: Final = (*UNSENT, DocumentState.FAILED)
SETTLED: Final = timedelta(minutes=10)
"""How long a call that timed out here may still be carried out there; Intuit ends one after 2 minutes."""
REPEATED: Final = ("request_id", "payload", "payload_hash", "revision", "billable", "line_keys")


def send(
    user: User, document_id: int, provider: Provider = Provider.QUICKBOOKS, *, anew: bool = False
) -> Delivery:
    """Queue a document for sending; one that is queued already stays as it is and is returned.

    One to which there was no answer for a day is not sent again but looked for in QuickBooks, which an owner
    or admin asks for; the worker adopts it, or sends it anew when QuickBooks has nothing of it.

    Args:
        user: who sends.
        document_id: which document.
        provider: where to.
        anew: after a look that left it unclear: none of what was found is the document, send it as a new one.

    Raises:
        NotFound: there is no such document, or the integration is hidden from the person.
        Forbidden: the person may not send this kind, or may not decide on one without an answer.
        Invalid: ``document`` holds the reasons (``accounting.sources.Reason``) that block it.
        Conflict: it was sent already, or there is nothing to send anew.
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
    lost = unanswered.of_document(document.id, provider, connection.realm_id)
    is_look = _is_look(user, lost, anew=anew)
    if not is_look:
        evaluation = evaluate(document, surroundings(connection, [document]))
        if evaluation.reasons:
            return _refuse(status, evaluation)
    repeated = lost.delivery if lost and not anew else None
    try:
        with transaction():
            return _queue(user, document, status, connection, repeated, is_look=is_look)
    except IntegrityError:
        # the second of two clicks: the first one's delivery is open
        waiting = open_delivery(document.id, provider)
        if waiting is None:
            raise
        return waiting


def open_delivery(document_id: int, provider: Provider = Provider.QUICKBOOKS) -> Delivery | None:
    """The delivery of a document that is queued or under way."""
    return Delivery.get_or_none(
        (Delivery.document == document_id)
        & (Delivery.provider == provider)
        & Delivery.state.in_(OPEN_DELIVERIES)
    )


def _is_look(user: User, lost: Unanswered | None, *, anew: bool) -> bool:
    """Whether QuickBooks is looked through before anything is sent; raises Forbidden, Conflict."""
    is_over = lost is not None and lost.is_over
    if is_over:
        permissions.require_manages(user)
    if anew and not (lost and is_over and lost.is_unclear):
        raise Conflict
    return is_over and not anew


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


def _queue(
    user: User,
    document: Document,
    status: DocumentStatus,
    connection: Connection,
    repeated: Delivery | None,
    *,
    is_look: bool,
) -> Delivery:
    """Write the delivery, the state and the activity, in the caller's transaction.

    Bytes without an answer are ``repeated`` under their request id: QuickBooks may have the document, and
    would make a second one under a new id.
    """
    kept: dict[str, Any] = {"revision": document.revision}
    if repeated is not None:
        kept = {name: getattr(repeated, name) for name in REPEATED}
    if is_look and repeated is not None:
        kept["next_attempt_at"] = max(now(), (repeated.finished_at or now()) + SETTLED)
    delivery = Delivery.create(
        workspace=document.workspace_id,
        connection=connection.id,
        provider=status.provider,
        realm_id=connection.realm_id,
        document=document.id,
        created_by=user.id,
        **kept,
    )
    changed = (
        DocumentStatus.update(state=DocumentState.QUEUED, reasons=[], needs_check=False)
        .where((DocumentStatus.id == status.id) & DocumentStatus.state.in_(SENDABLE))
        .execute()
    )
    if changed != 1:
        raise Conflict
    facts: dict[str, object] = {"kind": document.kind.value, "number": document.number}
    if is_look:
        facts["look"] = True
    record(document.workspace_id, user.id, "document.queued", ("document", document.id), **facts)
    return delivery
