"""The rules of the preferences as rows of a form: posted, moved, opened, and what they say."""

from __future__ import annotations

import pytest

from webapp.accounting.sources import Rule, RuleField, Target
from webapp.integrations.preference_rows import Row, act, opened, read, sought

FIRST = Row("ship_to", class_id="2", value="MD")
SECOND = Row("category", target="account:3", value="Mugs | cups")
THIRD = Row("member_type", location_id="1", value="customer")
ROWS = [FIRST, SECOND, THIRD]
MARKED = FIRST.packed


def posted(rows: list[Row]) -> dict[str, str]:
    return {f"rule-{place}": row.packed for place, row in enumerate(rows)}


def test_rows_at_rest_come_back_as_they_were() -> None:
    assert read(posted(ROWS)) == ROWS
    strange = {
        "version": "1",
        "rule-x": "a",
        "rule--1": "b",
        "rule-1-value": "c",
        "rule-01": "d",
        "rule-١": "e",
    }
    assert read(strange) == []


def test_the_controls_of_an_open_row_count() -> None:
    form = {**posted(ROWS), "rule-1-value": "Bags", "rule-1-target": ""}
    assert read(form)[1] == Row("category", value="Bags", is_open=True)
    assert [row.is_open for row in read(form)] == [False, True, False]


def test_rows_stand_in_the_order_of_their_numbers() -> None:
    form = {"rule-10": FIRST.packed, "rule-9": SECOND.packed, "rule-2": THIRD.packed}
    assert read(form) == [THIRD, SECOND, FIRST]


def test_one_row_more_than_may_be_is_read_so_that_it_can_be_refused() -> None:
    assert len(read(posted([FIRST] * 500))) == 101


def test_a_rule_is_a_row_and_back() -> None:
    rule = Rule(RuleField.CATEGORY, "Mugs | cups", Target("account", "3"), "4")
    row = Row.of(rule)
    assert Row.unpacked(row.packed).rule == rule
    assert row.effects == {"target": "account:3", "class_id": "4"}
    assert Row("ship_to", target="nonsense", value="MD").rule.target == Target("item", "nonsense")
    with pytest.raises(ValueError, match="colour"):
        _ = Row("colour").rule


@pytest.mark.parametrize(
    ("what", "order", "focus"),
    [
        ("up-2", [FIRST, THIRD, SECOND], "rule-1-up"),
        ("up-1", [SECOND, FIRST, THIRD], "rule-0-down"),
        ("down-0", [SECOND, FIRST, THIRD], "rule-1-down"),
        ("down-1", [FIRST, THIRD, SECOND], "rule-2-up"),
        ("up-0", ROWS, "rule-0-up"),
        ("down-2", ROWS, "rule-2-down"),
        ("remove-1", [FIRST, THIRD], "rule-1-remove"),
        ("remove-2", [FIRST, SECOND], "rule-1-remove"),
        ("down-3", ROWS, "rule-add"),
        ("up--1", ROWS, "rule-add"),
        ("burn-1", ROWS, "rule-add"),
        ("up-1000", ROWS, "rule-add"),
        ("", ROWS, "rule-add"),
    ],
)
def test_buttons_move_and_remove(what: str, order: list[Row], focus: str) -> None:
    assert act(ROWS, what, "") == (order, focus)


def test_the_last_row_can_be_removed() -> None:
    assert act([FIRST], "remove-0", "") == ([], "rule-add")


def test_a_row_is_added_open_and_a_row_is_opened() -> None:
    rows, focus = act(ROWS, "add", "sales_rep")
    assert (rows[3], focus) == (Row("sales_rep", is_open=True), "rule-3-value")
    assert act(ROWS, "add", "colour") == (ROWS, "rule-add")
    assert act([FIRST] * 100, "add", "sales_rep") == ([FIRST] * 100, "rule-add")
    rows, focus = act(ROWS, "open-1", "")
    assert [row.is_open for row in rows] == [False, True, False]
    assert focus == "rule-1-value"


def test_a_control_that_is_sought_opens_its_row() -> None:
    assert sought(ROWS, "freight") == (ROWS, "freight")
    assert sought(ROWS, "rule-1-class_id") == (opened(ROWS, {1}), "rule-1-class_id")
    assert sought(ROWS, "rule-of: MUGS |  cups") == (opened(ROWS, {1}), "rule-1-target")
    assert sought(ROWS, "rule-of:nowhere")[0] == ROWS
    assert sought(ROWS, "rule-77-target")[0] == ROWS
