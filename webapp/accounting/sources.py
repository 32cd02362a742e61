"""What the mapping reads of us: plain snapshots of a document, of its parties and of the preferences.

Services fill these from the database; the mapping and its tests need neither Flask nor peewee.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from webapp.accounting.drafts import AddressDraft, DocumentKind, LineKind


class ItemNameSource(StrEnum):
    """Which of our fields becomes the QuickBooks item name."""

    NUMBER = "number"
    NAME = "name"


class UnknownItems(StrEnum):
    """What becomes of an item that the provider does not have."""

    SERVICE = "service"
    NON_INVENTORY = "non_inventory"
    FIXED = "fixed"


class MemoSource(StrEnum):
    """What goes into the memo: our memo behind the numbers of order and customer, it alone, or nothing."""

    ALL = "all"
    MEMO = "memo"
    NOTHING = "nothing"


class SalesTaxSource(StrEnum):
    """Who says the sales tax of a US invoice: QuickBooks, where its automated sales tax is on, or we."""

    QUICKBOOKS = "quickbooks"
    OURS = "ours"


class RuleField(StrEnum):
    """What a rule looks at: ship-to state, sales rep, category of a line, or member type of the company."""

    SHIP_TO = "ship_to"
    SALES_REP = "sales_rep"
    CATEGORY = "category"
    MEMBER_TYPE = "member_type"


class CustomField(StrEnum):
    """What of ours may go into one of QuickBooks' custom fields."""

    CUSTOMER_PO = "customer_po"
    IN_HANDS_DATE = "in_hands_date"
    SALES_REP = "sales_rep"


class LineLayout(StrEnum):
    """What becomes of a charge: its own line, part of the product line before it, one line for all of it."""

    OWN = "own"
    FOLDED = "folded"
    SUMMARY = "summary"


@dataclass(frozen=True)
class Target:
    """Where a line kind goes: an item or an account of the provider; ``type`` is ``item`` or ``account``."""

    type: str
    id: str

    @classmethod
    def parse(cls, value: str | None) -> Target | None:
        """Read the stored form ``item:12`` or ``account:45``; None for empty or malformed text."""
        type_, _, id_ = (value or "").partition(":")
        return cls(type_, id_) if type_ in {"item", "account"} and id_ else None

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"


@dataclass(frozen=True)
class SourceLine:
    """One line of our document. ``amount`` is positive except on discount lines, where it is negative.

    ``folded`` says what charges were that became part of the line (see ``layout``).
    """

    position: int
    kind: LineKind
    product_number: str
    product_name: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    taxable: bool
    category: str = ""
    folded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exemption:
    """A customer's tax exemption: for all states without ``regions``, for ever without ``expires_on``."""

    number: str
    regions: frozenset[str] = frozenset()
    expires_on: dt.date | None = None


@dataclass(frozen=True)
class SourceDocument:
    """Our document as it is now. ``terms`` are our words ("Net 30"); ``tax`` and ``total`` our own sums.

    ``member_types`` are what the document's company is to us: customer, supplier, decorator. ``exemptions``
    are the customer's, of whatever state and date.
    """

    kind: DocumentKind
    number: str
    order_number: str
    customer_po: str
    date: dt.date
    due_date: dt.date | None
    currency: str
    terms: str
    memo: str
    email: str
    bill_to: AddressDraft
    ship_to: AddressDraft
    tax: Decimal
    total: Decimal
    lines: tuple[SourceLine, ...]
    exemptions: tuple[Exemption, ...] = ()
    in_hands_date: dt.date | None = None
    sales_rep: str = ""
    member_types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """What documents or lines with this ``value`` get instead of what the preferences say for all.

    ``target`` is for product lines; ``value`` is compared folded. What is None is as the preferences say.
    """

    field: RuleField
    value: str
    target: Target | None = None
    class_id: str | None = None
    location_id: str | None = None


@dataclass(frozen=True)
class MappingRules:
    """The saved preferences (QuickBooks Accounts and Settings); ids are the provider's, None when not chosen.

    ``terms`` maps our words, case-folded, to the provider's term id; ``province_tax_codes`` a province code
    ("ON") to the provider's tax code id; ``custom_fields`` a field of ours on a kind of document to the
    provider's DefinitionId. In ``layouts`` a charge that is not there has its own line. Of ``rules`` the
    first that matches wins. Documents older than ``start_date`` are never sent.
    """

    billable: bool = False
    item_name_source: ItemNameSource = ItemNameSource.NUMBER
    unknown_items: UnknownItems = UnknownItems.NON_INVENTORY
    fixed_item_id: str | None = None
    income_account_id: str | None = None
    cost_account_id: str | None = None
    ap_account_id: str | None = None
    freight: Target | None = None
    setup: Target | None = None
    decoration: Target | None = None
    discount_account_id: str | None = None
    deposit_account_id: str | None = None
    taxable_code_id: str | None = None
    non_taxable_code_id: str | None = None
    use_our_numbers: bool = True
    class_id: str | None = None
    location_id: str | None = None
    memo: MemoSource = MemoSource.ALL
    sales_tax: SalesTaxSource = SalesTaxSource.QUICKBOOKS
    start_date: dt.date | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    province_tax_codes: Mapping[str, str] = field(default_factory=dict)
    custom_fields: Mapping[tuple[DocumentKind, CustomField], str] = field(default_factory=dict)
    layouts: Mapping[tuple[DocumentKind, LineKind], LineLayout] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Parties:
    """The provider's ids behind a document: its company's and, for billable costs, the customer's.

    ``party_gone`` says that the company is linked, but to what is not in use there any more.
    """

    party_id: str | None = None
    party_name: str = ""
    customer_id: str | None = None
    customer_name: str = ""
    party_currency: str = ""
    party_gone: bool = False


@dataclass(frozen=True)
class PurchaseOrderTie:
    """A sent purchase order of the same order and supplier: its id, and its lines in the order of sending.

    A line is the key that it had when it was sent (see ``ties.tie_key``) and its id at the provider.
    """

    remote_id: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why a document cannot be sent: a stable ``code``, where to fix it, and facts for the sentence.

    ``fix`` names a place: ``preferences``, ``links``, ``connection``, ``permissions``, ``document``.
    """

    code: str
    fix: str
    facts: Mapping[str, str] = field(default_factory=dict)
