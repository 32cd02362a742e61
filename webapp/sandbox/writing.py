"""Writes: each in a transaction of its own, with the promise of `requestid`."""

import hashlib
import sqlite3
from collections.abc import Callable
from typing import NamedTuple, Self

from . import bookfaults, choices, clock, faults, jsontext
from .books import Body, Books
from .entities import Entity
from .notifications import Event
from .state import Sandbox

LONGEST_REQUESTID = 50
# From the books to the answer's bytes.
Action = Callable[[Books], bytes]
# From a refusal to the answer's bytes.
Refuse = Callable[[faults.Fault], bytes]


class Key(NamedTuple):
    """Under what an answer is kept, and what stands for the request that it answered."""

    requestid: str
    request: str

    @classmethod
    def of(cls, requestid: str, *request: bytes) -> Self:
        """The key of a request that consists of these parts."""
        return cls(requestid, hashlib.sha256(b"\n".join(request)).hexdigest())


def perform(
    box: Sandbox,
    realm: str,
    key: Key | None,
    action: Action,
    refuse: Refuse | None = None,
) -> tuple[int, bytes]:
    """Run a write and keep its answer under its requestid, in one transaction.

    The same requestid again gets the same status and the same bytes, and nothing is done twice: also when the
    two come at once, since writes run one after the other. Refusals are kept too. By the choice
    `changed_request` another request under the same requestid is refused with code 600.
    action: from the Books to the answer's bytes. refuse: how a refusal reads; a fault body by default.
    """
    now = box.clock.now()
    events: list[Event] = []
    with box.store.writing() as db:
        kept = _kept(db, realm, key, refuse, now) if key else None
        if kept:
            return kept
        try:
            books = Books(db, realm, now)
            status, answer, events = 200, action(books), books.events
        except faults.Fault as fault:
            box.store.start_over(db)
            fault = choices.chosen(db, fault)
            status, answer = _refusal(fault, refuse, now)
        if key:
            values = (realm, key.requestid, status, answer, key.request)
            db.execute("INSERT INTO replay VALUES (?, ?, ?, ?, ?)", values)
    box.webhooks.publish(realm, events, now)
    return status, answer


def _kept(
    db: sqlite3.Connection, realm: str, key: Key, refuse: Refuse | None, now: int
) -> tuple[int, bytes] | None:
    """The answer that was given under a requestid, if it was used."""
    row = db.execute(
        "SELECT status, body, request FROM replay WHERE realm = ? AND requestid = ?", (realm, key.requestid)
    ).fetchone()
    if row and row[2] != key.request and choices.made(db, "changed_request") == "refused":
        return _refusal(bookfaults.duplicate_request(), refuse, now)
    return (row[0], row[1]) if row else None


def _refusal(fault: faults.Fault, refuse: Refuse | None, now: int) -> tuple[int, bytes]:
    return fault.status, refuse(fault) if refuse else fault.body(clock.answer_time(now))


def wrap(key: str, text: str, now: int) -> bytes:
    """An answer's bytes: one object under its key, and the time."""
    return f'{{"{key}":{text},"time":"{clock.answer_time(now)}"}}'.encode()


def answered(books: Books, spec: Entity, made: Body) -> str:
    """The text that answers an operation: the object as it is stored, or what stands for a deleted one."""
    return books.text(spec.name, made.get("Id", "")) or jsontext.dumps(made)


def check_requestid(requestid: str | None, longest: int = LONGEST_REQUESTID) -> str | None:
    """Give the requestid back; raises Fault 2130 for one that is empty or too long."""
    if requestid is not None and not 1 <= len(requestid) <= longest:
        raise faults.bad_requestid(longest)
    return requestid
