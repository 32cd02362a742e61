"""What QuickBooks tells by itself: which objects of which company changed, in both of Intuit's forms. Pure.

https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from webapp.models import ListKind
from webapp.quickbooks.lists import LISTS

KINDS = {theirs.lower(): ListKind(ours) for ours, theirs in LISTS.items()}
LONGEST_ID = 32


class Event(NamedTuple):
    """A change of an object of a list that we mirror; ``merged`` is the id of one that was merged into it."""

    realm_id: str
    kind: ListKind
    remote_id: str
    merged: str


def is_signed(verifier: str, body: bytes, signature: str) -> bool:
    """Whether the body is signed with the verifier token; takes as long whatever is wrong with it."""
    wanted = base64.b64encode(hmac.digest(verifier.encode(), body, hashlib.sha256))
    return hmac.compare_digest(wanted, signature.encode())


def read(body: bytes) -> list[Event] | None:
    """The events that concern lists of ours; None for what has neither form.

    What is not understood in a body of one of the forms is passed over, since Intuit adds to them.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(told, list):
        found = _cloud_events(told)
    elif isinstance(told, dict) and isinstance(told.get("eventNotifications"), list):
        found = _notifications(told["eventNotifications"])
    else:
        return None
    return list(dict.fromkeys(event for event in found if event is not None))


def _cloud_events(told: list[Any]) -> Iterator[Event | None]:
    for one in map(_part, told):
        domain, _dot, rest = _text(one.get("type")).partition(".")
        entity = rest.partition(".")[0] if domain == "qbo" else ""
        data = {name.lower(): value for name, value in _part(one.get("data")).items()}
        yield _event(one.get("intuitaccountid"), entity, one.get("intuitentityid"), data.get("deletedid"))


def _notifications(told: list[Any]) -> Iterator[Event | None]:
    for one in map(_part, told):
        entities = _part(one.get("dataChangeEvent")).get("entities")
        for entity in map(_part, entities if isinstance(entities, list) else []):
            yield _event(one.get("realmId"), entity.get("name"), entity.get("id"), entity.get("deletedId"))


def _event(realm_id: object, entity: object, remote_id: object, merged: object) -> Event | None:
    kind = KINDS.get(_text(entity).lower())
    realm, id_ = _id(realm_id), _id(remote_id)
    return Event(realm, kind, id_, _id(merged)) if kind and realm and id_ else None


def _part(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _id(value: object) -> str:
    """An id as QuickBooks writes them; empty for what is none."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if text.isascii() and text.isalnum() and len(text) <= LONGEST_ID else ""
