"""The parts that several payloads share."""

from __future__ import annotations

from typing import Any

from webapp.accounting.drafts import AddressDraft, DocumentDraft, LineDraft, TaxMode
from webapp.errors import Invalid

NUMBER_LENGTH = 21
EMAIL_LENGTH = 100
TEXT_LENGTH = 4000
ADDRESS_LINE_LENGTH = 500
ADDRESS_PART_LENGTH = 255
POSTAL_CODE_LENGTH = 30
CUSTOM_FIELD_LENGTH = 31

Payload = dict[str, Any]


def present(**members: Any) -> Payload:
    """The members that are there: None, empty text and empty parts are left out, zero and False stay."""
    return {name: value for name, value in members.items() if value is not None and value not in ("", {}, [])}


def reference(remote_id: str | None) -> Payload | None:
    """A reference to an object by its id; None stays None."""
    return {"value": remote_id} if remote_id else None


def cut(text: str, length: int) -> str:
    """Text without outer spaces, no longer than QuickBooks takes."""
    return text.strip()[:length].rstrip()


def email(address: str) -> Payload | None:
    """An e-mail address.

    Raises:
        Invalid: when it is longer than QuickBooks takes; half an address would reach somebody else.
    """
    address = address.strip()
    if len(address) > EMAIL_LENGTH:
        raise Invalid({"email": [("too_long", EMAIL_LENGTH)]})
    return {"Address": address} if address else None


def address(draft: AddressDraft | None) -> Payload | None:
    """A postal address; None for an empty one."""
    if draft is None:
        return None
    return (
        present(
            Line1=cut(draft.line1, ADDRESS_LINE_LENGTH),
            Line2=cut(draft.line2, ADDRESS_LINE_LENGTH),
            City=cut(draft.city, ADDRESS_PART_LENGTH),
            CountrySubDivisionCode=cut(draft.region, ADDRESS_PART_LENGTH),
            PostalCode=cut(draft.postal_code, POSTAL_CODE_LENGTH),
            Country=cut(draft.country, ADDRESS_PART_LENGTH),
        )
        or None
    )


def header(draft: DocumentDraft) -> Payload:
    """What invoices, bills and purchase orders have in common above their lines.

    Raises:
        Invalid: when the number is too long; a cut number could be another document's.
    """
    if draft.number is not None and len(draft.number) > NUMBER_LENGTH:
        raise Invalid({"number": [("too_long", NUMBER_LENGTH)]})
    return present(
        DocNumber=draft.number,
        TxnDate=draft.date.isoformat(),
        DueDate=draft.due_date and draft.due_date.isoformat(),
        SalesTermRef=reference(draft.term_id),
        # Where there is one currency only, there is none to name
        CurrencyRef=reference(draft.currency) if draft.multicurrency else None,
        DepartmentRef=reference(draft.location_id),  # QuickBooks' name for a location
        GlobalTaxCalculation="TaxExcluded" if draft.tax_mode is TaxMode.CODES else None,
        TxnTaxDetail=_own_tax(draft),
    )


def _own_tax(draft: DocumentDraft) -> Payload | None:
    """Our tax amount; automated sales tax takes it in place of its own only beside a tax code.

    https://github.com/intuit/QuickBooks-V3-PHP-SDK/issues/199 (Intuit); which code it is does not matter.
    """
    if draft.tax_amount is None:
        return None
    return present(TxnTaxCodeRef=reference(draft.tax_code_id), TotalTax=draft.tax_amount)


def custom_fields(draft: DocumentDraft) -> list[Payload]:
    """The texts of custom fields; bills have none.

    Raises:
        Invalid: when one is longer than QuickBooks takes; half a number would be another number.
    """
    if any(len(field.value) > CUSTOM_FIELD_LENGTH for field in draft.custom_fields):
        raise Invalid({"custom_fields": [("too_long", CUSTOM_FIELD_LENGTH)]})
    return [
        {"DefinitionId": field.definition_id, "Type": "StringType", "StringValue": field.value}
        for field in draft.custom_fields
    ]


def quantity_and_price(line: LineDraft) -> Payload:
    """Quantity and unit price, or neither: QuickBooks checks that the two make the amount (fault 6070)."""
    if line.unit_price is None or line.quantity is None:
        return {}
    return {"Qty": line.quantity, "UnitPrice": line.unit_price}


def unmapped_line(index: int) -> Invalid:
    """The refusal of a line that names nothing to book it on; QuickBooks would choose something itself."""
    return Invalid({"lines": [("unmapped", index)]})
