from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.imports.problems import ImportProblem
from webapp.imports.reading import MAX_ROWS, read

PLAIN = "Nom,Ville\nÉrable,Québec\n"


def problem(data: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(ImportProblem) as caught:
        read(data)
    return caught.value.code, caught.value.detail


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        b"\n\n" + PLAIN.encode(),
        b"sep=,\r\n" + PLAIN.encode(),
        PLAIN.rstrip().encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-be", "crlf", "cr", ";", "tab", "blank", "sep", "no newline"],
)
def test_file_is_read_in_every_usual_form(data: bytes) -> None:
    table = read(data)
    assert table.header == ("Nom", "Ville")
    assert [row.cells for row in table.rows] == [("Érable", "Québec")]


def test_separator_is_the_one_that_cuts_the_header_into_most_columns() -> None:
    table = read(b'"Name, in full";Number;"Memo"\n"Alder, Finch";1,50;"a;b"\n')
    assert table.header == ("Name, in full", "Number", "Memo")
    assert table.rows[0].cells == ("Alder, Finch", "1,50", "a;b")


def test_row_numbers_are_those_of_a_spreadsheet() -> None:
    table = read(b'A,B\n1,"two\nlines"\n\n,\n3,4\n')
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("1", "two\nlines")), (5, ("3", "4"))]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"A,B\n", "no_rows"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "spreadsheet"),
        (b"\x89PNG\r\n\x1a\n", "not_csv"),
        (b"\xff\xd8\xff\xe0", "not_csv"),
        (b"%PDF-1.7", "not_csv"),
        (b"A,B\n1,\0\n", "not_csv"),
        ("A,B\n1,2\n".encode("utf-16-le"), "not_csv"),
        ("A,B\n1,\0\n".encode("utf-16"), "not_csv"),
        (b"<!doctype html><table>", "not_csv"),
        (b'{"a": 1}', "not_csv"),
    ],
)
def test_file_that_is_no_csv_is_told_apart(data: bytes, code: str) -> None:
    assert problem(data)[0] == code


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"Nom,Ville\nErable,Montreal\nRivi\xe8re,Qu\xe9bec\n", 3),
        (b"Nom\xe9,Ville\n", 1),
        (codecs.BOM_UTF8 + b"A,B\n\xff,1\n", 2),
        (codecs.BOM_UTF16_LE + "A,B\n1,".encode("utf-16-le") + b"\x00\xd8", 2),
    ],
)
def test_wrong_encoding_names_the_line_of_the_first_bad_byte(data: bytes, line: int) -> None:
    assert problem(data) == ("encoding", {"line": line})


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'A,B\n1,2\n3,"open\n5,6\n', 3),
        (b'A,B\n1,"two\nlines"\n"a"b,c\n', 4),
        (b'A,B\n1,"' + b"x" * 200_000 + b"\n", 2),
        (b'"A,B\n1,2\n', 1),
    ],
)
def test_open_quotation_mark_names_the_line_where_its_row_begins(data: bytes, line: int) -> None:
    assert problem(data) == ("quotes", {"line": line})


def test_too_many_rows_or_columns_are_refused_with_the_limit() -> None:
    assert len(read(b"A\n" + b"1\n" * MAX_ROWS).rows) == MAX_ROWS
    assert problem(b"A\n" + b"1\n" * (MAX_ROWS + 1)) == ("too_many_rows", {"limit": MAX_ROWS})
    assert problem(b",".join(b"A" for _ in range(101)) + b"\n1\n") == ("too_many_columns", {"limit": 100})


@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_problem(data: bytes) -> None:
    try:
        table = read(data)
    except ImportProblem:
        return
    assert table.rows


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="<{"), min_size=1
)


@given(st.lists(st.tuples(CELL, CELL), min_size=2, max_size=5), st.sampled_from(",;\t"))
def test_what_a_csv_writer_writes_is_read_back(rows: list[tuple[str, str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(("First", "Second"))
    writer.writerows(rows)
    expected = [row for row in rows if any(cell.strip() for cell in row)]
    if not expected:
        return
    assert [row.cells for row in read(out.getvalue().encode()).rows] == expected
