"""Writes: one operation on one object, and the promise of `requestid`."""

from collections.abc import Callable
from functools import partial
from typing import NoReturn

from . import attachments, choices, clock, engine, faults, jsontext
from .books import Body, Books
from .entities import Entity
from .notifications import Event
from .state import Sandbox

OPERATIONS = ("", "create", "update", "delete", "void")
LONGEST_REQUESTID = 50
# From the books to the answer's bytes.
Action = Callable[[Books], bytes]


def order(spec: Entity, body: Body, operation: str, options: str) -> Callable[[Books], Body]:
    """Read what is to be done with an object, as far as that needs no books; then these can do it.

    operation: empty for a create or an update, which the body's Id tells apart. options: what goes by the
    name of `include` in an address and of `optionsData` in a batch. The result answers what stands for the
    object afterwards; it raises the Faults of the rules, also those of reading, since a requestid may ask for
    an answer that was given before.
    """
    try:
        if operation not in OPERATIONS:
            raise faults.unsupported(f"operation={operation}")
        clean = engine.read(spec, body)
    except faults.Fault as fault:
        return partial(_refuse, fault)
    if operation == "delete":
        return partial(_delete, spec, clean)
    if operation == "void" or options == "void":
        return partial(_void, spec, clean)
    duplicates = "allowduplicatedocnum" in options
    return lambda books: engine.save(books, spec, clean, duplicates)


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


def _refuse(fault: faults.Fault, books: Books) -> NoReturn:
    raise fault


def _delete(spec: Entity, clean: engine.Clean, books: Books) -> Body:
    gone = engine.delete(books, spec, clean)
    if spec.name == "Attachable":
        attachments.forget(books, gone["Id"])
    return gone


def _void(spec: Entity, clean: engine.Clean, books: Books) -> Body:
    voided = engine.void(books, spec, clean)
    books.events = [_voided(event, spec, voided) for event in books.events]
    return voided


def _voided(event: Event, spec: Entity, voided: Body) -> Event:
    meant = (event.entity, event.id) == (spec.name, voided["Id"])
    return event._replace(operation="Void") if meant else event


def answered(books: Books, spec: Entity, made: Body) -> str:
    """The text that answers an operation: the object as it is stored, or what stands for a deleted one."""
    return books.text(spec.name, made.get("Id", "")) or jsontext.dumps(made)


def check_requestid(requestid: str | None, longest: int = LONGEST_REQUESTID) -> str | None:
    """Give the requestid back; raises Fault 2130 for one that is empty or too long."""
    if requestid is not None and not 1 <= len(requestid) <= longest:
        raise faults.bad_requestid(longest)
    return requestid
