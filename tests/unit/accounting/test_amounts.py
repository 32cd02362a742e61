from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounting.amounts import fit_price, to_cents, total_of


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "expected"),
    [
        ("10", "2.50", "25.00", "2.50"),  # fits as it is
        ("3", "33.3333333", "100.00", "33.3333333"),  # fits after rounding
        ("3", "33.33", "100.00", "33.333"),  # derived, no longer than needed
        ("144", "1.28", "183.90", "1.2771"),
        ("1000", "0.12", "123.45", "0.12345"),
        ("100", "0.123456789", "12.35", "0.1235"),  # too many decimals given
        ("1", "5", "7.00", "7.00"),
        ("2", "0", "0.00", "0"),
        ("-2", "5", "-10.00", "5"),
        ("4", "2.5", "-10.00", "-2.50"),
        ("0", "9.99", "0.00", "9.99"),
        ("0.5", "0.01", "0.01", "0.01"),  # half a cent is rounded up
        ("100000", "1", "123456.79", "1.2345679"),
    ],
)
def test_price_times_quantity_gives_the_amount(quantity: str, price: str, amount: str, expected: str) -> None:
    found_quantity, found = fit_price(Decimal(quantity), Decimal(price), Decimal(amount))

    assert (found_quantity, str(found)) == (Decimal(quantity), expected)


@pytest.mark.parametrize(
    ("quantity", "amount"), [("0", "10.00"), ("1000003", "10.01"), ("99999999", "0.01"), ("7000000", "0.10")]
)
def test_amount_that_no_price_gives_goes_out_alone(quantity: str, amount: str) -> None:
    assert fit_price(Decimal(quantity), Decimal("1.00"), Decimal(amount)) == (None, None)


quantities = st.decimals("-9999999", "9999999", places=5)
prices = st.decimals("-99999", "99999", places=7)
amounts = st.decimals("-99999999", "99999999", places=2)


@given(quantities, prices, amounts)
def test_found_price_is_exact_and_none_means_that_there_is_none(
    quantity: Decimal, price: Decimal, amount: Decimal
) -> None:
    found_quantity, found = fit_price(quantity, price, amount)

    if found is None:
        assert found_quantity is None
        assert quantity == 0 or not _any_price_fits(quantity, amount)
    else:
        assert found_quantity == quantity
        assert found == found.quantize(Decimal("1E-7"))
        assert to_cents(quantity * found) == amount


@given(quantities, prices)
def test_price_that_fits_is_kept(quantity: Decimal, price: Decimal) -> None:
    assert fit_price(quantity, price, to_cents(quantity * price)) == (quantity, price)


def _any_price_fits(quantity: Decimal, amount: Decimal) -> bool:
    """Look through every price of seven decimals between the bounds of what rounds to the amount."""
    step = Decimal("1E-7")
    bounds = sorted(((amount - Decimal("0.005")) / quantity, (amount + Decimal("0.005")) / quantity))
    price = bounds[0].quantize(step, ROUND_FLOOR)
    last = bounds[1].quantize(step, ROUND_CEILING)
    while price <= last:
        if to_cents(quantity * price) == amount:
            return True
        price += step
    return False


def test_sum_is_to_the_cent() -> None:
    assert total_of([Decimal("0.1"), Decimal("0.2")]) == Decimal("0.30")
    assert total_of([]) == Decimal("0.00")
