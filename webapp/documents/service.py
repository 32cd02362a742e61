"""Documents and QuickBooks: whether they can be sent; sending them is in ``queueing``."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from peewee import PeeweeException

from webapp.db import is_postgres, transaction
from webapp.documents import sources
from webapp.documents.queueing import SENDABLE, open_delivery, send
from webapp.documents.readiness import Evaluation, Surroundings, evaluate, restored, stored, surroundings
from webapp.documents.sources import find, source_of
from webapp.integrations import connections
from webapp.models import Document, DocumentStatus, Provider
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
