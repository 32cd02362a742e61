"""Proposes for each text of ours the custom field of that name, English or French."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from webapp.accounting.custom_fields import Key, definitions
from webapp.accounting.drafts import DocumentKind
from webapp.accounting.proposing import Proposal, fold
from webapp.accounting.provider import ProviderCompany
from webapp.accounting.sources import CustomField

_PO: Final = r"\bp\.? ?o\b|purchase order|\bb\.? ?c\b|bons? de commande|commande (du )?client|customer order"
_NAMES: Final[Mapping[CustomField, re.Pattern[str]]] = MappingProxyType(
    {
        CustomField.CUSTOMER_PO: re.compile(_PO),
        CustomField.IN_HANDS_DATE: re.compile(
            r"\bin[- ]?hands?\b|\bneed(ed)?[- ]by\b|required (by|date)|event date"
            r"|date (requise|souhaitee|voulue)|date de (reception|remise)|date (de l.)?evenement"
        ),
        CustomField.SALES_REP: re.compile(
            r"\bsales ?(rep|person|people)|\brep(resentative)?\b|account (manager|executive)"
            r"|\brepresentante?\b|\bvendeu(r|se)\b|\bconseillere?\b"
        ),
    }
)
_NOT_A_NUMBER: Final = re.compile(r"date|\btype\b|\bbox\b")
_OF_CUSTOMER: Final = re.compile(r"\b(customer|cust|client)\b")


def propose_custom_fields(company: ProviderCompany) -> Mapping[Key, Proposal]:
    """A proposal for each of our texts that a custom field is named after; no field is proposed twice."""
    proposals: dict[Key, Proposal] = {}
    for kind in DocumentKind:
        free = dict(definitions(company, kind))
        for field in CustomField:
            fitting = [id_ for id_, name in free.items() if _fits(kind, field, fold(name))]
            if fitting:
                best = min(fitting, key=lambda id_: (len(free[id_]), free[id_], id_))
                proposals[kind, field] = Proposal(best, "name_matches")
                del free[best]
    return proposals


def _fits(kind: DocumentKind, field: CustomField, name: str) -> bool:
    if not _NAMES[field].search(name):
        return False
    if field is not CustomField.CUSTOMER_PO:
        return True
    # on a purchase order "PO number" may as well be its own
    is_customers = kind is DocumentKind.INVOICE or bool(_OF_CUSTOMER.search(name))
    return is_customers and not _NOT_A_NUMBER.search(name)
