"""Turns the lines of our document into draft lines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from webapp.accounting.amounts import fit_price, to_cents, total_of
from webapp.accounting.dimensions import Dimensions
from webapp.accounting.drafts import LineDraft, LineKind
from webapp.accounting.names import MAX_DESCRIPTION, line_description
from webapp.accounting.postings import Postings
from webapp.accounting.provider import ProviderCompany
from webapp.accounting.reasons import Reasons
from webapp.accounting.rule_matching import Matching, applied
from webapp.accounting.sources import Parties, Rule, SourceDocument, SourceLine
from webapp.accounting.tax import Taxes
from webapp.accounting.ties import tie_key


def billable_customer(is_billable: bool, parties: Parties, reasons: Reasons) -> str | None:
    """The customer whom costs are billable to; None when they are not, or after noting why not."""
    if not is_billable:
        return None
    if parties.customer_id is None and parties.customer_name:
        reasons.add("customer_not_linked", "links", company=parties.customer_name)
    return parties.customer_id


class Lines:
    """Makes the draft lines of one document: what they post to, their tax code and their class."""

    def __init__(
        self,
        document: SourceDocument,
        matching: Matching,
        postings: Postings,
        taxes: Taxes,
        dimensions: Dimensions,
    ) -> None:
        self._document = document
        self._matching = matching
        self._postings = postings
        self._taxes = taxes
        self._dimensions = dimensions

    def of_sale(self, company: ProviderCompany, reasons: Reasons) -> tuple[LineDraft, ...]:
        """The lines of an invoice; its discounts become one line at the end: QuickBooks takes only one."""
        lines = [line for line in self._document.lines if line.kind is not LineKind.DISCOUNT]
        discounts = [line for line in self._document.lines if line.kind is LineKind.DISCOUNT]
        drafts = [self._draft(line) for line in lines]
        if discounts:
            drafts.append(self._discount(discounts, company, reasons))
        return tuple(draft for draft in drafts if draft is not None)

    def of_cost(self, billable_to: str | None) -> tuple[LineDraft, ...]:
        """The lines of a bill or purchase order, in our order; a tax that is part of the cost comes last."""
        drafts = [self._draft(line) for line in self._document.lines]
        tax = to_cents(self._taxes.cost_tax())
        if tax:
            drafts.append(self._cost_tax(tax))
        return tuple(
            replace(draft, billable_customer_id=billable_to) for draft in drafts if draft is not None
        )

    def _draft(self, line: SourceLine) -> LineDraft | None:
        rule = self._matching.of_line(line.category)
        posting = self._postings.of(line, rule)
        draft = LineDraft(
            kind=line.kind,
            description=line_description(line),
            amount=to_cents(line.amount),
            tax_code_id=self._taxes.code(line.taxable),
            class_id=self._dimensions.of_line(rule),
            tie_key=tie_key(line),
        )
        if posting is None:
            return None
        if posting.item_id is not None:
            # a line on an account has no quantity at QuickBooks
            quantity, unit_price = fit_price(line.quantity, line.unit_price, draft.amount)
            draft = replace(draft, quantity=quantity, unit_price=unit_price)
        draft = replace(draft, item_id=posting.item_id, account_id=posting.account_id)
        return self._with_rule(draft, rule, self._postings.is_ruled(line, rule))

    def _discount(
        self, lines: list[SourceLine], company: ProviderCompany, reasons: Reasons
    ) -> LineDraft | None:
        amount = -total_of(line.amount for line in lines)
        if not amount:
            return None
        if not company.allow_discount:
            reasons.add("discount_not_allowed", "connection")
        posting = self._postings.discount_account()
        # a US discount is taxed as the company's own setting says; elsewhere the line has its code
        tax_code_id = None if company.is_us else self._taxes.code(any(line.taxable for line in lines))
        rule = self._matching.of_line(lines[0].category)
        class_id = self._dimensions.of_line(rule)
        if posting is None:
            return None
        draft = LineDraft(
            kind=LineKind.DISCOUNT,
            description="; ".join(dict.fromkeys(filter(None, map(line_description, lines))))[
                :MAX_DESCRIPTION
            ],
            amount=amount,
            account_id=posting.account_id,
            tax_code_id=tax_code_id,
            class_id=class_id,
        )
        return self._with_rule(draft, rule)

    def _cost_tax(self, tax: Decimal) -> LineDraft | None:
        posting = self._postings.cost_account()
        rule = self._matching.of_line()
        class_id = self._dimensions.of_line(rule)
        if posting is None:
            return None
        account_id = posting.account_id
        draft = LineDraft(LineKind.OTHER, "Sales tax", tax, account_id=account_id, class_id=class_id)
        return self._with_rule(draft, rule)

    @staticmethod
    def _with_rule(draft: LineDraft, rule: Rule | None, is_ruled: bool = False) -> LineDraft:
        """The draft with the rule that decided on its posting or class, when one did."""
        has_class = rule is not None and rule.class_id is not None and draft.class_id == rule.class_id
        return replace(draft, rule=applied(rule)) if is_ruled or has_class else draft
