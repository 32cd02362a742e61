"""What the worker does beside sending: states computed anew, lists read, what is over thrown away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from webapp.clock import now
from webapp.delivery import outbox
from webapp.delivery.reading import read_changes, refresh_lists, request_daily
from webapp.documents import service as documents
from webapp.links import matchers
from webapp.models import OAuthState

BATCH: Final = 50
TIDY_EVERY: Final = timedelta(minutes=1)


class Housekeeping:
    """The worker's other duties; an object only to remember when it tidied up last."""

    def __init__(self) -> None:
        self._tidied_at: datetime | None = None

    def round(self) -> bool:
        """Do what is due; returns whether there may be more at once."""
        checked = documents.recheck(BATCH)
        read = refresh_lists(now()) or read_changes(now())
        self._tidy(now())
        return checked == BATCH or read

    def _tidy(self, moment: datetime) -> None:
        if self._tidied_at is not None and moment - self._tidied_at < TIDY_EVERY:
            return
        self._tidied_at = moment
        matchers.let_go()
        outbox.fail_strays(moment)
        request_daily(moment)
        if OAuthState.select().where(OAuthState.expires_at < moment).exists():
            OAuthState.delete().where(OAuthState.expires_at < moment).execute()
