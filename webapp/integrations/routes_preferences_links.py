"""What templates of other pages ask for when they lead to a preference, or say one."""

from __future__ import annotations

from datetime import date

from webapp import i18n
from webapp.accounting.terms import term_key
from webapp.auth import access
from webapp.integrations.blueprint import integrations
from webapp.integrations.preference_fields import custom_field, province_field, term_field
from webapp.integrations.preference_rows import RULE_OF


@integrations.app_template_global()
def preference_control(field: str, name: str) -> str:
    """The form's control for a preference as the mapping names it.

    Args:
        field: the preference.
        name: which one of it: a term, a province, ``kind:field`` of a custom field, the value of a rule.
    """
    if field == "terms":
        return term_field(term_key(name))
    if field == "province_tax_codes":
        return province_field(name)
    if field == "custom_fields":
        return custom_field(*name.split(":", 1))
    return RULE_OF + name if field == "rules" else field


@integrations.app_template_global()
def reader_manages() -> bool:
    """Whether the reader may change settings; macros do not see the context's ``current_user``."""
    return bool(getattr(access.person(), "manages", False))


@integrations.app_template_filter()
def iso_day(text: str) -> str:
    """A day in words from its ISO form, as reasons keep it."""
    return i18n.day(date.fromisoformat(text))
