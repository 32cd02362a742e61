"""E-mail domains, phones, postal codes and tax numbers in one writing each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_FREE_MAIL = """
gmail.com googlemail.com yahoo.com yahoo.ca yahoo.fr yahoo.co.uk ymail.com rocketmail.com outlook.com
outlook.fr outlook.ca hotmail.com hotmail.ca hotmail.fr hotmail.co.uk live.com live.ca live.fr msn.com
icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me gmx.com gmx.net gmx.de mail.com zoho.com
fastmail.com hey.com tutanota.com yandex.com qq.com 163.com comcast.net verizon.net att.net sbcglobal.net
bellsouth.net cox.net charter.net earthlink.net optonline.net frontier.com frontiernet.net windstream.net
centurylink.net roadrunner.com rr.com juno.com netzero.net sympatico.ca bell.net bellnet.ca videotron.ca
videotron.qc.ca rogers.com shaw.ca telus.net telusplanet.net cogeco.ca cogeco.net eastlink.ca
nb.sympatico.ca nbnet.nb.ca sasktel.net mts.net mymts.net tbaytel.net globetrotter.net oricom.ca
teksavvy.com xplornet.ca xplornet.com execulink.com hotmail.es orange.fr free.fr wanadoo.fr laposte.net
sfr.fr
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())
_CANADIAN = re.compile(r"[A-Z]\d[A-Z]\d[A-Z]\d")
_NORTH_AMERICAN = re.compile(r"[2-9]\d\d[2-9]\d{6}")
_NORTH_AMERICA = frozenset({"", "US", "CA", "us", "ca"})
_EXTENSION = re.compile(r"(?i)[a-z#].*")
_NO_DIGITS = re.compile(r"\D+")
# A Canadian code's letters and digits are often mistaken for each other
_TO_DIGIT, _TO_LETTER = str.maketrans("OILSBZ", "011582"), str.maketrans("01582", "OISBZ")


def addresses(texts: Iterable[str]) -> frozenset[str]:
    """The e-mail addresses in some texts, each of which may hold several."""
    return frozenset(
        part
        for text in texts
        for part in re.split(r"[\s,;<>]+", text.lower())
        if 0 < part.find("@") < len(part) - 3
    )


def domains(found: Iterable[str]) -> frozenset[str]:
    """The domains of addresses, without the providers that anyone can use."""
    parts = (address.rpartition("@")[2] for address in found)
    return frozenset(domain for domain in parts if "." in domain and domain not in FREE_MAIL)


def phones(texts: Iterable[str], country: str = "") -> frozenset[str]:
    """The numbers themselves, without extensions: ten digits in North America, else as E.164 writes them."""
    return frozenset(number for text in texts if (number := _phone(text, country)))


def _phone(text: str, country: str) -> str:
    digits = _NO_DIGITS.sub("", _EXTENSION.sub("", text))
    is_ours = country in _NORTH_AMERICA if text[:1] != "+" else digits[:1] == "1"
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if is_ours and _NORTH_AMERICAN.fullmatch(digits):
        return "" if digits[3:] == digits[3] * 7 else digits
    return foreign_phone(text, country) if len(digits) > 6 else ""


@lru_cache(maxsize=8_192)
def foreign_phone(text: str, country: str) -> str:
    """What is no plain North American number is left to libphonenumber, which is large and slow."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country.upper() if len(country) == 2 else "US")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+1")


def postal_code(text: str) -> str:
    """A code in one writing: Canadian ones without their space, US ones without the last four digits."""
    code = "".join(char for char in text.upper() if char.isalnum())
    if code.isdigit():
        return code[:5] if len(code) in {5, 9} else code if len(code) > 3 else ""
    if len(code) == 6 and not _CANADIAN.fullmatch(code):
        letters, digits = code[::2].translate(_TO_LETTER), code[1::2].translate(_TO_DIGIT)
        mended = "".join(letter + digit for letter, digit in zip(letters, digits, strict=True))
        return mended if _CANADIAN.fullmatch(mended) else code
    return code if len(code) > 3 else ""


def tax_number(text: str) -> str:
    """The digits of a tax number; of a Canadian business number the first nine, which name the business."""
    if not text:
        return ""
    code = "".join(char for char in text.upper() if char.isalnum())
    head = re.match(r"(\d{9})(?:R[TCPZ]\d{4})?$|(\d{10}T[QV]\d{4})$", code)
    code = (head[1] or head[2]) if head else code
    return code if len(code) > 5 and len(set(code)) > 1 else ""


def form_of(number: str) -> str:
    """How a number is written: A for each letter, 9 for each digit."""
    return "".join("9" if char.isdigit() else "A" for char in number)
