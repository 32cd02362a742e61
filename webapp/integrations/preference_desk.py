"""What editing the preferences works on: the company's lists, what is saved, and the form between the two."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from webapp.accounting.custom_fields import definitions
from webapp.accounting.drafts import DocumentKind
from webapp.accounting.proposals import Proposal
from webapp.accounting.sources import (
    CustomField,
    SalesTaxSource,
)
from webapp.accounting.tax import is_canadian
from webapp.inputs import search_text
from webapp.integrations import preference_choices, preference_proposals
from webapp.integrations.forms_preferences import OURS, THEIRS, PreferencesForm, Shape, form_class
from webapp.integrations.preference_changes import control, is_key
from webapp.integrations.preference_choices import Choices
from webapp.integrations.preference_fields import (
    CLASS,
    LOCATION,
    PROVINCES,
    chosen,
    custom_field,
    every_custom_field,
    layout_field,
    rule_field,
)
from webapp.integrations.preference_options import has_classes
from webapp.integrations.preference_proposals import proposals_for
from webapp.integrations.preference_rows import Row
from webapp.integrations.preference_view import US_DEFAULTS, Seen, look
from webapp.models import Connection

Rows = list[Row]


@dataclass(frozen=True)
class Desk(Seen):
    """One person's editing of the preferences of one company."""

    connection: Connection

    @classmethod
    def of(cls, connection: Connection) -> Desk:
        """The desk for a connection whose lists were read."""
        return cls(**vars(look(connection)), connection=connection)

    @property
    def provinces(self) -> tuple[str, ...]:
        """The provinces that have a tax code of their own."""
        return PROVINCES if is_canadian(self.lists.company) else ()

    @property
    def numbers_are_ours_to_choose(self) -> bool:
        """Whether QuickBooks takes our numbers on anything that it could number itself."""
        return self.lists.company.custom_sales_numbers or self.lists.company.custom_purchase_numbers

    @property
    def custom(self) -> tuple[tuple[DocumentKind, CustomField], ...]:
        """The custom fields with something to choose, or to take back."""
        company, saved = self.lists.company, self.saved.rules.custom_fields
        return tuple(key for key in every_custom_field() if definitions(company, key[0]) or key in saved)

    def custom_names(self, kind: str) -> list[str]:
        """The drop-downs of the custom fields of a kind of document."""
        return [custom_field(of, ours) for of, ours in self.custom if of == kind]

    @property
    def has_classes(self) -> bool:
        """Whether QuickBooks has classes switched on."""
        return has_classes(self.lists.company)

    @property
    def places(self) -> tuple[str, ...]:
        """Class and location, as far as QuickBooks has them switched on or one is chosen."""
        company, saved = self.lists.company, self.saved.rules
        are_on = {CLASS: has_classes(company), LOCATION: company.locations}
        return tuple(name for name, is_on in are_on.items() if is_on or getattr(saved, name))

    @cached_property
    def proposals(self) -> dict[str, Proposal]:
        """What is proposed where nothing is saved."""
        return proposals_for(self.lists, self.terms, chosen(self.saved.rules))

    def saved_rows(self) -> Rows:
        """The saved rules as rows at rest."""
        return [Row.of(rule) for rule in self.saved.rules.rules]

    def form(self, rows: Rows, typed: Mapping[str, Any] | None = None) -> PreferencesForm:
        """The form for these rows with what was typed, or with what is saved and proposed.

        Args:
            rows: the rules; of what was typed in their own controls nothing else is looked at.
            typed: a posted form or a kept one; None when the form is opened.
        """
        make = form_class(self._shape(rows))
        if typed is None:
            return make(formdata=None, data=self._initial())
        pairs = typed.items(multi=True) if isinstance(typed, MultiDict) else typed.items()
        return make(
            formdata=MultiDict((name, value) for name, value in pairs if not name.startswith("rule-"))
        )

    def _shape(self, rows: Rows) -> Shape:
        return Shape(
            terms=self.terms,
            provinces=self.provinces,
            custom=self.custom,
            places=self.places,
            says_sales_tax=self.lists.company.is_us,
            rows=tuple(rows),
        )

    def material(self, rows: Rows) -> tuple[object, ...]:
        """All that the form is made of when it is opened with these rows: of the same comes the same form."""
        names = form_class(self._shape(rows)).drop_down_names
        offered = [
            *preference_choices.material(self.lists, names),
            *preference_proposals.material(self.lists),
        ]
        named = self.lists.named_raw(chosen(self.saved.rules).items())
        return (self.lists.company, self.saved, self.terms, rows, offered, named)

    def choices(self, form: PreferencesForm, rows: Rows) -> Choices:
        """What the form's drop-downs offer; what stands in them and in the rules is among it."""
        names = form.drop_down_names
        values = [(name, form[name].data or "") for name in names]
        values += [(name, proposal.id or "") for name, proposal in self.proposals.items()]
        for place, row in enumerate(rows):
            values += [(rule_field(place, part), value) for part, value in row.effects.items()]
        known = self.lists.named_by(values)
        return Choices(self.lists, names, known, self.proposals, search_text(form.find.data))

    def take_theirs(self, form: PreferencesForm, keys: Collection[str]) -> list[str]:
        """Put what is saved into the form for some settings, by their keys; those it was done for."""
        saved = self._saved()
        taken = [key for key in keys if is_key(key) and (key == "rules" or control(key) in form)]
        for name in (control(key) for key in taken if key != "rules"):
            field = form[name]
            field.data = saved.get(name, "own" if name.startswith("layout-") else "")
        return taken

    def _initial(self) -> dict[str, Any]:
        """What stands in the form when it is opened: what is saved, and proposals where nothing is."""
        proposed = {name: proposal.id for name, proposal in self.proposals.items()}
        return proposed | self._saved()

    def _saved(self) -> dict[str, Any]:
        """What is saved, by control."""
        rules, company = self.saved.rules, self.lists.company
        tax = rules.sales_tax if company.automated_sales_tax else SalesTaxSource.OURS
        values: dict[str, Any] = {
            "billable": rules.billable,
            "item_name_source": rules.item_name_source.value,
            "unknown_items": rules.unknown_items.value,
            "memo": rules.memo.value,
            "sales_tax": tax.value,
            "start_date": rules.start_date.isoformat() if rules.start_date else "",
            "numbers": OURS if rules.use_our_numbers and self.numbers_are_ours_to_choose else THEIRS,
            "version": str(self.saved.version),
        }
        values |= {layout_field(kind, line): how.value for (kind, line), how in rules.layouts.items()}
        return values | (US_DEFAULTS if company.is_us else {}) | chosen(rules)
