"""A workspace's settings as its host keeps them: read whole, saved whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from webapp.db import NO_KEY_UPDATE, is_postgres, transaction
from webapp.errors import AppError, Invalid
from webapp.integrations import permissions, preferences
from webapp.integrations.preference_lists import Books, item_ids, load
from webapp.integrations.settings_file.catalogue import Catalogue
from webapp.integrations.settings_file.lists import shelves
from webapp.integrations.settings_file.reading import Refusal, named_items, read_tables
from webapp.integrations.settings_file.refusals import of_people, of_preferences
from webapp.integrations.settings_file.tables import PERMISSIONS, QUICKBOOKS, Access, Sections, tables_of
from webapp.models import Connection, Preferences, Role, User, Workspace

VIA: Final = "command_line"


class SettingsRefused(AppError):
    """What was to be saved is refused; ``refusals`` name every setting, and nothing was written."""

    code = "invalid"
    status = 422

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        super().__init__("settings refused")
        self.refusals = tuple(refusals)


@dataclass(frozen=True)
class State:
    """What is saved for a workspace; no preferences where QuickBooks was never connected."""

    workspace: Workspace
    connection: Connection | None
    books: Books | None
    permissions: permissions.Permissions
    preferences: preferences.Saved
    sections: Sections


def read(workspace: Workspace) -> State:
    """The workspace's settings as they are now."""
    connection = Connection.of(workspace.id)
    granted = permissions.read(workspace.id)
    addresses = _addresses(workspace)
    people = frozenset(addresses[one.id] for one in granted.people if one.id in addresses)
    access = Access(granted.visible_to, people, granted.sends)
    if connection is None:
        return State(workspace, None, None, granted, preferences.Saved(), Sections(access))
    saved = preferences.read(workspace.id, connection.realm_id)
    sections = Sections(access, saved.rules, saved.words)
    return State(workspace, connection, load(connection), granted, saved, sections)


def tables(state: State) -> dict[str, Any]:
    """The settings as tables, entries of QuickBooks' lists by name."""
    return tables_of(state.sections, catalogue(state))


def catalogue(state: State, texts: Iterable[str] = (), ids: Iterable[str] = ()) -> Catalogue:
    """QuickBooks' lists, with the items that are saved and those that the texts or ids name."""
    if state.books is None:
        return Catalogue({})
    return Catalogue(shelves(state.books, {*item_ids(state.preferences.rules), *ids}, texts))


def save(state: State, wanted: Mapping[str, Any], *, confirmed: bool = False, keep: bool = True) -> State:
    """Save tables over a state, all sections or none; the state afterwards.

    Args:
        state: what was read, and is to be replaced.
        wanted: the tables of a settings file, not checked yet; a section that is not there stays as it is.
        confirmed: that the host knows what turning ``billable`` on risks while invoices may be sent.
        keep: whether to keep what is written; otherwise it is only tried.

    Raises:
        SettingsRefused: with everything that is refused.
        Conflict: somebody saved after the state was read.
    """
    wanted, refusals = _readable(state, wanted)
    sections, unread = read_tables(wanted, catalogue(state, named_items(wanted)))
    refusals += unread
    refused = {refusal.path for refusal in refusals}
    host = User(workspace=state.workspace, role=Role.OWNER)  # manages, but is nobody: never saved
    try:
        with transaction():
            _lock(state)
            told = _save_access(host, state, sections)
            told += _save_rules(host, state, sections, wanted, confirmed)
            # what a service says of a setting that could not even be read is an echo
            refusals += [refusal for refusal in told if refusal.path not in refused]
            if refusals:
                raise SettingsRefused(refusals)
            after = read(state.workspace)
            if not keep:
                raise _Tried
    except _Tried:
        pass
    return after


class _Tried(Exception):
    """Takes back what was only tried."""


def _readable(state: State, wanted: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Refusal]]:
    """What can be read of the tables: names mean nothing before QuickBooks' lists were read."""
    if state.connection is not None and state.connection.lists_read_at is not None:
        return wanted, []
    if wanted.get(QUICKBOOKS) == tables(state).get(QUICKBOOKS):
        return wanted, []
    why = "is not connected" if state.connection is None else "has not told its lists yet"
    others = {name: table for name, table in wanted.items() if name != QUICKBOOKS}
    return others, [Refusal((QUICKBOOKS,), f"cannot be saved: QuickBooks {why}")]


def _save_access(host: User, state: State, sections: Sections) -> list[Refusal]:
    access = sections.access
    if access is None or access == state.sections.access:
        return []
    ids = {address: id_ for id_, address in _addresses(state.workspace).items()}
    unknown = sorted(access.people - ids.keys())
    if unknown:
        return [Refusal((PERMISSIONS, "people"), "belongs to nobody here", address) for address in unknown]
    try:
        permissions.save(
            host,
            visible_to=access.visible_to,
            people=[ids[address] for address in access.people],
            sends=access.sends,
            version=state.permissions.version,
            via=VIA,
        )
    except Invalid as error:
        return of_people(error)
    return []


def _save_rules(
    host: User, state: State, sections: Sections, wanted: Mapping[str, Any], confirmed: bool
) -> list[Refusal]:
    rules, connection, books = sections.rules, state.connection, state.books
    if rules is None or rules == state.sections.rules:
        return []
    if connection is None or books is None:
        return []
    try:
        preferences.save(
            host,
            connection,
            rules,
            version=state.preferences.version,
            confirmed=confirmed,
            words=sections.words,
            via=VIA,
        )
    except Invalid as error:
        return of_preferences(error, sections, wanted, books)
    return []


def _lock(state: State) -> None:
    """Take the rows in the order in which saving either section takes them; else two could deadlock."""
    if state.connection is None or not is_postgres():
        return
    Preferences.select(Preferences.id).where(Preferences.id == state.preferences.id).for_update(
        NO_KEY_UPDATE
    ).execute()
    Connection.select(Connection.id).where(Connection.id == state.connection.id).for_update(
        NO_KEY_UPDATE
    ).execute()


def _addresses(workspace: Workspace) -> dict[int, str]:
    """The e-mail addresses of the workspace's people by id."""
    rows = User.select(User.id, User.email).where((User.workspace == workspace) & User.active)
    return dict(rows.tuples())
