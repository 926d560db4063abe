"""Currencies and magnitudes as people write them.

Here: signs, codes and words to ISO 4217, and million in many languages to 1e6. Elsewhere: reading an amount (`numbers`), what
the column or the country settles (`habits`).
"""

import re
from collections.abc import Mapping
from functools import cache

from babel.core import get_global
from babel.numbers import list_currencies

# A sign or word, folded to lower case -> the currencies it can mean, the likeliest first.
SIGNS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "£": ("GBP",),
    "pounds": ("GBP",),
    "us$": ("USD",),
    "usd$": ("USD",),
    "u$s": ("USD",),
    "ca$": ("CAD",),
    "c$": ("CAD",),
    "cad$": ("CAD",),
    "a$": ("AUD",),
    "au$": ("AUD",),
    "aud$": ("AUD",),
    "nz$": ("NZD",),
    "s$": ("SGD",),
    "sg$": ("SGD",),
    "hk$": ("HKD",),
    "nt$": ("TWD",),
    "r$": ("BRL",),
    "mx$": ("MXN",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD"),
    "dollar": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"),
    "dollars": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"),
    "us dollar": ("USD",),
    "us dollars": ("USD",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kronor": ("SEK",),
    "kroner": ("NOK", "DKK"),
    "fr": ("CHF",),
    "sfr": ("CHF",),
    "franken": ("CHF",),
    "kc": ("CZK",),
    "zl": ("PLN",),
    "zlotych": ("PLN",),
    "ft": ("HUF",),
    "lei": ("RON", "MDL"),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "円": ("JPY",),
    "元": ("CNY",),
    "rmb": ("CNY",),
    "₹": ("INR",),
    "rs": ("INR", "PKR", "LKR", "NPR"),
    "rupees": ("INR", "PKR", "LKR", "NPR"),
    "₽": ("RUB",),
    "₺": ("TRY",),
    "tl": ("TRY",),
    "₩": ("KRW",),
    "₪": ("ILS",),
    "₴": ("UAH",),
    "฿": ("THB",),
    "₫": ("VND",),
    "₱": ("PHP",),
    "₦": ("NGN",),
    "rp": ("IDR",),
    "rm": ("MYR",),
}
CODES = frozenset(code.lower() for code in list_currencies() if not code.startswith("X") and code not in ("ALL", "TOP", "CUP"))
UNIT_WORDS: Mapping[str, float] = {
    word: unit
    for unit, words in {
        1e2: "hundred",
        1e3: "k thousand thousands thsd tsd tausend mille tys tis tuhatta tusind tusen duizend migliaia mila 000s 000",
        1e4: "万 萬 만",
        1e5: "lakh lakhs lac lacs",
        1e6: """m mm mn mln mio mill million millions millionen millones millon milioni milione miljoen milhoes milhao milionow
            miliony milion miljoner miljon millioner millioen miljoonaa milj milionu mil. mi""",
        1e7: "crore crores cr",
        1e8: "億 亿 억",
        1e9: """b bn bln bil billion billions mrd mrds md mds mld milliarde milliarden milliard milliards miliardi miliardo
            miljard miliardow miljarder miliardu miliardy milliarder mia miljardia bilhao bilhoes g mrd.""",
        1e12: "tn trn trillion trillions billionen billones biljoen bilioni 兆 조",
    }.items()
    for word in words.split()
} | {"mil millones": 1e9, "mil milhoes": 1e9}


def _alternatives(words: set[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


CURRENCY_NEXT = rf"(?:(?:{_alternatives({*CODES, *SIGNS})})(?!(?!(?:m|mn|mln|mio|bn|k)(?![a-z]))[a-z$])|[€£¥￥₹₽₺₩₪₴฿₫₱₦$円元])"
"""Pattern of a sign or a code that comes next in a text (lower case, no accents)."""
CURRENCY = re.compile(rf"(?<![a-z]){CURRENCY_NEXT}")


def meanings(word: str) -> tuple[str, ...]:
    """Return the ISO 4217 codes that a sign, word or code (lower case) can mean, the likeliest first; empty when none.

    >>> meanings("€"), meanings("chf"), meanings("kr"), meanings("otter")
    (('EUR',), ('CHF',), ('SEK', 'NOK', 'DKK', 'ISK'), ())
    """
    return SIGNS.get(word) or ((word.upper(),) if word in CODES else ())


def spoken_by(countries: frozenset[str]) -> str | None:
    """Return the currency that a list whose rows are from these countries means by a sign that several share; None when unknown.

    All from one country: its own. From several: the dollar is the American one.

    >>> spoken_by(frozenset(("AU",))), spoken_by(frozenset(("US", "CA"))), spoken_by(frozenset())
    ('AUD', 'USD', None)
    """
    if not countries:
        return None
    own = {_legal_tender(country) for country in countries}
    return next(iter(own)) if len(own) == 1 else "USD"


@cache
def _legal_tender(country: str) -> str | None:
    """Return the currency in use in the country now."""
    listed = get_global("territory_currencies").get(country, ())
    return next((code for code, _, until, tender in listed if until is None and tender), None)
