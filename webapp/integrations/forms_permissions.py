"""The form of the section Permissions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import AnyOf, ValidationError

from webapp.accounting.drafts import DocumentKind
from webapp.inputs import row_id, search_text
from webapp.models import Visibility

BETWEEN_IDS = "."


def _id(text: str | int) -> int:
    """A person's id; what is none becomes an id that nobody has, so that the service refuses it."""
    return row_id(str(text)) or 0


def _ids(text: str | None) -> set[int]:
    """The ids of a field that holds many."""
    return {_id(part) for part in (text or "").split(BETWEEN_IDS)} if text else set()


class PermissionsForm(FlaskForm):
    """Who sees the integration and what may be sent; whether the people exist, the service says.

    The list shows a few people at a time. ``people`` has those ticked in it, ``shown`` the ids that had a
    box there, and ``chosen`` all that were chosen when it was made, so that the form stays small.
    """

    visible_to = RadioField(
        _l("Who sees the integration and the transaction details?"),
        choices=[
            SelectChoice(Visibility.ALL.value, _l("All users")),
            SelectChoice(Visibility.SELECTED.value, _l("Selected people")),
        ],
        validate_choice=False,
        validators=[AnyOf([value.value for value in Visibility], _l("Choose All users or Selected people."))],
    )
    people = SelectMultipleField(_l("People"), coerce=_id, validate_choice=False)
    chosen = HiddenField()
    shown = HiddenField()
    q = StringField(_l("Search people"), filters=[search_text])
    send = SelectMultipleField(
        _l("Which documents may users send?"),
        choices=[
            SelectChoice(DocumentKind.INVOICE.value, _l("Invoices")),
            SelectChoice(DocumentKind.BILL.value, _l("Bills")),
            SelectChoice(DocumentKind.PURCHASE_ORDER.value, _l("Purchase orders")),
        ],
        validate_choice=False,
    )
    version = HiddenField()

    @property
    def everybody_chosen(self) -> set[int]:
        """The ids of all who are chosen now, whether the list shows them or not."""
        return (_ids(self.chosen.data) - _ids(self.shown.data)) | set(self.people.data or [])

    def validate_send(self, field: SelectMultipleField) -> None:
        """Refuse a kind of document that there is not."""
        if not set(field.data or []) <= {kind.value for kind in DocumentKind}:
            raise ValidationError(_l("Choose from Invoices, Bills and Purchase orders."))
