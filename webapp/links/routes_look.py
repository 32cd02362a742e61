"""How the table of Link companies looks: made once for a page, so that each of its rows costs little."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple
from urllib.parse import urlencode

from flask import get_template_attribute
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.links.forms import reasons
from webapp.links.forms_create import told
from webapp.links.rows import Row
from webapp.models import StandingState

COLUMNS: Final = ("number", "place", "email", "phone", "postal_code")
"""The columns that a view may have beside the company's name."""
_BADGES: dict[str, dict[StandingState, Markup]] = {}
_WHY: dict[tuple[str, int | None, str, int], str] = {}
MOST_REMEMBERED: Final = 10_000
# The strongest ones; the combobox has all
MOST_REASONS: Final = 3


def columns_of(text: str) -> tuple[str, ...]:
    """The columns that an address names, in our order; what is no column is left out."""
    named = set(text.split(","))
    return tuple(column for column in COLUMNS if column in named)


class Shown(NamedTuple):
    """A row in words; ``offer`` is the id of what is suggested, ``note`` stands below what is linked.

    Of several alike there is no offer, but a ``choice`` in words.
    ``is_followed`` while its customer or vendor is being made: the row then reads itself again.
    """

    id: int
    name: str
    details: str
    facts: tuple[tuple[str, str], ...]
    remote_name: str
    offer: str
    choice: str
    why: str
    note: str
    badge: Markup
    is_followed: bool


@dataclass(frozen=True)
class Table:
    """What all rows of a page share.

    ``address`` is the table's, ``rows`` what those of its rows begin with, ``view`` what of it is looked at;
    without ``columns`` of their own a company's details stand below its name.
    """

    address: str
    rows: str
    view: Mapping[str, str]
    editable: bool
    columns: tuple[str, ...]

    @cached_property
    def query(self) -> str:
        """The view as the end of an address."""
        return f"?{urlencode(self.view)}" if self.view else ""

    def to(self, values: Mapping[str, str]) -> str:
        """The table's address in another view, from its first page; an empty value takes one away."""
        named = {**self.view, "after": "", "before": "", **values}
        query = urlencode({name: value for name, value in named.items() if value})
        return f"{self.address}?{query}" if query else self.address

    @cached_property
    def headings(self) -> dict[str, str]:
        """The heads of the columns."""
        return {
            "number": _("Number"),
            "place": _("City"),
            "email": _("E-mail"),
            "phone": _("Phone"),
            "postal_code": _("Postal code"),
        }

    def shown(self, rows: Iterable[Row]) -> list[Shown]:
        """The rows as the page shows them."""
        badges = _badges(str(get_locale()))
        return [self._shown(row, badges) for row in rows]

    def _shown(self, row: Row, badges: Mapping[StandingState, Markup]) -> Shown:
        place = f"{row.city}, {row.region}" if row.city and row.region else row.city or row.region
        is_offer = row.state is StandingState.SUGGESTED
        is_choice = is_offer and row.alike > 1
        facts: tuple[tuple[str, str], ...] = ()
        if self.columns:
            known = {**row._asdict(), "place": place}
            facts = tuple((self.headings[column], known[column]) for column in self.columns)
        return Shown(
            id=row.company_id,
            name=row.name,
            details="" if self.columns else " · ".join(filter(None, (row.number, place, row.email))),
            facts=facts,
            remote_name=row.remote_name,
            offer=row.remote_id or "" if is_offer and not is_choice else "",
            choice=_("%(number)s alike: choose", number=row.alike) if is_choice else "",
            why=_why(row) if is_offer else "",
            note=_note(row),
            badge=_badge(row, badges),
            is_followed=row.creation is not None and row.creation.is_open,
        )


def _badges(locale: str) -> dict[StandingState, Markup]:
    """The badge of each state, remembered by language."""
    if locale not in _BADGES:
        badge = get_template_attribute("components/ui.html", "link_badge")
        _BADGES[locale] = {state: badge(state.value).strip() for state in StandingState}
    return _BADGES[locale]


def _badge(row: Row, badges: Mapping[StandingState, Markup]) -> Markup:
    """The badge of a row; how far its customer or vendor is goes before how it stands."""
    if row.creation is None or not row.creation.is_open:
        return badges[row.state]
    badge: Markup = get_template_attribute("components/ui.html", "document_badge")(row.creation.state.value)
    return badge.strip()


def _why(row: Row) -> str:
    """How sure a suggestion is and why, remembered by language."""
    key = (str(get_locale()), row.score, row.reasons, row.alike)
    if key not in _WHY:
        if len(_WHY) >= MOST_REMEMBERED:
            _WHY.clear()
        parts = [_("%(score)s %%", score=row.score), reasons(json.loads(row.reasons)[:MOST_REASONS])]
        if row.alike == 1:
            parts.append(_("Another company could be this one too"))
        _WHY[key] = " · ".join(filter(None, parts))
    return _WHY[key]


def _note(row: Row) -> str:
    """What is to be said of a link: that it is a conflict, whose sub-customer it is, who else has it."""
    if row.state is StandingState.CONFLICT and row.creation is None:
        return _("Inactive, merged or deleted in QuickBooks. Choose another one.")
    notes = [told(row.creation)] if row.creation is not None and not row.creation.is_open else []
    if row.remote_parent and row.state is StandingState.LINKED:
        notes.append(_("Sub-customer of %(parent)s", parent=row.remote_parent))
    if row.shared_with:
        notes.append(_shared(row))
    return " · ".join(notes)


def _shared(row: Row) -> str:
    first, *others = row.shared_with
    if not others:
        return _("Also linked to %(companies)s", companies=first)
    number = len(others)
    return ngettext(
        "Also linked to %(company)s and %(number)s other company",
        "Also linked to %(company)s and %(number)s other companies",
        number,
        company=first,
        number=number,
    )
