"""Reads a CSV file's bytes into a header and rows: pure, and strict about what it cannot be sure of.

Accepted: UTF-8 with or without a byte order mark and UTF-16 with one; comma, semicolon or tab as the
separator (the one that cuts the header into most columns); quoted cells with separators and line breaks in
them; the line ``sep=;`` that Excel writes. Row numbers are a spreadsheet's: the header of a plain file is row
1, and blank rows count.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from webapp.imports.problems import ImportProblem

MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 100
DELIMITERS: Final = (",", ";", "\t")

_SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHERS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Row:
    """One row of the file under its number in a spreadsheet."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file's header and its rows that are not blank."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(data: bytes) -> Table:
    """Read a file.

    Raises:
        ImportProblem: ``empty``, ``spreadsheet``, ``not_csv``, ``encoding`` (with the line of the first bad
            byte), ``quotes`` (with the line where the open cell's row begins), ``too_many_columns``,
            ``too_many_rows`` or ``no_rows``.
    """
    text = decode(data)
    if text.lstrip()[:1] in {"<", "{"}:
        raise ImportProblem("not_csv")
    numbered = _without_blank(_records(text))
    header = next(numbered, None)
    if header is None:
        raise ImportProblem("empty")
    if len(header.cells) > MAX_COLUMNS:
        raise ImportProblem("too_many_columns", limit=MAX_COLUMNS)
    rows: list[Row] = []
    for row in numbered:
        if len(rows) == MAX_ROWS:
            raise ImportProblem("too_many_rows", limit=MAX_ROWS)
        rows.append(row)
    if not rows:
        raise ImportProblem("no_rows")
    return Table(tuple(cell.strip() for cell in header.cells), tuple(rows))


def decode(data: bytes) -> str:
    """The file's text; raises ImportProblem as ``read`` does."""
    if not data.strip():
        raise ImportProblem("empty")
    if data.startswith(_SPREADSHEETS):
        raise ImportProblem("spreadsheet")
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    if data.startswith(_OTHERS) or (encoding != "utf-16" and b"\0" in data):
        raise ImportProblem("not_csv")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, errors="ignore")
        raise ImportProblem("encoding", line=before.count("\n") + 1) from error
    if "\0" in text:
        raise ImportProblem("not_csv")
    return text


def _records(text: str) -> Iterator[Row]:
    delimiter, text, skipped = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = skipped
    while True:
        number, line = number + 1, reader.line_num + skipped + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # an open quote swallows what follows, to the end of the file or of what a cell may hold
            raise ImportProblem("quotes", line=line) from error
        yield Row(number, tuple(cells))


def _delimiter(text: str) -> tuple[str, str, int]:
    """The separator, the text without Excel's hint, and how many lines that hint took."""
    first, _, rest = text.partition("\n")
    hint = first.strip().casefold()
    if hint.startswith("sep=") and hint[4:] in {",", ";"}:
        return hint[4:], rest, 1
    return max(DELIMITERS, key=lambda delimiter: _columns(text, delimiter)), text, 0


def _columns(text: str, delimiter: str) -> int:
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return next((len(cells) for cells in records if any(map(str.strip, cells))), 0)
    except csv.Error:
        return 0


def _without_blank(rows: Iterator[Row]) -> Iterator[Row]:
    return (row for row in rows if any(cell.strip() for cell in row.cells))
