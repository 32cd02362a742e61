"""The drop-downs of the preferences as one flat set of names, and what each takes. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from webapp.accounting.proposals import Proposals
from webapp.accounting.sources import MappingRules

ACCOUNTS: Final = ("income_account_id", "cost_account_id", "ap_account_id", "discount_account_id")
TARGETS: Final = ("decoration", "setup", "freight")
TAX_CODES: Final = ("taxable_code_id", "non_taxable_code_id")
FIXED_ITEM: Final = "fixed_item_id"
SINGLE: Final = (*ACCOUNTS, *TARGETS, *TAX_CODES, FIXED_ITEM)
PROVINCES: Final = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")
PROVINCE: Final = "province-"
TERM: Final = "term-"


class Takes(StrEnum):
    """What a drop-down chooses from."""

    ACCOUNT = "account"
    ITEM = "item"
    TARGET = "target"
    TAX_CODE = "tax_code"
    TERM = "term"


def takes(name: str) -> Takes:
    """What the drop-down of this name chooses from."""
    if name in ACCOUNTS:
        return Takes.ACCOUNT
    if name in TARGETS:
        return Takes.TARGET
    if name == FIXED_ITEM:
        return Takes.ITEM
    return Takes.TERM if name.startswith(TERM) else Takes.TAX_CODE


def term_field(key: str) -> str:
    """The name of the drop-down of one of our terms; the same for as long as its words are."""
    return TERM + hashlib.sha256(key.encode()).hexdigest()[:10]


def province_field(province: str) -> str:
    """The name of the drop-down of a province's tax code."""
    return PROVINCE + province


def chosen(rules: MappingRules) -> dict[str, str]:
    """What the rules choose, by drop-down; what is not chosen is left out."""
    single = {name: getattr(rules, name) for name in SINGLE}
    values = {name: str(value) for name, value in single.items() if value is not None}
    return values | _many(rules.terms, rules.province_tax_codes)


def proposed(proposals: Proposals) -> dict[str, str]:
    """What is proposed, by drop-down; where nothing is, the drop-down is left out."""
    values = {name: getattr(proposals, name).id for name in SINGLE}
    terms = {key: proposal.id for key, proposal in proposals.terms.items()}
    provinces = {code: proposal.id for code, proposal in proposals.province_tax_codes.items()}
    found = values | _many(terms, provinces)
    return {name: value for name, value in found.items() if value}


def _many(terms: Mapping[str, str | None], provinces: Mapping[str, str | None]) -> dict[str, str]:
    by_term = {term_field(key): value for key, value in terms.items()}
    by_province = {province_field(code): value for code, value in provinces.items()}
    return {name: value for name, value in (by_term | by_province).items() if value}
