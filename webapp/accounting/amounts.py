"""Amounts to the cent, and unit prices that give them back when multiplied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

CENT = Decimal("0.01")
MAX_PRICE_DECIMALS = 7

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def to_cents(value: Decimal) -> Decimal:
    """The value rounded half up to two decimals, as QuickBooks rounds a product."""
    return value.quantize(CENT, ROUND_HALF_UP, _EXACT)


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of the amounts, to the cent."""
    return to_cents(sum(amounts, Decimal(0)))


def fit_price(
    quantity: Decimal, unit_price: Decimal, amount: Decimal
) -> tuple[Decimal, Decimal] | tuple[None, None]:
    """Find the unit price with which quantity times price is exactly the amount.

    QuickBooks refuses a line whose Amount is not the product of Qty and UnitPrice (error 6070). The given
    price is kept when it fits; else the shortest one that fits within seven decimals is derived.

    Returns:
        Quantity and price, or two Nones when no price fits: the line then goes out as an amount only.
    """
    with localcontext(_EXACT):
        for price in _candidates(quantity, unit_price, amount):
            if to_cents(quantity * price) == amount:
                return quantity, price
    return None, None


def _candidates(quantity: Decimal, unit_price: Decimal, amount: Decimal) -> Iterator[Decimal]:
    """Prices worth trying: at each length only the two neighbours of the exact quotient can fit."""
    if _decimals(unit_price) <= MAX_PRICE_DECIMALS:
        yield unit_price
    if quantity:
        exact = amount / quantity
        for places in range(2, MAX_PRICE_DECIMALS + 1):
            for rounding in (ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING):
                yield exact.quantize(Decimal(1).scaleb(-places), rounding)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else MAX_PRICE_DECIMALS + 1
