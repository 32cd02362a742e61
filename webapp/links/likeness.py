"""What two records have in common and in what they differ, each as a step of a few. Pure."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from webapp.links.contacts import form_of
from webapp.links.name_likeness import names_likeness
from webapp.links.postings import Index
from webapp.links.records import Kind, Prepared

# The steps are plain numbers, because they are looked up for every pair that is compared


class Mail:
    """How two records' e-mail addresses stand to each other; of many is what several of theirs have."""

    UNKNOWN, FREE, OTHER, OF_MANY, OF_FEW, DOMAIN, ADDRESS = range(7)


class Phone:
    """How two records' phone numbers stand to each other."""

    UNKNOWN, OTHER, SAME_AREA, SAME_EXCHANGE, OF_MANY, OF_FEW, SAME = range(7)


class Postal:
    """How two postal codes stand to each other."""

    UNKNOWN, OTHER, SAME_START, SAME = range(4)


class Place:
    """How two cities stand to each other; named is one that is known from the name alone."""

    UNKNOWN, OTHER_REGION, OTHER_CITY, NAMED, SAME = range(5)


class Tax:
    """How two tax numbers stand to each other."""

    UNKNOWN, OTHER, OF_MANY, SAME = range(4)


class Before:
    """What was linked by hand before: a name like its own, or one or a domain that is not its own."""

    NOTHING, LIKE_NAME, DOMAIN, NAME = range(4)


class Traits(NamedTuple):
    """Two records compared; the fields from ``name`` on are steps, ``percent`` is the names' likeness."""

    percent: int
    name: int
    shared: int
    less: int
    more: int
    number: int
    mail: int
    phone: int
    postal: int
    place: int
    tax: int
    before: int


# Where the next step begins
NAME_STEPS = (1, 25, 40, 52, 62, 70, 78, 85, 91, 96, 100)
SHARED_STEPS = (1, 40, 70, 100, 130, 160, 200, 250)
ODD_STEPS = (1, 30, 55, 75, 100, 150)
# Names this much alike would do without having been linked before
LIKE = 85
# How many steps each field has
STEPS = (*(len(steps) + 1 for steps in (NAME_STEPS, SHARED_STEPS, ODD_STEPS, ODD_STEPS)), 4, 7, 7, 4, 5, 4, 4)


def compare(ours: Prepared, theirs: Prepared, index: Index) -> Traits:
    """Compare one of ours with one of theirs; ``index`` holds all of theirs."""
    name = names_likeness(ours, theirs, index.rarities.__getitem__)
    return Traits(
        name.percent,
        bisect_right(NAME_STEPS, name.percent),
        bisect_right(SHARED_STEPS, name.shared),
        bisect_right(ODD_STEPS, name.less),
        bisect_right(ODD_STEPS, name.more),
        name.number,
        _mail(ours, theirs, index),
        _phone(ours, theirs, index),
        _postal(ours.postal, theirs.postal),
        _place(ours, theirs, names_place=name.names_place),
        _tax(ours.tax, theirs.tax, index),
        _before(ours, theirs, name.percent) if theirs.linked else Before.NOTHING,
    )


def _mail(ours: Prepared, theirs: Prepared, index: Index) -> int:
    """A domain under which theirs was linked before is as good as one of its own."""
    domains = theirs.domains | theirs.linked if theirs.linked else theirs.domains
    if shared := ours.addresses & theirs.addresses:
        holders, step = index.count(Kind.ADDRESS, shared), Mail.ADDRESS
    elif shared := ours.domains & domains:
        holders, step = index.count(Kind.DOMAIN, shared), Mail.DOMAIN
    elif ours.addresses and theirs.addresses:
        return Mail.OTHER if ours.domains and theirs.domains else Mail.FREE
    else:
        return Mail.UNKNOWN
    return step if holders < 2 else Mail.OF_FEW if holders < 4 else Mail.OF_MANY


def _phone(ours: Prepared, theirs: Prepared, index: Index) -> int:
    if not ours.phones or not theirs.phones:
        return Phone.UNKNOWN
    if shared := ours.phones & theirs.phones:
        holders = index.count(Kind.PHONE, shared)
        return Phone.SAME if holders == 1 else Phone.OF_FEW if holders < 4 else Phone.OF_MANY
    starts = {number[:6] for number in ours.phones}
    if any(number[:6] in starts for number in theirs.phones):
        return Phone.SAME_EXCHANGE
    areas = {start[:3] for start in starts}
    return Phone.SAME_AREA if any(number[:3] in areas for number in theirs.phones) else Phone.OTHER


def _postal(ours: str, theirs: str) -> int:
    if not ours or not theirs:
        return Postal.UNKNOWN
    if ours == theirs:
        return Postal.SAME
    return Postal.SAME_START if ours[:3] == theirs[:3] else Postal.OTHER


def _tax(ours: str, theirs: str, index: Index) -> int:
    if not ours or not theirs:
        return Tax.UNKNOWN
    if ours != theirs:
        # Numbers that are not even written alike are of two kinds, of which a business may have both
        return Tax.OTHER if form_of(ours) == form_of(theirs) else Tax.UNKNOWN
    return Tax.SAME if index.count(Kind.TAX, (theirs,)) == 1 else Tax.OF_MANY


def _place(ours: Prepared, theirs: Prepared, *, names_place: bool) -> int:
    if ours.city and theirs.city:
        if ours.city == theirs.city:
            return Place.SAME
        return Place.OTHER_CITY if ours.region == theirs.region else Place.OTHER_REGION
    return Place.NAMED if names_place else Place.UNKNOWN


def _before(ours: Prepared, theirs: Prepared, name_percent: int) -> int:
    if any(name.text in theirs.linked for name in ours.names):
        return Before.LIKE_NAME if name_percent >= LIKE else Before.NAME
    return Before.DOMAIN if ours.domains & theirs.linked - theirs.domains else Before.NOTHING
