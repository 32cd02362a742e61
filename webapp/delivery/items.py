"""Creates in QuickBooks the items that a document needs and that are not there yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from webapp.accounting.drafts import ItemDraft
from webapp.accounting.sources import Reason
from webapp.delivery import outbox
from webapp.delivery.errors import Blocked
from webapp.links import directory
from webapp.models import Delivery, ListKind
from webapp.quickbooks import payloads
from webapp.quickbooks.client import QuickBooksClient
from webapp.quickbooks.errors import DuplicateName
from webapp.quickbooks.payloads.names import item_name
from webapp.quickbooks.query import equals

NAMESPACE = uuid.UUID("0f6c9a3e-5f0b-4a55-9d4a-6a1d0c1f7b52")


def ensure(delivery: Delivery, drafts: Iterable[ItemDraft], client: QuickBooksClient) -> dict[str, str]:
    """Find or create each item and remember it in our mirror; returns their ids by name.

    Raises:
        Blocked: an item of that name is there but inactive.
        LeaseLost: another worker has the delivery.
        QuickBooksError: see the client.
    """
    created = {}
    for draft in drafts:
        outbox.renew(delivery)  # each item takes up to two calls
        entity = _find(client, draft) or _create(delivery, client, draft)
        directory.remember(delivery.workspace_id, delivery.realm_id, ListKind.ITEM, entity)
        if entity.get("Active") is False:
            raise Blocked((Reason("item_inactive", "preferences", {"name": draft.name}),))
        created[draft.name] = str(entity["Id"])
    return created


def _find(client: QuickBooksClient, draft: ItemDraft) -> dict[str, Any] | None:
    return client.query_one("Item", equals("Name", item_name(draft.name)), include_inactive=True)


def _create(delivery: Delivery, client: QuickBooksClient, draft: ItemDraft) -> dict[str, Any]:
    try:
        return client.create("Item", payloads.item(draft), request_id(delivery, draft))
    except DuplicateName:
        # somebody made it between our look and our call
        found = _find(client, draft)
        if found is None:
            raise
        return found


def request_id(delivery: Delivery, draft: ItemDraft) -> str:
    """The same id for the same item of the same delivery, so that a repeat after a crash makes nothing new.

    Another delivery has another id: QuickBooks also repeats its refusals under an id.
    """
    parts = [draft.name.casefold(), draft.type, draft.income_account_id, draft.expense_account_id]
    return str(uuid.uuid5(NAMESPACE, repr((delivery.realm_id, delivery.id, *parts))))
