"""The form of a row, and the words of the screens."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from webapp.inputs import search_text
from webapp.links.dismissing import Dismissal
from webapp.links.scoring import Reason
from webapp.links.service import Change
from webapp.models import LinkState, MemberType


class LinkForm(FlaskForm):
    """A row that is being edited: what was typed, which entry was chosen, and what the row was before."""

    q = StringField(_l("Search"), filters=[search_text])
    remote_id = StringField(_l("Choice"))
    version = HiddenField()
    action = HiddenField()


def words(member_type: MemberType) -> dict[str, str]:
    """The words that differ from member type to member type."""
    if member_type is MemberType.CUSTOMER:
        return {
            "title": _("Link customers to QuickBooks"),
            "caption": _("Customers and their QuickBooks links"),
            "one": _("QuickBooks customer"),
            "many": _("QuickBooks customers"),
            "empty": _("No customers yet"),
        }
    vendor = {"one": _("QuickBooks vendor"), "many": _("QuickBooks vendors")}
    if member_type is MemberType.SUPPLIER:
        return {
            "title": _("Link suppliers to QuickBooks"),
            "caption": _("Suppliers and their QuickBooks links"),
            "empty": _("No suppliers yet"),
            **vendor,
        }
    return {
        "title": _("Link decorators to QuickBooks"),
        "caption": _("Decorators and their QuickBooks links"),
        "empty": _("No decorators yet"),
        **vendor,
    }


def reasons(codes: Sequence[str]) -> str:
    """The reasons of a suggestion in words; ``codes`` as they are stored (see ``suggesting.codes``)."""
    names = {
        Reason.LINKED_NAME: _("linked under this name before"),
        Reason.TAX_NUMBER: _("same tax number"),
        Reason.PHONE: _("same phone number"),
        Reason.EMAIL: _("same e-mail address"),
        Reason.EMAIL_DOMAIN: _("same e-mail domain"),
        Reason.LINKED_DOMAIN: _("linked to this e-mail domain before"),
        Reason.NAME: _("same name"),
        Reason.POSTAL_CODE: _("same postal code"),
        Reason.CITY: _("same city"),
    }
    text = ", ".join(_name_alike(code) or names[Reason(code)] for code in codes)
    return text[:1].upper() + text[1:]


def _name_alike(code: str) -> str:
    """How far a name is alike, if that is the reason."""
    reason, _colon, percent = code.partition(":")
    if reason != Reason.LIKE_NAME:
        return ""
    return _("name %(percent)s %%", percent=percent) if percent else _("similar name")


def refusal(code: object, member_type: MemberType) -> str:
    """Why a choice was refused, and what to do."""
    is_customer = member_type is MemberType.CUSTOMER
    if code == "inactive":
        return _("This one is inactive in QuickBooks. Make it active there, or choose another one.")
    if code == "unknown" and is_customer:
        return _("QuickBooks has no such customer. Search again and choose one from the list.")
    if code == "unknown":
        return _("QuickBooks has no such vendor. Search again and choose one from the list.")
    if is_customer:
        return _("Type a part of the name, then choose one of the QuickBooks customers.")
    return _("Type a part of the name, then choose one of the QuickBooks vendors.")


def overtaken(name: str) -> str:
    """Somebody else changed the link first."""
    if name:
        return _("%(name)s changed this link meanwhile. Choose again to replace it.", name=name)
    return _("This link was changed meanwhile. Choose again to replace it.")


def outcome(change: Change) -> str:
    """What a change did, for the toast."""
    if change.activity_id is None:
        return _("Nothing was changed.")
    if change.state is None:
        return _("%(company)s is not linked any more.", company=change.company_name)
    if change.state is LinkState.DO_NOT_LINK:
        return _("%(company)s is marked as not to be linked.", company=change.company_name)
    done = _(
        "%(company)s is linked to %(remote)s in QuickBooks.",
        company=change.company_name,
        remote=change.remote_name,
    )
    if not change.shared_with:
        return done
    others = ", ".join(change.shared_with[:3])
    return f"{done} " + _("Also linked to it: %(others)s.", others=others)


def taken_back(change: Change) -> str:
    """What an undo brought back, for the toast."""
    return _("The link of %(company)s is as it was before.", company=change.company_name)


def dismissed(dismissal: Dismissal) -> str:
    """What was turned down, for the toast."""
    if dismissal.number == 1:
        return _(
            "%(remote)s will not be suggested for %(company)s again.",
            remote=dismissal.remote_name,
            company=dismissal.company_name,
        )
    return ngettext(
        "%(number)s suggestion will not come for %(company)s again.",
        "%(number)s suggestions will not come for %(company)s again.",
        dismissal.number,
        number=dismissal.number,
        company=dismissal.company_name,
    )


def suggested_again(dismissal: Dismissal) -> str:
    """What an undo suggests again, for the toast."""
    return _("%(company)s has its suggestion back.", company=dismissal.company_name)
