"""Countries as people write them.

Here: country names in the main European languages, and the codes, to ISO 3166-1 alpha-2. Elsewhere: which text is a country
(`intake`, the readers).
"""

from functools import cache

from babel import Locale
from babel.core import get_global

from pipelines.text import fold

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs")
NO_COUNTRY = {"EU", "ZZ"}
ALSO = {
    "usa": "US",
    "united states of america": "US",
    "uk": "GB",
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
    codes = {code for code in get_global("territory_currencies") if len(code) == 2 and code.isalpha()} - NO_COUNTRY
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
    threes = {three: two for three, two in _threes().items() if two in known}
    return {**{code: code for code in known}, **threes}


def country_code(written: str) -> str | None:
    """Return the alpha-2 code of a country as written (name or code), or None when it is none."""
    text = fold(written.strip(" .,;\t\n"))
    short = text.replace(".", "")
    if short in ALSO:
        return ALSO[short]
    return country_codes().get(short.upper()) if len(short) in (2, 3) else country_names().get(text)


def _threes() -> dict[str, str]:
    """Return alpha-3 -> alpha-2, from the aliases CLDR keeps of the three-letter codes."""
    aliases = get_global("territory_aliases").items()
    return {three: two[0] for three, two in aliases if len(three) == 3 and three.isalpha() and len(two) == 1}
