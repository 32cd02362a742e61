"""What the section shows when it is read: each choice by name, what has gone bad, what is only proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.accounting.custom_fields import definitions
from webapp.accounting.drafts import DocumentKind
from webapp.accounting.proposals import Proposal
from webapp.accounting.sources import LineLayout, MappingRules, Rule, UnknownItems
from webapp.accounting.tax import US_NON_TAXABLE, US_TAXABLE, is_canadian
from webapp.integrations.preference_checks import REFUSED
from webapp.integrations.preference_fields import (
    CHARGES,
    FIXED_ITEM,
    PROVINCES,
    SINGLE,
    chosen,
    custom_field,
    effects,
    every_custom_field,
    province_field,
    rule_field,
    term_field,
)
from webapp.integrations.preference_lists import our_terms
from webapp.integrations.preference_mirror import CompanyLists, Known
from webapp.integrations.preference_options import describe
from webapp.integrations.preference_proposals import proposals_for
from webapp.integrations.preference_store import Saved, read
from webapp.links import directory
from webapp.models import Connection, ConnectionStatus, User

US_DEFAULTS = {"taxable_code_id": US_TAXABLE, "non_taxable_code_id": US_NON_TAXABLE}


@dataclass(frozen=True)
class Shown:
    """One drop-down in the read view.

    ``state``: empty when chosen and well, ``none``, ``proposed`` (and then ``reason`` says why), ``off``, or
    why it does not serve any more: ``inactive``, ``missing`` or ``unfit``.
    """

    name: str
    text: str
    state: str
    reason: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether the choice has gone bad."""
        return self.state in REFUSED


@dataclass(frozen=True)
class Seen:
    """What is known of one company's preferences: its lists, what is saved, our words for terms by key."""

    lists: CompanyLists
    saved: Saved
    terms: dict[str, str]


def look(connection: Connection) -> Seen:
    """What is known now."""
    saved = read(connection.workspace_id, connection.realm_id)
    return Seen(CompanyLists.of(connection), saved, term_words(connection.workspace_id, saved))


def read_context(user: User, connection: Connection | None, seen: Seen | None = None) -> dict[str, Any]:
    """What the section shows to a person; little before the lists were read for the first time.

    ``seen`` is what the caller has read already.
    """
    if connection is None:
        return {"connection": None}
    is_living = connection.status != ConnectionStatus.DISCONNECTED
    context = {
        "connection": connection,
        "is_living": is_living,
        "is_read": connection.lists_read_at is not None,
        "is_pending": is_living and directory.refresh_pending(connection),
        "progress": directory.progress(connection) if is_living else None,
        "stopped_at": connection.lists_progress.get("list", "") if connection.lists_error else "",
        "may_edit": may_edit(user, connection),
        "may_refresh": user.manages and is_living,
        "can_refresh": connection.is_usable,
    }
    if not context["is_read"]:
        return context
    return context | _mapped(seen or look(connection))


def may_edit(user: User, connection: Connection) -> bool:
    """Whether a person may edit the section now: there is nothing to choose before the lists were read."""
    is_living = connection.status != ConnectionStatus.DISCONNECTED
    return bool(user.manages and is_living and connection.lists_read_at is not None)


def _mapped(seen: Seen) -> dict[str, Any]:
    lists, saved, terms = seen.lists, seen.saved, seen.terms
    unused = () if saved.rules.unknown_items is UnknownItems.FIXED else (FIXED_ITEM,)
    proposals = proposals_for(lists, terms, {*chosen(saved.rules), *unused})
    shown = _Shower(lists, saved.rules, proposals)
    provinces = PROVINCES if is_canadian(lists.company) else ()
    return {
        "rules": saved.rules,
        "company": lists.company,
        "fields": {name: shown.of(name) for name in SINGLE},
        "terms": [(words, shown.of(term_field(key))) for key, words in terms.items()],
        "provinces": [(code, shown.of(province_field(code))) for code in provinces],
        "custom_fields": _custom_fields(shown, lists, saved.rules),
        "layouts": _layouts(saved.rules),
        "rows": [(rule, shown.effects(place, rule)) for place, rule in enumerate(saved.rules.rules)],
    }


def term_words(workspace_id: int, saved: Saved) -> dict[str, str]:
    """Our words for terms by key: those in use, and those that were mapped before."""
    return dict(sorted((our_terms(workspace_id) | dict(saved.words)).items()))


def _custom_fields(
    shown: _Shower, lists: CompanyLists, rules: MappingRules
) -> dict[str, list[tuple[str, Shown]]]:
    """Our fields by kind of document, where QuickBooks has custom fields for it or something is chosen."""
    found: dict[str, list[tuple[str, Shown]]] = {}
    for kind, ours in every_custom_field():
        if definitions(lists.company, kind) or (kind, ours) in rules.custom_fields:
            field = shown.of(custom_field(kind, ours))
            found.setdefault(kind.value, []).append((ours.value, field))
    return found


def _layouts(rules: MappingRules) -> list[tuple[str, list[tuple[str, str]]]]:
    """What becomes of each charge on each kind of document; nothing when each simply has its own line."""
    if not rules.layouts:
        return []
    found = []
    for line in CHARGES:
        kinds = [(kind.value, rules.layouts.get((kind, line), LineLayout.OWN).value) for kind in DocumentKind]
        found.append((line.value, kinds))
    return found


class _Shower:
    """Describes drop-downs for one state of the preferences."""

    def __init__(self, lists: CompanyLists, rules: MappingRules, proposals: Mapping[str, Proposal]) -> None:
        self._company = lists.company
        self._chosen = chosen(rules)
        self._proposals = proposals
        proposed = [(name, proposal.id or "") for name, proposal in proposals.items()]
        self._known: Known = lists.named_by([*self._chosen.items(), *proposed])

    def of(self, name: str) -> Shown:
        """A drop-down of this name."""
        value = self._chosen.get(name)
        if value:
            option = describe(self._company, self._known, name, value)
            return Shown(name, option.text or value, option.note)
        if self._company.is_us and name in US_DEFAULTS:
            return Shown(name, US_DEFAULTS[name], "")  # in force without having been chosen
        proposal = self._proposals.get(name)
        if proposal is None or not proposal.id:
            return Shown(name, "", "none")
        text = describe(self._company, self._known, name, proposal.id).text
        return Shown(name, text, "proposed", proposal.reason or "")

    def effects(self, place: int, rule: Rule) -> list[tuple[str, Shown]]:
        """What a rule gives, part by part."""
        return [(part, self.of(rule_field(place, part))) for part in effects(rule)]
