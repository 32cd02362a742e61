"""What is known of a company or of a customer or vendor, as matching takes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from webapp.links import contacts
from webapp.links.names import NO_WORDS, Name, names_of, plain, telling_words

Key = int | str
Values = Iterable[str]


class Kind(IntEnum):
    """What records can share.

    NAME is a whole name, JOINED two of its words written as one, LINKED what was linked by hand before.
    """

    WORD = 0
    JOINED = 1
    ADDRESS = 2
    DOMAIN = 3
    PHONE = 4
    POSTAL = 5
    TAX = 6
    LINKED = 7
    CITY = 8
    NAME = 9


@dataclass(frozen=True, slots=True)
class Party:
    """One record of either side; what is not known stays empty.

    ``names`` holds every name it goes by, the one shown first. ``parent_name`` is a sub-customer's parent,
    ``group`` is the same for those of one side that are known to be branches of one business.
    For theirs only: ``linked_names`` and ``linked_emails`` are of companies that were linked to it by hand
    before, ``taken`` says that a company is linked to it now. For ours only: ``refused`` are the ids of
    theirs that it is not, as a person said.
    """

    id: Key
    names: tuple[str, ...]
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    tax_number: str = ""
    parent_name: str = ""
    group: str = ""
    linked_names: tuple[str, ...] = ()
    linked_emails: tuple[str, ...] = ()
    taken: bool = False
    refused: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record with all in one writing, as records are compared; ``place`` is the words of its city."""

    id: Key
    names: tuple[Name, ...]
    words: frozenset[str]
    addresses: frozenset[str]
    domains: frozenset[str]
    phones: frozenset[str]
    postal: str
    city: str
    place: frozenset[str]
    region: str
    tax: str
    group: str
    linked: frozenset[str]
    taken: bool
    refused: frozenset[Key]

    def contacts(self) -> tuple[tuple[Kind, Values], ...]:
        """How to reach it and what it is registered under."""
        return (
            (Kind.ADDRESS, self.addresses),
            (Kind.DOMAIN, self.domains),
            (Kind.PHONE, self.phones),
            (Kind.POSTAL, (self.postal,) if self.postal else ()),
            (Kind.TAX, (self.tax,) if self.tax else ()),
        )

    def values(self) -> tuple[tuple[Kind, Values], ...]:
        """Every value by which it can be found."""
        joined = {one + other for name in self.names for one, other in pairwise(name.words)}
        return (
            (Kind.WORD, self.words),
            (Kind.JOINED, joined),
            (Kind.NAME, [name.text for name in self.names]),
            (Kind.LINKED, self.linked),
            (Kind.CITY, (self.city,) if self.city else ()),
            *self.contacts(),
        )


def prepared(party: Party) -> Prepared:
    """A record made ready to be looked up and compared."""
    names = names_of(party.names, party.parent_name)
    addresses = contacts.addresses(party.emails)
    city, place = city_of(party.city)
    return Prepared(
        party.id,
        names,
        names[0].bag if len(names) == 1 else frozenset().union(*(name.bag for name in names)),
        addresses,
        contacts.domains(addresses),
        contacts.phones(party.phones, party.country),
        contacts.postal_code(party.postal_code),
        city,
        place,
        party.region.upper(),
        contacts.tax_number(party.tax_number),
        party.group,
        _linked(party) if party.linked_names or party.linked_emails else NO_WORDS,
        party.taken,
        party.refused,
    )


@lru_cache(maxsize=4_096)
def city_of(text: str) -> tuple[str, frozenset[str]]:
    """A city in one writing, and its words."""
    words = telling_words(plain(text)) if text else ()
    return " ".join(words), frozenset(words)


def _linked(party: Party) -> frozenset[str]:
    """The names and e-mail domains under which a record was linked by hand before."""
    names = frozenset(name.text for name in names_of(party.linked_names))
    return names | contacts.domains(contacts.addresses(party.linked_emails))
