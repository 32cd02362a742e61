"""Change data capture: what changed since a moment, deleted objects included.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/changedatacapture
"""

import sqlite3

from . import clock, entities, faults, jsontext

MOST_OBJECTS = 1000
MOST_SECONDS = 30 * 86_400
NOT_CAPTURED = frozenset({"journalcode", "timeactivity", "taxagency", "taxcode", "taxrate"})
_CHANGED = """
SELECT updated, seq, id, json FROM object WHERE realm = :realm AND entity = :entity AND updated >= :since
UNION ALL
SELECT updated, 0, id, NULL FROM deleted WHERE realm = :realm AND entity = :entity AND updated >= :since
ORDER BY 1, 2 LIMIT :most
"""


def run(db: sqlite3.Connection, realm: str, names: str, since: str, now: int) -> str:
    """Answer with one part for each entity named, oldest changes first, 1,000 objects in all.

    names: entities with commas between. since: a date or time; what lies more than 30 days back is not
    looked at. Raises Fault 2020 for a missing argument and 4001 for one that cannot be understood.
    """
    specs = [_entity(name.strip()) for name in names.split(",") if name.strip()]
    if not specs:
        raise faults.required("entities")
    if not since:
        raise faults.required("changedSince")
    start = max(_instant(since), now - MOST_SECONDS)
    parts, left = [], MOST_OBJECTS
    for spec in {spec.name: spec for spec in specs}.values():
        values = {"realm": realm, "entity": spec.name, "since": start, "most": left}
        rows = db.execute(_CHANGED, values).fetchall()
        left -= len(rows)
        parts.append(_part(spec, [text or _tombstone(id_, updated) for updated, _, id_, text in rows]))
    return f'[{{"QueryResponse":[{",".join(parts)}]}}]'


def _part(spec: entities.Entity, texts: list[str]) -> str:
    if not texts:
        return "{}"
    return f'{{"{spec.name}":[{",".join(texts)}],"startPosition":1,"maxResults":{len(texts)}}}'


def _tombstone(object_id: str, updated: int) -> str:
    """What is left of a deleted object."""
    meta = {"LastUpdatedTime": clock.stamp(updated)}
    return jsontext.dumps({"domain": "QBO", "status": "Deleted", "Id": object_id, "MetaData": meta})


def _entity(name: str) -> entities.Entity:
    spec = entities.BY_PATH.get(name.lower())
    if spec is None:
        raise faults.query_error(f"invalid context declaration: {name}")
    if spec.path in NOT_CAPTURED:
        raise faults.query_error(f"changes of {spec.name} are not captured")
    return spec


def _instant(text: str) -> int:
    try:
        return clock.instant(text)
    except (ValueError, OverflowError):
        raise faults.query_error(f"{text} is not a date and time") from None
