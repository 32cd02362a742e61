"""Company names taken apart: the words that tell one from another, in one writing. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from webapp.links.name_words import FILLERS, LEGAL_FORMS, MARKS, OTHER_NAME, SAME

NO_WORDS: frozenset[str] = frozenset()
MOST_NAMES, MOST_WORDS = 6, 12
# Legal forms that stand inside a name as well, before a branch
_INSIDE = LEGAL_FORMS - {"pa", "sa", "lp", "pc", "ag", "spa", "company", "corporation", "compagnie"}
_ABBREVIATED = re.compile(r"(?<=\b\w)\.(?=\w\b)|['’`.]")
_OTHER_NAME = re.compile(rf"[\s(,;-]+(?:{OTHER_NAME})[\s:.]+|\s+/\s+")
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]?")
_WORDS = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(r"(\d{3,4})[- ](\d{3,4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Name:
    """One name: its telling words in their order, without it, and in alphabetical order as one text.

    ``numbers`` are those of the words that are numbers.
    """

    words: tuple[str, ...]
    bag: frozenset[str]
    numbers: frozenset[str]
    text: str


def plain(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    expanded = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(char for char in expanded if not unicodedata.combining(char))


def names_of(texts: tuple[str, ...], parent: str = "") -> tuple[Name, ...]:
    """The different names in some texts, trade names and what stands in brackets apart from the rest.

    ``parent`` is a sub-customer's parent, with which its own names are names too.
    """
    found: dict[str, Name] = {}
    for text in (*texts, *(f"{parent} {text}" for text in texts if parent)):
        for part in _parts(plain(text)):
            words = telling_words(part)
            if words and len(found) < MOST_NAMES:
                numbers = frozenset(filter(str.isdigit, words)) if _DIGIT.search(part) else NO_WORDS
                name = Name(words, frozenset(words), numbers, " ".join(sorted(words)))
                found.setdefault(name.text, name)
    return tuple(found.values())


def _parts(text: str) -> list[str]:
    """The names in one text; it must be plain."""
    if "/" in text or " " in text:
        parts = [part for part in _OTHER_NAME.split(_ABBREVIATED.sub("", text)) if part and part.strip()]
    else:
        parts = [text]
    found = []
    for part in parts:
        if "(" in part or "[" in part:
            inner = " ".join(_BRACKETS.findall(part))
            outer = _BRACKETS.sub(" ", part)
            if _is_company(inner) and outer.strip():
                found += [outer, inner]
                continue
        found.append(part)
    return found


def _is_company(text: str) -> bool:
    """Whether what stands in brackets is a name of its own: it has a legal form or a company's number."""
    words = _WORDS.findall(text)
    return len(words) > 1 and (words[-1] in LEGAL_FORMS or bool(_NUMBERED.search(text)))


def telling_words(text: str) -> tuple[str, ...]:
    """The words of a plain text that tell it from others, each in one writing.

    Legal forms and what the book-keeping added go from its ends, fillers from everywhere; initials are
    joined. A name of nothing else keeps its words.
    """
    all_words = _WORDS.findall(_ABBREVIATED.sub("", _NUMBERED.sub(r"\1\2", text)))[: 2 * MOST_WORDS]
    words = [word for word in all_words if word not in FILLERS]
    while len(words) > 1 and (words[-1] in LEGAL_FORMS or words[-1] in MARKS):
        words.pop()
    words = [word for place, word in enumerate(words) if not place or word not in _INSIDE]
    words = words or all_words
    if any(len(word) == 1 for word in words):
        words = _joined_initials(words)
    return tuple([one_writing(word) for word in words[:MOST_WORDS]])


@lru_cache(maxsize=65_536)
def one_writing(word: str) -> str:
    """A word as one of all its writings: spelled out, in the singular, in one language where that is easy."""
    if word in SAME:
        return SAME[word]
    if len(word) > 3 and word[-1] == "s" and word[-2] != "s" and not word.isdigit():
        word = word[:-1]
        return SAME.get(word, word)
    return word


def _joined_initials(words: list[str]) -> list[str]:
    joined: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and not word.isdigit():
            run += word
            continue
        if run:
            joined.append(run)
            run = ""
        if word:
            joined.append(word)
    return joined
