"""Text made comparable: what people write in several ways for one thing becomes one spelling.

Here: folding case, accents and punctuation, the words that mean nothing is known. Elsewhere: cleaning (`text`), what each kind
of value means (`names`, `countries`, `addresses`, `values`).
"""

import re
import unicodedata
from functools import cache, lru_cache

from pipelines.text import clean, only_words

CACHE = 1 << 16
NULL_WORDS = frozenset(
    phrase.strip()
    for phrase in """
    n/a; na; n.a.; n.a; n\\a; #n/a; #na; n/d; nd; n.d.; k.a.; k. a.; s/o; -; --; ---; –; —; _; .; ..; ...; …; ?; ??; /; *; **
    none; null; nil; (null); (none); (blank); blank; empty; nan; undefined; not available; not applicable; not provided; no data
    not specified; not given; unknown; (unknown); tbd; tba; tbc; xxx; select; - select -; -- select --; -select-; --select--
    please select; select one; choose; choose one; please choose; bitte wählen; unbekannt; keine angabe; nicht angegeben; leer
    inconnu; non renseigné; vide; desconocido; sin datos; vacío; sconosciuto; vuoto; onbekend; leeg
    """.replace("\n", ";").split(";")
    if phrase.strip()
)
_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = "'’‘´`"
_UNDECOMPOSED = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}


def stated(text: str) -> str | None:
    """Return the clean cell, or None when it is empty or one of the null words (in any case).

    A company that is really called None, or a person called Null, is therefore absent; the raw text stays in raw.lead_row.
    """
    cleaned = clean(text)
    return None if not cleaned or cleaned.casefold() in NULL_WORDS else cleaned


def plain(text: str) -> str:
    """Return the text in lower case without accents, punctuation left as it is.

    >>> plain("Über 5 Mio. €")
    'uber 5 mio. €'
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    composed = unicodedata.normalize("NFC", _MARKS.sub("", decomposed))
    for letter, letters in _UNDECOMPOSED.items():
        composed = composed.replace(letter, letters)
    return composed


@lru_cache(CACHE)
def fold(text: str) -> str:
    """Return lower-case words set apart by one blank: accents and punctuation off, `&` and `+` as `and`.

    >>> fold("Società Müller & Søn")
    'societa muller and son'
    """
    return fold_once(text)


def fold_once(text: str) -> str:
    """Return what `fold` does and remember nothing: for whole texts, which nobody asks for twice."""
    for sign in _APOSTROPHES:
        text = text.replace(sign, "")
    bare = plain(_without_signs(text))
    return " ".join(only_words(bare.replace("&", " and ").replace("+", " and ")).split())


def _without_signs(text: str) -> str:
    """Return a text with blanks for signs that are no words in any spelling: most texts are ASCII then, and quickly folded."""
    for sign in (each for each in set(text) if not each.isascii()) if not text.isascii() else ():
        if _is_mute(sign):
            text = text.replace(sign, " ")
    return text


@cache
def _is_mute(sign: str) -> bool:
    """Whether a sign is no letter, no part of one, and does not stand for letters as ™ does."""
    stands_for = unicodedata.normalize("NFKD", sign.casefold())
    return unicodedata.category(sign)[0] in "PSZ" and not any(each.isalnum() or each in "&+" for each in stands_for)
