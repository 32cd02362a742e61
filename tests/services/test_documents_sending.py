from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import sendable
from tests.sendable import status_of
from webapp.documents import service
from webapp.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from webapp.models import (
    Activity,
    Connection,
    ConnectionStatus,
    Delivery,
    DocumentState,
    DocumentStatus,
    Permission,
    PermittedPerson,
    Visibility,
)


@pytest.fixture
def ready(connected: SimpleNamespace) -> SimpleNamespace:
    return sendable.prepare(connected)


def nothing_happened() -> bool:
    return not Delivery.select().exists() and not Activity.select().exists()


def test_sending_queues_the_document_and_says_who_did_it(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    delivery = service.send(ready.member, document.id)
    status, activity = status_of(document), Activity.select().get()
    assert (status.state, status.needs_check) == (DocumentState.QUEUED, False)
    assert delivery.payload is None
    assert delivery.created_by_id == ready.member.id
    assert delivery.realm_id == ready.connection.realm_id
    assert (activity.verb, activity.user_id) == ("document.queued", ready.member.id)
    assert activity.facts == {"kind": "invoice", "number": document.number}


def test_a_document_without_a_status_gets_one(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready)
    DocumentStatus.delete().execute()
    service.send(ready.owner, document.id)
    assert status_of(document).state == DocumentState.QUEUED


@pytest.mark.parametrize("person", ["outsider", "support"])
def test_strangers_find_no_document(ready: SimpleNamespace, person: str) -> None:
    document = sendable.invoice(ready)
    with pytest.raises(NotFound):
        service.send(getattr(ready, person), document.id)
    assert nothing_happened()


@pytest.mark.parametrize("document_id", [0, 999_999, 2**31])
def test_a_number_that_is_no_document_is_not_found(ready: SimpleNamespace, document_id: int) -> None:
    with pytest.raises(NotFound):
        service.send(ready.owner, document_id)


@pytest.mark.parametrize(
    ("columns", "person", "is_chosen", "refusal"),
    [
        ({}, "member", False, None),
        ({"send_invoices": False}, "member", False, Forbidden),
        ({"send_invoices": False}, "owner", False, Forbidden),
        ({"send_bills": False, "send_purchase_orders": False}, "member", False, None),
        ({"visible_to": Visibility.SELECTED}, "member", False, NotFound),
        ({"visible_to": Visibility.SELECTED}, "member", True, None),
        ({"visible_to": Visibility.SELECTED}, "admin", False, None),
        ({"visible_to": Visibility.SELECTED, "send_invoices": False}, "member", False, NotFound),
    ],
)
def test_permissions_are_kept_by_the_service(
    ready: SimpleNamespace,
    columns: dict[str, object],
    person: str,
    is_chosen: bool,
    refusal: type[AppError] | None,
) -> None:
    row = Permission.create(workspace=ready.workspace, **columns)
    if is_chosen:
        PermittedPerson.create(permission=row, user=ready.member)
    document, user = sendable.invoice(ready), getattr(ready, person)
    if refusal is None:
        service.send(user, document.id)
        return
    with pytest.raises(refusal):
        service.send(user, document.id)
    assert nothing_happened()


def test_a_blocked_document_is_refused_with_its_reasons_which_are_kept(ready: SimpleNamespace) -> None:
    document = sendable.invoice(ready, terms="Net 77")
    with pytest.raises(Invalid) as refused:
        service.send(ready.owner, document.id)
    (reason,) = refused.value.errors["document"]
    assert (reason.code, reason.facts) == ("term_not_mapped", {"term": "Net 77"})
    status = status_of(document)
    assert status.state == DocumentState.BLOCKED
    assert service.restored(status.reasons) == (reason,)
    assert nothing_happened()


@pytest.mark.parametrize("is_marked", [True, False])
def test_a_refusal_keeps_the_mark_of_a_change_that_came_meanwhile(
    ready: SimpleNamespace, is_marked: bool
) -> None:
    document = sendable.invoice(ready, terms="Net 77")
    DocumentStatus.update(needs_check=is_marked).execute()
    with pytest.raises(Invalid):
        service.send(ready.owner, document.id)
    assert status_of(document).needs_check is is_marked


def test_without_a_connection_nothing_is_queued(ready: SimpleNamespace) -> None:
    Connection.update(status=ConnectionStatus.DISCONNECTED).execute()
    with pytest.raises(Invalid) as refused:
        service.send(ready.owner, sendable.invoice(ready).id)
    assert [reason.code for reason in refused.value.errors["document"]] == ["not_connected"]
    assert nothing_happened()


@pytest.mark.parametrize("state", [DocumentState.SENT, DocumentState.CHANGED, DocumentState.VOIDED])
def test_what_is_in_quickbooks_is_not_sent_again(ready: SimpleNamespace, state: DocumentState) -> None:
    document = sendable.invoice(ready)
    DocumentStatus.update(state=state).execute()
    with pytest.raises(Conflict):
        service.send(ready.owner, document.id)
    assert nothing_happened()
