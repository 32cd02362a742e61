"""The gallery's table: by section and state, what happens in the world and which answer is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from webapp.gallery import events
from webapp.gallery.world import (
    Act,
    all_linked,
    altered,
    canadian,
    companies,
    connected,
    counting,
    crowd,
    disconnected,
    just_connected,
    suggested,
)
from webapp.integrations.account_information import Finding
from webapp.models import ConnectionStatus

RECONNECT: Final = altered(status=ConnectionStatus.RECONNECT_NEEDED, status_since=timedelta(hours=-5))
EXPIRING: Final = altered(refresh_expires_at=timedelta(days=9))
THROTTLED: Final = altered(
    status=ConnectionStatus.PAUSED, pause_reason="throttled", paused_until=timedelta(seconds=50)
)
LAPSED: Final = altered(
    status=ConnectionStatus.PAUSED, pause_reason="subscription_ended", paused_until=timedelta(minutes=50)
)
LISTS_FAILED: Final = altered(lists_error="unreachable")
REFRESHING: Final = altered(
    lists_requested_at=timedelta(seconds=1),
    lists_progress={"list": "item", "done": 3, "of": 8, "entries": 1_200},
)


@dataclass(frozen=True)
class Ask:
    """A request of a person: GET ``endpoint``, or what a browser sends when ``form``'s form is filled.

    ``fields`` replaces what stands in the form's controls; an empty list leaves a control out.
    """

    endpoint: str
    form: str = ""
    fields: Mapping[str, str | list[str]] = field(default_factory=dict)
    person: str = "owner"
    status: int = 200


@dataclass(frozen=True)
class Part:
    """A template of the page with the page's own context, where no address answers it alone."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    person: str = "owner"


@dataclass(frozen=True)
class Cell:
    """One state of one section: what happens (other people's requests too), then what is shown."""

    shows: Ask | Part
    acts: tuple[Act | Ask, ...] = ()


def _shown(shows: Ask | Part, *acts: Act | Ask) -> Cell:
    return Cell(shows, acts)


CARD: Final = Ask("integrations.quickbooks_card")
CARD_OF_MEMBER: Final = Ask("integrations.quickbooks_card", person="member")
HEAD: Final = Ask("integrations.quickbooks_head")
ACCOUNT: Final = Ask("integrations.account_information_read")
TESTED: Final = "integrations/account_information/_read.html"
PERMISSIONS: Final = Ask("integrations.permissions_read")
PREFERENCES: Final = Ask("integrations.preferences_read")
OVERVIEW: Final = Ask("integrations.links_overview")

WORLD: Final = (connected, companies, events.documents)
CANADIAN: Final = (canadian, companies, events.documents)
TWO_PEOPLE: Final[dict[str, Any]] = {"visible_to": "selected", "send": ["invoice", "bill"]}


def _permissions(status: int = 200, person: str = "owner", **fields: str | list[str]) -> Ask:
    return Ask("integrations.permissions_save", "integrations.permissions_edit", fields, person, status)


def _preferences(status: int = 200, person: str = "owner", **fields: str | list[str]) -> Ask:
    return Ask("integrations.preferences_save", "integrations.preferences_edit", fields, person, status)


