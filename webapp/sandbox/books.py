"""One company's books inside one database transaction: get, put and remove objects by entity and id."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import choices, entities, faults, jsontext, lists, recurring
from .clock import stamp
from .lists import Lists
from .notifications import Event
from .store import Database

# An object as JSON has it, with numbers as Decimal.
Body = dict[str, Any]
_COLUMNS = ("active", "name", "full_name", "sort", "number", "updated", "seq", "json")
_KEY = ("realm", "entity", "id")
_INSERT = (
    f"INSERT INTO object ({', '.join((*_COLUMNS, *_KEY, 'created'))}) "
    f"VALUES ({','.join('?' * (len(_COLUMNS) + len(_KEY) + 1))})"
)
_UPDATE = f"UPDATE object SET {' = ?, '.join(_COLUMNS)} = ? WHERE {' = ? AND '.join(_KEY)} = ?"

# Keys of what is kept about the lists.
CHOICE, _ROW = "choice", "row"


class Books:
    """The objects of one company.

    db: a connection inside a transaction. realm: the company. now: the server's time in seconds.
    """

    def __init__(self, db: Database, realm: str, now: int):
        self.db = db
        self.realm = realm
        self.now = now
        # What this transaction did, for the webhooks.
        self.events: list[Event] = []
        self._written: dict[tuple[str, str], str] = {}
        self._rows: dict[tuple[str, str, str], int] = {}
        self.lists = Lists(db, realm)
        self._place = 0

    def find(self, entity: str, object_id: str) -> Body | None:
        """The object, or None."""
        text = self.text(entity, object_id)
        if text is None:
            return None
        return recurring.flat(jsontext.loads(text)) if entity == recurring.NAME else jsontext.loads(text)

    def peek(self, entity: str, object_id: str) -> Body | None:
        """An object of a list, or a settings object, to look at and never to change; None without one.

        It is read once and kept until a list changes; balances and quantities may have moved since.
        """
        key = (entity, object_id)
        kept = self.lists.kept()
        if key not in kept:
            kept[key] = self.find(entity, object_id)
        found: Body | None = kept[key]
        return found

    def choice(self, name: str) -> str:
        """How the server's runner decided what Intuit leaves open."""
        kept = self.lists.kept()
        if (CHOICE, name) not in kept:
            kept[CHOICE, name] = choices.made(self.db, name)
        return str(kept[CHOICE, name])

    def look(self, entity: str, object_id: str) -> Body:
        """The same, for what must be there; raises Fault 610 when it is not."""
        found = self.peek(entity, object_id)
        if found is None:
            raise faults.not_found()
        return found

    def text(self, entity: str, object_id: str) -> str | None:
        """The object's stored JSON, or None."""
        if (entity, object_id) in self._written:
            return self._written[entity, object_id]
        known = self.lists.known((_ROW, entity, object_id))
        if known:
            found = self.db.execute("SELECT json FROM object WHERE row = ?", (known,)).fetchone()
        else:
            found = self.db.execute(
                "SELECT json FROM object WHERE realm = ? AND entity = ? AND id = ?",
                (self.realm, entity, object_id),
            ).fetchone()
        return found[0] if found else None

    def row_of(self, entity: str, object_id: str) -> int:
        """The row of the store that an object is in, or was in before these books deleted it."""
        rows = self.lists.kept() if entities.BY_NAME[entity].family in lists.FAMILIES else self._rows
        key = (_ROW, entity, object_id)
        if key not in rows:
            row = self.db.execute(
                "SELECT row FROM object WHERE realm = ? AND entity = ? AND id = ?", (self.realm, *key[1:])
            ).fetchone()
            rows[key] = row[0] if row else 0
        return int(rows[key])

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
        # Two plain statements take half the time of one that returns what it wrote.
        key = (self.realm, space)
        last = self.db.execute("SELECT value FROM counter WHERE realm = ? AND space = ?", key).fetchone()
        value = last[0] + 1 if last else 1
        self.db.execute("INSERT OR REPLACE INTO counter VALUES (?, ?, ?)", (*key, value))
        return str(value)

    def reserve_ids(self, space: str, value: int) -> None:
        """Let a counter go on after a number that was given by hand."""
        self.db.execute(
            "INSERT INTO counter VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET value = max(value, excluded.value)",
            (self.realm, space, value),
        )

    def add(self, entity: str, body: Body, write: Callable[[Body], str] = jsontext.dumps) -> None:
        """Store a new object, with its first SyncToken and times; write makes its text."""
        body["SyncToken"] = "0"
        now = stamp(self.now)
        body["MetaData"] = {"CreateTime": now, "LastUpdatedTime": now}
        stored = self.db.execute(_INSERT, (*self._columns(entity, body, write), self.now))
        self._rows[_ROW, entity, body["Id"]] = stored.lastrowid or 0
        self._note_lists(entity)
        self.events.append(Event("Create", entity, body["Id"]))

    def change(self, entity: str, body: Body) -> None:
        """Store a changed object, with the next SyncToken."""
        body["SyncToken"] = str(int(body["SyncToken"]) + 1)
        self.touch(entity, body)
        self.events.append(Event("Update", entity, body["Id"]))

    def touch(self, entity: str, body: Body) -> None:
        """Store an object that the server changed by itself: new LastUpdatedTime, same SyncToken."""
        body["MetaData"] = {**body["MetaData"], "LastUpdatedTime": stamp(self.now)}
        self.db.execute(_UPDATE, self._columns(entity, body))
        self._note_lists(entity)

    def adjust(self, entity: str, object_id: str, figures: dict[str, Decimal]) -> None:
        """Set numbers of an object that the server changed by itself, as touch does, without reading it."""
        places = "".join(f", '$.{name}', json(?)" for name in figures)
        self.db.execute(
            f"UPDATE object SET json = json_set(json, '$.MetaData.LastUpdatedTime', ?{places}), updated = ?, "
            "seq = ? WHERE row = ?",
            (stamp(self.now), *map(jsontext.plain, figures.values()), self.now, self.next_place(),
             self.row_of(entity, object_id)),
        )  # fmt: skip
        self.forget(entity, object_id)

    def forget(self, entity: str, object_id: str) -> None:
        """Read an object's text anew when it is asked for next."""
        self._written.pop((entity, object_id), None)

    def remove(self, entity: str, object_id: str) -> None:
        """Delete an object and remember that it was deleted."""
        self.row_of(entity, object_id)
        self.forget(entity, object_id)
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
        """The company's Preferences, to look at."""
        return self.look("Preferences", "1")

    def country(self) -> str:
        """The company's country, which decides how tax works."""
        return str(self.look("CompanyInfo", "1")["Country"])

    def today(self) -> str:
        """The company's date, as ISO text."""
        return stamp(self.now)[:10]

    def _columns(
        self, entity: str, body: Body, write: Callable[[Body], str] = jsontext.dumps
    ) -> tuple[Any, ...]:
        """What is stored of an object, in the order of _INSERT and _UPDATE."""
        name = body.get(entities.BY_NAME[entity].name_field or "")
        full_name = body.get("FullyQualifiedName") or name
        text = write(recurring.packed(body) if entity == recurring.NAME else body)
        self._written[entity, body["Id"]] = text
        return (
            *(body.get("Active", True), name and name.casefold(), full_name and full_name.casefold()),
            *(full_name and sort_key(full_name, body["Id"]), body.get("DocNumber")),
            *(self.now, self.next_place(), text, self.realm, entity, body["Id"]),
        )

    def next_place(self) -> int:
        """The place of a write among those of the same second: later ones have a higher number."""
        self._place = max(self._place + 1, time.time_ns())
        return self._place

    def _note_lists(self, entity: str) -> None:
        if entities.BY_NAME[entity].family in lists.FAMILIES:
            self.lists.change()


def sort_key(full_name: str, object_id: str) -> str:
    """The order of unordered answers: by code point, but sub-objects right behind their parent.

    The pseudo tax codes, whose ids are words, come on top.
    """
    return ("" if object_id.isdigit() else "\x01") + full_name.replace(":", "\x01")
