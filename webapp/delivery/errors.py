"""What can go wrong with a delivery that is not QuickBooks' doing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from webapp.accounting.sources import Reason
from webapp.errors import AppError, ProviderError


class Blocked(AppError):
    """The document cannot be sent any more, for ``reasons`` that came up after it was queued."""

    code = "blocked"

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__()
        self.reasons = tuple(reasons)


class Found(TypedDict):
    """A document in QuickBooks; its number is empty when it has none."""

    id: str
    number: str


class SeveralFound(AppError):
    """Several documents in QuickBooks could be ours: ``detail`` has them as ``found``."""

    code = "several_found"

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__(found=list(found))


class UnclearFound(AppError):
    """The one ``found`` may be that of another ``document`` of ours, to which there is no answer yet."""

    code = "unclear_found"

    def __init__(self, found: Sequence[Found], document: str) -> None:
        super().__init__(found=list(found), document=document)


class ChangedFound(AppError):
    """Of the ``found`` in QuickBooks none is the same as what was sent, but one may be it, changed since."""

    code = "changed_found"

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__(found=list(found))


class NameTaken(ProviderError):
    """Somebody else has the name in QuickBooks: ``detail`` has whom it could be seen to be as ``found``."""

    code = "duplicate_name"


class NotWanted(AppError):
    """A company is not to be made a customer or vendor any more, or cannot be; ``code`` says why.

    ``link_changed``: somebody decided about its link. ``not_member``: it has lost its member type.
    ``parent_gone``: the customer that it was to be below. ``withdrawn``: the many were stopped.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NumberTaken(ProviderError):
    """Another document has the number in QuickBooks; ``detail`` holds ``ours`` and ``theirs``."""

    code = "duplicate_number"
