"""Our customer PO, in-hands date and sales rep as texts for the provider's custom fields. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from webapp.accounting.accounts import gone
from webapp.accounting.drafts import CustomFieldDraft, DocumentKind
from webapp.accounting.provider import ProviderCompany
from webapp.accounting.reasons import Reasons
from webapp.accounting.sources import CustomField, MappingRules, Reason, SourceDocument

MAX_TEXT: Final = 31
"""QuickBooks takes no longer text in a custom field."""

Key = tuple[DocumentKind, CustomField]


def definitions(company: ProviderCompany, kind: DocumentKind) -> Mapping[str, str]:
    """The custom fields that documents of a kind have at the provider: names by DefinitionId."""
    return {
        DocumentKind.INVOICE: company.sales_custom_fields,
        DocumentKind.PURCHASE_ORDER: company.purchase_custom_fields,
    }.get(kind, {})


def field_problem(key: Key, definition_id: str, company: ProviderCompany) -> Reason | None:
    """Why a chosen custom field cannot be used: it is not switched on (any more)."""
    kind, field = key
    if definition_id in definitions(company, kind):
        return None
    return gone("custom_fields", f"{kind.value}:{field.value}")


def custom_fields(
    document: SourceDocument, rules: MappingRules, company: ProviderCompany, reasons: Reasons
) -> tuple[CustomFieldDraft, ...]:
    """The texts of one document; empty ones are left out, and one that is too long is a reason, never cut."""
    found: dict[str, str] = {}
    for field, text in _texts(document).items():
        definition_id = rules.custom_fields.get((document.kind, field))
        if not definition_id or not text:
            continue
        problem = field_problem((document.kind, field), definition_id, company)
        reasons.note(problem)
        if len(text) > MAX_TEXT:
            facts = {"name": field.value, "text": text, "limit": str(MAX_TEXT)}
            reasons.add("custom_field_too_long", "document", **facts)
        if problem is None:
            found.setdefault(definition_id, text)
    return tuple(CustomFieldDraft(id_, text) for id_, text in found.items())


def _texts(document: SourceDocument) -> Mapping[CustomField, str]:
    day = document.in_hands_date
    return {
        CustomField.CUSTOMER_PO: document.customer_po.strip(),
        CustomField.IN_HANDS_DATE: day.isoformat() if day else "",
        CustomField.SALES_REP: document.sales_rep.strip(),
    }
