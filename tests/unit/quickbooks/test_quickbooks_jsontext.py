from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.quickbooks.jsontext import dump, load

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.decimals(allow_nan=False, allow_infinity=False, places=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)


def test_money_goes_out_as_exact_numbers_and_keys_are_sorted():
    payload = {"b": Decimal("1234567890.10"), "a": {"z": [Decimal("1E+3"), Decimal("0.0000001")], "y": "É"}}
    assert dump(payload) == '{"a":{"y":"É","z":[1000,0.0000001]},"b":1234567890.10}'.encode()


def test_equal_payloads_are_equal_bytes():
    assert dump({"a": 1, "b": {"c": 2, "d": 3}}) == dump({"b": {"d": 3, "c": 2}, "a": 1})


def test_dates_and_empty_values_are_written():
    assert dump({"day": date(2026, 2, 3), "none": None, "yes": True}) == (
        b'{"day":"2026-02-03","none":null,"yes":true}'
    )


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), VALUES))
def test_what_is_written_is_read_back_exactly(payload):
    assert load(dump(payload).decode()) == payload


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), VALUES))
def test_what_is_written_is_json_to_others(payload):
    json.loads(dump(payload))


def test_fractions_are_read_exactly():
    answer = load('{"TotalAmt": 0.1, "Qty": 3}')
    assert answer == {"TotalAmt": Decimal("0.1"), "Qty": 3}
    assert isinstance(answer["TotalAmt"], Decimal)


@pytest.mark.parametrize("value", [1.5, object(), b"bytes", {1, 2}])
def test_floats_and_strangers_are_refused(value):
    with pytest.raises(TypeError, match="cannot be sent"):
        dump({"Amount": value})


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity")])
def test_decimals_that_are_no_numbers_are_refused(value):
    with pytest.raises(ValueError, match="not a number"):
        dump({"Amount": value})


@pytest.mark.parametrize("text", ["", "<html>", "NaN", '{"a": Infinity}', "[" * 100_000])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(ValueError):
        load(text)
