"""What can go wrong with a delivery that is not QuickBooks' doing."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.accounting.sources import Reason
from webapp.errors import AppError, ProviderError


class Blocked(AppError):
    """The document cannot be sent any more, for ``reasons`` that came up after it was queued."""

    code = "blocked"

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__()
        self.reasons = tuple(reasons)


class NumberTaken(ProviderError):
    """Another document has the number in QuickBooks; ``detail`` holds ``ours`` and ``theirs``."""

    code = "duplicate_number"
