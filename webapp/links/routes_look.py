"""How the table of Link companies looks: made once for a page, so that each of its rows costs little."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from webapp.links.forms import reasons
from webapp.links.rows import Row
from webapp.models import StandingState

COLUMNS: Final = ("number", "place", "email", "phone", "postal_code")
"""The columns that a view may have beside the company's name."""


def columns_of(text: str) -> tuple[str, ...]:
    """The columns that an address names, in our order; what is no column is left out."""
    named = set(text.split(","))
    return tuple(column for column in COLUMNS if column in named)


@dataclass(frozen=True)
class Table:
    """What all rows of a page share.

    ``address`` is the table's, ``rows`` what those of its rows begin with, ``query`` the view as the end of
    an address; without ``columns`` of their own a company's details stand below its name.
    """

    address: str
    rows: str
    query: str
    editable: bool
    columns: tuple[str, ...]

    @cached_property
    def badges(self) -> dict[StandingState, Markup]:
        """The badge of each state."""
        badge = get_template_attribute("components/ui.html", "link_badge")
        return {state: badge(state.value).strip() for state in StandingState}

    @cached_property
    def edit(self) -> str:
        """The word on the button of each row."""
        return _("Edit")

    @cached_property
    def accept(self) -> str:
        """The word on the button of an offer."""
        return _("Accept")

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

    def facts(self, row: Row) -> dict[str, str]:
        """What a company's columns say."""
        return {
            "number": row.number,
            "place": ", ".join(part for part in (row.city, row.region) if part),
            "email": row.email,
            "phone": row.phone,
            "postal_code": row.postal_code,
        }

    def details(self, row: Row) -> str:
        """The line below a company's name: its number, place and e-mail."""
        facts = self.facts(row)
        return " · ".join(filter(None, (facts["number"], facts["place"], facts["email"])))

    def shared(self, row: Row) -> str:
        """Who else is linked to the same customer or vendor."""
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

    def why(self, row: Row) -> str:
        """How sure a suggestion is, and why."""
        score = _("%(score)s %%", score=row.score)
        return f"{score} · {reasons(json.loads(row.reasons))}"
