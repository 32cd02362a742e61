"""Which companies a search finds, as long as they are few enough to be looked up one by one."""

from __future__ import annotations

from typing import Any, Final

from webapp.db import is_sqlite, rows
from webapp.db.search import MAX_TERM, MAX_WORDS, escaped, fold

MOST_HITS: Final = 1000
# Behind every text that begins alike
LAST: Final = "\U0010ffff"


def hits(workspace_id: int, text: str) -> list[int] | None:
    """The ids of the companies in which every word of the text occurs; one more than ``MOST_HITS`` at most.

    Words under three characters, which trigrams do not hold, must begin the text of a company. None when
    there is nothing to look for.
    """
    words = fold(text[:MAX_TERM]).split()[:MAX_WORDS]
    if not words:
        return None
    long = [word for word in words if len(word) >= 3]
    short = [word for word in words if len(word) < 3]
    statement, values = (_sqlite if is_sqlite() else _postgres)(workspace_id, long, short)
    return [id_ for (id_,) in rows(f"{statement} LIMIT {MOST_HITS + 1}", values)]


def _sqlite(workspace_id: int, long: list[str], short: list[str]) -> tuple[str, list[Any]]:
    begins = " AND c.folded >= ? AND c.folded < ?" * len(short)
    ends = [part for word in short for part in (word, word + LAST)]
    if not long:
        return f"SELECT c.id FROM company c WHERE c.workspace_id = ?{begins}", [workspace_id, *ends]
    phrase = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    # CROSS JOIN: the search comes first, then the companies that it finds
    statement = (
        "SELECT c.id FROM company_search s CROSS JOIN company c ON c.id = s.rowid "
        f"WHERE company_search MATCH ? AND c.workspace_id = ?{begins}"
    )
    return statement, [phrase, workspace_id, *ends]


def _postgres(workspace_id: int, long: list[str], short: list[str]) -> tuple[str, list[Any]]:
    patterns = [f"%{escaped(word)}%" for word in long] + [f"{escaped(word)}%" for word in short]
    conditions = " AND c.folded LIKE ?" * len(patterns)
    return f"SELECT c.id FROM company c WHERE c.workspace_id = ?{conditions}", [workspace_id, *patterns]
