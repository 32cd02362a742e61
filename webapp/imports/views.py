"""What the preview page shows of a file: its first rows, the bad ones, and the sentences beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from webapp.i18n import language
from webapp.imports import service
from webapp.imports.forms import row_sentence
from webapp.imports.problems import RowError
from webapp.imports.reading import Row

FIRST_ROWS: Final = 10
BAD_ROWS: Final = 30
IN_SUMMARY: Final = 10


@dataclass(frozen=True)
class Problem:
    """One error as the page shows it; ``anchor`` is the id of the cell or row that it stands at."""

    row: int
    column: str
    heading: str
    sentence: str
    anchor: str


@dataclass(frozen=True)
class Cell:
    """One cell as the file has it."""

    key: str
    text: str
    problems: list[Problem]


@dataclass(frozen=True)
class ShownRow:
    """One row of the file; ``problems`` are those of the row as a whole."""

    number: int
    cells: list[Cell]
    problems: list[Problem]


def preview_context(preview: service.Preview) -> dict[str, Any]:
    """The template's variables: headings and rows (blank columns left out), and the problems."""
    columns = service.COLUMNS[preview.file.kind]
    headings = {column.key: column.header(language()) for column in columns}
    places = preview.matching.places
    by_row: dict[int, list[RowError]] = {}
    for error in preview.errors:
        by_row.setdefault(error.row, []).append(error)
    bad = list(by_row)[:BAD_ROWS]
    problems = {row: [_problem(error, headings) for error in by_row[row]] for row in bad}
    numbers = {row.number for row in preview.table.rows[:FIRST_ROWS]} | set(bad)
    shown = [row for row in preview.table.rows if row.number in numbers]
    wrong = {problem.column for row in bad for problem in problems[row]}
    present = [
        (column.key, places[column.key])
        for column in columns
        if column.key in places and (column.key in wrong or _is_filled(shown, places[column.key]))
    ]
    return {
        "headings": [headings[key] for key, _ in present],
        "rows": [_shown(row, present, problems.get(row.number, [])) for row in shown],
        "summary": [problem for row in bad for problem in problems[row]][:IN_SUMMARY],
        "problem_count": len(preview.errors),
        "row_count": len(preview.table.rows),
        "ignored": preview.matching.ignored,
    }


def _is_filled(rows: list[Row], place: int) -> bool:
    return any(place < len(row.cells) and row.cells[place].strip() for row in rows)


def _problem(error: RowError, headings: dict[str, str]) -> Problem:
    anchor = f"row-{error.row}-{error.column}" if error.column else f"row-{error.row}"
    return Problem(error.row, error.column, headings.get(error.column, ""), row_sentence(error), anchor)


def _shown(row: Row, present: list[tuple[str, int]], problems: list[Problem]) -> ShownRow:
    cells = [
        Cell(
            key,
            row.cells[place] if place < len(row.cells) else "",
            [problem for problem in problems if problem.column == key],
        )
        for key, place in present
    ]
    return ShownRow(row.number, cells, [problem for problem in problems if not problem.column])
