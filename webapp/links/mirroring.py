"""Takes over what QuickBooks tells of its lists, and brings in line what depends on it.

Suggestions follow by what writing the rows notes (see ``touches``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from webapp.jobs import service as jobs
from webapp.links import mirror_rows, rebuilding, standings
from webapp.models import Connection, DocumentStatus, ListKind
from webapp.quickbooks.lists import ListRow, is_deleted, row_for

PARTIES: Final = frozenset({ListKind.CUSTOMER, ListKind.VENDOR})
CHUNK: Final = 50


@dataclass(frozen=True)
class Mirror:
    """The lists of one QuickBooks company in one workspace; each verb is for the caller's transaction."""

    workspace_id: int
    realm_id: str

    @classmethod
    def of(cls, connection: Connection) -> Mirror:
        """The mirror of a connection's company."""
        return cls(connection.workspace_id, connection.realm_id)

    def take(self, kind: ListKind, rows: Collection[ListRow], run: int | None = None) -> int:
        """Write what differs of one list; ``run`` is the number of the reading that saw it. How many did."""
        return self._follow(kind, mirror_rows.write(self.workspace_id, self.realm_id, rows, run))

    def take_changes(self, kind: ListKind, entities: Sequence[Mapping[str, Any]]) -> int:
        """Write what a change feed tells of one list, deleted objects too; how many differed."""
        gone = [str(entity["Id"]) for entity in entities if is_deleted(entity)]
        rows = [row_for(kind.value, entity) for entity in entities if not is_deleted(entity)]
        return self.take(kind, rows) + self.lose(kind, gone)

    def lose(self, kind: ListKind, ids: Sequence[str]) -> int:
        """Note that these are not in the list any more; how many were until now."""
        return self._follow(kind, mirror_rows.mark_deleted(self.workspace_id, self.realm_id, kind, ids))

    def note_merged(self, kind: ListKind, into: Mapping[str, str]) -> None:
        """Note what was merged into what, by their ids; that it is gone is told by the list itself."""
        for gone, kept in into.items():
            mirror_rows.of_list(self.workspace_id, self.realm_id, kind, [gone], merged_into=kept)
        self._follow(kind, list(into))

    def _follow(self, kind: ListKind, changed: Sequence[str]) -> int:
        """Have the companies that are linked to these, or may be, and their documents looked at anew."""
        for start in range(0, len(changed) if kind in PARTIES else 0, CHUNK):
            ids = changed[start : start + CHUNK]
            companies = standings.companies_on(self.workspace_id, self.realm_id, kind.value, ids)
            if len(companies) >= standings.MOST_AFFECTED:
                jobs.start_once(self.workspace_id, rebuilding.KIND)
                DocumentStatus.mark_for_check(self.workspace_id)
            if companies:
                DocumentStatus.mark_for_check(self.workspace_id, *companies)
                standings.sync(self.workspace_id, companies)
        return len(changed)
