"""The places where generated companies are."""

from __future__ import annotations

from typing import NamedTuple


class City(NamedTuple):
    """A city, the first characters of its postal codes, its area codes, and how it is also written."""

    name: str
    region: str
    country: str
    postal: tuple[str, ...]
    area_codes: tuple[str, ...]
    other: str = ""


_CITIES = """
Montréal|QC|CA|H2X H3B H1K H4N|514 438|Montreal
Québec|QC|CA|G1R G1K G2E|418 581|Quebec City
Laval|QC|CA|H7N H7S H7L|450 579|
Gatineau|QC|CA|J8X J8T|819 873|
Longueuil|QC|CA|J4K J4G|450 579|
Sherbrooke|QC|CA|J1H J1L|819|
Trois-Rivières|QC|CA|G9A G8Y|819|Trois Rivieres
Saint-Jérôme|QC|CA|J7Z J7Y|450 579|St-Jerome
Lévis|QC|CA|G6V G6W|418|Levis
Saguenay|QC|CA|G7H G7J|418|
Drummondville|QC|CA|J2B J2C|819|
Saint-Hyacinthe|QC|CA|J2S J2T|450|St-Hyacinthe
Granby|QC|CA|J2G J2H|450|
Rimouski|QC|CA|G5L G5M|418|
Rouyn-Noranda|QC|CA|J9X J0Z|819|
Repentigny|QC|CA|J6A J5Y|450|
Victoriaville|QC|CA|G6P G6S|819|
Toronto|ON|CA|M5V M4C M9W M1P|416 647|
Ottawa|ON|CA|K1P K2C K1G|613 343|
Mississauga|ON|CA|L5B L4W|905 289|
Hamilton|ON|CA|L8P L8E|905 289|
London|ON|CA|N6A N5V|519 226|
Kitchener|ON|CA|N2G N2C|519 226|
Windsor|ON|CA|N9A N8W|519|
Kingston|ON|CA|K7L K7M|613|
Sudbury|ON|CA|P3E P3A|705|Greater Sudbury
Barrie|ON|CA|L4M L4N|705|
St. Catharines|ON|CA|L2R L2M|905|Saint Catharines
Winnipeg|MB|CA|R3C R2H|204 431|
Calgary|AB|CA|T2P T3H T2E|403 587|
Edmonton|AB|CA|T5J T6E|780 587|
Vancouver|BC|CA|V6B V5K V6Z|604 778|
Victoria|BC|CA|V8W V9A|250|
Halifax|NS|CA|B3J B3K|902|
Moncton|NB|CA|E1C E1A|506|
St. John's|NL|CA|A1C A1B|709|Saint John's
Boston|MA|US|021 022|617 857|
Worcester|MA|US|016|508 774|
Hartford|CT|US|061|860|
Providence|RI|US|029|401|
Burlington|VT|US|054|802|
Albany|NY|US|122|518|
Buffalo|NY|US|142|716|
New York|NY|US|100 101|212 646|NYC
Philadelphia|PA|US|191|215 267|
Pittsburgh|PA|US|152|412|
Cleveland|OH|US|441|216|
Columbus|OH|US|432|614|
Detroit|MI|US|482|313|
Grand Rapids|MI|US|495|616|
Chicago|IL|US|606|312 773|
Milwaukee|WI|US|532|414|
Minneapolis|MN|US|554|612|
St. Louis|MO|US|631|314|Saint Louis
Kansas City|MO|US|641|816|
Nashville|TN|US|372|615|
Atlanta|GA|US|303|404 470|
Charlotte|NC|US|282|704|
Richmond|VA|US|232|804|
Miami|FL|US|331|305 786|
Tampa|FL|US|336|813|
Houston|TX|US|770|713 281|
Dallas|TX|US|752|214 972|
Austin|TX|US|787|512|
San Antonio|TX|US|782|210|
Denver|CO|US|802|303 720|
Phoenix|AZ|US|850|602 480|
Salt Lake City|UT|US|841|801|
Boise|ID|US|837|208|
Seattle|WA|US|981|206|
Portland|OR|US|972|503 971|
Sacramento|CA|US|958|916|
San Diego|CA|US|921|619 858|
Fresno|CA|US|937|559|
"""


def _city(line: str) -> City:
    name, region, country, postal, area_codes, other = line.split("|")
    return City(name, region, country, tuple(postal.split()), tuple(area_codes.split()), other)


CITIES = tuple(_city(line) for line in _CITIES.strip().splitlines())
