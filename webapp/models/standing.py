"""How far linking is: kept, so that lists need neither count nor search, and able to be made anew."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL, BooleanField, CharField, ForeignKeyField, IntegerField

from webapp.clock import now
from webapp.db.fields import EnumField, JsonField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.company import Company, MemberType
from webapp.models.workspace import Workspace


class StandingState(StrEnum):
    """How a company stands as one member type; a link to what QuickBooks no longer uses is a conflict."""

    LINKED = "linked"
    SUGGESTED = "suggested"
    NOT_LINKED = "not_linked"
    CONFLICT = "conflict"
    DO_NOT_LINK = "do_not_link"


class Standing(BaseModel):
    """One row of Link companies: a company as one member type, for the QuickBooks company in use.

    ``remote_id`` is what it is linked to, or, when suggested, the best suggestion, whose ``score`` in per
    cent and ``reasons`` stand beside it. ``alike`` is how many a person has to choose from; 0 when the best
    one stands out.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    company = ForeignKeyField(Company, backref="standings", on_delete="CASCADE")
    member_type = EnumField(MemberType)
    state = EnumField(StandingState)
    sort_name = CharField(max_length=300)
    remote_id = CharField(max_length=32, null=True)
    score = IntegerField(null=True)
    reasons = JsonField(default=list)
    alike = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])

    class Meta:
        table_name = "link_standing"
        indexes = (
            (("company", "member_type"), True),
            (("workspace", "member_type", "sort_name", "company"), False),
            (("workspace", "member_type", "state", "sort_name", "company"), False),
            (("workspace", "member_type", "state", "score", "company"), False),
            (("workspace", "remote_id"), False),
        )
        constraints = [one_of("member_type", MemberType), one_of("state", StandingState)]


class StandingCount(BaseModel):
    """How many companies of a workspace stand in one state as one member type."""

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    member_type = EnumField(MemberType)
    state = EnumField(StandingState)
    companies = IntegerField(default=0)

    class Meta:
        table_name = "link_standing_count"
        indexes = ((("workspace", "member_type", "state"), True),)
        constraints = [one_of("member_type", MemberType), one_of("state", StandingState)]


class Suggestion(BaseModel):
    """A customer or vendor that a company may be; ``place`` 0 is the likeliest.

    ``score`` is a calibrated probability in per cent; ``ambiguous`` marks one of several alike, of which a
    person has to choose. ``dismissed`` is one that a person turned down, kept so that it never comes again.
    """

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    realm_id = CharField(max_length=32)
    member_type = EnumField(MemberType)
    company = ForeignKeyField(Company, backref="suggestions", on_delete="CASCADE")
    place = IntegerField()
    remote_id = CharField(max_length=32)
    score = IntegerField()
    reasons = JsonField(default=list)
    ambiguous = BooleanField(default=False)
    dismissed = BooleanField(default=False, constraints=[SQL("DEFAULT false")])

    class Meta:
        table_name = "link_suggestion"
        indexes = (
            (("company", "realm_id", "member_type", "place"), True),
            (("workspace", "realm_id", "member_type", "remote_id"), False),
        )
        constraints = [one_of("member_type", MemberType)]


class Side(StrEnum):
    """Whose record changed: one of our companies, a customer, a vendor, or so many that all are meant."""

    COMPANY = "company"
    CUSTOMER = "customer"
    VENDOR = "vendor"
    ALL = "all"


class Touched(BaseModel):
    """A record that changed, after which suggestions may be others; ``ref`` is its id, empty for all."""

    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    side = EnumField(Side)
    ref = CharField(max_length=32, default="")
    at = UtcDateTimeField(default=now)

    class Meta:
        table_name = "link_touched"
        indexes = ((("workspace", "id"), False),)
        constraints = [one_of("side", Side)]
