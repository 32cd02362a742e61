"""CRM companies of ESP+ and their links to QuickBooks customers and vendors."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL, BooleanField, CharField, DateField, ForeignKeyField, IntegerField

from webapp.clock import now
from webapp.db.fields import EnumField, UtcDateTimeField
from webapp.db.search import searched
from webapp.models.base import BaseModel, one_of
from webapp.models.user import User
from webapp.models.workspace import Workspace


class MemberType(StrEnum):
    """What a company is to the distributor, as far as it can be linked."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    DECORATOR = "decorator"

    @property
    def remote_kind(self) -> str:
        """The QuickBooks list that this member type is linked to: ``customer`` or ``vendor``."""
        return "customer" if self is MemberType.CUSTOMER else "vendor"


@searched("folded")
class Company(BaseModel):
    """A CRM company. ``folded`` is its searchable text (name, number, e-mail, phone, city)."""

    workspace = ForeignKeyField(Workspace, backref="companies", on_delete="CASCADE")
    esp_id = CharField(max_length=60)
    number = CharField(max_length=60, default="")
    name = CharField(max_length=300)
    sort_name = CharField(max_length=300, default="")
    folded = CharField(max_length=1200, default="")
    is_prospect = BooleanField(default=False)
    is_customer = BooleanField(default=False)
    is_supplier = BooleanField(default=False)
    is_decorator = BooleanField(default=False)
    email = CharField(max_length=254, default="")
    phone = CharField(max_length=60, default="")
    website = CharField(max_length=300, default="")
    tax_number = CharField(max_length=60, default="")
    currency = CharField(max_length=3, default="")
    terms = CharField(max_length=60, default="")
    bill_line1 = CharField(max_length=300, default="")
    bill_line2 = CharField(max_length=300, default="")
    bill_city = CharField(max_length=120, default="")
    bill_region = CharField(max_length=60, default="")
    bill_postal_code = CharField(max_length=20, default="")
    bill_country = CharField(max_length=2, default="")
    ship_line1 = CharField(max_length=300, default="")
    ship_line2 = CharField(max_length=300, default="")
    ship_city = CharField(max_length=120, default="")
    ship_region = CharField(max_length=60, default="")
    ship_postal_code = CharField(max_length=20, default="")
    ship_country = CharField(max_length=2, default="")
    created_at = UtcDateTimeField(default=now)
    updated_at = UtcDateTimeField(default=now)

    class Meta:
        indexes = (
            (("workspace", "esp_id"), True),
            (("workspace", "sort_name", "id"), False),
            (("workspace", "terms"), False),
        )


class TaxExemption(BaseModel):
    """A customer's exemption certificate; ``regions`` are state codes with spaces between, empty for all.

    ``expires_on`` is the last day on which it holds, None when it has no end.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    company = ForeignKeyField(Company, backref="exemptions", on_delete="CASCADE")
    number = CharField(max_length=60)
    regions = CharField(max_length=300, default="")
    expires_on = DateField(null=True)
    version = IntegerField(default=1)
    updated_at = UtcDateTimeField(default=now)

    class Meta:
        indexes = ((("company", "number"), True),)


class LinkState(StrEnum):
    """What is stored about a company's link; no row means that it is not linked."""

    LINKED = "linked"
    DO_NOT_LINK = "do_not_link"


class Link(BaseModel):
    """A company, as one member type, tied to one customer or vendor of one QuickBooks company.

    ``known_name`` is the name that people knew it by when they last decided about the link. Somebody said
    that it is meant: ``shared_meant`` that other companies are linked to the same one, ``role_meant`` that
    the company is not of the member type any more.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    realm_id = CharField(max_length=32)
    company = ForeignKeyField(Company, backref="links", on_delete="CASCADE")
    member_type = EnumField(MemberType)
    state = EnumField(LinkState, default=LinkState.LINKED)
    remote_id = CharField(max_length=32, null=True)
    linked_by = ForeignKeyField(User, null=True, on_delete="SET NULL")
    linked_at = UtcDateTimeField(default=now)
    known_name = CharField(max_length=1024, default="", constraints=[SQL("DEFAULT ''")])
    shared_meant = BooleanField(default=False, constraints=[SQL("DEFAULT false")])
    role_meant = BooleanField(default=False, constraints=[SQL("DEFAULT false")])
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("workspace", "realm_id", "company", "member_type"), True),
            (("workspace", "realm_id", "member_type", "remote_id"), False),
        )
        constraints = [one_of("member_type", MemberType), one_of("state", LinkState)]
