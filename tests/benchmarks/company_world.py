"""Businesses that could be: independent ones, branches, franchises, parents with children, families.

Every place of business has its own phone and postal code, as the world has it; ``company_noise`` writes it
down twice, once as a distributor and once as its bookkeeper might.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from . import company_naming as naming
from . import company_places as places
from . import company_words as words
from .company_places import City

# How often each kind comes up: alone, branches, franchise, family, parent and children
SHARES = (62, 7, 3, 5, 3)
# So many middle parts of phone numbers each city has
EXCHANGES = 40


@dataclass(frozen=True)
class Business:
    """One place of business as it is. ``kind`` says what it may be mistaken for."""

    kind: str
    name: str
    french: bool
    city: City
    legal: str = ""
    form: str = ""
    domain: str = ""
    free_address: str = ""
    phone: str = ""
    postal: str = ""
    tax: str = ""
    branch: str = ""
    parent: str = ""


def businesses(rng: random.Random) -> Iterator[Business]:
    """Businesses without end, those that resemble each other one after the other."""
    makers: tuple[Callable[[random.Random], list[Business]], ...]
    makers = (_alone, _branches, _franchise, _family, _parent_and_children)
    taken: set[str] = set()
    while True:
        yield from _apart(rng, rng.choices(makers, SHARES)[0](rng), taken)


def _apart(rng: random.Random, found: list[Business], taken: set[str]) -> list[Business]:
    """The same with domains and addresses nobody else has; who shares one on purpose goes on sharing it."""
    renamed: dict[str, str] = {}
    for place, one in enumerate(found):
        mail = one.domain or one.free_address
        wanted = renamed.get(mail, mail) if one.kind != "family" else mail
        while wanted in taken and wanted not in renamed.values():
            wanted = _with_number(rng, wanted)
        taken.add(wanted)
        if one.kind != "family":
            renamed[mail] = wanted
        found[place] = replace(one, domain=wanted) if one.domain else replace(one, free_address=wanted)
    return found


def _with_number(rng: random.Random, mail: str) -> str:
    """A domain or an address with digits that set it apart."""
    head, sign, tail = mail.partition("@") if "@" in mail else mail.rpartition(".")
    return f"{head}{rng.randint(2, 999)}{sign}{tail}"


def _alone(rng: random.Random) -> list[Business]:
    french, city = _where(rng)
    return [_business(rng, "alone", naming.name(rng, french, city), french, city)]


def _branches(rng: random.Random) -> list[Business]:
    """One name and most often one domain in several cities, or twice in one."""
    french, city = _where(rng)
    first = _business(rng, "branch", naming.name(rng, french, city), french, city)
    by_number = rng.random() < 0.15
    found = []
    for number in range(2 + min(int(rng.expovariate(0.8)), 8)):
        place = first.city if number and rng.random() < 0.12 else _where(rng, french)[1]
        branch = f"#{rng.randint(2, 400)}" if by_number else place.name
        found.append(replace(first, city=place, branch=branch, **_reach(rng, place)))
    if rng.random() < 0.15:  # calls and mail go to the head office
        found = [replace(one, phone=first.phone) for one in found]
    return found


def _franchise(rng: random.Random) -> list[Business]:
    """One brand, each shop of an owner and a company of its own."""
    french, city = _where(rng)
    brand = _business(rng, "franchise", naming.name(rng, french, city), french, city)
    shares_domain = rng.random() < 0.5
    found = []
    for _ in range(2 + min(int(rng.expovariate(0.6)), 8)):
        place = _where(rng, french)[1]
        owner = (
            naming.numbered(rng, place)
            if rng.random() < 0.6
            else f"{naming.family_name(rng, french)} Holdings"
        )
        shop = _business(rng, "franchise", brand.name, french, place)
        domain = brand.domain if shares_domain else shop.domain
        found.append(replace(shop, legal=owner, domain=domain, branch=place.name))
    return found


def _family(rng: random.Random) -> list[Business]:
    """The same family name in the same trade, with nothing to do with each other."""
    french, city = _where(rng)
    family, trade = naming.family_name(rng, french), rng.choice(words.TRADES)
    found = []
    for _ in range(rng.choice((2, 2, 2, 3, 4))):
        place = city if rng.random() < 0.4 else _where(rng, french)[1]
        name = rng.choice(naming.family_styles(rng, french, family, trade))
        found.append(_business(rng, "family", name, french, place))
    return found


def _parent_and_children(rng: random.Random) -> list[Business]:
    french, city = _where(rng)
    parent = _business(rng, "parent", naming.short_name(rng, french), french, city)
    group = f"Groupe {parent.name}" if french else f"{parent.name} Group"
    found = [replace(parent, name=rng.choice((group, parent.name)))]
    for trade in rng.sample(words.TRADES, rng.choice((1, 2, 2, 3))):
        same_roof = rng.random() < 0.5
        place = city if same_roof or rng.random() < 0.5 else _where(rng, french)[1]
        name = f"{trade[1]} {parent.name}" if french else f"{parent.name} {trade[0]}"
        child = _business(rng, "child", name, french, place)
        child = replace(child, parent=found[0].name)
        if parent.domain and rng.random() < 0.8:
            child = replace(child, domain=parent.domain, free_address="")
        if same_roof:
            shared_phone = parent.phone if rng.random() < 0.5 else child.phone
            child = replace(child, postal=parent.postal, phone=shared_phone)
        found.append(child)
    return found


def _business(rng: random.Random, kind: str, name: str, french: bool, city: City) -> Business:
    has_domain = rng.random() < 0.68
    return Business(
        kind=kind,
        name=name,
        french=french,
        city=city,
        legal=naming.legal(rng, french, city) if kind == "alone" and rng.random() < 0.07 else "",
        form=rng.choice(words.FRENCH_FORMS if french else words.ENGLISH_FORMS) if rng.random() < 0.7 else "",
        domain=naming.domain(rng, name, city) if has_domain else "",
        free_address="" if has_domain else naming.free_address(rng, name),
        tax=f"{rng.randint(10**8, 10**9 - 1)}",
        **_reach(rng, city),
    )


def _reach(rng: random.Random, city: City) -> dict[str, str]:
    """A phone and a postal code of a city."""
    exchange = 220 + (len(city.name) * 97 + rng.randrange(EXCHANGES) * 53) % 770
    phone = f"{rng.choice(city.area_codes)}{exchange}{rng.randint(0, 9999):04d}"
    return {"phone": phone, "postal": postal_code(rng, city)}


def postal_code(rng: random.Random, city: City) -> str:
    """Some postal code of a city."""
    start = rng.choice(city.postal)
    if city.country == "US":
        return start + "".join(rng.choices("0123456789", k=5 - len(start)))
    return f"{start} {rng.randint(0, 9)}{rng.choice('ABCEGHJKLMNPRSTVWXYZ')}{rng.randint(0, 9)}"


def _where(rng: random.Random, french: bool | None = None) -> tuple[bool, City]:
    """A language and a city in which it is spoken; nearer the top of the list is likelier."""
    if french is None:
        french = rng.random() < 0.38
    cities = [
        city
        for city in places.CITIES
        if (city.region == "QC") == french or city.name in {"Ottawa", "Moncton"}
    ]
    return french, cities[int(rng.expovariate(1 / 18)) % len(cities)]
