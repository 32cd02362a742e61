"""Which account of the provider may stand for what, and whether a chosen one still does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from webapp.accounting.provider import ProviderLists
from webapp.accounting.reasons import Reasons
from webapp.accounting.sources import MappingRules, Reason

_INCOME = frozenset({"Income", "Other Income"})
_COST = frozenset({"Cost of Goods Sold", "Expense", "Other Expense"})

ACCOUNT_TYPES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "income_account_id": _INCOME,
        "cost_account_id": _COST,
        "ap_account_id": frozenset({"Accounts Payable"}),
        "discount_account_id": _INCOME,
        "deposit_account_id": frozenset({"Bank", "Other Current Asset"}),
        "freight": _INCOME,
        "setup": _INCOME,
        "decoration": _INCOME,
        "rules": _INCOME | _COST,
    }
)
"""The QuickBooks AccountTypes that fit each preference; keys are the fields of ``MappingRules``."""


def chosen_accounts(rules: MappingRules) -> Mapping[str, str | None]:
    """The account preferences by field name."""
    return {
        "income_account_id": rules.income_account_id,
        "cost_account_id": rules.cost_account_id,
        "ap_account_id": rules.ap_account_id,
        "discount_account_id": rules.discount_account_id,
        "deposit_account_id": rules.deposit_account_id,
    }


def gone(field: str, name: str) -> Reason:
    """The reason for a preference that points to something the provider does not have (any more)."""
    return Reason("mapping_gone", "preferences", {"field": field, "name": name})


def account_problem(field: str, account_id: str, lists: ProviderLists) -> Reason | None:
    """Why this account cannot serve the field: it is missing, inactive or of another type."""
    account = lists.accounts.get(account_id)
    if account is None:
        return gone(field, account_id)
    if not account.active or account.type not in ACCOUNT_TYPES[field]:
        return gone(field, account.name)
    return None


class Accounts:
    """The accounts of the preferences, checked when a document needs them."""

    def __init__(self, rules: MappingRules, lists: ProviderLists, reasons: Reasons) -> None:
        self._chosen = chosen_accounts(rules)
        self._lists = lists
        self._reasons = reasons

    def need(self, field: str) -> str | None:
        """The account of a field that this document cannot do without; None after noting why not."""
        account_id = self._chosen[field]
        if not account_id:
            self._reasons.add(f"{field.removesuffix('_id')}_missing", "preferences")
            return None
        problem = account_problem(field, account_id, self._lists)
        self._reasons.note(problem)
        return None if problem else account_id

    def known(self, field: str) -> str | None:
        """The account of a field when it is chosen and fits; otherwise None, without a reason."""
        account_id = self._chosen[field]
        return None if not account_id or account_problem(field, account_id, self._lists) else account_id