CELLS: Final[dict[str, dict[str, Cell]]] = {
    "card": {
        "empty": _shown(CARD),
        "read_only_empty": _shown(CARD_OF_MEMBER),
        "read": _shown(CARD, *WORLD),
        "read_only": _shown(CARD_OF_MEMBER, *WORLD),
        "expiring": _shown(CARD, *WORLD, EXPIRING),
        "paused": _shown(CARD, *WORLD, THROTTLED),
        "reconnect_needed": _shown(CARD, *WORLD, RECONNECT),
        "disconnected": _shown(CARD, *WORLD, disconnected),
    },
    "head": {
        "read": _shown(HEAD, *WORLD),
        "expiring": _shown(HEAD, *WORLD, EXPIRING),
        "list_refresh_failed": _shown(HEAD, *WORLD, LISTS_FAILED),
        "mappings_gone": _shown(HEAD, *WORLD, _preferences(), events.mappings_gone),
        "paused": _shown(HEAD, *WORLD, THROTTLED),
        "subscription_ended": _shown(HEAD, *WORLD, LAPSED),
        "reconnect_needed": _shown(HEAD, *WORLD, RECONNECT),
        "disconnected": _shown(HEAD, *WORLD, disconnected),
    },
    "account_information": {
        "empty": _shown(ACCOUNT, just_connected),
        "read": _shown(ACCOUNT, *WORLD),
        "read_only": _shown(Ask(ACCOUNT.endpoint, person="member"), *WORLD),
        "canadian": _shown(ACCOUNT, *CANADIAN),
        "edit": _shown(Ask("integrations.disconnect_confirm"), *WORLD),
        "tested": _shown(Part(TESTED, {"finding": Finding("ok", 212, "Northgate Promo Co.")}), *WORLD),
        "test_failed": _shown(
            Part(TESTED, {"finding": Finding("unreachable", 10_000, "", "1-6a2b")}), *WORLD
        ),
        "expiring": _shown(ACCOUNT, *WORLD, EXPIRING),
        "reconnect_needed": _shown(ACCOUNT, *WORLD, RECONNECT),
        "disconnected": _shown(ACCOUNT, *WORLD, disconnected),
    },
    "permissions": {
        "read": _shown(PERMISSIONS, *WORLD),
        "selected": _shown(PERMISSIONS, *WORLD, _permissions(**TWO_PEOPLE, people=["{member}", "{second}"])),
        "read_only": _shown(Ask(PERMISSIONS.endpoint, person="member"), *WORLD),
        "edit": _shown(Ask("integrations.permissions_edit"), *WORLD),
        "people_search": _shown(Ask("integrations.permissions_edit"), *WORLD, crowd),
        "invalid": _shown(_permissions(422, visible_to="selected", people=[]), *WORLD),
        "saved": _shown(_permissions(**TWO_PEOPLE, people=["{member}"]), *WORLD),
        "unchanged": _shown(_permissions(), *WORLD),
        "conflict": _shown(
            _permissions(409, send=["invoice"], version="0"),
            *WORLD,
            _permissions(person="admin", **TWO_PEOPLE, people=["{second}"]),
        ),
        "disconnected": _shown(PERMISSIONS, *WORLD, disconnected),
    },
    "preferences": {
        "empty": _shown(PREFERENCES, just_connected),
        "loading": _shown(PREFERENCES, just_connected, REFRESHING),
        "first_reading_failed": _shown(PREFERENCES, just_connected, LISTS_FAILED),
        "proposed": _shown(PREFERENCES, *WORLD),
        "nothing_fits": _shown(PREFERENCES, *WORLD, events.nothing_fits),
        "read": _shown(PREFERENCES, *WORLD, _preferences()),
        "read_only": _shown(Ask(PREFERENCES.endpoint, person="member"), *WORLD, _preferences()),
        "canadian": _shown(PREFERENCES, *CANADIAN, _preferences()),
        "edit": _shown(Ask("integrations.preferences_edit"), *WORLD),
        "edit_canadian": _shown(Ask("integrations.preferences_edit"), *CANADIAN),
        "edit_rule": _shown(_preferences(do="add", added="ship_to"), *WORLD),
        "invalid_rule": _shown(
            _preferences(422, **{"rule-0": "", "rule-0-field": "ship_to", "rule-0-value": "Maryland"}), *WORLD
        ),
        "long_lists": _shown(Ask("integrations.preferences_edit"), *WORLD, events.long_lists),
        "invalid": _shown(
            _preferences(422, unknown_items="fixed", fixed_item_id="", income_account_id="35"), *WORLD
        ),
        "risk": _shown(_preferences(422, billable="y"), *WORLD),
        "saved": _shown(_preferences(), *WORLD),
        "unchanged": _shown(_preferences(), *WORLD, _preferences()),
        "conflict": _shown(
            _preferences(409, item_name_source="name", version="1"),
            *WORLD,
            _preferences(),
            _preferences(person="admin", unknown_items="service", cost_account_id="8"),
        ),
        "refreshing": _shown(PREFERENCES, *WORLD, _preferences(), REFRESHING),
        "list_refresh_failed": _shown(PREFERENCES, *WORLD, _preferences(), LISTS_FAILED),
        "mappings_gone": _shown(PREFERENCES, *WORLD, _preferences(), events.mappings_gone),
        "paused": _shown(PREFERENCES, *WORLD, _preferences(), THROTTLED),
        "reconnect_needed": _shown(PREFERENCES, *WORLD, _preferences(), RECONNECT),
        "disconnected": _shown(PREFERENCES, *WORLD, _preferences(), disconnected),
    },
    "link_overview": {
        "empty": _shown(OVERVIEW, connected),
        "loading": _shown(OVERVIEW, just_connected, companies),
        "read": _shown(OVERVIEW, *WORLD),
        "suggested": _shown(OVERVIEW, *WORLD, suggested),
        "counting": _shown(OVERVIEW, *WORLD, counting),
        "complete": _shown(OVERVIEW, *WORLD, all_linked),
        "reconnect_needed": _shown(OVERVIEW, *WORLD, RECONNECT),
        "disconnected": _shown(OVERVIEW, *WORLD, disconnected),
    },
}
