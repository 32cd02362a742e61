"""Proposes tax codes: the two of a US company, or one by Canadian province from the codes' names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from webapp.accounting.proposing import NOTHING, Proposal, fold
from webapp.accounting.provider import ProviderCompany
from webapp.accounting.tax import US_NON_TAXABLE, US_TAXABLE, is_canadian

_HARMONISED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "ON": (r"\bon\b|ontario", r"\b13\b"),
        "NB": (r"\b(nb|n-b)\b|new brunswick|nouveau-brunswick", r"\b15\b"),
        "NL": (r"\b(nl|nfld|t-n-l)\b|newfoundland|terre-neuve", r"\b15\b"),
        "NS": (r"\b(ns|n-e)\b|nova scotia|nouvelle-ecosse", r"\b(14|2025)\b"),
        "PE": (r"\b(pe|pei|ipe|i-p-e)\b|prince edward|prince-edouard", r"\b15\b"),
    }
)
"""Provinces with one harmonised tax: how a code's name says the province, and its rate.

Nova Scotia's rate fell from 15 to 14 % on 1 April 2025, so its newer code may bear the year.

Rates: https://www.canada.ca/en/revenue-agency/services/tax/businesses/topics/gst-hst-businesses.html
"""

_WITH_PROVINCIAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "BC": r"\b(bc|c-b)\b|british columbia|colombie-britannique",
        "MB": r"\bmb\b|manitoba",
        "QC": r"\b(qc|qst|tvq)\b|quebec",
        "SK": r"\bsk\b|saskatchewan",
    }
)
_FEDERAL_ONLY: Final = ("AB", "NT", "NU", "YT")
_HST: Final = re.compile(r"\b(hst|tvh)\b")
_GST: Final = re.compile(r"\b(gst|tps)\b")
_PROVINCIAL: Final = re.compile(r"\b(pst|rst|qst|tvp|tvd|tvq)\b")
_PLAIN_GST: Final = re.compile(r"^(gst|tps)( ?\(?5 ?%?\)?)?$")
_NOT_FOR_SALES: Final = re.compile(r"purchase|achat|adjust|ajust|import|\bitc\b|\bctif?\b")
_UNTAXED: Final = (
    "exempt|exoner",
    r"zero[- ]?rated|detax|(?<![\d.,])0([.,]0+)? ?%",
    r"out of scope|hors champ|\bno (tax|vat|gst)|\bfree\b",
)
"""What the names of codes without tax say, the most fitting first."""

_Code = tuple[str, str]


def propose_tax_codes(codes: Sequence[_Code], company: ProviderCompany) -> tuple[Proposal, Proposal]:
    """The codes for taxable and for other lines; outside the US from the names in the list."""
    if company.is_us:
        return Proposal(US_TAXABLE, "us_standard"), Proposal(US_NON_TAXABLE, "us_standard")
    non_taxable = next((found for text in _UNTAXED if (found := _first(codes, re.compile(text)))), None)
    taxed = [code for code in _usable(codes) if not re.search("|".join(_UNTAXED), fold(code[1]))]
    if len(taxed) == 1:
        taxable = Proposal(taxed[0][0], "only_one")
    else:
        plain = _first(taxed, _PLAIN_GST) or _first(taxed, re.compile("standard"))
        taxable = Proposal(plain, "name_matches") if plain else NOTHING
    return taxable, Proposal(non_taxable, "name_matches") if non_taxable else NOTHING


def propose_provinces(codes: Sequence[_Code], company: ProviderCompany) -> Mapping[str, Proposal]:
    """A proposal for each Canadian province and territory; empty for companies elsewhere."""
    if not is_canadian(company):
        return {}
    usable = list(_usable(codes))
    federal = _first(usable, _PLAIN_GST)
    proposals = {province: _harmonised(province, usable) for province in _HARMONISED}
    for province, words in _WITH_PROVINCIAL.items():
        both = [code for code in usable if _PROVINCIAL.search(fold(code[1])) and _GST.search(fold(code[1]))]
        named = _first(both, re.compile(words))
        fallback = Proposal(federal, "federal_only") if federal else NOTHING
        proposals[province] = Proposal(named, "name_matches") if named else fallback
    for province in _FEDERAL_ONLY:
        proposals[province] = Proposal(federal, "name_matches") if federal else NOTHING
    return dict(sorted(proposals.items()))


def _harmonised(province: str, codes: Sequence[_Code]) -> Proposal:
    words, rate = _HARMONISED[province]
    harmonised = [code for code in codes if _HST.search(fold(code[1]))]
    here = [code for code in harmonised if re.search(words, fold(code[1]))]
    named = _first(here, re.compile(rate)) or _first(here, re.compile(words))
    if named:
        return Proposal(named, "name_matches")
    others = [text for other, (text, _) in _HARMONISED.items() if other != province]
    unnamed = [code for code in harmonised if not re.search("|".join(others), fold(code[1]))]
    rated = _first(unnamed, re.compile(rate))
    return Proposal(rated, "rate_matches") if rated else NOTHING


def _usable(codes: Iterable[_Code]) -> Iterable[_Code]:
    return (code for code in codes if not _NOT_FOR_SALES.search(fold(code[1])))


def _first(codes: Iterable[_Code], pattern: re.Pattern[str]) -> str | None:
    """The id of the code with the shortest name that the pattern finds."""
    found = [(len(name), name, id_) for id_, name in codes if pattern.search(fold(name))]
    return min(found)[2] if found else None
