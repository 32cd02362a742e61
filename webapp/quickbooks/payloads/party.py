"""Customers and vendors.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/customer and …/vendor
"""

from __future__ import annotations

from webapp.accounting.drafts import PartyDraft
from webapp.errors import Invalid
from webapp.quickbooks.payloads.common import Payload, address, cut, email, present, reference
from webapp.quickbooks.payloads.names import party_name

COMPANY_NAME_LENGTH = 100
PHONE_LENGTH = 30
WEBSITE_LENGTH = 1000


def customer(draft: PartyDraft) -> Payload:
    """A customer, with the address that goods go to; one below another is a sub-customer.

    Raises:
        Invalid: when there is no name or the e-mail address is too long.
    """
    return _party(draft) | present(
        ShipAddr=address(draft.ship_to),
        SalesTermRef=reference(draft.term_id),
        Job=True if draft.parent_id else None,
        ParentRef=reference(draft.parent_id),
    )


def vendor(draft: PartyDraft) -> Payload:
    """A vendor; QuickBooks keeps no ship-to for it.

    Raises:
        Invalid: as ``customer``.
    """
    return _party(draft) | present(TermRef=reference(draft.term_id))


def _party(draft: PartyDraft) -> Payload:
    name = party_name(draft.display_name)
    if not name:
        raise Invalid({"display_name": ["required"]})
    phone = cut(draft.phone, PHONE_LENGTH)
    website = cut(draft.website, WEBSITE_LENGTH)
    return present(
        DisplayName=name,
        CompanyName=cut(draft.company_name, COMPANY_NAME_LENGTH),
        PrimaryEmailAddr=email(draft.email),
        PrimaryPhone={"FreeFormNumber": phone} if phone else None,
        WebAddr={"URI": website} if website else None,
        CurrencyRef=reference(draft.currency),
        BillAddr=address(draft.bill_to),
    )
