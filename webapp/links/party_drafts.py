"""A company as the customer or vendor that it would be in QuickBooks, and what QuickBooks would not take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from webapp.accounting.drafts import AddressDraft, PartyDraft
from webapp.accounting.sources import MappingRules
from webapp.accounting.terms import term_key
from webapp.integrations import preferences
from webapp.links import directory
from webapp.links.asked import Asked
from webapp.models import Company, Connection, ListKind, MemberType
from webapp.quickbooks import payloads
from webapp.quickbooks.payloads.common import EMAIL_LENGTH

EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ADDRESS: Final = ("line1", "line2", "city", "region", "postal_code", "country")


@dataclass(frozen=True)
class PartyPlan:
    """What QuickBooks would get: ``payload`` is the whole of it, ``term`` the name of its term there.

    ``left_out`` are fields of the company that are not sent, with what they hold: an e-mail address that is
    none, terms without a counterpart, a currency that this QuickBooks company does not use.
    """

    payload: dict[str, Any]
    term: str = ""
    left_out: tuple[tuple[str, str], ...] = ()


class Planner:
    """Plans companies of one workspace; the preferences are read once for all of them."""

    def __init__(self, connection: Connection) -> None:
        self._home = (connection.workspace_id, connection.realm_id)
        self._facts: dict[str, Any] = connection.company or {}
        self._rules: MappingRules = preferences.rules_for(*self._home)
        self._terms = directory.entries(*self._home, ListKind.TERM, set(self._rules.terms.values()))

    def plan(self, company: Company, member_type: MemberType, asked: Asked) -> PartyPlan:
        """What a company would be as this member type.

        Raises:
            Invalid: QuickBooks could not take the name.
        """
        term_id = self._term_id(company)
        email = company.email.strip()
        is_usable = bool(EMAIL.fullmatch(email)) and len(email) <= EMAIL_LENGTH
        has_currencies = bool(self._facts.get("multicurrency"))
        draft = PartyDraft(
            display_name=asked.name,
            company_name=company.name,
            email=email if is_usable else "",
            phone=company.phone,
            website=company.website,
            currency=company.currency or None if has_currencies else None,
            bill_to=_address(company, "bill"),
            ship_to=_address(company, "ship"),
            term_id=term_id,
            parent_id=asked.parent_id or None,
        )
        is_customer = member_type is MemberType.CUSTOMER
        foreign = company.currency and company.currency != self._facts.get("home_currency")
        left_out = {
            "email": email if email and not is_usable else "",
            "terms": company.terms.strip() if term_id is None else "",
            "currency": company.currency if foreign and not has_currencies else "",
        }
        return PartyPlan(
            payloads.customer(draft) if is_customer else payloads.vendor(draft),
            self._terms[term_id].name if term_id else "",
            tuple((field, text) for field, text in left_out.items() if text),
        )

    def _term_id(self, company: Company) -> str | None:
        chosen = self._rules.terms.get(term_key(company.terms))
        found = self._terms.get(chosen) if chosen else None
        return found.remote_id if found is not None and found.active else None


def _address(company: Company, which: str) -> AddressDraft:
    return AddressDraft(*(getattr(company, f"{which}_{part}") for part in ADDRESS))
