"""What a webhook says: Intuit's older form, and the CloudEvents that took its place."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from . import clock

_VERBS = {
    "Create": "created",
    "Update": "updated",
    "Delete": "deleted",
    "Void": "voided",
    "Emailed": "emailed",
}
SOURCE = "intuit.sandbox"


class Event(NamedTuple):
    """Something that a write did to an object."""

    operation: str
    entity: str
    id: str


def _legacy(realm: str, events: list[Event], now: int) -> bytes:
    entities = [
        {
            "name": event.entity,
            "id": event.id,
            "operation": event.operation,
            "lastUpdated": clock.stamp(now),
        }
        for event in events
    ]
    notification = {"realmId": realm, "dataChangeEvent": {"entities": entities}}
    return json.dumps({"eventNotifications": [notification]}).encode()


def _cloud_events(realm: str, events: list[Event], now: int) -> bytes:
    time = datetime.fromtimestamp(now, UTC).isoformat().replace("+00:00", "Z")
    told = [
        {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": SOURCE,
            "type": f"qbo.{event.entity.lower()}.{_VERBS[event.operation]}.v1",
            "datacontenttype": "application/json",
            "time": time,
            "intuitentityid": event.id,
            "intuitaccountid": realm,
            "data": {},
        }
        for event in events
    ]
    return json.dumps(told).encode()


FORMATS: dict[str, Callable[[str, list[Event], int], bytes]] = {
    "cloudevents": _cloud_events,
    "legacy": _legacy,
}
