"""What Intuit's documents leave open, decided by whoever runs the server.

Each choice has a default and the values it may take; the control address /control/choices changes it.
"""

import sqlite3
from typing import NamedTuple

from .faults import Fault, business
from .store import Database


class Choice(NamedTuple):
    """One open point: its default, what else it may be, and whether it is a list of such values."""

    default: str
    values: tuple[str, ...]
    several: bool = False


CHOICES = {
    # The code for characters that a name must not have.
    "forbidden_text": Choice("2040", ("2040", "6000")),
    # How many items a batch may have.
    "batch_items": Choice("30", ("25", "30", "50")),
    # Seconds that a refusal 429 tells to wait; none are told by default.
    "retry_after": Choice("", ("", "1", "30", "60")),
    # What a new sales form takes over from its customer.
    "from_customer": Choice("BillAddr ShipAddr", ("BillAddr", "ShipAddr", "SalesTermRef", "BillEmail"), True),
    # Whether a payment moves the SyncToken of what it pays.
    "paid_token": Choice("kept", ("kept", "moved")),
    # The code for a period that is closed.
    "closed_books": Choice("6210", ("6210", "6200")),
    # What another request under a requestid that is taken gets: the first one's answer, or code 600.
    "changed_request": Choice("answered", ("answered", "refused")),
    # After how many seconds a refresh changes the refresh token; none are those that the server began with.
    "rotate_after": Choice("", ("", "0", "3600", "86400")),
    # For how many seconds the refresh token before the last one is still taken.
    "old_refresh": Choice("0", ("0", "60", "3600", "86400")),
    # What ends when an access token is revoked: the whole grant, or that token.
    "revoked_access": Choice("grant", ("grant", "token")),
    # Whether an update can change the BillableStatus of a line that is stored.
    "billable_update": Choice("taken", ("taken", "kept")),
}


class ChoiceError(ValueError):
    """There is no such choice or value."""


def made(db: sqlite3.Connection, name: str) -> str:
    """The value of a choice."""
    row = db.execute("SELECT value FROM setting WHERE key = ?", (_key(name),)).fetchone()
    return str(row[0]) if row else CHOICES[name].default


def chosen(db: sqlite3.Connection, fault: Fault) -> Fault:
    """A refusal with the code that was chosen for it."""
    if fault.code == "2040" and made(db, "forbidden_text") == "6000":
        return business(fault.error["Detail"], fault.error["element"])
    return fault


def all_made(db: sqlite3.Connection) -> dict[str, str]:
    """Every choice with its value."""
    return {name: made(db, name) for name in CHOICES}


def make(db: Database, name: str, value: str) -> None:
    """Decide a choice; raises ChoiceError in words."""
    choice = CHOICES.get(name)
    if choice is None:
        raise ChoiceError(f"choices are {', '.join(CHOICES)}")
    if any(word not in choice.values for word in (value.split() if choice.several else [value])):
        raise ChoiceError(f"{name} may be {', '.join(repr(word) for word in choice.values)}")
    db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (_key(name), value))
    db.change_lists()


def forget(db: Database) -> None:
    """Go back to the defaults."""
    db.executemany("DELETE FROM setting WHERE key = ?", [(_key(name),) for name in CHOICES])
    db.change_lists()


def _key(name: str) -> str:
    return f"choice_{name}"
