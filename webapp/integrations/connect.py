"""Connecting QuickBooks: a single-use state, the consent's answer, and what is kept of it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from peewee import IntegrityError

from webapp import config
from webapp.clock import now
from webapp.db import NO_KEY_UPDATE, is_postgres, transaction
from webapp.errors import AppError
from webapp.integrations import account_information, account_view, connections, permissions
from webapp.integrations.tokens import token_columns
from webapp.jobs import service as jobs
from webapp.links import rebuilding, touches
from webapp.models import (
    Connection,
    ConnectionStatus,
    DocumentStatus,
    OAuthState,
    Provider,
    User,
    record,
)
from webapp.quickbooks import oauth
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.errors import QuickBooksError
from webapp.quickbooks.lists import company_facts

STATE_LIFE = timedelta(minutes=10)
LONGEST_REALM = 32
AFTER_CONSENT = timedelta(seconds=1)  # the calls of the consent itself were not paced


class StateRefused(AppError):
    """The state is unknown, used, too old, or somebody else's; ``in_window`` where it is still known."""

    code = "state_refused"
    status = 400

    def __init__(self, *, in_window: bool = False) -> None:
        super().__init__()
        self.in_window = in_window


class AnswerRefused(AppError):
    """The consent's answer lacks its code or names no company."""

    code = "answer_refused"
    status = 400


class CompanyTaken(AppError):
    """The company is connected to another workspace, which is not named."""

    code = "company_taken"
    status = 409


class OtherCompany(AppError):
    """The company is not the one that is connected, or was; the person has to agree first.

    ``waiting`` documents are queued for the ``present`` one; the new one has ``links_from_before``.
    """

    code = "other_company"
    status = 409

    def __init__(self, realm_id: str, name: str, present: str, waiting: int, links_from_before: int) -> None:
        super().__init__()
        self.realm_id, self.name, self.present = realm_id, name, present
        self.waiting, self.links_from_before = waiting, links_from_before


@dataclass(frozen=True)
class Kept:
    """The connection as it was written, and as it was ``before``, with the tokens that it had."""

    now: Connection
    before: Connection | None


def begin(user: User, *, in_window: bool, expected_realm: str | None = None) -> str:
    """Make a state and give the address of the consent page, once it is sure that somebody answers there.

    Args:
        user: who connects; an owner or admin.
        in_window: whether the consent opens in a window of its own.
        expected_realm: the other company that the person agreed to.

    Raises:
        NotFound, Forbidden: the person does not see, or does not manage, the integration.
        Unreachable: QuickBooks gives no answer; the browser would end on an error page of its own.
    """
    permissions.require_manages(user)
    oauth.check_reachable(connections.endpoints())
    expected_realm = expected_realm if expected_realm and _is_company(expected_realm) else None
    state = secrets.token_urlsafe(32)
    with transaction():
        OAuthState.delete().where(OAuthState.expires_at < now()).execute()
        OAuthState.create(
            state_hash=_hash(state),
            workspace=user.workspace_id,
            user=user.id,
            in_window=in_window,
            expected_realm=expected_realm,
            expires_at=now() + STATE_LIFE,
        )
    return oauth.authorize_url(connections.endpoints(), connections.credentials(), state)


def take_state(user: User, state: str) -> OAuthState:
    """Take a state out whatever comes of it; raises StateRefused unless it is this person's and fresh."""
    found = OAuthState.get_or_none(OAuthState.state_hash == _hash(state))
    if found is None:
        raise StateRefused
    with transaction():
        taken = OAuthState.delete().where(OAuthState.id == found.id).execute()
    is_theirs = found.user_id == user.id and found.workspace_id == user.workspace_id
    if taken != 1 or not is_theirs or found.expires_at <= now():
        raise StateRefused(in_window=found.in_window)
    return found


