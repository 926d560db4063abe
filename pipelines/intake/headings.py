"""Which field of a lead each column of a list is.

Here: the mapping by heading, by content as a second opinion, and by settings, which have the last word. Elsewhere: the words
(`synonyms`), and reading values through the mapping (`understanding`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from typing import Literal, NamedTuple

from pipelines.errors import Stop
from pipelines.intake.addresses import email, website
from pipelines.intake.folding import fold, stated
from pipelines.intake.names import has_legal_form
from pipelines.intake.synonyms import FIELDS, NAME_WORDS, QUALIFIERS, TITLE_WORDS, WORDS, Field
from pipelines.settings import Lists

NO_FIELD = "extra"
MOST = 0.6
A_FEW = 0.2
LONGEST_NAME = 60
SEVERAL: frozenset[Field] = frozenset(("website", "email", "phone", "country", "city", "channel", "noted_on"))
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBER = re.compile(r"\s\d+$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the field it is (None: kept as extra), who said so, and how well it fits (0 is best)."""

    heading: str
    field: Field | None
    because: Literal["settings", "heading", "content", "nothing"]
    rank: int = 0


class _Said(NamedTuple):
    """What a heading says by itself: its words without qualifiers, and the field and rank they stand for."""

    words: str
    field: Field | None
    rank: int


def map_headings(sample: Sequence[Mapping[str, str]], name: str, lists: Lists) -> list[Column]:
    """Return every column of the list called `name`, judged by some of its rows; raises `Stop` for a wrong override."""
    texts: dict[str, list[str]] = {}
    for fields in sample:
        for heading, text in fields.items():
            texts.setdefault(heading, []).append(text)
    told = _overrides(name, lists)
    said = _settle({heading: _by_heading(heading) for heading in texts})
    columns = [
        Column(heading, told[fold(heading)], "settings") if fold(heading) in told else _by_content(heading, said[heading], values)
        for heading, values in texts.items()
    ]
    return _claim(_claim(columns, texts, "website"), texts, "company")


def by_field(columns: Iterable[Column]) -> dict[Field, tuple[str, ...]]:
    """Return field -> the headings it is read from, best first: one, or several where a second may fill in for the first."""
    found: dict[Field, tuple[str, ...]] = {}
    for each in sorted(columns, key=lambda column: column.rank):
        if each.field and (each.field in SEVERAL or each.field not in found):
            found[each.field] = (*found.get(each.field, ()), each.heading)
    return found


def _overrides(name: str, lists: Lists) -> dict[str, Field | None]:
    """Return folded heading -> field (None: extra) as settings.yaml says for the patterns that match the list's name."""
    return {
        fold(heading): _known(heading, field)
        for pattern, headings in lists.headings.items()
        if fnmatch(name.casefold(), pattern.casefold())
        for heading, field in headings.items()
    }


def _known(heading: str, field: str) -> Field | None:
    if field == NO_FIELD:
        return None
    for each in FIELDS:
        if each == field:
            return each
    choices = ", ".join((*FIELDS, NO_FIELD))
    raise Stop(f"settings.yaml: lists.headings maps `{heading}` to {field}, which is no field; choose from {choices}.")


@cache
def _synonyms() -> dict[str, tuple[Field, int]]:
    """Return folded synonym -> field and rank."""
    found: dict[str, tuple[Field, int]] = {}
    for field, phrases in WORDS.items():
        for rank, phrase in enumerate(phrases.replace("\n", ";").split(";")):
            found.setdefault(phrase.strip(), (field, rank))
    return found


def _by_heading(heading: str) -> _Said:
    """Return what the heading alone says; `name` and `title` say nothing until their neighbours are known."""
    folded = _NUMBER.sub("", fold(_HUMP.sub(" ", heading)))
    bare = " ".join(word for word in folded.split() if word not in QUALIFIERS)
    for phrase in (folded, bare):
        if phrase and (known := _synonyms().get(phrase)):
            return _Said(bare, *known)
    return _Said(bare, None, 0)


def _settle(said: Mapping[str, _Said]) -> dict[str, _Said]:
    """Decide what `name` and `title` are by what else the list has."""
    known = {each.field for each in said.values()}
    settled = dict(said)
    for heading, each in said.items():
        if each.words in NAME_WORDS and each.field is None:
            settled[heading] = _Said(each.words, _what_name_is(known), len(_synonyms()))
        elif each.words in TITLE_WORDS and each.field is None:
            named = any(other.words in NAME_WORDS for other in said.values())
            settled[heading] = _Said(each.words, _what_title_is(known, named), len(_synonyms()))
    return settled


def _what_name_is(known: set[Field | None]) -> Field:
    """`Name` beside `Vorname` is the family name, beside a company or an e-mail address the person, else the company."""
    if ("last_name" in known) != ("first_name" in known):
        return "first_name" if "last_name" in known else "last_name"
    is_person = {"email", "job_title"} & known and "website" not in known
    return "full_name" if "company" in known or is_person else "company"


def _what_title_is(known: set[Field | None], named: bool) -> Field | None:
    """`Title` beside a person is the job title, else the company unless something else is."""
    if {"first_name", "last_name", "full_name", "email"} & known:
        return "job_title"
    return None if named or "company" in known else "company"


def _by_content(heading: str, said: _Said, texts: Sequence[str]) -> Column:
    """Let a column of e-mail addresses be e-mail whatever it is called, and one without any not be it."""
    if said.field != "email" and _share(texts, _is_email) >= MOST:
        return Column(heading, "email", "content", len(_synonyms()))
    hopeless = said.field == "email" and any(map(stated, texts)) and not any("@" in text for text in texts)
    if said.field is None or hopeless:
        return Column(heading, None, "nothing")
    return Column(heading, said.field, "heading", said.rank)


def _claim(columns: list[Column], texts: Mapping[str, Sequence[str]], field: Literal["website", "company"]) -> list[Column]:
    """Give a field that no heading names to the column that looks most like it, of those that are nothing else."""
    if any(each.field == field for each in columns):
        return columns
    looks_like, least = (_is_website, MOST) if field == "website" else (_is_company, A_FEW)
    shares = {each.heading: _share(texts[each.heading], looks_like) for each in columns if each.because == "nothing"}
    best = max(shares, key=lambda heading: shares[heading], default=None)
    if best is None or shares[best] < least:
        return columns
    return [Column(best, field, "content") if each.heading == best else each for each in columns]


def _is_email(text: str) -> bool:
    return "@" in text and email(text) is not None


def _is_website(text: str) -> bool:
    return "." in text and website(text) is not None


def _is_company(text: str) -> bool:
    return len(text) <= LONGEST_NAME and has_legal_form(text)


def _share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    """Return the share of different stated texts that pass the test."""
    given = {text for text in texts if stated(text)}
    return sum(map(test, given)) / len(given) if given else 0.0
