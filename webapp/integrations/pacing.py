"""Keeps a company's calls under Intuit's limits, over all processes of the host.

Intuit allows 500 calls a minute per company, and 10 a second per company and app. Calls are spaced evenly at
nine tenths of the first, which keeps the second too: each takes the next free moment of its connection.
https://developer.intuit.com/app/developer/qbo/docs/learn/limits-and-throttles
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from webapp import config
from webapp.clock import now
from webapp.db import transaction
from webapp.models import Connection

LONGEST_QUEUE = timedelta(seconds=30)


def take_turn(connection_id: int) -> None:
    """Wait until this connection may call again; not inside a transaction."""
    moment = reserve(connection_id, now())
    wait = (moment - now()).total_seconds()
    if wait > 0:
        time.sleep(wait)


def reserve(connection_id: int, moment: datetime) -> datetime:
    """Take the connection's next free moment, at or after ``moment``.

    A queue that could only come from a clock that was set back is forgotten.
    """
    space = timedelta(minutes=1) / config.current().calls_per_minute
    while True:
        free = Connection.select(Connection.next_call_at).where(Connection.id == connection_id).scalar()
        turn = moment if free is None or free - moment > LONGEST_QUEUE else max(moment, free)
        unchanged = Connection.next_call_at.is_null() if free is None else Connection.next_call_at == free
        with transaction():
            taken = (
                Connection.update(next_call_at=turn + space)
                .where((Connection.id == connection_id) & unchanged)
                .execute()
            )
        if taken or not Connection.select().where(Connection.id == connection_id).exists():
            return turn
