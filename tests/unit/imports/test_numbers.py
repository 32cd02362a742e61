from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.imports import numbers
from webapp.imports.problems import ValueProblem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"),
        ("1,234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234,50 $", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("$1,234", "1234"),
        ("1,234,567", "1234567"),
        ("12,5", "12.5"),
        ("1234,56", "1234.56"),
        (".5", "0.5"),
        ("12.", "12"),
        ("0", "0"),
        ("-5", "-5"),
        ("\u22125.10", "-5.10"),
        ("5.10-", "-5.10"),
        ("(12.50)", "-12.50"),
        ("($12.50)", "-12.50"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("CA$ 12.00", "12"),
        ("12,00 $ CA", "12"),
        ("12.5000", "12.5"),
        ("99999999999", "99999999999"),
    ],
)
def test_amount_is_read_as_people_write_it(text: str, value: str) -> None:
    assert numbers.decimal(text, 2) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number"),
        (".", "number"),
        (",", "number"),
        ("$", "number"),
        ("abc", "number"),
        ("1e5", "number"),
        ("NaN", "number"),
        ("Infinity", "number"),
        ("\uff11\uff12", "number"),
        ("12 34", "number"),
        ("1,23,4", "number"),
        ("1,234 567.00", "number"),
        ("1.234.56", "number"),
        ("1.2.3,4,5", "number"),
        ("--5", "number"),
        ("(-5)", "number"),
        ("12%", "number"),
        ("12 USD", "number"),
        ("1_000", "number"),
        ("0,125", "too_many_decimals"),
        ("1.250", None),
        ("1.255", "too_many_decimals"),
        ("100000000000", "number_too_large"),
        ("9" * 60, "number"),
    ],
)
def test_unclear_amount_is_refused(text: str, code: str | None) -> None:
    if code is None:
        assert numbers.decimal(text, 2) == Decimal("1.25")
        return
    with pytest.raises(ValueProblem) as caught:
        numbers.decimal(text, 2)
    assert caught.value.code == code


def test_comma_before_three_digits_is_ambiguous_only_where_thousandths_are_possible() -> None:
    assert numbers.decimal("1,250", 2) == 1250
    with pytest.raises(ValueProblem) as caught:
        numbers.decimal("1,250", 5)
    assert caught.value.code == "ambiguous_number"
    assert numbers.decimal("0,125", 7) == Decimal("0.125")
    assert numbers.decimal("1 234,567", 7) == Decimal("1234.567")
    assert numbers.decimal("6.2958333", 7) == Decimal("6.2958333")


@given(st.decimals(min_value=-(10**10), max_value=10**10, places=2))
def test_every_amount_is_read_back_from_each_way_of_writing_it(value: Decimal) -> None:
    english = f"{value:,.2f}"
    french = english.replace(",", "\u202f").replace(".", ",")
    for text in (english, french, f"{value:.2f}", f"{english} $", french.replace("\u202f", " ")):
        assert numbers.decimal(text, 2) == value


@given(st.text(max_size=30))
def test_any_text_gives_a_number_or_a_problem(text: str) -> None:
    try:
        value = numbers.decimal(text, 7)
    except ValueProblem:
        return
    assert value.is_finite()
    assert any(char.isdigit() for char in text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("2026/1/5", date(2026, 1, 5)),
        (" 2026.11.24 ", date(2026, 11, 24)),
        ("24/11/2026", date(2026, 11, 24)),
        ("11/24/2026", date(2026, 11, 24)),
        ("24-11-2026", date(2026, 11, 24)),
        ("5.5.2026", date(2026, 5, 5)),
        ("2028-02-29", date(2028, 2, 29)),
    ],
)
def test_date_is_read_when_only_one_reading_is_possible(text: str, value: date) -> None:
    assert numbers.day(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("05/11/2026", "ambiguous_date"),
        ("12/1/2026", "ambiguous_date"),
        ("2026-02-30", "date"),
        ("31/31/2026", "date"),
        ("1/2/26", "date"),
        ("2026-11/24", "date"),
        ("20261124", "date"),
        ("1026-11-24", "date"),
        ("tomorrow", "date"),
        ("0/0/2026", "date"),
    ],
)
def test_unclear_date_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        numbers.day(text)
    assert caught.value.code == code
