"""What a proposal is, and how names are folded to find one."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True)
class Proposal:
    """A proposed id with the reason for it, both None when nothing fits.

    Reasons: ``only_one`` (nothing else fits), ``name_matches``, ``type_matches`` (the only one of the usual
    type), ``days_match`` (terms), ``rate_matches`` and ``federal_only`` (tax codes), ``us_standard``.
    """

    id: str | None = None
    reason: str | None = None


NOTHING: Final = Proposal()


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text in lower case, without accents and with single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
