"""One try of a delivery: what it sends is sent, and what comes of it is written down."""

from __future__ import annotations

import logging
from contextlib import suppress

from peewee import PeeweeException

from webapp.delivery import attempts, exchanging, outbox, parties, records
from webapp.delivery.errors import Blocked, ChangedFound, SeveralFound, UnclearFound
from webapp.errors import AppError
from webapp.integrations import connections
from webapp.integrations.status import SUBSCRIPTION_PAUSE
from webapp.links import directory
from webapp.models import Connection
from webapp.quickbooks import errors as quickbooks

logger = logging.getLogger("webapp.delivery")

SOON = 5.0
HOST_PAUSE = 300.0  # until somebody has corrected the host's client id and secret
HINDRANCES: dict[type[AppError], float] = {
    quickbooks.AuthExpired: SOON,
    quickbooks.NotAuthorised: SOON,
    quickbooks.InvalidGrant: SOON,
    quickbooks.SubscriptionEnded: SUBSCRIPTION_PAUSE,
    quickbooks.InvalidClient: HOST_PAUSE,
    connections.ReconnectNeeded: SOON,
    connections.NotConnected: SOON,
    connections.RefreshBusy: SOON,
}
"""What keeps the whole connection from working, and the seconds until the delivery is due again."""
NOT_CLEAR = (SeveralFound, UnclearFound, ChangedFound)
STALE_LISTS = (quickbooks.InvalidReference, quickbooks.ObjectNotFound)


def deliver(claim: outbox.Claim) -> None:
    """Carry a claimed delivery through one try, whose record is finished in every case.

    Only the database's errors come out: then the lease runs out and another try repeats the same bytes.
    """
    delivery = claim.delivery
    error: BaseException | None = None
    try:
        with connections.client_for(delivery.connection) as client:
            send = exchanging.send if delivery.document_id else parties.send
            send(claim, client)
    except PeeweeException as failure:
        error = failure
        raise
    except outbox.LeaseLost as failure:
        error = failure
        logger.warning("delivery %s: the lease ran out, another worker goes on", delivery.id)
    except Exception as failure:
        # every failure has its consequence, bugs among them
        error = failure
        draw_consequence(claim, failure)
    except BaseException as failure:
        # the process is told to stop in the middle: another repeats the same bytes
        error = failure
        with suppress(outbox.LeaseLost):
            records.record_wait(claim, 0, None)
        raise
    finally:
        outcome = records.outcome_of(error) if isinstance(error, Exception) else attempts.INTERRUPTED
        attempts.finish(claim.attempt_id, outcome, error)


def draw_consequence(claim: outbox.Claim, error: Exception) -> None:
    """Record a failed try, and what it means for the connection and our mirror of the lists."""
    delivery = claim.delivery
    connections.note_failure(delivery.connection, error)
    try:
        if isinstance(error, Blocked):
            records.record_blocked(claim, error)
        elif isinstance(error, quickbooks.Throttled):
            records.record_wait(claim, error.retry_after, error)
        elif (seconds := _hindered(error)) is not None:
            if isinstance(error, quickbooks.InvalidClient):
                connections.pause(delivery.connection, seconds, error.code)
            records.record_wait(claim, seconds, error)
        elif isinstance(error, AppError) and not error.retryable:
            # a look that found nothing clear leaves it as unknown as it was
            unknown = isinstance(error, NOT_CLEAR) and delivery.payload is not None
            records.record_failed(claim, error, unknown=unknown)
            if isinstance(error, STALE_LISTS):
                directory.request_refresh(Connection.get_by_id(delivery.connection_id))
        else:
            if not isinstance(error, AppError):
                logger.error("delivery %s broke down", delivery.id, exc_info=error)
            records.record_retry(claim, error)
    except outbox.LeaseLost:
        logger.warning("delivery %s: the lease ran out, another worker goes on", delivery.id)


def _hindered(error: Exception) -> float | None:
    return next((seconds for kind, seconds in HINDRANCES.items() if isinstance(error, kind)), None)
