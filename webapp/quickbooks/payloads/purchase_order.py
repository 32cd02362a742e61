"""Purchase orders. https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/purchaseorder"""

from __future__ import annotations

from webapp.accounting.drafts import DocumentDraft
from webapp.quickbooks.payloads.common import (
    TEXT_LENGTH,
    Payload,
    address,
    custom_fields,
    cut,
    email,
    header,
    present,
    reference,
)
from webapp.quickbooks.payloads.cost_lines import cost_lines


def purchase_order(draft: DocumentDraft) -> Payload:
    """A purchase order to a vendor; the memo is printed for the vendor, the goods go to ``ship_to``.

    Raises:
        Invalid: when the number, e-mail address or a custom field is too long, or a line has neither item
            nor account.
    """
    return present(
        VendorRef=reference(draft.party_id),
        APAccountRef=reference(draft.ap_account_id),
        **header(draft),
        ClassRef=reference(draft.class_id),
        CustomField=custom_fields(draft),
        POEmail=email(draft.email),
        ShipAddr=address(draft.ship_to),
        Memo=cut(draft.memo, TEXT_LENGTH),
        Line=cost_lines(draft),
    )
