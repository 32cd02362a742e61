"""Numbers, days and times as the reader's language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from webapp import i18n

NARROW, NO_BREAK, MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "written"),
    [
        ("en", "-0.01", None, f"{MINUS}0.01"),
        ("en", "-1234.50", "USD", f"{MINUS}$1,234.50"),
        ("fr", "-0.01", None, f"{MINUS}0,01"),
        ("fr", "-1234.50", "CAD", f"{MINUS}1{NO_BREAK}234,50{NO_BREAK}$"),
    ],
)
def test_negative_amounts_have_a_minus_sign(
    app: Flask, language: str, amount: str, currency: str | None, written: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert i18n.money(Decimal(amount), currency) == written


def test_negative_numbers_have_a_minus_sign(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert i18n.number(Decimal("-2.50")) == f"{MINUS}2,5"


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("en", date(2026, 10, 1), "October 1, 2026"),
        ("fr", date(2026, 10, 1), "1er octobre 2026"),
        ("fr", date(2026, 10, 11), "11 octobre 2026"),
    ],
)
def test_first_of_a_month_is_an_ordinal_in_french(
    app: Flask, language: str, value: date, written: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert i18n.day(value) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", f"October 1, 2026, 10:42{NARROW}PM{NO_BREAK}UTC"),
        ("fr", f"1er octobre 2026, 22{NO_BREAK}h{NO_BREAK}42{NO_BREAK}UTC"),
    ],
)
def test_a_time_stays_on_one_line(app: Flask, language: str, written: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert i18n.moment(datetime(2026, 10, 1, 22, 42, tzinfo=UTC)) == written
