"""What the section shows when it is read: each choice by name, what has gone bad, what is only proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.accounting.rules import check_rules
from webapp.accounting.sources import MappingRules
from webapp.accounting.tax import US_NON_TAXABLE, US_TAXABLE, is_canadian
from webapp.integrations.preference_choices import describe, proposals_for
from webapp.integrations.preference_fields import PROVINCES, SINGLE, chosen, province_field, term_field
from webapp.integrations.preference_lists import Books, Entries, item_ids, load, our_terms, snapshot
from webapp.integrations.preference_store import Saved, read
from webapp.links import directory
from webapp.models import Connection, ConnectionStatus, User

US_DEFAULTS = {"taxable_code_id": US_TAXABLE, "non_taxable_code_id": US_NON_TAXABLE}


@dataclass(frozen=True)
class Shown:
    """One drop-down in the read view.

    ``state``: empty when chosen and well, ``none``, ``proposed``, or why it does not serve any more:
    ``inactive``, ``missing`` or ``unfit``.
    """

    name: str
    text: str
    state: str

    @property
    def is_bad(self) -> bool:
        """Whether the choice has gone bad."""
        return self.state in {"inactive", "missing", "unfit"}


def read_context(user: User, connection: Connection | None) -> dict[str, Any]:
    """What the section shows to a person; little before the lists were read for the first time."""
    if connection is None:
        return {"connection": None}
    is_living = connection.status != ConnectionStatus.DISCONNECTED
    context = {
        "connection": connection,
        "is_living": is_living,
        "is_read": connection.lists_read_at is not None,
        "is_pending": is_living and directory.refresh_pending(connection),
        "progress": directory.progress(connection) if is_living else None,
        "may_edit": may_edit(user, connection),
        "may_refresh": user.manages and is_living,
        "can_refresh": connection.is_usable,
    }
    return context | _mapped(connection) if context["is_read"] else context


def may_edit(user: User, connection: Connection) -> bool:
    """Whether a person may edit the section now: there is nothing to choose before the lists were read."""
    is_living = connection.status != ConnectionStatus.DISCONNECTED
    return bool(user.manages and is_living and connection.lists_read_at is not None)


def _mapped(connection: Connection) -> dict[str, Any]:
    books, saved = load(connection), read(connection.workspace_id, connection.realm_id)
    terms = term_words(connection.workspace_id, saved)
    proposals = proposals_for(books, terms, chosen(saved.rules))
    shown = _Shower(books, saved.rules, proposals)
    provinces = PROVINCES if is_canadian(books.company) else ()
    return {
        "rules": saved.rules,
        "company": books.company,
        "fields": {name: shown.of(name) for name in SINGLE},
        "terms": [(words, shown.of(term_field(key))) for key, words in terms.items()],
        "provinces": [(code, shown.of(province_field(code))) for code in provinces],
    }


def term_words(workspace_id: int, saved: Saved) -> dict[str, str]:
    """Our words for terms by key: those in use, and those that were mapped before."""
    return dict(sorted((our_terms(workspace_id) | dict(saved.words)).items()))


class _Shower:
    """Describes drop-downs for one state of the preferences."""

    def __init__(self, books: Books, rules: MappingRules, proposals: Mapping[str, str]) -> None:
        self._books = books
        self._chosen = chosen(rules)
        self._proposals = proposals
        self._items: Entries = books.items(item_ids(rules))
        self._bad = _bad(books, rules, self._items)

    def of(self, name: str) -> Shown:
        value = self._chosen.get(name)
        if value:
            option = describe(self._books, name, value, self._items)
            return Shown(name, option.text, (option.note or "unfit") if name in self._bad else "")
        if self._books.company.is_us and name in US_DEFAULTS:
            return Shown(name, US_DEFAULTS[name], "")  # in force without having been chosen
        value = self._proposals.get(name)
        return (
            Shown(name, describe(self._books, name, value).text, "proposed")
            if value
            else Shown(name, "", "none")
        )


def _bad(books: Books, rules: MappingRules, items: Entries) -> set[str]:
    lists = snapshot(books, items.values())
    names = set()
    for reason in check_rules(rules, books.company, lists):
        field, name = reason.facts["field"], reason.facts["name"]
        many = {"terms": term_field, "province_tax_codes": province_field}
        names.add(many[field](name) if field in many else field)
    return names
