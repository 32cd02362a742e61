"""Provider-neutral drafts: what is to be sent, after mapping, before any provider's own shape.

Every id here is the provider's (a string). Amounts are ``Decimal`` in the document's currency.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class DocumentKind(StrEnum):
    """The kinds of document that can be sent."""

    INVOICE = "invoice"
    BILL = "bill"
    PURCHASE_ORDER = "purchase_order"


class LineKind(StrEnum):
    """What a line of a document stands for."""

    PRODUCT = "product"
    DECORATION = "decoration"
    SETUP = "setup"
    FREIGHT = "freight"
    DISCOUNT = "discount"
    SERVICE = "service"
    OTHER = "other"


class TaxMode(StrEnum):
    """How sales tax goes out: per line as taxable or not (US), by code on each line, or not at all."""

    US = "us"
    CODES = "codes"
    NONE = "none"


@dataclass(frozen=True)
class AddressDraft:
    """A postal address; ``region`` is the state or province code, ``country`` ISO 3166-1 alpha-2."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True)
class AppliedRule:
    """The rule of the preferences that decided on something; for the preview only, never sent."""

    field: str
    value: str


@dataclass(frozen=True)
class CustomFieldDraft:
    """A text for one of the provider's custom fields."""

    definition_id: str
    value: str


@dataclass(frozen=True)
class LineDraft:
    """One line to send.

    ``item_id`` or ``account_id`` is set (an account alone is possible on cost lines and, for discounts, on
    invoices). ``unit_price`` is None when quantity × price cannot be made exact within seven decimals: the
    line then goes out as an amount only. ``billable_customer_id`` is set when the cost is billable.
    ``tie_key`` is what a bill's line is told by from its purchase order's; empty for what is no line of ours.
    """

    kind: LineKind
    description: str
    amount: Decimal
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    item_id: str | None = None
    account_id: str | None = None
    tax_code_id: str | None = None
    billable_customer_id: str | None = None
    purchase_order_id: str | None = None
    purchase_order_line_id: str | None = None
    class_id: str | None = None
    rule: AppliedRule | None = None
    tie_key: str = ""


@dataclass(frozen=True)
class DocumentDraft:
    """One document to send to a provider.

    ``number`` is None when the provider is to number it. ``tax_amount`` is set only when our own amount is
    to be used instead of what the provider computes; ``tax_code_id`` then is the whole document's tax code.
    """

    kind: DocumentKind
    number: str | None
    date: dt.date
    currency: str
    party_id: str
    lines: tuple[LineDraft, ...]
    tax_mode: TaxMode
    due_date: dt.date | None = None
    term_id: str | None = None
    ap_account_id: str | None = None
    memo: str = ""
    email: str = ""
    bill_to: AddressDraft | None = None
    ship_to: AddressDraft | None = None
    tax_amount: Decimal | None = None
    tax_code_id: str | None = None
    multicurrency: bool = False
    class_id: str | None = None
    class_rule: AppliedRule | None = None
    location_id: str | None = None
    location_rule: AppliedRule | None = None
    custom_fields: tuple[CustomFieldDraft, ...] = ()


@dataclass(frozen=True)
class PartyDraft:
    """A customer or vendor to create at the provider; ``parent_id`` is for a customer below another."""

    display_name: str
    company_name: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    currency: str | None = None
    bill_to: AddressDraft | None = None
    ship_to: AddressDraft | None = None
    term_id: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True)
class ItemDraft:
    """A product or service to create at the provider; ``type`` is ``service`` or ``non_inventory``."""

    name: str
    type: str
    description: str = ""
    income_account_id: str | None = None
    expense_account_id: str | None = None


@dataclass(frozen=True)
class SentDocument:
    """What the provider says about a document after taking it; ``line_ids`` in the order of our lines."""

    remote_id: str
    number: str | None
    sync_token: str
    total: Decimal
    tax: Decimal
    balance: Decimal | None
    currency: str
    line_ids: tuple[str, ...] = field(default=())
