"""A company's lists as its books see them: what was found out about them, until they change.

Most of what a document needs is in lists that seldom change: items, accounts, tax codes, preferences. What is
read of them is kept beside the connection to the store, under a version that every change of a list renews.
"""

from typing import Any

from .store import Database

# The families of entities whose objects make up a company's lists.
FAMILIES = ("list", "person", "fixed")


class Lists:
    """The lists of one company in one transaction.

    current: whether they have to be the lists as they are now; else the last ones that were seen will do.
    """

    def __init__(self, db: Database, realm: str, *, current: bool = True):
        self._db = db
        self._realm = realm
        self._current = current
        self._version: int | None = None
        self._kept: dict[Any, Any] | None = None

    @property
    def version(self) -> int | None:
        """The version that was looked at; None before that, and when this transaction changed the lists."""
        return self._version

    def kept(self) -> dict[Any, Any]:
        """What was found out about the lists, by any key; it may be added to."""
        if self._kept is None:
            self._version, kept = self._db.kept(
                self._realm, self._db.lists_version(self._realm) if self._current else None
            )
            # Without a version the lists are only being made.
            self._kept = kept if self._version else {}
        return self._kept

    def known(self, key: Any) -> Any:
        """What is kept under a key, if that costs nothing to know; else None."""
        return self._kept.get(key) if self._kept else None

    def are_of(self, version: int | None) -> bool:
        """Whether the lists are still those of a version."""
        self.kept()
        return bool(version) and self._version == version

    def change(self) -> None:
        """Let everybody look at the lists anew, since one of their objects was written."""
        if self._version is not None or self._kept is None:
            self._db.change_lists(self._realm)
        # The transaction may yet be taken back: what it finds from here on is for itself.
        self._kept, self._version = {}, None
