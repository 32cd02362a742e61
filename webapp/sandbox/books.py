"""One company's books inside one database transaction: get, put and remove objects by entity and id."""

import sqlite3
from typing import Any

from . import entities, faults, jsontext, recurring
from .clock import stamp
from .notifications import Event

# An object as JSON has it, with numbers as Decimal.
Body = dict[str, Any]
_COLUMNS = "realm, entity, id, active, name, full_name, sort, number, created, updated, seq, json"


class Books:
    """The objects of one company.

    db: a connection inside a transaction. realm: the company. now: the server's time in seconds.
    remembered: what was looked up in these books and stays so, such as the account for a role.
    """

    def __init__(self, db: sqlite3.Connection, realm: str, now: int):
        self.db = db
        self.realm = realm
        self.now = now
        self.remembered: dict[str, str] = {}
        # What this transaction did, for the webhooks.
        self.events: list[Event] = []
        self._peeked: dict[tuple[str, str], Body | None] = {}
        self._preferences: Body | None = None

    def find(self, entity: str, object_id: str) -> Body | None:
        """The object, or None."""
        text = self.text(entity, object_id)
        if text is None:
            return None
        return recurring.flat(jsontext.loads(text)) if entity == recurring.NAME else jsontext.loads(text)

    def peek(self, entity: str, object_id: str) -> Body | None:
        """The object to look at and not to change, or None; asked for again, it is not read again."""
        key = (entity, object_id)
        if key not in self._peeked:
            self._peeked[key] = self.find(entity, object_id)
        return self._peeked[key]

    def text(self, entity: str, object_id: str) -> str | None:
        """The object's stored JSON, or None."""
        row = self.db.execute(
            "SELECT json FROM object WHERE realm = ? AND entity = ? AND id = ?",
            (self.realm, entity, object_id),
        ).fetchone()
        return row[0] if row else None

    def get(self, entity: str, object_id: str) -> Body:
        """The object; raises Fault 610 when it is not there."""
        found = self.find(entity, object_id)
        if found is None:
            raise faults.not_found()
        return found

    def where(self, entity: str, path: str, value: str) -> list[Body]:
        """All objects of an entity whose property at an SQLite JSON path has this value."""
        rows = self.db.execute(
            "SELECT json FROM object WHERE realm = ? AND entity = ? AND json_extract(json, ?) = ?",
            (self.realm, entity, path, value),
        )
        return [jsontext.loads(text) for (text,) in rows.fetchall()]

    def first(self, entity: str, path: str, value: str) -> Body | None:
        """The object with the lowest id whose property has this value, or None."""
        return min(self.where(entity, path, value), key=lambda found: int(found["Id"]), default=None)

    def next_id(self, space: str) -> str:
        """Take the next number of a counter."""
        row = self.db.execute(
            "INSERT INTO counter VALUES (?, ?, 1) "
            "ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value",
            (self.realm, space),
        ).fetchone()
        return str(row[0])

    def reserve_ids(self, space: str, value: int) -> None:
        """Let a counter go on after a number that was given by hand."""
        self.db.execute(
            "INSERT INTO counter VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET value = max(value, excluded.value)",
            (self.realm, space, value),
        )

    def add(self, entity: str, body: Body) -> None:
        """Store a new object, with its first SyncToken and times."""
        body["SyncToken"] = "0"
        body["MetaData"] = {"CreateTime": stamp(self.now), "LastUpdatedTime": stamp(self.now)}
        self._store(entity, body, self.now)
        self.events.append(Event("Create", entity, body["Id"]))

    def change(self, entity: str, body: Body) -> None:
        """Store a changed object, with the next SyncToken."""
        body["SyncToken"] = str(int(body["SyncToken"]) + 1)
        self.touch(entity, body)
        self.events.append(Event("Update", entity, body["Id"]))

    def touch(self, entity: str, body: Body) -> None:
        """Store an object that the server changed by itself: new LastUpdatedTime, same SyncToken."""
        created = self.db.execute(
            "SELECT created FROM object WHERE realm = ? AND entity = ? AND id = ?",
            (self.realm, entity, body["Id"]),
        ).fetchone()[0]
        body["MetaData"] = {"CreateTime": stamp(created), "LastUpdatedTime": stamp(self.now)}
        self._store(entity, body, created)

    def remove(self, entity: str, object_id: str) -> None:
        """Delete an object and remember that it was deleted."""
        self._peeked.pop((entity, object_id), None)
        self.db.execute(
            "DELETE FROM object WHERE realm = ? AND entity = ? AND id = ?", (self.realm, entity, object_id)
        )
        self.db.execute(
            "INSERT OR REPLACE INTO deleted VALUES (?, ?, ?, ?)", (self.realm, entity, object_id, self.now)
        )
        self.events.append(Event("Delete", entity, object_id))

    def owner_of_number(self, entity: str, number: str) -> str | None:
        """The id of the transaction of this type that has the document number."""
        row = self.db.execute(
            "SELECT id FROM object WHERE realm = ? AND entity = ? AND number = ?",
            (self.realm, entity, number),
        ).fetchone()
        return row[0] if row else None

    def owners_of_name(self, names: tuple[str, ...], full_name: str) -> list[tuple[str, str]]:
        """The (entity, id) pairs among the entities that go by this full name, whatever its case."""
        places = ",".join("?" * len(names))
        rows = self.db.execute(
            f"SELECT entity, id FROM object WHERE realm = ? AND full_name = ? AND entity IN ({places})",
            (self.realm, full_name.casefold(), *names),
        )
        return rows.fetchall()

    def preferences(self) -> Body:
        """The company's Preferences."""
        if self._preferences is None:
            self._preferences = self.get("Preferences", "1")
        return self._preferences

    def country(self) -> str:
        """The company's country, which decides how tax works."""
        return str(self.get("CompanyInfo", "1")["Country"])

    def today(self) -> str:
        """The company's date, as ISO text."""
        return stamp(self.now)[:10]

    def _store(self, entity: str, body: Body, created: int) -> None:
        self._peeked.pop((entity, body["Id"]), None)
        name = body.get(entities.BY_NAME[entity].name_field or "")
        full_name = body.get("FullyQualifiedName") or name
        values = (
            *(self.realm, entity, body["Id"], body.get("Active", True)),
            *(name and name.casefold(), full_name and full_name.casefold()),
            *(full_name and sort_key(full_name, body["Id"]), body.get("DocNumber")),
            *(created, self.now, int(self.next_id("seq"))),
            jsontext.dumps(recurring.packed(body) if entity == recurring.NAME else body),
        )
        self.db.execute(
            f"INSERT OR REPLACE INTO object ({_COLUMNS}) VALUES ({','.join('?' * len(values))})", values
        )


def sort_key(full_name: str, object_id: str) -> str:
    """The order of unordered answers: by code point, but sub-objects right behind their parent.

    The pseudo tax codes, whose ids are words, come on top.
    """
    return ("" if object_id.isdigit() else "\x01") + full_name.replace(":", "\x01")
