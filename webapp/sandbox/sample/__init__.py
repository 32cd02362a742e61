"""The two sample companies: invented names, real shapes."""

from importlib import resources
from typing import NamedTuple

from .. import engine, entities, jsontext, ledger
from ..books import Books
from ..store import Store


class Company(NamedTuple):
    """One sample company; its lists are in the JSON file of its key."""

    realm: str
    name: str
    currency: str


COMPANIES = {
    "us": Company("4620816365213508", "Northgate Promo Co.", "USD"),
    "ca": Company("9130357766900001", "Maple Crest Promotions Inc.", "CAD"),
}
_TABLES = ("object", "deleted", "file", "counter", "replay", "ledger")


def restore_if_empty(store: Store, now: int) -> None:
    """Fill a new store."""
    with store.reading() as db:
        filled = db.execute("SELECT 1 FROM object LIMIT 1").fetchone()
    if not filled:
        restore(store, now)


def restore(store: Store, now: int) -> None:
    """Throw away every object and remembered answer and store the sample data, in one transaction."""
    with store.writing() as db:
        for table in _TABLES:
            db.execute(f"DELETE FROM {table}")
        for key, company in COMPANIES.items():
            books = Books(db, company.realm, now)
            text = resources.files(__package__).joinpath(f"{key}.json").read_text("utf-8")
            for entity, rows in jsontext.loads(text).items():
                for row in rows:
                    engine.seed(books, entities.BY_NAME[entity], row)
            ledger.open_accounts(books)
