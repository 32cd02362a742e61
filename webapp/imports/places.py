"""Countries, states and provinces as people write them, and their codes (ISO 3166, USPS, Canada Post)."""

from __future__ import annotations

from typing import Final

from webapp.imports.folding import fold_key

_ISO_3166: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""

_COUNTRY_NAMES: Final = {
    "US": "USA, U.S., United States, United States of America, États-Unis, États-Unis d’Amérique, É.-U.",
    "CA": "CAN, Canada",
    "MX": "MEX, Mexico, Mexique",
    "GB": "GBR, UK, United Kingdom, Great Britain, Royaume-Uni",
    "FR": "FRA, France",
    "CN": "CHN, China, Chine",
}

_STATES: Final = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California, Californie",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia, Washington DC",
    "FL": "Florida, Floride",
    "GA": "Georgia, Géorgie",
    "HI": "Hawaii, Hawaï",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana, Louisiane",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico, Nouveau-Mexique",
    "NY": "New York, New York State",
    "NC": "North Carolina, Caroline du Nord",
    "ND": "North Dakota, Dakota du Nord",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania, Pennsylvanie",
    "RI": "Rhode Island",
    "SC": "South Carolina, Caroline du Sud",
    "SD": "South Dakota, Dakota du Sud",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia, Virginie",
    "WA": "Washington",
    "WV": "West Virginia, Virginie-Occidentale",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "PR": "Puerto Rico, Porto Rico",
    "GU": "Guam",
    "VI": "Virgin Islands, U.S. Virgin Islands",
    "AS": "American Samoa",
    "MP": "Northern Mariana Islands",
    "AA": "Armed Forces Americas",
    "AE": "Armed Forces Europe",
    "AP": "Armed Forces Pacific",
}

_PROVINCES: Final = {
    "AB": "Alberta",
    "BC": "British Columbia, Colombie-Britannique, C.-B.",
    "MB": "Manitoba",
    "NB": "New Brunswick, Nouveau-Brunswick, N.-B.",
    "NL": "Newfoundland and Labrador, Newfoundland, Terre-Neuve-et-Labrador, T.-N.-L.",
    "NS": "Nova Scotia, Nouvelle-Écosse, N.-É.",
    "NT": "Northwest Territories, Territoires du Nord-Ouest, T.N.-O.",
    "NU": "Nunavut",
    "ON": "Ontario",
    "PE": "Prince Edward Island, PEI, Île-du-Prince-Édouard, Î.-P.-É.",
    "QC": "Quebec, Québec, PQ",
    "SK": "Saskatchewan",
    "YT": "Yukon, Yn",
}


def _by_word(names: dict[str, str]) -> dict[str, str]:
    words = {fold_key(code): code for code in names}
    return words | {fold_key(word): code for code, text in names.items() for word in text.split(",")}


_COUNTRIES: Final = {code.lower(): code for code in _ISO_3166.split()} | _by_word(_COUNTRY_NAMES)
_REGIONS: Final = {"US": _by_word(_STATES), "CA": _by_word(_PROVINCES)}


def country_code(text: str) -> str | None:
    """The two-letter code of a country given as a code or a name; None when it is unknown."""
    return _COUNTRIES.get(fold_key(text))


def region_code(text: str, country: str) -> str | None:
    """The code of a state or province; None when the country has none of that name.

    Without a country both the states and the provinces are looked through (their codes do not overlap);
    regions of other countries stay as they are written.
    """
    word = fold_key(text)
    if not country:
        return _REGIONS["US"].get(word) or _REGIONS["CA"].get(word)
    regions = _REGIONS.get(country)
    return regions.get(word) if regions else text
