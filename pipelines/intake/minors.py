"""Persons who are not of age: what a list says of them is not kept at all.

Here: which rows are about one, by an age, a birth date, or being at school. Elsewhere: the words (sensitive.yaml), which columns
are about persons (`sensitive`), what becomes of such rows (`reading`).
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake.days import day
from pipelines.intake.folding import fold
from pipelines.intake.rows import Block, Flags, Texts
from pipelines.intake.sensitive import OF_PERSONS, TITLE_PARTS, folded_text, of_persons, phrases, those_with
from pipelines.intake.understanding import Reading

OF_AGE = 18
YOUNGEST = 3
"""Of fewer years is rather an experience, or a mistake."""
YOUNG = partial(phrases, "young", but="not_young")
_AGES = frozenset("age alter edad leeftijd wiek alder idade".split())
_BIRTHS = frozenset(
    "birthday birthdate birth dob born geburtstag geburtsdatum geburtsjahr naissance nacimiento nascita geboortedatum".split()
)
_THINGS = r"(?!\W+(?:\w+\W+)?(?:compan|firm|business|brand|start|system|software|contract|building|machine|account|deal|family))"
_AGE = re.compile(
    r"\b(?:aged?|age is|alter|im alter von|edad|leeftijd)[ :]*([0-9]{1,2})\b(?![.,:%/]?[0-9])"
    rf"|\b([0-9]{{1,2}})[ -]?(?:years?|yrs?)[ -]old\b{_THINGS}|\b([0-9]{{1,2}}) ?y/o\b"
    rf"|\b([0-9]{{1,2}}) jahre alt\b|\b([0-9]{{1,2}})-?jahrige?[rns]?\b{_THINGS}"
    r"|\bagee? de ([0-9]{1,2}) ans\b|\b([0-9]{1,2}) anos de edad\b"
)
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|(?:[0-9]{1,2}[./-][0-9]{1,2}[./-]|[0-9]{1,2}\.? \w+ |\w+ (?:[0-9]{1,2}, )?)?(?:19|20)\d\d"
_BORN = re.compile(
    r"\b(?:born(?: on| in)?|geb(?:oren|\.)?(?: am| im jahr)?|d\.?o\.?b\.?|nee? (?:le|en)|nacid[oa] (?:el|en)|nat[oa] (?:il|nel))"
    rf"[ :*]*({_DATE})\b"
)
_SAYING = r"[0-9]{1,2}[ -]?[yja]|(?:age|alter|edad|leeftijd|dob|geb|born|nee?|naci|nat)[^0-9]{0,16}[0-9]"
"""What stands wherever an age or a birth does."""


def under_age(block: Block, reading: Reading, on: date) -> Flags:
    """Say which rows are about somebody who is not of age on a day."""
    young = pa.repeat(False, block.rows)
    for heading, column in block.columns.items() if OF_PERSONS & set(reading.headings) else ():
        if found := list(_young(heading, column, reading, on)):
            young = pc.or_(young, pc.fill_null(pc.is_in(column, pa.array(found, pa.string())), False))
    return young


def says_under_age(text: str, on: date) -> bool:
    """Say whether a text about somebody says that they are not of age on a day.

    >>> says_under_age("aged 15, likes robots", date(2026, 1, 15)), says_under_age("born 2014", date(2026, 1, 15))
    (True, True)
    >>> says_under_age("a 15 year old company", date(2026, 1, 15)), says_under_age("born 1984", date(2026, 1, 15))
    (False, False)
    """
    folded = folded_text(text)
    ages = (int(number) for found in _AGE.finditer(folded) for number in found.groups() if number)
    births = (_is_late(found[1], on) for found in _BORN.finditer(folded))
    return any(map(_is_young, ages)) or any(births) or YOUNG().stand_in(text)


def _young(heading: str, column: Texts, reading: Reading, on: date) -> Iterable[str]:
    """Return the different texts of a column that say so."""
    words, holds = set(fold(heading).split()), of_persons(heading, reading)
    if holds == "title":
        return (text for text in YOUNG().among(column) if any(map(YOUNG().are, TITLE_PARTS.split(text))))
    if holds == "words" and words & _BIRTHS:
        return _those(column, lambda text: _is_late(text, on))
    if holds == "words" and words <= _AGES:
        return _those(column, lambda text: text.strip().isdecimal() and _is_young(int(text)))
    told = {*those_with(_SAYING, column), *YOUNG().among(column)} if holds else ()
    return (text for text in sorted(told) if says_under_age(text, on))


def _those(column: Texts, is_so: Callable[[str], bool]) -> Iterable[str]:
    return (text for text in pc.unique(column).drop_null().to_pylist() if is_so(text))


def _is_young(years: int) -> bool:
    return YOUNGEST <= years < OF_AGE


def _is_late(written: str, on: date) -> bool:
    """Say whether who was born then is not of age; of a year alone, or a day that could be two, the last day counts."""
    born = day(written.strip())
    if born is None:
        years = re.findall(r"(?:19|20)[0-9]{2}", written)
        born = date(int(years[0]), 12, 31) if len(years) == 1 else None
    return born is not None and on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < OF_AGE
