"""Two lists of the same businesses, ours and theirs, as two offices write them down; the truth is known."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from webapp.links.records import Party

from . import company_places as places
from . import company_words as words
from .company_spelling import spelled
from .company_world import Business, businesses, postal_code

# Of each side's records, so many have a counterpart
MATCHED = 0.75


@dataclass(frozen=True)
class Office:
    """How one side keeps its records: what it leaves out, and what of it is out of date."""

    no_email: float
    other_email: float
    no_phone: float
    other_phone: float
    no_postal: float
    other_postal: float
    no_city: float
    tax: float
    names_branch: float


OURS = Office(0.15, 0.06, 0.13, 0.07, 0.11, 0.05, 0.08, 0.08, 0.60)
THEIRS = Office(0.18, 0.06, 0.16, 0.07, 0.13, 0.05, 0.10, 0.12, 0.55)


@dataclass(frozen=True)
class Lists:
    """Both sides, and by our ids the id of theirs that is the same business; kinds by our ids."""

    ours: list[Party]
    theirs: list[Party]
    truth: dict[str | int, str | int]
    kinds: dict[str | int, str]


def lists(seed: int, size: int) -> Lists:
    """``size`` records on each side, the same for the same seed."""
    rng = random.Random(seed)
    matched = round(size * MATCHED)
    fates = ["both"] * matched + ["ours"] * (size - matched) + ["theirs"] * (size - matched)
    rng.shuffle(fates)
    made = Lists([], [], {}, {})
    for business, fate in zip(islice(businesses(rng), len(fates)), fates, strict=True):
        our_id, their_id = len(made.ours) + 1, f"{len(made.theirs) * 7919 % (2 * size) + 1}"
        if fate != "theirs":
            made.ours.append(_ours(rng, our_id, business))
            made.kinds[our_id] = business.kind
        if fate != "ours":
            known_as = made.ours[-1].names if fate == "both" else (_trade_name(rng, business),)
            made.theirs.append(_theirs(rng, their_id, business, known_as))
        if fate == "both":
            made.truth[our_id] = their_id
    rng.shuffle(made.ours)
    rng.shuffle(made.theirs)
    return made


def _ours(rng: random.Random, id_: int, business: Business) -> Party:
    name = _with_branch(rng, _trade_name(rng, business), business, OURS)
    if business.legal:
        legal = f"{business.legal} {rng.choice(words.ENGLISH_FORMS)}"
        name = rng.choices((name, *_both_names(rng, legal, name), legal), (60, 15, 7, 10, 8))[0]
    return Party(id_, (name,), **_contacts(rng, business, OURS))


def _theirs(rng: random.Random, id_: str, business: Business, known_as: tuple[str, ...]) -> Party:
    """A customer or vendor; some were linked before, some of those to what was written in another way."""
    name = _with_branch(rng, _trade_name(rng, business), business, THEIRS)
    names = [name]
    if business.legal:
        legal = (
            f"{business.legal} {rng.choice(words.FRENCH_FORMS if business.french else words.ENGLISH_FORMS)}"
        )
        choices = ([name, legal], [_both_names(rng, legal, name)[0]], [legal, name], [name], [legal])
        names = rng.choices(choices, (40, 15, 15, 20, 10))[0]
    elif rng.random() < 0.3:
        names.append(_trade_name(rng, business))
    if rng.random() < 0.04:
        names[0] += rng.choice((" (USD)", " USD", " - CAD", f" - {rng.randint(100, 9999)}"))
    was_linked = rng.random() < 0.04
    is_child = bool(business.parent) and rng.random() < 0.5
    return Party(
        id_,
        tuple(names),
        parent_name=business.parent if is_child else "",
        linked_names=(rng.choice((*known_as, *known_as, _trade_name(rng, business))),) if was_linked else (),
        linked_emails=(f"info@{business.domain}",) if business.domain and was_linked else (),
        **_contacts(rng, business, THEIRS),
    )


def _both_names(rng: random.Random, legal: str, trade: str) -> tuple[str, str, str]:
    """A legal and a trade name in one, in three ways."""
    marker = rng.choice(("dba", "d.b.a.", "DBA", "o/a", "doing business as", "faisant affaire sous", "f/a/s"))
    return f"{legal} {marker} {trade}", f"{trade} ({legal})", f"{trade} / {legal}"


def _trade_name(rng: random.Random, business: Business) -> str:
    """The name as somebody writes it."""
    return spelled(rng, business.name, business.form, french=business.french)


def _with_branch(rng: random.Random, name: str, business: Business, office: Office) -> str:
    if not business.branch:
        return f"{name} {business.city.name}" if rng.random() < 0.01 else name
    says = 0.9 if business.branch.startswith("#") else office.names_branch
    if rng.random() > says:
        return name
    branch = business.branch
    if branch == business.city.name:
        branch = rng.choice((branch, business.city.other or branch, words.plain(branch).title()))
    return rng.choice((f"{name} - {branch}", f"{name} ({branch})", f"{name} {branch}", f"{name}, {branch}"))


def _contacts(rng: random.Random, business: Business, office: Office) -> dict[str, str | tuple[str, ...]]:
    no_postal = rng.random() < office.no_postal
    no_city = rng.random() < (0.6 if no_postal else office.no_city)
    city, postal = business.city, business.postal
    if rng.random() < office.other_postal:  # moved, or the head office's address
        city = rng.choice(places.CITIES) if rng.random() < 0.3 else city
        postal = postal_code(rng, city)
    if " " in postal and rng.random() < 0.3:
        postal = postal.replace(" ", rng.choice(("", "-"))).lower()
    if city.country == "US" and rng.random() < 0.15:
        postal += f"-{rng.randint(1000, 9999)}"
    return {
        "emails": tuple(_emails(rng, business, office)),
        "phones": tuple(_phones(rng, business, office)),
        "postal_code": "" if no_postal else postal,
        "city": "" if no_city else rng.choice((city.name, city.name, city.other or city.name)),
        "region": "" if no_city else city.region,
        "country": rng.choice((city.country, "")),
        "tax_number": _tax(rng, business) if rng.random() < office.tax else "",
    }


def _emails(rng: random.Random, business: Business, office: Office) -> Iterator[str]:
    if rng.random() < office.no_email:
        return
    person = f"{words.plain(rng.choice(words.FIRST_NAMES))}.{words.plain(rng.choice(words.ENGLISH_FAMILIES))}"
    local = rng.choice((*words.LOCAL_PARTS[:6], person, person, person))
    own, free = words.plain(business.name).split()[-1], rng.choice(words.FREE_DOMAINS)
    if rng.random() < office.other_email:
        yield rng.choice((f"{local}@{own}{rng.randint(1, 99)}.com", f"{person}{rng.randint(1, 999)}@{free}"))
    elif business.domain:
        address = f"{local}@{business.domain}"
        yield address.title() if rng.random() < 0.05 else address
        if rng.random() < 0.04:
            yield f"{rng.choice(words.LOCAL_PARTS)}@{business.domain}"
    elif rng.random() < 0.75:
        yield business.free_address
    else:
        yield f"{person}{rng.randint(1, 999)}@{free}"


def _phones(rng: random.Random, business: Business, office: Office) -> Iterator[str]:
    if rng.random() < office.no_phone:
        return
    digits = business.phone
    if rng.random() < office.other_phone:
        start = rng.choice(
            (digits[:3], digits[:6], rng.choice(("800", "888", "877", "866")), business.phone[:3])
        )
        digits = start if rng.random() < 0.9 else rng.choice(rng.choice(places.CITIES).area_codes)
        digits += str(rng.randint(2, 9)) + "".join(rng.choices("0123456789", k=9 - len(digits)))
    area, middle, last = digits[:3], digits[3:6], digits[6:]
    style = rng.choice(
        ("({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "+1 {} {} {}", "{}{}{}", "1-{}-{}-{}", "{} {}-{}")
    )
    number = style.format(area, middle, last)
    if rng.random() < 0.06:
        number += rng.choice((" ext. {}", " x{}", " poste {}", " #{}")).format(rng.randint(1, 400))
    yield number


def _tax(rng: random.Random, business: Business) -> str:
    digits = business.tax
    if business.city.country == "US":
        return f"{digits[:2]}-{digits[2:]}"
    return rng.choice((digits, f"{digits} RT0001", f"{digits[:3]} {digits[3:6]} {digits[6:]} RT 0001"))
