"""One name as one person or another writes it: forms, abbreviations, order, accents, dropped words, typos."""

from __future__ import annotations

import random

from . import company_words as words

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORT = {long.casefold(): shorts for long, shorts in words.SHORTENED.items()}
_ENGLISH = {french: english for english, french in words.TRADES}


def spelled(rng: random.Random, name: str, form: str, *, french: bool) -> str:
    """The name in one person's hand, with or without its legal form."""
    name = _variant(rng, name, french=french)
    name = _connected(rng, name)
    parts = [_shortened(rng, word) for word in name.split()]
    if len(parts) > 2 and rng.random() < 0.05:
        parts.pop(rng.randrange(1, len(parts)))
    if rng.random() < 0.08:
        parts = _with_typo(rng, parts)
    name = _ordered(rng, parts)
    if not name.startswith(("The ", "Les ")) and rng.random() < 0.03:
        name = f"Les {name}" if french else f"The {name}"
    name = _with_form(rng, name, form, french=french)
    if rng.random() < 0.35:
        name = "".join(char for char in name if char.isascii()) if rng.random() < 0.01 else _unaccented(name)
    return name.upper() if rng.random() < 0.08 else name


def _variant(rng: random.Random, name: str, *, french: bool) -> str:
    """The trade in the other language, or a compound written apart."""
    chance = rng.random()
    if french and chance < 0.02:
        for trade, english in _ENGLISH.items():
            if name.startswith(f"{trade} "):
                return f"{name[len(trade) + 1 :]} {english}"
    if chance > 0.98:
        for start in words.STARTS:
            rest = name.partition(start)[2]
            if rest and rest[0].islower():
                return name.replace(start + rest[0], f"{start} {rest[0].upper()}", 1)
    return name


def _connected(rng: random.Random, name: str) -> str:
    for connector in (" & ", " and ", " et "):
        if connector in name and rng.random() < 0.45:
            return name.replace(connector, rng.choice((" & ", " and ", " + ", " ", " et ")))
    return name


def _shortened(rng: random.Random, word: str) -> str:
    head, dash, rest = word.partition("-")
    if head.casefold() in _SHORT and rng.random() < 0.22:
        return rng.choice(_SHORT[head.casefold()]) + dash + rest
    if dash and rng.random() < 0.15:
        return f"{head} {rest}"
    return word


def _with_typo(rng: random.Random, parts: list[str]) -> list[str]:
    """One slip of the hand in one of the longer words."""
    long = [place for place, part in enumerate(parts) if len(part) > 4]
    if not long:
        return parts
    place = rng.choice(long)
    word = parts[place]
    at = rng.randrange(1, len(word) - 1)
    row = next((row for row in _KEYS if word[at].lower() in row), "e")
    near = row[min(max(row.find(word[at].lower()) + rng.choice((-1, 1)), 0), len(row) - 1)]
    slip = rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + near + word[at + 1 :],
            word[:at] + near + word[at:],
        )
    )
    return [*parts[:place], slip, *parts[place + 1 :]]


def _ordered(rng: random.Random, parts: list[str]) -> str:
    if len(parts) > 1 and rng.random() < 0.04:
        return f"{parts[-1]}, {' '.join(parts[:-1])}"
    if len(parts) > 1 and rng.random() < 0.02:
        return " ".join([*parts[1:], parts[0]])
    return " ".join(parts)


def _with_form(rng: random.Random, name: str, form: str, *, french: bool) -> str:
    chance = rng.random()
    if chance < 0.3:
        return name
    if chance < 0.45:
        form = rng.choice(words.FRENCH_FORMS if french else words.ENGLISH_FORMS)
    if not form:
        return name
    return f"{name}, {form}" if rng.random() < 0.25 else f"{name} {form}"


def _unaccented(name: str) -> str:
    plain = words.plain(name)
    if len(plain) != len(name):
        return plain.title()
    return "".join(new.upper() if old.isupper() else new for old, new in zip(name, plain, strict=True))
