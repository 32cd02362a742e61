"""The worker's loop: send what is due, keep states and lists fresh, until told to stop."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading

from webapp import db
from webapp.clock import now
from webapp.delivery import outbox, sending
from webapp.delivery.housekeeping import Housekeeping
from webapp.jobs import service as jobs
from webapp.jobs.kinds import STEPS

logger = logging.getLogger("webapp.delivery")

AFTER_BREAKDOWN = 2.0


def run(stop: threading.Event, *, once: bool = False, poll: float = 0.5) -> None:
    """Work until ``stop`` is set; the delivery under way is finished first.

    Several workers, on several machines too, may share one database.

    Args:
        stop: set by the signal handler.
        once: end as soon as nothing is due any more.
        poll: seconds to wait when nothing is due.
    """
    owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
    housekeeping = Housekeeping()
    while not stop.is_set():
        try:
            with db.connection():
                is_busy = work(owner, housekeeping)
        except Exception:
            # the database was away, or something unforeseen: what was under way is claimed again later
            if once:
                raise
            logger.exception("a round of the worker broke down; going on")
            stop.wait(AFTER_BREAKDOWN)
            continue
        if is_busy:
            continue
        if once:
            return
        stop.wait(poll)


def work(owner: str, housekeeping: Housekeeping) -> bool:
    """One round: a delivery, a step of a job and the housekeeping; returns whether there may be more at once.

    Sending comes first, so that nothing that the housekeeping breaks on can stop it.
    """
    claim = outbox.claim(owner, now())
    if claim is not None:
        sending.deliver(claim)
    has_worked = jobs.work(owner, STEPS)
    return housekeeping.round() or has_worked or claim is not None
