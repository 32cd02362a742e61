"""Parsers of cells: text in, a typed value out, or ValueProblem with a code. Pure.

A parser never sees an empty cell; what that means is the column's ``default``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from webapp.imports import numbers
from webapp.imports.folding import fold_key
from webapp.imports.places import country_code, region_code
from webapp.imports.problems import ValueProblem

E = TypeVar("E", bound=StrEnum)

_CURRENCIES: Final = "AUD BRL CAD CHF CNY DKK EUR GBP HKD INR JPY MXN NOK NZD SEK SGD USD ZAR"
MAX_TEXT: Final = 4000
"""As long as the longest text that QuickBooks keeps on a document."""

_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "oui", "o", "vrai"})
_NO: Final = frozenset({"no", "n", "false", "0", "non", "faux"})


def text(limit: int) -> Callable[[str], str]:
    """A parser of one line of text: spaces and line breaks become single spaces."""

    def parse(cell: str) -> str:
        return _checked(" ".join(cell.split()), limit)

    return parse


def paragraphs(cell: str) -> str:
    """Text that may have several lines."""
    return _checked("\n".join(line.rstrip() for line in cell.strip().splitlines()), MAX_TEXT, "\n\t")


def email(cell: str) -> str:
    """One e-mail address."""
    address = _checked(cell.strip(), 254)
    if not _EMAIL.fullmatch(address):
        raise ValueProblem("email")
    return address


def country(cell: str) -> str:
    """A country by code or name, as its two-letter code."""
    code = country_code(_checked(cell.strip(), 60))
    if code is None:
        raise ValueProblem("country")
    return code


def currency(cell: str) -> str:
    """A currency by its three-letter code."""
    code = cell.strip().upper()
    if code not in _CURRENCIES.split():
        raise ValueProblem("currency")
    return code


def postal_code(cell: str) -> str:
    """A postal code in capitals, with single spaces."""
    return text(20)(cell).upper()


def money(cell: str) -> Decimal:
    """An amount to the cent."""
    return numbers.decimal(cell, 2)


def not_negative(cell: str) -> Decimal:
    """An amount to the cent that is zero or more."""
    return _not_negative(money(cell))


def quantity(cell: str) -> Decimal:
    """A quantity of zero or more with up to five decimals."""
    return _not_negative(numbers.decimal(cell, 5))


def unit_price(cell: str) -> Decimal:
    """A price for one piece with up to seven decimals."""
    return numbers.decimal(cell, 7)


def day(cell: str) -> date:
    """A calendar day."""
    return numbers.day(cell)


def regions(cell: str) -> tuple[str, ...]:
    """States and provinces as their codes in order: codes parted by spaces, or names too between commas.

    Raises:
        ValueProblem: ``regions``, with the ``word`` that is none.
    """
    codes: set[str] = set()
    for part in filter(None, map(str.strip, re.split(r"[,;|/]", _checked(" ".join(cell.split()), MAX_TEXT)))):
        named = region_code(part, "")
        words = [part] if named else part.split()
        codes.update(_region(word, is_name=bool(named)) for word in words)
    if not codes:
        raise ValueProblem("regions", word=cell.strip())
    return tuple(sorted(codes))


def yes_or_no(cell: str) -> bool:
    """Yes or no in English or French."""
    word = fold_key(cell)
    if word not in _YES | _NO:
        raise ValueProblem("yes_or_no")
    return word in _YES


def one_of(words: Mapping[E, tuple[str, ...]], code: str) -> Callable[[str], E]:
    """A parser of one of a few words; ``words`` lists each value's names in both languages."""
    known = {fold_key(name): value for value, names in words.items() for name in (*names, value.value)}

    def parse(cell: str) -> E:
        found = known.get(fold_key(cell))
        if found is None:
            raise ValueProblem(code)
        return found

    return parse


def several_of(words: Mapping[E, tuple[str, ...]], code: str) -> Callable[[str], frozenset[E]]:
    """A parser of one or more such words, parted by ``;``, ``|``, ``/`` or ``,``."""
    parse_one = one_of(words, code)

    def parse(cell: str) -> frozenset[E]:
        parts = [part for part in re.split(r"[;|/,]", cell) if part.strip()]
        return frozenset(map(parse_one, parts or [cell]))

    return parse


def _region(word: str, *, is_name: bool) -> str:
    code = region_code(word, "")
    # among several words a name could be half of another's: Washington of Washington DC
    if code is None or not (is_name or word.upper() == code):
        raise ValueProblem("regions", word=word)
    return code


def _checked(value: str, limit: int, allowed: str = "") -> str:
    for char in value:
        # Cc are control characters, Cs halves of surrogate pairs, Co and Cn mean nothing to anyone else
        if unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} and char not in allowed:
            raise ValueProblem("control_character", character=f"U+{ord(char):04X}")
    if len(value) > limit:
        raise ValueProblem("too_long", limit=limit, length=len(value))
    return value


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise ValueProblem("negative")
    return value
