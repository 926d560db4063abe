"""Text made comparable: what people write in several ways for one thing becomes one spelling.

Here: folding case, accents and punctuation, the words that mean nothing is known. Elsewhere: cleaning (`text`), what each kind
of value means (`names`, `countries`, `addresses`, `values`).
"""

import re
import unicodedata
from functools import lru_cache

from pipelines.text import clean, only_words

CACHE = 1 << 16
NULL_WORDS = frozenset(
    phrase.strip()
    for phrase in """
    n/a; na; n.a.; n.a; n\\a; #n/a; #na; n/d; nd; n.d.; k.a.; k. a.; s/o; -; --; ---; –; —; _; .; ..; ...; ?; ??; /; *; **
    none; null; nil; (null); (none); (blank); blank; empty; nan; undefined; not available; not applicable; not provided; no data
    not specified; not given; unknown; (unknown); tbd; tba; tbc; xxx; select; - select -; -- select --; -select-; --select--
    please select; select one; choose; choose one; please choose; bitte wählen; unbekannt; keine angabe; nicht angegeben; leer
    inconnu; non renseigné; vide; desconocido; sin datos; vacío; sconosciuto; vuoto; onbekend; leeg
    """.replace("\n", ";").split(";")
    if phrase.strip()
)
_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['’‘´`]")
_UNDECOMPOSED = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
_ANY_UNDECOMPOSED = re.compile(f"[{''.join(_UNDECOMPOSED)}]")


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
    return _ANY_UNDECOMPOSED.sub(lambda letter: _UNDECOMPOSED[letter[0]], composed)


@lru_cache(CACHE)
def fold(text: str) -> str:
    """Return lower-case words set apart by one blank: accents and punctuation off, `&` and `+` as `and`.

    >>> fold("Società Müller & Søn")
    'societa muller and son'
    """
    return fold_once(text)


def fold_once(text: str) -> str:
    """Return what `fold` does and remember nothing: for whole texts, which nobody asks for twice."""
    bare = plain(_APOSTROPHES.sub("", text))
    return " ".join(only_words(bare.replace("&", " and ").replace("+", " and ")).split())
