"""Connecting QuickBooks: a single-use state, the consent's answer, and what is kept of it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from peewee import IntegrityError

from webapp import config
from webapp.clock import now
from webapp.db import transaction
from webapp.errors import AppError
from webapp.integrations import account_information, connections, permissions
from webapp.integrations.tokens import token_columns
from webapp.jobs import service as jobs
from webapp.links import rebuilding
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
    """The state is unknown, used, too old, or somebody else's."""

    code = "state_refused"
    status = 400


class AnswerRefused(AppError):
    """The consent's answer lacks its code or names no company."""

    code = "answer_refused"
    status = 400


class CompanyTaken(AppError):
    """The company is connected to another workspace, which is not named."""

    code = "company_taken"
    status = 409


class OtherCompany(AppError):
    """The company is not the one that is connected, or was; the person has to agree first."""

    code = "other_company"
    status = 409

    def __init__(self, realm_id: str, name: str, present: str) -> None:
        super().__init__()
        self.realm_id, self.name, self.present = realm_id, name, present


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
        raise StateRefused
    return found


def complete(user: User, consent: OAuthState, code: str, realm_id: str) -> Connection:
    """Exchange the code, prove the tokens by reading the company, and keep the connection.

    Raises:
        NotFound, Forbidden: the person no longer sees, or manages, the integration.
        AnswerRefused: no code, or no company.
        CompanyTaken, OtherCompany: nothing was kept and the new grant was given back.
        QuickBooksError: QuickBooks refused or did not answer; nothing was kept.
    """
    permissions.require_manages(user)
    if not code or not _is_company(realm_id):
        raise AnswerRefused
    tokens = oauth.exchange_code(connections.endpoints(), connections.credentials(), code, now())
    try:
        facts = _facts(realm_id, tokens.access_token)
        present = Connection.of(user.workspace_id)
        if Connection.elsewhere(realm_id, user.workspace_id).exists():
            raise CompanyTaken
        if present and realm_id not in {present.realm_id, consent.expected_realm}:
            raise OtherCompany(realm_id, facts["company_name"], present.company_name)
        connection = _keep(user, realm_id, tokens, facts)
    except (CompanyTaken, OtherCompany, QuickBooksError):
        account_information.give_back(tokens.refresh_token)
        raise
    if present and present.realm_id != realm_id:
        account_information.revoke(present)
    return connection


def _facts(realm_id: str, access_token: str) -> dict[str, Any]:
    with QuickBooksClient(connections.endpoints(), realm_id, access_token) as client:
        return company_facts(client.company_info(), client.preferences())


def _keep(user: User, realm_id: str, tokens: oauth.TokenSet, facts: dict[str, Any]) -> Connection:
    """Write the connection; raises CompanyTaken when another workspace was faster."""
    moment = now()
    values: dict[str, Any] = {
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
    try:
        with transaction():
            return _write(user, values)
    except IntegrityError as error:
        raise CompanyTaken from error


def _write(user: User, values: dict[str, Any]) -> Connection:
    present = Connection.of(user.workspace_id)
    if present is None:
        connection = Connection.create(workspace=user.workspace_id, provider=Provider.QUICKBOOKS, **values)
    else:
        if present.realm_id != values["realm_id"]:
            values["lists_read_at"] = None
            jobs.start_once(user.workspace_id, rebuilding.KIND)
        Connection.update(**values).where(Connection.id == present.id).execute()
        connection = Connection.get_by_id(present.id)
    record(
        user.workspace_id,
        user.id,
        "connection.connected",
        ("connection", connection.id),
        company=values["company_name"],
        before=present.company_name if present else None,
    )
    DocumentStatus.mark_for_check(user.workspace_id)
    return connection


def _is_company(realm_id: str) -> bool:
    return realm_id.isascii() and realm_id.isdigit() and len(realm_id) <= LONGEST_REALM


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
