"""Proposes preferences from the provider's lists; shown as proposals, never saved by themselves.

Names are compared folded: lower case, accents removed, so that "Décoration" and "decoration" are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from webapp.accounting.accounts import ACCOUNT_TYPES
from webapp.accounting.custom_fields import Key
from webapp.accounting.proposed_custom_fields import propose_custom_fields
from webapp.accounting.proposed_tax import propose_provinces, propose_tax_codes
from webapp.accounting.proposed_terms import propose_terms
from webapp.accounting.proposing import NOTHING, Proposal, fold
from webapp.accounting.provider import ListedAccount, ListedItem, ProviderCompany
from webapp.accounting.sources import Target

__all__ = ["NOTHING", "Proposal", "Proposals", "propose"]

Entry = TypeVar("Entry", ListedAccount, ListedItem)

_INCOME: Final = re.compile(r"\b(sales?|ventes?)\b")
_NO_INCOME: Final = re.compile(r"discount|refund|return|remise|rabais|retour|shipping|freight|transport")
_COST: Final = re.compile(r"cost of (goods|sales)|\bcogs\b|cout des|\bachats?\b|purchases")
_NO_COST: Final = re.compile(r"freight|shipping|transport|delivery|livraison|labou?r")
_PAYABLE: Final = re.compile(r"accounts payable|\ba/p\b|comptes? (fournisseurs?|a payer|crediteurs?)")
_DISCOUNT: Final = re.compile(r"discount|remise|rabais")
_DEPOSIT: Final = re.compile(r"undeposited|payments to deposit|fonds non deposes|paiements a deposer")
_FREIGHT: Final = re.compile(r"freight|shipping|transport|livraison")
_SETUP: Final = re.compile(r"set[- ]?up|mise en route")
_DECORATION: Final = re.compile(r"decoration|imprint|embroider|broderie")
_FIXED_ITEM: Final = re.compile(r"promotional|promo\b|promotionnel|^(product|produit|sales|ventes?)s?$")


@dataclass(frozen=True)
class Proposals:
    """A proposal per preference; the fields are named as in ``MappingRules``.

    The ids of ``freight``, ``setup`` and ``decoration`` have the stored form of a ``Target`` ("item:12").
    ``terms`` is keyed like ``MappingRules.terms``, ``province_tax_codes`` by the province's code. In
    ``custom_fields`` what has no proposal is left out.
    """

    income_account_id: Proposal
    cost_account_id: Proposal
    ap_account_id: Proposal
    discount_account_id: Proposal
    deposit_account_id: Proposal
    fixed_item_id: Proposal
    freight: Proposal
    setup: Proposal
    decoration: Proposal
    taxable_code_id: Proposal
    non_taxable_code_id: Proposal
    terms: Mapping[str, Proposal]
    province_tax_codes: Mapping[str, Proposal]
    custom_fields: Mapping[Key, Proposal]


def propose(
    accounts: Sequence[ListedAccount],
    items: Sequence[ListedItem],
    terms: Sequence[tuple[str, str, int | None]],
    tax_codes: Sequence[tuple[str, str]],
    company: ProviderCompany,
    our_terms: Sequence[str],
) -> Proposals:
    """Propose a value for every preference.

    Args:
        accounts: the provider's accounts; inactive ones are passed over, here and among the items.
        items: the provider's items.
        terms: id, name and due days (None for terms on a day of the month) of the active terms.
        tax_codes: id and name of the active tax codes.
        company: the provider's company.
        our_terms: the words for terms that our documents use.
    """
    taxable, non_taxable = propose_tax_codes(tax_codes, company)
    return Proposals(
        income_account_id=_account("income_account_id", accounts, _INCOME, "Income", _NO_INCOME),
        cost_account_id=_account("cost_account_id", accounts, _COST, "Cost of Goods Sold", _NO_COST),
        ap_account_id=_account("ap_account_id", accounts, _PAYABLE, "Accounts Payable"),
        discount_account_id=_named_account("discount_account_id", accounts, _DISCOUNT),
        deposit_account_id=_named_account("deposit_account_id", accounts, _DEPOSIT),
        fixed_item_id=_item(items, _FIXED_ITEM),
        freight=_target("freight", accounts, items, _FREIGHT),
        setup=_target("setup", accounts, items, _SETUP),
        decoration=_target("decoration", accounts, items, _DECORATION),
        taxable_code_id=taxable,
        non_taxable_code_id=non_taxable,
        terms=propose_terms(terms, our_terms),
        province_tax_codes=propose_provinces(tax_codes, company),
        custom_fields=propose_custom_fields(company),
    )


def _account(
    field: str,
    accounts: Sequence[ListedAccount],
    pattern: re.Pattern[str],
    main_type: str,
    avoid: re.Pattern[str] | None = None,
) -> Proposal:
    """The only account that fits; else the best by name; else the only one of the main type."""
    fitting = _fitting(field, accounts)
    if len(fitting) == 1:
        return Proposal(fitting[0].id, "only_one")
    sought = [account for account in fitting if avoid is None or not avoid.search(fold(account.name))]
    named = _matching(sought, pattern)
    if named:
        best = min(named, key=lambda account: (account.type != main_type, len(account.name), account.name))
        return Proposal(best.id, "name_matches")
    typed = [account for account in sought if account.type == main_type]
    return Proposal(typed[0].id, "type_matches") if len(typed) == 1 else NOTHING


def _named_account(field: str, accounts: Sequence[ListedAccount], pattern: re.Pattern[str]) -> Proposal:
    """The best account by name alone: any other one would be a wrong guess."""
    named = _matching(_fitting(field, accounts), pattern)
    return Proposal(_shortest(named).id, "name_matches") if named else NOTHING


def _target(
    field: str, accounts: Sequence[ListedAccount], items: Sequence[ListedItem], pattern: re.Pattern[str]
) -> Proposal:
    """An item of that name before an account of that name: an invoice line names an item anyway."""
    item = _item(items, pattern)
    if item.id is not None:
        return Proposal(str(Target("item", item.id)), item.reason)
    account = _named_account(field, accounts, pattern)
    return Proposal(str(Target("account", account.id)), account.reason) if account.id else NOTHING


def _item(items: Sequence[ListedItem], pattern: re.Pattern[str]) -> Proposal:
    """The best item by name that can be sold."""
    named = _matching((item for item in items if item.active and item.income_account_id), pattern)
    return Proposal(_shortest(named).id, "name_matches") if named else NOTHING


def _fitting(field: str, accounts: Sequence[ListedAccount]) -> list[ListedAccount]:
    return [account for account in accounts if account.active and account.type in ACCOUNT_TYPES[field]]


def _matching(entries: Iterable[Entry], pattern: re.Pattern[str]) -> list[Entry]:
    return [entry for entry in entries if pattern.search(fold(entry.name))]


def _shortest(entries: Sequence[Entry]) -> Entry:
    return min(entries, key=lambda entry: (len(entry.name), entry.name))
