"""Orders: what is to be done with an object, made ready before its turn and carried out when it comes.

Writes run one after the other. So whatever needs nothing but the request and the company's lists is done
before: reading, checking, computing, the rows for the ledger and most of the text. On its turn an order that
was made ready only looks whether the lists are still the same.
"""

from typing import NoReturn

from . import attachments, engine, faults, kinds, postings, settling, stock
from .books import Body, Books
from .change import Change, Early, Ready
from .entities import BY_NAME, Entity
from .lists import FAMILIES, Lists
from .store import Database, Store

OPERATIONS = ("", "create", "update", "delete", "void")
# What a stored object gets on its turn only, besides the ids of its addresses.
_LATE = ("DocNumber", "Id", "SyncToken", "MetaData")


class NotYet(Exception):
    """Something was asked for that may be another one when the turn comes."""


class EarlyBooks(Books):
    """Books before the turn: they know the lists and nothing else, and change nothing.

    The last lists that were seen will do, since the turn compares; what is newer counts as older till then.
    """

    def __init__(self, db: Database, realm: str, now: int):
        super().__init__(db, realm, now)
        self.lists = Lists(db, realm, current=False)

    def text(self, entity: str, object_id: str) -> str | None:
        """The stored JSON of an object of a list; raises NotYet for any other."""
        if BY_NAME[entity].family not in FAMILIES:
            raise NotYet
        return super().text(entity, object_id)

    def where(self, entity: str, path: str, value: str) -> list[Body]:
        """The objects of a list with this value; raises NotYet for anything else."""
        if BY_NAME[entity].family not in FAMILIES:
            raise NotYet
        return super().where(entity, path, value)

    def next_id(self, space: str) -> NoReturn:
        """Not before the turn."""
        raise NotYet


class Order:
    """One operation on one object.

    operation: empty for a create or an update, which the body's Id tells apart. options: what goes by the
    name of `include` in an address and of `optionsData` in a batch.
    """

    def __init__(self, spec: Entity, body: Body, operation: str, options: str):
        self._spec = spec
        self._body = body
        self._operation = operation
        self._options = options
        self._clean: engine.Clean | None = None
        self._fault: faults.Fault | None = None
        self._change: Change | None = None

    def prepare(self, books: EarlyBooks) -> None:
        """Do what can be done before the turn. What is wrong with the order is said on its turn, since its
        requestid may ask for an answer that was given before."""
        try:
            if self._operation not in OPERATIONS:
                raise faults.unsupported(f"operation={self._operation}")
            self._clean = engine.read(self._spec, self._body)
        except faults.Fault as fault:
            self._fault = fault
            return
        if self._spec.family == "transaction" and self._is_saved() and not self._body.get("Id"):
            try:
                self._change = self._begun(books, self._clean)
            except (NotYet, faults.Fault):
                # To be read anew, since the rules have written into what was read.
                self._clean = None

    def carry_out(self, books: Books) -> Body:
        """Do it, and answer what stands for the object afterwards; raises the Faults of the rules."""
        if self._fault:
            raise self._fault
        change = self._change
        if change is not None and books.lists.are_of(change.books.lists.version):
            change.books = books
            return engine.finish(change)
        clean = self._clean if self._clean and not change else engine.read(self._spec, self._body)
        if self._is_saved():
            return engine.save(books, self._spec, clean, self._allows_duplicates())
        return self._delete(books, clean) if self._operation == "delete" else self._void(books, clean)

    def _is_saved(self) -> bool:
        return self._operation not in ("delete", "void") and self._options != "void"

    def _allows_duplicates(self) -> bool:
        return "allowduplicatedocnum" in self._options

    def _begun(self, books: EarlyBooks, clean: engine.Clean) -> Change:
        change = engine.begin(books, self._spec, clean, self._allows_duplicates())
        name, body = self._spec.name, change.body
        rows = postings.rows(books, name, body) if kinds.KINDS[name].posting else None
        text = Early.of(body, (*_LATE, *settling.addresses(name)))
        change.ready = Ready(text, rows, stock.quantities(name, body))
        return change

    def _delete(self, books: Books, clean: engine.Clean) -> Body:
        gone = engine.delete(books, self._spec, clean)
        if self._spec.name == "Attachable":
            attachments.forget(books, gone["Id"])
        return gone

    def _void(self, books: Books, clean: engine.Clean) -> Body:
        voided = engine.void(books, self._spec, clean)
        me = (self._spec.name, voided["Id"])
        books.events = [
            event._replace(operation="Void") if (event.entity, event.id) == me else event
            for event in books.events
        ]
        return voided


def prepare(store: Store, realm: str, now: int, order: Order) -> None:
    """Make an order ready for its turn."""
    with store.reading() as db:
        order.prepare(EarlyBooks(db, realm, now))
