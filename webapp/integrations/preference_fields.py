"""The drop-downs of the preferences as one flat set of names, and what each takes. Pure."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.proposals import Proposal, Proposals
from webapp.accounting.sources import CustomField, MappingRules, Rule

ACCOUNTS: Final = (
    "income_account_id", "cost_account_id", "ap_account_id", "deposit_account_id", "discount_account_id",
)  # fmt: skip
TARGETS: Final = ("decoration", "setup", "freight")
TAX_CODES: Final = ("taxable_code_id", "non_taxable_code_id")
FIXED_ITEM: Final = "fixed_item_id"
CLASS: Final = "class_id"
LOCATION: Final = "location_id"
PROPOSED: Final = (*ACCOUNTS, *TARGETS, *TAX_CODES, FIXED_ITEM)
SINGLE: Final = (*PROPOSED, CLASS, LOCATION)
PROVINCES: Final = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")
PROVINCE: Final = "province-"
TERM: Final = "term-"
CUSTOM: Final = "custom-"
RULE_EFFECTS: Final = ("target", CLASS, LOCATION)
MOST_RULES: Final = 100

CHARGES: Final = (LineKind.DECORATION, LineKind.SETUP, LineKind.FREIGHT)
WITH_CUSTOM_FIELDS: Final = (DocumentKind.INVOICE, DocumentKind.PURCHASE_ORDER)
"""The kinds of document that have custom fields in QuickBooks."""

ORDER: Final = (
    "billable", "confirm_billable", "item_name_source", "unknown_items", "fixed_item_id", "income_account_id",
    "cost_account_id", "ap_account_id", "deposit_account_id", "decoration", "setup", "freight",
    "discount_account_id", "layout-", CLASS, LOCATION, "memo", "custom-", "rule", "sales_tax", "province-",
    "taxable_code_id", "non_taxable_code_id", "term-", "numbers", "start_date",
)  # fmt: skip
"""The controls as they stand in the page, by name or its beginning."""

_RULE: Final = re.compile(r"rule-([0-9]{1,3})-([a-z_]+)")


class Takes(StrEnum):
    """What a drop-down chooses from."""

    ACCOUNT = "account"
    ITEM = "item"
    TARGET = "target"
    TAX_CODE = "tax_code"
    TERM = "term"
    CLASS = "class"
    LOCATION = "location"
    CUSTOM_FIELD = "custom_field"


_BY_NAME: Final = {
    **dict.fromkeys(ACCOUNTS, Takes.ACCOUNT),
    **dict.fromkeys((*TARGETS, "target"), Takes.TARGET),
    **dict.fromkeys(TAX_CODES, Takes.TAX_CODE),
    FIXED_ITEM: Takes.ITEM,
    CLASS: Takes.CLASS,
    LOCATION: Takes.LOCATION,
}
_BY_PREFIX: Final = {PROVINCE: Takes.TAX_CODE, TERM: Takes.TERM, CUSTOM: Takes.CUSTOM_FIELD}


@lru_cache(maxsize=1024)
def takes(name: str) -> Takes:
    """What the drop-down of this name chooses from. Raises KeyError for a name that is none's."""
    rule = rule_part(name)
    for prefix, kind in _BY_PREFIX.items():
        if name.startswith(prefix):
            return kind
    return _BY_NAME[rule[1] if rule else name]


def place_in_page(name: str) -> int:
    """Where a control stands among the others; one that is not known, after them."""
    places = (place for place, known in enumerate(ORDER) if name.startswith(known))
    return next(places, len(ORDER))


def is_drop_down(name: str) -> bool:
    """Whether there is a drop-down of this name in some company's form."""
    try:
        return bool(takes(name))
    except KeyError:
        return False


def term_field(key: str) -> str:
    """The name of the drop-down of one of our terms; the same for as long as its words are."""
    return TERM + hashlib.sha256(key.encode()).hexdigest()[:10]


def province_field(province: str) -> str:
    """The name of the drop-down of a province's tax code."""
    return PROVINCE + province


def custom_field(kind: str, ours: str) -> str:
    """The name of the drop-down of one of our fields on a kind of document."""
    return f"{CUSTOM}{kind}-{ours}"


def custom_field_kind(name: str) -> DocumentKind:
    """The kind of document that the drop-down of a custom field is about."""
    return DocumentKind(name.split("-")[1])


def layout_field(kind: str, line: str) -> str:
    """The name of the drop-down that says what becomes of a charge on a kind of document."""
    return f"layout-{kind}-{line}"


def rule_field(place: int, part: str) -> str:
    """The name of one control of a rule."""
    return f"rule-{place}-{part}"


def rule_part(name: str) -> tuple[int, str] | None:
    """Which rule a control belongs to and which part of it that is; None for other controls."""
    match = _RULE.fullmatch(name)
    return (int(match[1]), match[2]) if match else None


def every_custom_field() -> list[tuple[DocumentKind, CustomField]]:
    """Each of our fields on each kind of document that can take it, in the form's order."""
    return [(kind, ours) for kind in WITH_CUSTOM_FIELDS for ours in CustomField]


def chosen(rules: MappingRules) -> dict[str, str]:
    """What the rules choose, by drop-down; what is not chosen is left out."""
    single = {name: getattr(rules, name) for name in SINGLE}
    values = {name: str(value) for name, value in single.items() if value is not None}
    values |= {term_field(key): value for key, value in rules.terms.items()}
    values |= {province_field(code): value for code, value in rules.province_tax_codes.items()}
    values |= {custom_field(kind, ours): value for (kind, ours), value in rules.custom_fields.items()}
    for place, rule in enumerate(rules.rules):
        values |= {rule_field(place, part): value for part, value in effects(rule).items()}
    return {name: value for name, value in values.items() if value}


def effects(rule: Rule) -> dict[str, str]:
    """What a rule gives, by the part of its row."""
    values = {part: getattr(rule, part) for part in RULE_EFFECTS}
    return {part: str(value) for part, value in values.items() if value is not None}


def proposed(proposals: Proposals) -> dict[str, Proposal]:
    """What is proposed, by drop-down; where nothing is, the drop-down is left out."""
    found: dict[str, Proposal] = {name: getattr(proposals, name) for name in PROPOSED}
    found |= {term_field(key): proposal for key, proposal in proposals.terms.items()}
    found |= {province_field(code): proposal for code, proposal in proposals.province_tax_codes.items()}
    found |= {custom_field(*key): proposal for key, proposal in proposals.custom_fields.items()}
    return {name: proposal for name, proposal in found.items() if proposal.id}
