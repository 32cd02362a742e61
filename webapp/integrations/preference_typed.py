"""The preferences that stand in a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.sources import (
    ItemNameSource,
    LineLayout,
    MappingRules,
    MemoSource,
    RuleField,
    SalesTaxSource,
    Target,
    UnknownItems,
)
from webapp.errors import Invalid
from webapp.integrations.forms_preferences import OURS, PreferencesForm
from webapp.integrations.preference_desk import Desk, Rows
from webapp.integrations.preference_fields import (
    CHARGES,
    SINGLE,
    TARGETS,
    custom_field,
    layout_field,
    province_field,
    rule_field,
    term_field,
)


def typed_rules(desk: Desk, form: PreferencesForm, rows: Rows) -> MappingRules:
    """What was chosen; what the form of this company does not ask for stays as it is saved.

    Raises:
        Invalid: a rule looks at something that there is not.
    """
    strange = [place for place, row in enumerate(rows) if row.field not in set(RuleField)]
    if strange:
        raise Invalid({rule_field(place, "value"): ["unknown"] for place in strange})
    saved, company = desk.saved.rules, desk.lists.company
    values: dict[str, Any] = {name: form[name].data or None for name in SINGLE if name in form}
    values |= {name: _target(values[name]) for name in TARGETS}
    if desk.numbers_are_ours_to_choose:
        values["use_our_numbers"] = form.numbers.data == OURS
    if company.is_us and company.automated_sales_tax:
        values["sales_tax"] = SalesTaxSource(form["sales_tax"].data)
    custom = {(kind, ours): form[custom_field(kind, ours)].data for kind, ours in desk.custom}
    return replace(
        saved,
        **values,
        billable=form.billable.data,
        item_name_source=ItemNameSource(form.item_name_source.data),
        unknown_items=UnknownItems(form.unknown_items.data),
        memo=MemoSource(form.memo.data),
        start_date=form.start,
        terms=_given({key: form[term_field(key)].data for key in desk.terms}),
        province_tax_codes=_given({code: form[province_field(code)].data for code in desk.provinces}),
        custom_fields=_given({**saved.custom_fields, **custom}),
        layouts=_layouts(form),
        rules=tuple(row.rule for row in rows),
    )


def _given(values: Mapping[Any, str]) -> dict[Any, str]:
    return {key: value for key, value in values.items() if value}


def _target(value: str | None) -> Target | None:
    """The target that was chosen; a text that is none becomes an item that nobody has."""
    return Target.parse(value) or Target("item", value) if value else None


def _layouts(form: PreferencesForm) -> dict[tuple[DocumentKind, LineKind], LineLayout]:
    every = [(kind, line) for kind in DocumentKind for line in CHARGES]
    how = {(kind, line): LineLayout(form[layout_field(kind, line)].data) for kind, line in every}
    return {key: layout for key, layout in how.items() if layout is not LineLayout.OWN}
