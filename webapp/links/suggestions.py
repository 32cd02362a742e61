"""Which QuickBooks customer or vendor a company may be: a score and its reasons. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# From here on a suggestion is shown as an offer
WORTH_OFFERING = 60

_LEGAL_FORMS = """
inc incorporated incorporee llc llp lp pllc plc pc ltd limited ltee limitee co company corp corporation
cie compagnie enr sarl sas sa senc sencrl gmbh
"""
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
ARTICLES = frozenset({"the", "la", "le", "les"})
_FREE_MAIL = """
gmail.com googlemail.com yahoo.com yahoo.ca yahoo.fr ymail.com outlook.com outlook.fr hotmail.com
hotmail.ca hotmail.fr live.com live.ca msn.com icloud.com me.com mac.com aol.com proton.me
protonmail.com gmx.com gmx.net mail.com zoho.com comcast.net verizon.net att.net sbcglobal.net
bellsouth.net cox.net charter.net earthlink.net sympatico.ca bell.net videotron.ca rogers.com shaw.ca
telus.net cogeco.ca orange.fr
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())


class Likeness(StrEnum):
    """What two records have in common."""

    NAME = "same_name"
    EMAIL_DOMAIN = "same_email_domain"
    PHONE = "same_phone"
    POSTAL_CODE = "same_postal_code"


# How far each likeness alone makes it the same party; together they add up as independent evidence does
WEIGHTS = {
    Likeness.NAME: 0.8,
    Likeness.EMAIL_DOMAIN: 0.5,
    Likeness.PHONE: 0.5,
    Likeness.POSTAL_CODE: 0.2,
}

Signature = frozenset[tuple[Likeness, str]]


@dataclass(frozen=True)
class Suggestion:
    """A customer or vendor that may be the company; ``reasons`` in order of their weight."""

    remote_id: str
    name: str
    score: int
    reasons: tuple[Likeness, ...]


def core_words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others: no accents, punctuation, articles or legal forms."""
    plain = re.sub(r"[.'’]", "", _plain(name).replace("&", " and "))
    words = re.sub(r"[^\w\s]|_", " ", plain).split()
    words = ["and" if word == "et" else word for word in words]
    while len(words) > 1 and (words[-1] in LEGAL_FORMS or words[-1] == "and"):
        words.pop()
    if len(words) > 1 and words[0] in ARTICLES:
        words.pop(0)
    return tuple(words)


def email_domains(addresses: str) -> frozenset[str]:
    """The domains of one or more addresses in one text, without the providers that anyone can use."""
    domains = (
        address.rpartition("@")[2] for address in re.split(r"[\s,;]+", addresses.lower()) if "@" in address
    )
    return frozenset(domain for domain in domains if "." in domain) - FREE_MAIL


def phone_digits(phone: str) -> str:
    """The last ten digits of a number, its extension left out; empty when there are fewer than seven."""
    digits = re.sub(r"\D", "", re.split(r"(?i)[a-z#]", phone, maxsplit=1)[0])
    return digits[-10:] if len(digits) >= 7 else ""


def postal_code(code: str) -> str:
    """A code in one writing: Canadian ones without their space, US ones without the last four digits."""
    plain = re.sub(r"[\s-]", "", code).upper()
    return plain[:5] if plain.isdigit() and len(plain) == 9 else plain


def signature(names: Iterable[str], email: str, phone: str, postal: str) -> Signature:
    """Everything about a record that another can have in common with it."""
    marks = {(Likeness.NAME, " ".join(core_words(name))) for name in names}
    marks |= {(Likeness.EMAIL_DOMAIN, domain) for domain in email_domains(email)}
    marks |= {(Likeness.PHONE, phone_digits(phone)), (Likeness.POSTAL_CODE, postal_code(postal))}
    return frozenset(mark for mark in marks if mark[1])


def compare(ours: Signature, theirs: Signature) -> tuple[int, tuple[Likeness, ...]]:
    """A score from 0 to 100 and its reasons, the strongest first."""
    found = {likeness for likeness, _ in ours & theirs}
    doubt = 1.0
    for likeness in found:
        doubt *= 1 - WEIGHTS[likeness]
    return round(100 * (1 - doubt)), tuple(likeness for likeness in Likeness if likeness in found)


def ranked(ours: Signature, candidates: Iterable[tuple[str, str, Signature]]) -> list[Suggestion]:
    """Suggestions among ``(remote id, name, signature)``, best first, strangers left out."""
    found = [
        Suggestion(remote_id, name, *compare(ours, theirs))
        for remote_id, name, theirs in candidates
        if ours & theirs
    ]
    return sorted(found, key=lambda suggestion: (-suggestion.score, suggestion.name, suggestion.remote_id))


def search_words(name: str) -> list[str]:
    """The words to look a name up by, of three characters or more."""
    passed_over = LEGAL_FORMS | ARTICLES | {"and", "et"}
    return [word for word in re.findall(r"\w{3,}", _plain(name)) if word not in passed_over]


def _plain(text: str) -> str:
    """Lower case without accents."""
    expanded = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return "".join(char for char in expanded if not unicodedata.combining(char))
