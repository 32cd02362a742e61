"""What comes in is bounded before any database sees it."""

from __future__ import annotations

import pytest

from webapp.inputs import LARGEST_ID, row_id, search_text


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("1", 1),
        ("0", 0),
        (str(LARGEST_ID), LARGEST_ID),
        (str(LARGEST_ID + 1), None),
        ("9" * 5000, None),
        ("²", None),
        ("٣", None),
        ("-1", None),
        ("1\0", None),
        ("", None),
        (None, None),
    ],
)
def test_a_row_id_is_a_number_that_a_row_can_have(text: str | None, id_: int | None) -> None:
    assert row_id(text) == id_


@pytest.mark.parametrize(
    ("typed", "text"), [(None, ""), ("  a\0b \n c ", "a b c"), ("\0", ""), ("x" * 300, "x" * 200)]
)
def test_a_search_is_one_short_line_without_what_no_database_takes(typed: str | None, text: str) -> None:
    assert search_text(typed) == text
