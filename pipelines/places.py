"""Countries as people write them.

Here: country names in the main European languages, and the codes, to ISO 3166-1 alpha-2. Elsewhere: which text is a country
(`intake`, the readers).
"""

from functools import cache

from babel import Locale
from babel.core import get_global

from pipelines.text import fold

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs")
ALSO = {
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "united states of america": "US",
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "holland": "NL",
    "czech republic": "CZ",
    "south korea": "KR",
    "korea": "KR",
    "russia": "RU",
    "uae": "AE",
    "hong kong": "HK",
    "taiwan": "TW",
    "turkey": "TR",
}


@cache
def country_names() -> dict[str, str]:
    """Return folded country name -> alpha-2 code, codes not included."""
    codes = {code for code in get_global("territory_currencies") if len(code) == 2 and code.isalpha()}
    names = {
        fold(name): code
        for language in reversed(LANGUAGES)
        for code, name in Locale(language).territories.items()
        if code in codes
    }
    return {**names, **ALSO}


@cache
def country_codes() -> dict[str, str]:
    """Return alpha-2 and alpha-3 codes, upper case -> alpha-2."""
    known = set(country_names().values())
    threes = {three: two for two, three in _threes().items() if two in known}
    return {**{code: code for code in known}, **threes}


def country_code(written: str) -> str | None:
    """Return the alpha-2 code of a country as written (name or code), or None when it is none."""
    text = written.strip().strip(".,;")
    return (
        country_codes().get(text.upper())
        if 2 <= len(text) <= 3 and text.isalpha() and fold(text) not in ALSO
        else country_names().get(fold(text))
    )


def _threes() -> dict[str, str]:
    """Return alpha-2 -> alpha-3, from the aliases CLDR keeps of the three-letter codes."""
    return {
        two[0]: three
        for three, two in get_global("territory_aliases").items()
        if len(three) == 3 and three.isalpha() and len(two) == 1
    }
