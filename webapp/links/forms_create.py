"""The form in which a row becomes a customer or vendor, and the words for what comes of it."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from webapp.inputs import search_text
from webapp.links.creations import Creation
from webapp.links.party_drafts import PartyPlan
from webapp.models import DeliveryState, DirectoryEntry, ListKind, MemberType

LONGEST_WORDS: Final = 300
NO_ANSWER: Final = frozenset({"unreachable", "server_fault", "unexpected_answer", "internal_error"})


class CreateForm(FlaskForm):
    """What a customer or vendor is to be called, whom it is to be below, and what the row was before.

    ``parent`` is what was typed to search for the parent, ``use`` a name that was offered in place of one
    that is taken.
    """

    name = StringField(_l("Name in QuickBooks"))
    parent = StringField(_l("Sub-customer of"), filters=[search_text])
    parent_id = StringField(_l("Sub-customer of"))
    use = HiddenField()
    version = HiddenField()
    action = HiddenField()


def name_fault(code: object, member_type: MemberType) -> str:
    """Why a name was refused, and what to do."""
    what, value = code if isinstance(code, tuple) else (code, None)
    if what == "taken":
        return taken(value, member_type)
    if what == "too_long":
        return _("A name in QuickBooks has at most %(limit)s characters.", limit=value)
    if what == "characters":
        return _("A name in QuickBooks has no colon, tab or line break. Write it without.")
    return _("Enter the name that it is to have in QuickBooks.")


def taken(owner: DirectoryEntry | None, member_type: MemberType) -> str:
    """Whose the name is, as far as that is known."""
    if owner is None:
        return _("QuickBooks says that the name is taken, perhaps by an employee. Choose another name.")
    if owner.kind is not ListKind(member_type.remote_kind):
        if owner.kind is ListKind.CUSTOMER:
            return _("A customer in QuickBooks has this name, and vendors need another. Choose one.")
        return _("A vendor in QuickBooks has this name, and customers need another. Choose one.")
    if owner.kind is ListKind.CUSTOMER:
        return _("QuickBooks has a customer of this name already. Link that one, or choose another name.")
    return _("QuickBooks has a vendor of this name already. Link that one, or choose another name.")


def parent_fault(code: object) -> str:
    """Why a parent was refused, and what to do."""
    if isinstance(code, tuple):
        return _("QuickBooks has at most %(levels)s levels. Choose a customer further up.", levels=code[1])
    if code == "inactive":
        return _("This customer is inactive in QuickBooks. Choose another one, or none.")
    return _("QuickBooks has no such customer. Search again and choose one from the list, or leave it empty.")


def extras(city: str, member_type: MemberType, owner: DirectoryEntry | None) -> list[str]:
    """What may stand in brackets behind a name that is taken, the most telling first."""
    role = {
        MemberType.CUSTOMER: _("Customer"),
        MemberType.SUPPLIER: _("Supplier"),
        MemberType.DECORATOR: _("Decorator"),
    }[member_type]
    is_same_kind = owner is not None and owner.kind is ListKind(member_type.remote_kind)
    return [city, role] if is_same_kind else [role, city]


def preview(plan: PartyPlan) -> list[tuple[str, str]]:
    """What QuickBooks will get beside the name: labels and values, without what is empty."""
    payload = plan.payload
    shown = [
        (_("Company name"), payload.get("CompanyName", "")),
        (_("E-mail"), payload.get("PrimaryEmailAddr", {}).get("Address", "")),
        (_("Phone"), payload.get("PrimaryPhone", {}).get("FreeFormNumber", "")),
        (_("Website"), payload.get("WebAddr", {}).get("URI", "")),
        (_("Address"), ", ".join(payload.get("BillAddr", {}).values())),
        (_("Ship-to address"), ", ".join(payload.get("ShipAddr", {}).values())),
        (_("Payment terms"), plan.term),
        (_("Currency"), payload.get("CurrencyRef", {}).get("value", "")),
    ]
    return [(label, value) for label, value in shown if value]


def left_out(plan: PartyPlan) -> list[str]:
    """What of the company does not go to QuickBooks, and why."""
    words = {
        "email": _l("“%(text)s” is no e-mail address that QuickBooks takes, so it is left out."),
        "terms": _l("The payment terms “%(text)s” are not mapped to QuickBooks, so they are left out."),
        "currency": _l("QuickBooks has one currency only, so %(text)s is left out."),
    }
    return [words[field] % {"text": text} for field, text in plan.left_out]


def told(creation: Creation) -> str:
    """What became of it, what was kept, and what to do; empty while it goes on by itself."""
    code = creation.error.get("code")
    if creation.is_open or not code:
        return ""
    if creation.state is DeliveryState.SENT:
        return _(
            "Created in QuickBooks as “%(name)s”, but not linked: the link was changed meanwhile.",
            name=creation.name,
        )
    if code == "changed_found":
        names = ", ".join(one["number"] for one in creation.error.get("found", ()))
        return _(
            "Not created again: QuickBooks has %(names)s from the same time. Link it if it is this company; "
            "otherwise create it anew.",
            names=names,
        )
    if creation.is_unknown:
        return _(
            "QuickBooks never answered and may have it all the same. Try again: it is not made a second time."
        )
    return _("Not created.") + " " + _failure(creation, str(code))


def _failure(creation: Creation, code: str) -> str:
    if code == "duplicate_name":
        return _("The name “%(name)s” is taken in QuickBooks.", name=creation.name)
    if code == "not_member":
        return _("The company has lost this member type.")
    if code == "parent_gone":
        return _("The customer above it is not in use in QuickBooks any more. Choose another one.")
    if code in {"not_found_remote", "invalid_reference"}:
        return _(
            "The customer above it, its terms or its currency are not in use in QuickBooks. The lists are "
            "being read again; then create it again."
        )
    if code == "feature_missing":
        return _("The QuickBooks plan, or the rights of who connected it, do not allow this.")
    if code in NO_ANSWER:
        return _("QuickBooks could not be reached in several tries. Create it again when it works.")
    words = str(creation.error.get("message", ""))[:LONGEST_WORDS]
    return _("QuickBooks refused it: %(words)s", words=words) if words else _("QuickBooks refused it.")


def why_left_over(outcome: str) -> str:
    """Why a company of many was not created, or not linked, and what to do."""
    words = {
        "duplicate_name": _l(
            "The name is taken in QuickBooks: link the existing one, or choose another name."
        ),
        "twin": _l("Another company here has the same name: look whether the two are one."),
        "open": _l("On its way already, or QuickBooks has not answered an earlier try."),
        "link_changed": _l("Its link was changed meanwhile."),
        "not_member": _l("It is not there any more, or has lost this member type."),
        "withdrawn": _l("Taken back before it was sent."),
        "not_linked": _l("Created, but not linked: its link was changed meanwhile."),
        "company_changed": _l("Another QuickBooks company was connected meanwhile."),
        "feature_missing": _l("The QuickBooks plan, or the rights of who connected it, do not allow this."),
    }
    if outcome in NO_ANSWER:
        return _("QuickBooks could not be reached in several tries. Try again at each company.")
    return str(words.get(outcome) or _("QuickBooks refused it. Open the company to see its words."))
