"""Bills. https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/bill"""

from __future__ import annotations

from webapp.accounting.drafts import DocumentDraft
from webapp.quickbooks.payloads.common import TEXT_LENGTH, Payload, cut, header, present, reference
from webapp.quickbooks.payloads.cost_lines import cost_lines


def bill(draft: DocumentDraft) -> Payload:
    """A bill from a vendor; the memo is for the books only, since a bill is not sent to anybody.

    Raises:
        Invalid: when the number is too long or a line has neither item nor account.
    """
    return present(
        VendorRef=reference(draft.party_id),
        APAccountRef=reference(draft.ap_account_id),
        **header(draft),
        PrivateNote=cut(draft.memo, TEXT_LENGTH),
        Line=cost_lines(draft),
    )
