"""What is proposed for the drop-downs of the preferences, from a bounded part of QuickBooks' lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from webapp.accounting.proposals import Proposal, propose
from webapp.accounting.provider import ListedAccount, ListedItem
from webapp.integrations.preference_fields import ACCOUNTS as ACCOUNT_FIELDS
from webapp.integrations.preference_fields import (
    FIXED_ITEM,
    PROVINCES,
    TARGETS,
    proposed,
    province_field,
    term_field,
)
from webapp.integrations.preference_fields import TAX_CODES as TAX_CODE_FIELDS
from webapp.integrations.preference_mirror import (
    COST,
    DEPOSIT,
    INCOME,
    ITEMS,
    PAYABLE,
    TAX_CODES,
    TERMS,
    CompanyLists,
    Raw,
)
from webapp.models import DirectoryEntry

MOST: Final = 200
ACCOUNTS: Final = (INCOME, COST, PAYABLE, DEPOSIT)
# What the names of items and accounts contain that accounting.proposals may choose
ITEM_WORDS: Final = (
    "freight", "shipping", "transport", "livraison", "set-up", "set up", "setup", "mise en route",
    "decoration", "imprint", "embroider", "broderie", "promo", "product", "produit", "sale", "vente",
)  # fmt: skip
ACCOUNT_WORDS: Final = (
    *ITEM_WORDS, "cost of", "cogs", "cout des", "achat", "purchase", "payable", "a/p", "compte", "discount",
    "remise", "rabais", "deposit", "depose",
)  # fmt: skip


def proposals_for(
    lists: CompanyLists, our_terms: Mapping[str, str], taken: Collection[str]
) -> dict[str, Proposal]:
    """A proposal for each drop-down that is not in ``taken``, where there is a sensible one.

    Args:
        lists: the company's lists.
        our_terms: our words for terms by key.
        taken: the drop-downs that are chosen already.
    """
    is_us = lists.company.is_us
    done = {*taken, *(TAX_CODE_FIELDS if is_us else ())}
    # a list is read only for what is not chosen yet
    needs_accounts = not done.issuperset((*ACCOUNT_FIELDS, *TARGETS))
    needs_items = not done.issuperset((*TARGETS, FIXED_ITEM))
    needs_terms = not done.issuperset(map(term_field, our_terms))
    needs_codes = not is_us and not done.issuperset((*TAX_CODE_FIELDS, *map(province_field, PROVINCES)))
    accounts = [
        ListedAccount(entry.remote_id, entry.full_name, entry.type)
        for pool in (ACCOUNTS if needs_accounts else ())
        for entry in lists.offered(pool, MOST, ACCOUNT_WORDS)
    ]
    items = [
        ListedItem(entry.remote_id, entry.name, True, entry.income_account_id)
        for entry in (lists.offered(ITEMS, MOST, ITEM_WORDS) if needs_items else ())
    ]
    terms = lists.offered(TERMS, MOST) if needs_terms else ()
    codes = lists.offered(TAX_CODES, MOST) if needs_codes else ()
    found = proposed(
        propose(
            accounts,
            items,
            [(entry.remote_id, entry.name, _due_days(entry)) for entry in terms],
            [(entry.remote_id, entry.name) for entry in codes],
            lists.company,
            list(our_terms.values()),
        )
    )
    return {name: value for name, value in found.items() if name not in done}


def material(lists: CompanyLists) -> list[Raw]:
    """All that is read for proposals, as the database gives it."""
    likely = [lists.offered_raw(pool, MOST, ACCOUNT_WORDS) for pool in ACCOUNTS]
    whole = [lists.offered_raw(pool, MOST) for pool in (TERMS, TAX_CODES)]
    return [*likely, lists.offered_raw(ITEMS, MOST, ITEM_WORDS), *whole]


def _due_days(term: DirectoryEntry) -> int | None:
    days = term.extra.get("due_days")
    return int(days) if days is not None else None
