"""Decides what each line posts to: an item the provider has, an item to create, or an account."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.accounting.accounts import ACCOUNT_TYPES, Accounts, account_problem, gone
from webapp.accounting.drafts import DocumentKind, ItemDraft, LineKind
from webapp.accounting.names import CHARGE_NAMES, charge_targets, clean_name, item_name
from webapp.accounting.provider import ListedItem, ProviderLists
from webapp.accounting.reasons import Reasons
from webapp.accounting.sources import MappingRules, Reason, Rule, SourceLine, Target, UnknownItems

NEW_ITEM = "new:"
"""Marks the id of an item that is still to be created; its name follows."""


@dataclass(frozen=True)
class Posting:
    """Where a line goes; exactly one of the two ids is set."""

    item_id: str | None = None
    account_id: str | None = None


class Postings:
    """Finds the posting of each line of one document and gathers the items that must be created first."""

    def __init__(
        self,
        kind: DocumentKind,
        rules: MappingRules,
        lists: ProviderLists,
        accounts: Accounts,
        reasons: Reasons,
    ) -> None:
        self._is_cost = kind is not DocumentKind.INVOICE
        self._rules = rules
        self._targets = charge_targets(rules)
        self._lists = lists
        self._accounts = accounts
        self._reasons = reasons
        self._new: dict[str, ItemDraft] = {}

    @property
    def missing_items(self) -> tuple[ItemDraft, ...]:
        """The items to create, in the order of the lines that need them."""
        return tuple(self._new.values())

    def of(self, line: SourceLine, rule: Rule | None = None) -> Posting | None:
        """The posting of a line (no discount of an invoice); None after noting why there is none.

        Args:
            line: a line of the document.
            rule: the rule that applies to it.
        """
        if line.kind in CHARGE_NAMES:
            return self._charge(line)
        if line.kind is LineKind.DISCOUNT:
            return self.cost_account()
        if rule is not None and rule.target is not None and self.is_ruled(line, rule):
            return self._ruled(line, rule, rule.target)
        return self._product(line)

    def is_ruled(self, line: SourceLine, rule: Rule | None) -> bool:
        """Whether the rule decides what the line posts to.

        Targets are for product lines; an income account serves invoices, a cost account the other kinds.
        """
        if rule is None or rule.target is None or line.kind is not LineKind.PRODUCT:
            return False
        account = self._lists.accounts.get(rule.target.id) if rule.target.type == "account" else None
        other_side = ACCOUNT_TYPES["income_account_id" if self._is_cost else "cost_account_id"]
        return account is None or account.type not in other_side

    def cost_account(self) -> Posting | None:
        """The cost account as a posting; None after noting that it is missing or gone."""
        return self._account("cost_account_id")

    def discount_account(self) -> Posting | None:
        """The account of an invoice's discount; None after noting that it is missing or gone."""
        return self._account("discount_account_id")

    def _account(self, field: str) -> Posting | None:
        account_id = self._accounts.need(field)
        return Posting(account_id=account_id) if account_id else None

    def _product(self, line: SourceLine) -> Posting | None:
        name = item_name(line, self._rules.item_name_source)
        if not name:
            if self._is_cost:
                return self.cost_account()
            self._reasons.add("item_name_missing", "document", line=str(line.position))
            return None
        listed = self._lists.items.get(name.casefold())
        if listed is not None:
            return self._listed(listed)
        if self._rules.unknown_items is UnknownItems.FIXED:
            return self._fixed()
        needed = "cost_account_id" if self._is_cost else "income_account_id"
        if self._accounts.need(needed) is None:
            return None
        income = self._accounts.known("income_account_id")
        return self._create(
            name, self._rules.unknown_items.value, line.product_name or line.description, income
        )

    def _ruled(self, line: SourceLine, rule: Rule, target: Target) -> Posting | None:
        if target_problem("rules", target, self._lists):
            self._reasons.note(gone("rules", rule.value))
            return None
        if target.type == "item":
            return self._existing(self._lists.items_by_id[target.id])
        if self._is_cost:
            return Posting(account_id=target.id)
        own = self._lists.items.get(item_name(line, self._rules.item_name_source).casefold())
        if own is not None and own.active and own.income_account_id == target.id:
            return Posting(item_id=own.id)
        return self._account_item(clean_name(self._lists.accounts[target.id].name), target.id)

    def _charge(self, line: SourceLine) -> Posting | None:
        target = self._targets[line.kind]
        if target is None:
            self._reasons.add("line_kind_not_mapped", "preferences", kind=line.kind.value)
            return None
        if target.type == "account":
            # an income account cannot take costs
            return self.cost_account() if self._is_cost else self._charge_item(line.kind, target.id)
        problem = target_problem(line.kind.value, target, self._lists)
        self._reasons.note(problem)
        return None if problem else self._existing(self._lists.items_by_id[target.id])

    def _charge_item(self, kind: LineKind, account_id: str) -> Posting | None:
        problem = account_problem(kind.value, account_id, self._lists)
        if problem:
            self._reasons.note(problem)
            return None
        return self._account_item(CHARGE_NAMES[kind], account_id)

    def _account_item(self, name: str, account_id: str) -> Posting | None:
        """An invoice line cannot name an account: it takes an item of this name that posts to it."""
        listed = self._lists.items.get(name.casefold())
        if listed is None:
            return self._create(name, UnknownItems.SERVICE.value, name, account_id)
        if listed.active and listed.income_account_id not in {None, account_id}:
            account = self._lists.accounts[account_id].name
            self._reasons.add("item_posts_elsewhere", "preferences", name=listed.name, account=account)
            return None
        return self._listed(listed)

    def _fixed(self) -> Posting | None:
        item = self._lists.items_by_id.get(self._rules.fixed_item_id or "")
        if item is None or not item.active:
            self._reasons.add("fixed_item_missing", "preferences", name=item.name if item else "")
            return None
        return self._existing(item)

    def _listed(self, item: ListedItem) -> Posting | None:
        if not item.active:
            self._reasons.add("item_inactive", "preferences", name=item.name)
            return None
        return self._existing(item)

    def _existing(self, item: ListedItem) -> Posting | None:
        if self._is_cost:
            return Posting(item_id=item.id) if item.expense_account_id else self.cost_account()
        if item.income_account_id is None:
            self._reasons.add("item_not_for_sale", "preferences", name=item.name)
            return None
        return Posting(item_id=item.id)

    def _create(self, name: str, type_: str, description: str, income: str | None) -> Posting:
        draft = ItemDraft(name, type_, description.strip(), income, self._accounts.known("cost_account_id"))
        kept = self._new.setdefault(name.casefold(), draft)
        return Posting(item_id=NEW_ITEM + kept.name)


def target_problem(field: str, target: Target, lists: ProviderLists) -> Reason | None:
    """Why the target of a line kind or rule cannot be used: item or account missing, inactive or unfit."""
    if target.type == "account":
        return account_problem(field, target.id, lists)
    item = lists.items_by_id.get(target.id)
    if item is None:
        return gone(field, target.id)
    return None if item.active else gone(field, item.name)
