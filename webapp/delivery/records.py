"""Writes down what came of a try: sent, to be tried again, or failed; each in one transaction."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any, Final

from webapp.clock import now
from webapp.db import NO_KEY_UPDATE, is_postgres, transaction
from webapp.delivery import attempts, backoff, outbox
from webapp.delivery.answer import Answer
from webapp.delivery.errors import Blocked
from webapp.documents.readiness import stored
from webapp.errors import AppError, Invalid, ProviderError
from webapp.models import Company, Delivery, DeliveryState, Document, DocumentState, record

COMPARED: Final = ("ours", "theirs", "found", "document")
"""What is kept of an error's detail: the documents that it compares."""


def record_sent(claim: outbox.Claim, answer: Answer, trace_id: str | None) -> None:
    """QuickBooks has the document; one that changed since its bytes were made counts as changed.

    Raises:
        LeaseLost: another worker repeats the call and will record the same answer.
    """
    delivery, sent = claim.delivery, answer.sent
    with transaction():
        document = _current(delivery.document_id)
        is_current = document.revision == delivery.revision
        status = {
            "state": DocumentState.SENT if is_current else DocumentState.CHANGED,
            "reasons": stored(answer.notes(document.total if is_current else None)),
            "needs_check": False,
            "realm_id": delivery.realm_id,
            "remote_id": sent.remote_id,
            "remote_number": sent.number,
            "remote_total": sent.total,
            "remote_balance": sent.balance,
            "remote_line_ids": list(sent.line_ids),
            "remote_line_keys": delivery.line_keys if answer.has_our_lines else [],
            "sync_token": sent.sync_token,
            "sent_revision": delivery.revision,
            "sent_billable": answer.is_billable if answer.is_adopted else bool(delivery.billable),
            "sent_at": now(),
            "sent_by": delivery.created_by_id,
        }
        outbox.move(delivery, DeliveryState.SENT, status, remote_id=sent.remote_id, error=None)
        _record(delivery, "sent", quickbooks_id=sent.remote_id, adopted=answer.is_adopted)
        outcome = attempts.ADOPTED if answer.is_adopted else attempts.SENT
        attempts.finish(claim.attempt_id, outcome, trace_id=trace_id)


def record_wait(claim: outbox.Claim, seconds: float, error: Exception | None) -> None:
    """The delivery goes back to the queue unharmed: what hindered it is not its own fault."""
    outcome = outcome_of(error) if error else attempts.INTERRUPTED
    with transaction():
        outbox.move(claim.delivery, DeliveryState.QUEUED, next_attempt_at=now() + timedelta(seconds=seconds))
        attempts.finish(claim.attempt_id, outcome, error)


def record_retry(claim: outbox.Claim, error: Exception) -> None:
    """The try failed in a way that may pass: again after a while, but not for ever."""
    delivery = claim.delivery
    tried = delivery.attempts + 1
    if backoff.is_exhausted(tried):
        # with bytes on their way, QuickBooks may have the document: the next delivery repeats them
        record_failed(claim, error, attempts=tried, unknown=delivery.payload is not None)
        return
    wait = backoff.wait_seconds(tried, random.random())  # noqa: S311 - spreads the tries, no secret
    with transaction():
        outbox.move(
            delivery,
            DeliveryState.QUEUED,
            attempts=tried,
            next_attempt_at=now() + timedelta(seconds=wait),
        )
        attempts.finish(claim.attempt_id, outcome_of(error), error)


def record_failed(claim: outbox.Claim, error: Exception, *, unknown: bool = False, **values: Any) -> None:
    """The delivery is over without its subject in QuickBooks, or without our knowing (``unknown``)."""
    delivery = claim.delivery
    facts = {**facts_of(error), "unknown": unknown}
    with transaction():
        outbox.move(delivery, DeliveryState.FAILED, error=facts, **values)
        _record(delivery, "failed", code=facts["code"])
        attempts.finish(claim.attempt_id, outcome_of(error), error)


def record_blocked(claim: outbox.Claim, blocked: Blocked) -> None:
    """Something stands in the way by now: the document is blocked again, with its reasons.

    It is checked once more, since changes mark only documents that are not under way.
    """
    status = {"state": DocumentState.BLOCKED, "reasons": stored(blocked.reasons), "needs_check": True}
    with transaction():
        outbox.move(claim.delivery, DeliveryState.FAILED, status, error={"code": Blocked.code})
        attempts.finish(claim.attempt_id, Blocked.code, blocked)


def outcome_of(error: Exception) -> str:
    """The code under which a try is remembered."""
    return error.code if isinstance(error, AppError) else "internal_error"


def facts_of(error: Exception) -> dict[str, Any]:
    """What is kept of an error: its code, and from QuickBooks its own words and what it compares."""
    facts: dict[str, Any] = {"code": outcome_of(error)}
    if isinstance(error, ProviderError):
        facts |= {
            "message": str(error)[: attempts.LONGEST_MESSAGE],
            "provider_code": error.provider_code,
            "trace_id": error.trace_id,
            "http_status": error.http_status,
        }
    if isinstance(error, AppError):
        facts |= {name: error.detail[name] for name in COMPARED if name in error.detail}
    if isinstance(error, Invalid):
        facts["fields"] = sorted(error.errors)
    return facts


def _current(document_id: int) -> Document:
    """The document as it is now; on Postgres locked, so that an import waits and then finds it sent."""
    query = Document.select(Document.id, Document.revision, Document.total).where(Document.id == document_id)
    return (query.for_update(NO_KEY_UPDATE) if is_postgres() else query).get()


def _record(delivery: Delivery, what: str, **facts: object) -> None:
    subject: Document | Company
    if delivery.document_id:
        subject, type_ = delivery.document, "document"
        facts |= {"kind": subject.kind.value, "number": subject.number}
    else:
        subject, type_ = delivery.company, "company"
        facts |= {"company": subject.name, "member_type": delivery.member_type.value}
    record(delivery.workspace_id, delivery.created_by_id, f"{type_}.{what}", (type_, subject.id), **facts)
