"""What generated businesses are called, what they are registered as, and where they get their mail."""

from __future__ import annotations

import random

from . import company_words as words
from .company_places import City
from .company_words import plain


def name(rng: random.Random, french: bool, city: City) -> str:
    family, trade = family_name(rng, french), rng.choice(words.TRADES)
    style = rng.random()
    if style < 0.38:
        return rng.choice(family_styles(rng, french, family, trade))
    if style < 0.46:
        return f"{trade[1]} {city.name}" if french else f"{city.name} {trade[0]}"
    if style < 0.5:
        initials = "".join(rng.choices("ABCDEFGHJKLMNPRSTV", k=rng.choice((2, 3, 3))))
        return f"{trade[1]} {initials}" if french else f"{initials} {trade[0]}"
    short = short_name(rng, french)
    if style < 0.6:
        return short if " " in short else f"Groupe {short}" if french else f"{short} Group"
    if style < 0.66:
        return f"{short} International"
    return f"{trade[1]} {short}" if french else f"{short} {trade[0]}"


def short_name(rng: random.Random, french: bool) -> str:
    """A brand: a word put together, a fancy one, or an adjective with one."""
    style = rng.random()
    if style < 0.62:
        return rng.choice(words.STARTS) + rng.choice(words.ENDS)
    if style < 0.8 or french:
        return f"{rng.choice(words.NOUNS)} {rng.choice(words.NOUNS)}"
    return f"{rng.choice(words.ADJECTIVES)} {rng.choice(words.NOUNS)}"


def family_styles(rng: random.Random, french: bool, family: str, trade: tuple[str, ...]) -> list[str]:
    other, first = family_name(rng, french), rng.choice(words.FIRST_NAMES)
    if french:
        return [
            f"{trade[1]} {family}",
            f"{trade[1]} {family} et Fils",
            f"{trade[1]} {first} {family}",
            f"Les {trade[1]} {family}",
            f"Entreprises {family}",
            f"{family} {other} {trade[1]}",
        ]
    return [
        f"{family} {trade[0]}",
        f"{family} & {other} {trade[0]}",
        f"{family} Brothers {trade[0]}",
        f"{first} {family} {trade[0]}",
        f"{family} & Sons {trade[0]}",
        f"{family} and Associates",
        f"{family} Enterprises",
    ]


def family_name(rng: random.Random, french: bool) -> str:
    """Families at the top of the list are larger."""
    families = words.FRENCH_FAMILIES if french else words.ENGLISH_FAMILIES
    return families[int(rng.expovariate(1 / 70)) % len(families)]


def legal(rng: random.Random, french: bool, city: City) -> str:
    family = family_name(rng, french)
    return rng.choice((numbered(rng, city), f"Gestion {family}" if french else f"{family} Holdings"))


def numbered(rng: random.Random, city: City) -> str:
    if city.region == "QC":
        return f"{rng.randint(9000, 9499)}-{rng.randint(1000, 9999)} Québec"
    if city.country == "CA":
        return f"{rng.randint(1000000, 2999999)} {rng.choice(('Ontario', 'Canada', 'Alberta'))}"
    return f"{family_name(rng, False)} {rng.choice(('Ventures', 'Holdings', 'Capital'))} {rng.randint(1, 30)}"


def domain(rng: random.Random, name: str, city: City) -> str:
    parts = plain(name).replace("'", "").replace(".", "").replace("-", "").split()
    parts = [part for part in parts if part not in {"and", "et", "les", "&"}]
    stem = rng.choice(("".join(parts), "".join(parts[:2]), "".join(parts), parts[0] + parts[-1]))
    if rng.random() < 0.3 or len(stem) < 8:
        stem += rng.choice(
            (plain(city.name)[:3].strip(), city.region.lower(), str(rng.randint(1, 99)), "group")
        )
    end = rng.choice(
        (".com", ".com", ".ca", ".com") if city.country == "CA" else (".com", ".com", ".net", ".biz")
    )
    return stem.replace(" ", "") + end


def free_address(rng: random.Random, name: str) -> str:
    parts = plain(name).replace("'", "").replace("&", " ").split()
    local = "".join(parts[:2])[:18] + rng.choice(("", "", str(rng.randint(1, 99)), ".inc"))
    return f"{local}@{rng.choice(words.FREE_DOMAINS)}"
