"""How far what two records have in common makes them one, and the reasons. Pure."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from webapp.links.likeness import Before, Mail, Phone, Place, Postal, Tax, Traits
from webapp.links.weights import INTERCEPT, WEIGHTS

# Names this much alike are named as a reason
ALIKE = 60


class Reason(StrEnum):
    """Why a record may be the one, the strongest reasons first."""

    LINKED_NAME = "linked_before_name"
    TAX_NUMBER = "same_tax_number"
    PHONE = "same_phone"
    EMAIL = "same_email"
    EMAIL_DOMAIN = "same_email_domain"
    LINKED_DOMAIN = "linked_before_domain"
    NAME = "same_name"
    LIKE_NAME = "like_name"
    POSTAL_CODE = "same_postal_code"
    CITY = "same_city"


class Verdict(NamedTuple):
    """A comparison's outcome; ``odds`` are logarithmic and leave other candidates out of account."""

    odds: float
    percent: int
    reasons: tuple[Reason, ...]


@lru_cache(maxsize=65_536)
def verdict(traits: Traits) -> Verdict:
    """Weigh two records' traits up."""
    weighed = zip(WEIGHTS, traits[1:], strict=True)
    odds = INTERCEPT + sum(weights[step] for weights, step in weighed)
    return Verdict(odds, traits.percent, _reasons(traits))


def _reasons(traits: Traits) -> tuple[Reason, ...]:
    holds = {
        Reason.LINKED_NAME: traits.before in {Before.LIKE_NAME, Before.NAME},
        Reason.TAX_NUMBER: traits.tax >= Tax.OF_MANY,
        Reason.PHONE: traits.phone >= Phone.OF_MANY,
        Reason.EMAIL: traits.mail == Mail.ADDRESS,
        Reason.EMAIL_DOMAIN: Mail.OF_MANY <= traits.mail <= Mail.DOMAIN and traits.before != Before.DOMAIN,
        Reason.LINKED_DOMAIN: traits.before == Before.DOMAIN,
        Reason.NAME: traits.percent == 100,
        Reason.LIKE_NAME: ALIKE <= traits.percent < 100,
        Reason.POSTAL_CODE: traits.postal == Postal.SAME,
        Reason.CITY: traits.place == Place.SAME,
    }
    return tuple(reason for reason, is_so in holds.items() if is_so)
