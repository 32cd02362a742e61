"""The preferences of a QuickBooks company: read them for mapping, check them, save them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from webapp.accounting.drafts import DocumentKind
from webapp.accounting.rules import check_rules
from webapp.accounting.sources import MappingRules, Reason
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.integrations import permissions
from webapp.integrations.preference_changes import changes
from webapp.integrations.preference_checks import errors, tidy
from webapp.integrations.preference_lists import lists_for, our_terms
from webapp.integrations.preference_mirror import CompanyLists, Known, company_of
from webapp.integrations.preference_store import SAVED, Saved, read, write
from webapp.integrations.preference_view import read_context
from webapp.models import Connection, ConnectionStatus, DocumentStatus, User, record

__all__ = [
    "SAVED",
    "Saved",
    "company_of",
    "lists_for",
    "problems",
    "read",
    "read_context",
    "rules_for",
    "save",
]


def rules_for(workspace_id: int, realm_id: str) -> MappingRules:
    """The preferences as the mapping reads them."""
    return read(workspace_id, realm_id).rules


def problems(
    workspace_id: int,
    connection: Connection,
    rules: MappingRules | None = None,
    known: Known | None = None,
) -> tuple[Reason, ...]:
    """Everything chosen that QuickBooks does not have any more; nothing before its lists were read.

    ``rules`` are the saved ones and ``known`` what they name, where these were read already.
    """
    if connection.lists_read_at is None:
        return ()
    rules = rules or rules_for(workspace_id, connection.realm_id)
    lists = lists_for(workspace_id, connection.realm_id, rules, set(), known)
    return check_rules(rules, company_of(connection), lists)


def save(
    user: User,
    connection: Connection,
    rules: MappingRules,
    *,
    version: int,
    confirmed: bool = False,
    words: Mapping[str, str] | None = None,
    via: str = "",
    before: Saved | None = None,
    lists: CompanyLists | None = None,
) -> Saved | None:
    """Save the section; None when nothing differs from what is saved, and then nothing is written.

    Args:
        user: who saves; an owner or admin.
        connection: the workspace's connection, not disconnected.
        rules: what is chosen.
        version: the version that was on the screen; 0 when nothing was saved yet.
        confirmed: that the person knows what turning ``billable`` on risks while invoices may be sent.
        words: our words for terms by key; those of documents and companies when not given.
        via: how it was saved when not in the panel, for the activity.
        before, lists: what is saved and the company's lists, where the caller has read them.

    Raises:
        NotFound, Forbidden: the person does not see, or does not manage, the integration.
        Invalid: by control, as ``preference_checks`` says; ``confirm_billable`` is ``risk``; ``connection``
            is ``disconnected``.
        Conflict: somebody saved meanwhile.
    """
    permissions.require_manages(user)
    if connection.workspace_id != user.workspace_id:
        raise NotFound
    if connection.status == ConnectionStatus.DISCONNECTED:
        raise Invalid({"connection": ["disconnected"]})
    before = before or read(user.workspace_id, connection.realm_id)
    if before.version != version:
        raise Conflict
    rules, lists = tidy(rules), lists or CompanyLists.of(connection)
    known = lists.named(before.rules, rules)
    wrong = errors(lists, known, rules)
    wrong |= _risk(user.workspace_id, before.rules, rules, confirmed)
    if wrong:
        raise Invalid(wrong)
    if rules == before.rules:
        return None
    if words is None:
        words = {**our_terms(user.workspace_id), **before.words}
    after = Saved(rules, {**before.words, **words}, version + 1, before.id)
    facts: dict[str, object] = {**changes(lists, known, before, after), "version": after.version}
    facts |= {"via": via} if via else {}
    # All was read before the transaction, so that others wait for the writes alone: whether somebody saved
    # since, ``write`` sees by the version.
    with transaction():
        id_ = write(connection, before, after)
        record(user.workspace_id, user.id, SAVED, ("preferences", id_), **facts)
        # in this order, as everywhere: connection, then documents; the other one could deadlock on Postgres
        note_problems(connection, rules, known)
        DocumentStatus.mark_for_check(user.workspace_id)
    return replace(after, id=id_)


def note_problems(
    connection: Connection, rules: MappingRules | None = None, known: Known | None = None
) -> None:
    """Count what is chosen but gone from QuickBooks, for the status; called after each change of either.

    ``rules`` and ``known`` as for ``problems``.
    """
    gone = len(problems(connection.workspace_id, connection, rules, known))
    Connection.change({"mappings_gone": gone}, "id = ? AND mappings_gone <> ?", connection.id, gone)


def _risk(
    workspace_id: int, before: MappingRules, after: MappingRules, confirmed: bool
) -> dict[str, list[object]]:
    """Billable costs and an invoice of the same order would charge the customer twice."""
    turned_on = after.billable and not before.billable
    if turned_on and not confirmed and DocumentKind.INVOICE in permissions.read(workspace_id).sends:
        return {"confirm_billable": ["risk"]}
    return {}
