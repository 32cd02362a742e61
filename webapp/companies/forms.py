"""The form of one exemption certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from webapp.companies.exemptions import MOST, Certificate
from webapp.imports import values
from webapp.imports.problems import ValueProblem
from webapp.inputs import row_id
from webapp.models import TaxExemption

LONGEST_NUMBER = TaxExemption.number.max_length


class ExemptionForm(FlaskForm):
    """A certificate's number, states and last day, written as people write them."""

    number = StringField(_l("Certificate number"))
    states = StringField(_l("States or provinces"))
    expires_on = StringField(_l("Valid until"))
    version = HiddenField()

    @classmethod
    def of(cls, row: TaxExemption, formdata: Any = None) -> ExemptionForm:
        """The form as a stored certificate fills it, over which ``formdata`` has been typed."""
        stored = Certificate.of(row).facts
        return cls(formdata=formdata, data={**stored, "version": str(row.version)})

    @property
    def certificate(self) -> Certificate:
        """What a valid form says."""
        regions, day = _written(self.states), _written(self.expires_on)
        return Certificate(
            values.text(LONGEST_NUMBER)(self.number.data or ""),
            values.regions(regions) if regions else (),
            values.day(day) if day else None,
        )

    @property
    def seen(self) -> int:
        """The version that was on the screen; one that nothing has for anything else."""
        version = row_id(self.version.data)
        return -1 if version is None else version

    def validate_number(self, field: StringField) -> None:
        """Refuse an empty, over-long or unprintable number."""
        if not _written(field):
            raise ValidationError(_l("Enter the number that stands on the certificate."))
        _check(values.text(LONGEST_NUMBER), field)

    def validate_states(self, field: StringField) -> None:
        """Refuse what is no state or province."""
        if _written(field):
            _check(values.regions, field)

    def validate_expires_on(self, field: StringField) -> None:
        """Refuse what is no day."""
        if _written(field):
            _check(values.day, field)


def number_refusal(code: object) -> str:
    """Why the service refuses a number."""
    if code == "too_many":
        return _("A customer has at most %(limit)s certificates. Remove one that has expired.", limit=MOST)
    return _("This customer has a certificate of that number already. Edit that one instead.")


def _written(field: StringField) -> str:
    return (field.data or "").strip()


def _check(parse: Callable[[str], object], field: StringField) -> None:
    try:
        parse(_written(field))
    except ValueProblem as problem:
        raise ValidationError(_sentence(problem)) from problem


def _sentence(problem: ValueProblem) -> str:
    facts = problem.facts
    if problem.code == "too_long":
        return _("Shorten this to %(limit)s characters; it has %(length)s.", **facts)
    if problem.code == "control_character":
        return _("Remove the invisible character %(character)s.", **facts)
    if problem.code == "regions":
        word = str(facts["word"])[:60]
        return _("“%(word)s” is no state or province. Write codes such as CT, NY or QC.", word=word)
    if problem.code == "ambiguous_date":
        return _("This can mean two days. Write it like 2027-06-30.")
    return _("Write the last day on which the certificate holds, like 2027-06-30.")