def complete(user: User, consent: OAuthState, code: str, realm_id: str) -> Connection:
    """Exchange the code, prove the tokens by reading the company, and keep the connection.

    Raises:
        NotFound, Forbidden: the person no longer sees, or manages, the integration.
        AnswerRefused: no code, or no company.
        CompanyTaken, OtherCompany: nothing was kept.
        QuickBooksError: QuickBooks refused or did not answer; nothing was kept.
    """
    permissions.require_manages(user)
    if not code or not _is_company(realm_id):
        raise AnswerRefused
    tokens = oauth.exchange_code(connections.endpoints(), connections.credentials(), code, now())
    try:
        facts = _facts(realm_id, tokens.access_token)
        kept = _keep(user, consent, _values(user, realm_id, tokens, facts))
    except (CompanyTaken, OtherCompany, QuickBooksError):
        _give_back(realm_id, tokens)
        raise
    if kept.before and kept.before.realm_id != realm_id:
        account_information.revoke(kept.before)
    return kept.now


def _give_back(realm_id: str, tokens: oauth.TokenSet) -> None:
    """Revoke a grant that is not used, unless its company is in use here.

    To revoke one is to remove the app from the company, which could end the grant that is in use, too.
    """
    if not Connection.living_of(realm_id).exists():
        account_information.give_back(tokens.refresh_token)


def _facts(realm_id: str, access_token: str) -> dict[str, Any]:
    with QuickBooksClient(connections.endpoints(), realm_id, access_token) as client:
        return company_facts(client.company_info(), client.preferences())


def _values(user: User, realm_id: str, tokens: oauth.TokenSet, facts: dict[str, Any]) -> dict[str, Any]:
    """The connection's columns."""
    moment = now()
    return {
        **account_information.WIPED,
        **token_columns(tokens),
        "status": ConnectionStatus.CONNECTED,
        "status_since": moment,
        "environment": config.current().intuit_environment,
        "realm_id": realm_id,
        "company_name": facts["company_name"],
        "company": facts,
        "connected_by": user.id,
        "connected_at": moment,
        "last_success_at": moment,
        "lists_requested_at": moment,
        "next_call_at": moment + AFTER_CONSENT,
    }


def _keep(user: User, consent: OAuthState, values: dict[str, Any]) -> Kept:
    """Write the connection; raises CompanyTaken or OtherCompany, also when somebody was faster just now."""
    try:
        return _write(user, consent, values)
    except IntegrityError:
        # another workspace took the company, or a colleague connected first: the second look tells
        try:
            return _write(user, consent, values)
        except IntegrityError as error:
            raise CompanyTaken from error


def _write(user: User, consent: OAuthState, values: dict[str, Any]) -> Kept:
    realm_id, home = values["realm_id"], user.workspace_id
    with transaction():
        before = _locked(home)
        if Connection.living_of(realm_id).where(Connection.workspace != home).exists():
            raise CompanyTaken
        if before is not None and realm_id not in {before.realm_id, consent.expected_realm}:
            waiting, links = account_view.waiting(before), account_view.links_of(home, realm_id)
            raise OtherCompany(realm_id, values["company_name"], before.company_name, waiting, links)
        if before is None:
            connection = Connection.create(workspace=home, provider=Provider.QUICKBOOKS, **values)
        else:
            connection = _replace(before, values)
        facts = {"company": connection.company_name, "before": before.company_name if before else None}
        record(home, user.id, "connection.connected", ("connection", connection.id), **facts)
        DocumentStatus.mark_for_check(home)
    return Kept(connection, before)


def _replace(before: Connection, values: dict[str, Any]) -> Connection:
    """Take up where it stopped with the same company; with another, begin with its own lists."""
    if before.realm_id == values["realm_id"]:
        connections.wake_queue(before.id)
    else:
        values = values | {"lists_read_at": None, "changes_since": None}
        jobs.start_once(before.workspace_id, rebuilding.KIND)
        touches.everything(before.workspace_id)
    Connection.update(**values).where(Connection.id == before.id).execute()
    return Connection.get_by_id(before.id)


def _locked(workspace_id: int) -> Connection | None:
    """The workspace's connection, which on Postgres nobody else changes until the transaction ends."""
    wanted = (Connection.workspace == workspace_id) & (Connection.provider == Provider.QUICKBOOKS)
    query = Connection.select().where(wanted)
    return (query.for_update(NO_KEY_UPDATE) if is_postgres() else query).first()


def _is_company(realm_id: str) -> bool:
    return realm_id.isascii() and realm_id.isdigit() and len(realm_id) <= LONGEST_REALM


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
