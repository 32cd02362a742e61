"""Items. https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/item"""

from __future__ import annotations

from webapp.accounting.drafts import ItemDraft
from webapp.errors import Invalid
from webapp.quickbooks.payloads.common import TEXT_LENGTH, Payload, cut, present, reference
from webapp.quickbooks.payloads.names import item_name

PURCHASE_TEXT_LENGTH = 1000
TYPES = {"service": "Service", "non_inventory": "NonInventory"}


def item(draft: ItemDraft) -> Payload:
    """A product or service; sold ones need an income account, bought ones an expense account.

    Raises:
        Invalid: when name or type is missing, or there is no account at all.
    """
    name = item_name(draft.name)
    if not name:
        raise Invalid({"name": ["required"]})
    if draft.type not in TYPES:
        raise Invalid({"type": ["unknown"]})
    if not (draft.income_account_id or draft.expense_account_id):
        raise Invalid({"income_account_id": ["required"]})
    return present(
        Name=name,
        Type=TYPES[draft.type],
        Description=cut(draft.description, TEXT_LENGTH),
        IncomeAccountRef=reference(draft.income_account_id),
        ExpenseAccountRef=reference(draft.expense_account_id),
        PurchaseDesc=cut(draft.description, PURCHASE_TEXT_LENGTH) if draft.expense_account_id else None,
    )
