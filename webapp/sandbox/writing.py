"""Writes: each in a transaction of its own, with the promise of `requestid`."""

from collections.abc import Callable

from . import choices, clock, faults, jsontext
from .books import Body, Books
from .entities import Entity
from .notifications import Event
from .state import Sandbox

LONGEST_REQUESTID = 50
# From the books to the answer's bytes.
Action = Callable[[Books], bytes]


def perform(
    box: Sandbox,
    realm: str,
    requestid: str | None,
    action: Action,
    refuse: Callable[[faults.Fault], bytes] | None = None,
) -> tuple[int, bytes]:
    """Run a write and keep its answer under its requestid, in one transaction.

    The same requestid again gets the same status and the same bytes, and nothing is done twice: also when the
    two come at once, since writes run one after the other. Refusals are kept too.
    action: from the Books to the answer's bytes. refuse: how a refusal reads; a fault body by default.
    """
    now = box.clock.now()
    events: list[Event] = []
    with box.store.writing() as db:
        if requestid is not None:
            kept = db.execute(
                "SELECT status, body FROM replay WHERE realm = ? AND requestid = ?", (realm, requestid)
            ).fetchone()
            if kept:
                return kept[0], kept[1]
        try:
            books = Books(db, realm, now)
            status, answer, events = 200, action(books), books.events
        except faults.Fault as fault:
            box.store.start_over(db)
            fault = choices.chosen(db, fault)
            status = fault.status
            answer = refuse(fault) if refuse else fault.body(clock.answer_time(now))
        if requestid is not None:
            db.execute("INSERT INTO replay VALUES (?, ?, ?, ?)", (realm, requestid, status, answer))
    box.webhooks.publish(realm, events, now)
    return status, answer


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
