"""The form of the section Permissions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import AnyOf, ValidationError

from webapp.accounting.drafts import DocumentKind
from webapp.inputs import row_id
from webapp.models import Visibility


def _id(text: str | int) -> int:
    """A person's id; what is none becomes an id that nobody has, so that the service refuses it."""
    return row_id(str(text)) or 0


class PermissionsForm(FlaskForm):
    """Who sees the integration and what may be sent; whether the people exist, the service says."""

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

    def validate_send(self, field: SelectMultipleField) -> None:
        """Refuse a kind of document that there is not."""
        if not set(field.data or []) <= {kind.value for kind in DocumentKind}:
            raise ValidationError(_l("Choose from Invoices, Bills and Purchase orders."))
