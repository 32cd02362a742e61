"""Line layouts: what becomes of charges (decoration, set-up, freight) before anything is mapped. Pure.

Totals, and what is taxable of them, stay as they are to the cent; prices are fitted when lines are mapped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from webapp.accounting.amounts import to_cents, total_of
from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.names import CHARGE_NAMES, line_description
from webapp.accounting.sources import LineLayout, SourceDocument, SourceLine

Layouts = Mapping[tuple[DocumentKind, LineKind], LineLayout]


def lay_out(document: SourceDocument, layouts: Layouts) -> SourceDocument:
    """The document with its charges as the preferences want them.

    A folded charge becomes part of the product line before it, when both are taxable or neither is; else it
    keeps its own line. A summary stands where the last of its charges stood, one for the taxable and one for
    the others.
    """
    wanted = {kind: layouts.get((document.kind, kind), LineLayout.OWN) for kind in CHARGE_NAMES}
    lines = _folded(document.lines, {kind for kind, one in wanted.items() if one is LineLayout.FOLDED})
    lines = _summed(lines, {kind for kind, one in wanted.items() if one is LineLayout.SUMMARY})
    return replace(document, lines=tuple(lines))


def _folded(lines: Sequence[SourceLine], kinds: set[LineKind]) -> list[SourceLine]:
    result: list[SourceLine] = []
    product: int | None = None
    for line in lines:
        if line.kind in kinds and product is not None and result[product].taxable == line.taxable:
            result[product] = _with_charge(result[product], line)
            continue
        if line.kind is LineKind.PRODUCT:
            product = len(result)
        result.append(line)
    return result


def _with_charge(product: SourceLine, charge: SourceLine) -> SourceLine:
    amount = to_cents(product.amount) + to_cents(charge.amount)
    return replace(product, amount=amount, folded=(*product.folded, _words(charge)))


def _summed(lines: Sequence[SourceLine], kinds: set[LineKind]) -> list[SourceLine]:
    places: dict[tuple[LineKind, bool], list[int]] = {}
    for place, line in enumerate(lines):
        if line.kind in kinds:
            places.setdefault((line.kind, line.taxable), []).append(place)
    result = []
    for place, line in enumerate(lines):
        group = places.get((line.kind, line.taxable))
        if group is None:
            result.append(line)
        elif place == group[-1]:
            result.append(_sum([lines[one] for one in group]))
    return result


def _sum(charges: Sequence[SourceLine]) -> SourceLine:
    """One line for all; it has no words of its own, so that every summary of a kind is told alike."""
    *_, last = charges
    categories = {charge.category for charge in charges}
    amount = total_of(to_cents(charge.amount) for charge in charges)
    is_one = len(charges) == 1
    return replace(
        last,
        product_number="",
        product_name="",
        description="",
        quantity=last.quantity if is_one else Decimal(1),
        unit_price=last.unit_price if is_one else amount,
        amount=amount,
        category=categories.pop() if len(categories) == 1 else "",
        folded=tuple(map(_words, charges)),
    )


def _words(charge: SourceLine) -> str:
    return line_description(charge) or CHARGE_NAMES[charge.kind]
