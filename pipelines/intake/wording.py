"""What a heading says by itself, whoever exported it.

Here: humps, brackets, paths of flattened JSON and questions of forms taken apart until a word is known. Elsewhere: the words
(`synonyms`), and what the column holds (`contents`).
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import dropwhile
from typing import Literal, NamedTuple

from pipelines.intake.folding import fold
from pipelines.intake.synonyms import (
    ABBREVIATIONS,
    AROUND,
    CONTACT_WORDS,
    LINKEDIN_WORDS,
    NAME_WORDS,
    OF_COMPANY,
    QUALIFIERS,
    SECOND_BEST,
    SOMEBODY_ELSE,
    SOMETHING_ELSE,
    TITLE_WORDS,
    Field,
    synonyms,
)

LONGEST = 200
WORST = 10_000
"""A rank behind that of every synonym."""
Kind = Literal["field", "name", "title", "contact", "linkedin", "somebody else", "something else", "unknown", "nothing"]
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_ELISION = re.compile(r"(?<=\b[dlDL])['’`´](?=\w)")
_NUMBER = re.compile(r"(?<=\s)\d{1,4}$|^(?:19|20)\d\d(?=\s)")
_BRACKETS = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_PARTS = re.compile(r"[/|\\:;>\[\]{}]+|(?<=\w\w)\.(?=\w\w)|__+|\s[-–—]+\s|\r?\n")
_MEANINGLESS = re.compile(
    r"(?:(?:unnamed|column|col|field|feld|spalte|colonne|columna|coluna|colonna|kolom|kolumna|kolumn|kolonne|sarake|sloupec|var|x|f)?"
    r" ?\d*|[a-z]|unnamed \d+ level \d+|untitled.*|value|null|none|nan|n a)"
)
_PLACE: frozenset[Field] = frozenset(("city", "country", "street", "postcode", "region", "industry"))
_DECIDED_ELSEWHERE: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("name", NAME_WORDS),
    ("title", TITLE_WORDS),
    ("contact", CONTACT_WORDS),
    ("linkedin", LINKEDIN_WORDS),
)


class Said(NamedTuple):
    """What a heading says: the field, or why it names none; its rank among the field's words, and how sure that is (0–1)."""

    kind: Kind
    field: Field | None = None
    rank: int = WORST
    certainty: float = 0.0


@lru_cache(1 << 12)
def said(heading: str) -> Said:
    """Return what the heading says by itself; total.

    >>> said("Company Name").field, said("person/emails[0]/value").field, said("Account Owner").kind, said("Unnamed: 3").kind
    ('company', 'email', 'somebody else', 'nothing')
    """
    plain = _HUMP.sub(" ", _ELISION.sub(" ", heading[:LONGEST].replace("LinkedIn", "Linkedin")))
    words = fold(plain)
    if _MEANINGLESS.fullmatch(words):
        return Said("nothing")
    spellings = list(dict.fromkeys(_spellings(plain)))
    if found := _first(spellings, 0.95, _as_it_is):
        return _ranked(found, words)
    if _holds(words, SOMEBODY_ELSE):
        return Said("somebody else")
    ends = list(_ends(plain))
    by_end = (found for end in ends if (found := _first([end], 0.95, _as_it_is, _not_around, _not_whose_in_front)))
    if found := next(by_end, None) or _first(spellings, 0.9, _not_the_companys, _not_whose):
        return _ranked(found, words)
    if _holds(words, SOMETHING_ELSE):
        return Said("something else")
    if found := _first(ends[-1:], 0.8, _not_whose, _bare) or _first(spellings, 0.8, _not_around, _bare):
        return _ranked(found, words)
    return Said("unknown" if _vocabulary() & set(words.split()) else "nothing")


def _spellings(plain: str) -> Iterator[str]:
    """Yield the heading folded: as it is, without what is in brackets, without a number at its end, abbreviations in full."""
    for text in (plain, _BRACKETS.sub(" ", plain)):
        folded = fold(text)
        yield folded
        yield _NUMBER.sub("", folded).strip()
        yield " ".join(ABBREVIATIONS.get(word, word) for word in folded.split())


def _first(spellings: list[str], certainty: float, *ways: Callable[[str], str]) -> Said | None:
    """Return what the first spelling that is known means, tried one way after the other, each a little less sure."""
    for step, way in enumerate(ways):
        for spelling in spellings:
            if known := _known(way(spelling), round(certainty - 0.05 * step, 2)):
                return known
    return None


def _known(phrase: str, certainty: float) -> Said | None:
    """Return what exactly this phrase means, if anything."""
    for kind, words in _DECIDED_ELSEWHERE:
        if phrase in words:
            return Said(kind, None, WORST, certainty - 0.25)
    if known := synonyms().get(phrase):
        return Said("field", *known, certainty)
    return None


def _as_it_is(phrase: str) -> str:
    return phrase


def _not_the_companys(phrase: str) -> str:
    return " ".join(word for word in phrase.split() if word not in OF_COMPANY)


def _not_whose(phrase: str) -> str:
    return " ".join(word for word in phrase.split() if word not in QUALIFIERS)


def _not_whose_in_front(phrase: str) -> str:
    return " ".join(dropwhile(QUALIFIERS.__contains__, phrase.split()))


def _not_around(phrase: str) -> str:
    return " ".join(word for word in phrase.split() if word not in AROUND and not word.isdigit())


def _bare(phrase: str) -> str:
    return _not_whose(_not_around(phrase))


def _ends(plain: str) -> Iterator[str]:
    """Yield a heading of several parts folded, without its first parts one after the other: the last ones say most."""
    parts = [part for part in _PARTS.split(plain) if _not_around(fold(part))]
    ends = [fold(" ".join(parts[start:])) for start in range(len(parts))] if len(parts) > 1 else []
    yield from (end for end in ends if end not in CONTACT_WORDS)


def _ranked(found: Said, words: str) -> Said:
    """Prefer the organization's own place to a person's, and either to where the post or the bill goes."""
    given = set(words.split())
    if found.field in _PLACE and given & OF_COMPANY:
        return found._replace(rank=found.rank - WORST)
    return found._replace(rank=found.rank + WORST) if given & SECOND_BEST else found


def _holds(words: str, phrases: frozenset[str]) -> bool:
    """Say whether any of the phrases stands in the words."""
    split = words.split()
    return any(
        " ".join(split[start:end]) in phrases
        for start in range(len(split))
        for end in range(start + 1, min(start + 5, len(split) + 1))
    )


@cache
def _vocabulary() -> frozenset[str]:
    """Return every word that stands in some phrase we know, those too short to tell a language left out."""
    known = {*synonyms(), *SOMEBODY_ELSE, *SOMETHING_ELSE, *NAME_WORDS, *TITLE_WORDS, *CONTACT_WORDS}
    return frozenset(word for phrase in known for word in phrase.split() if len(word) > 2)
