"""Payment terms: our words to the provider's term."""

from __future__ import annotations

from webapp.accounting.accounts import gone
from webapp.accounting.drafts import DocumentKind
from webapp.accounting.provider import ProviderLists
from webapp.accounting.reasons import Reasons
from webapp.accounting.sources import MappingRules, SourceDocument


def term_key(words: str) -> str:
    """The form in which our words for terms are compared: "Net 30" and " NET  30" are one."""
    return " ".join(words.split()).casefold()


def term_id(
    document: SourceDocument, rules: MappingRules, lists: ProviderLists, reasons: Reasons
) -> str | None:
    """The provider's term of the document; None when it has none.

    Invoices and bills note a reason when their terms have no counterpart; a purchase order goes without.
    """
    key = term_key(document.terms)
    if not key:
        return None
    chosen = rules.terms.get(key)
    if chosen in lists.terms:
        return chosen
    if document.kind is not DocumentKind.PURCHASE_ORDER:
        if chosen is None:
            reasons.add("term_not_mapped", "preferences", term=document.terms.strip())
        else:
            reasons.note(gone("terms", document.terms.strip()))
    return None
