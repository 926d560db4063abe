"""What a list says of persons that nobody may keep without their word: health, religion, politics, unions, sexuality, origin.

Here: cells that say such a thing, withheld before anything is stored. Looked through is what lists of persons say: titles, notes,
columns that nobody knows; what a column says of companies stays. Elsewhere: the words (sensitive.yaml), who is not of age
(`minors`), mailboxes on pages (`mailboxes`). The list in the inbox stays as it was brought.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import pyarrow.compute as pc
import yaml

from pipelines.intake.blocks import mapped, where
from pipelines.intake.folding import fold, plain
from pipelines.intake.rows import Block, Texts
from pipelines.intake.synonyms import OF_COMPANY, Field
from pipelines.intake.understanding import Reading

WITHHELD = "…"
"""What stands where something was withheld."""
Listed = Literal["headings", "states", "topics", "ordinary", "young", "not_young"]
OF_PERSONS: frozenset[Field] = frozenset(("first_name", "last_name", "full_name", "job_title", "person_linkedin", "email"))
"""A list that has any of these is about persons."""
TITLE_PARTS = re.compile(r"(\s*[|•·;/,()]\s*|\s+[-–—&+]\s+|\s+(?:and|und|et)\s+)", re.IGNORECASE)
_WORDS = Path(__file__).with_name("sensitive.yaml")
_OF_COMPANIES = OF_COMPANY | frozenset(
    "industry sector branche category keywords keyword products services technologies market naics sic nace naf".split()
)
_OF_ONESELF = frozenset(("bio", "biography", "about", "about me", "summary", "profile", "uber mich", "a propos"))
_UMLAUT = "([aou])e"
_WORD = "[a-z]"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases as they are looked for in folded texts; those of `but` are passed over."""

    text: re.Pattern[str]
    but: re.Pattern[str]

    def stand_in(self, text: str) -> bool:
        """Say whether one of them stands in the text."""
        folded = folded_text(text)
        return bool(self.text.search(folded) and self.text.search(self.but.sub(" ", folded)))

    def are(self, text: str) -> bool:
        """Say whether the text is one of them."""
        return bool(self.text.fullmatch(folded_text(text).strip()))

    def among(self, column: Texts) -> list[str]:
        """Return the different texts of a column in which one of them stands."""
        return [text for text in those_with(self.text.pattern, column) if self.stand_in(text)]


def withheld(block: Block, reading: Reading) -> Block:
    """Return the block with `…` for what nobody may keep: of a title for that part of it, else for the whole cell."""
    if not OF_PERSONS & set(reading.headings):
        return block
    return replace(block, columns={heading: _column(heading, column, reading) for heading, column in block.columns.items()})


def of_persons(heading: str, reading: Reading) -> Literal["title", "words", ""]:
    """Say what of persons a column holds: titles, or words about them; nothing where it is about something else."""
    field, words = reading.field_of(heading), fold(heading)
    if field == "job_title":
        return "title"
    own = field in (None, "note") or (field == "description" and words in _OF_ONESELF)
    return "words" if own and not set(words.split()) & _OF_COMPANIES else ""


@cache
def phrases(*names: Listed, but: Listed) -> Phrases:
    """Return the phrases of these lists together."""
    return Phrases(_pattern([each for name in names for each in _listed()[name]]), _pattern(_listed()[but]))


def folded_text(text: str) -> str:
    """Return a text in small letters without accents, ü and ue as u: as the phrases are spelled."""
    return re.sub(_UMLAUT, r"\1", plain(text))


def those_with(pattern: str, column: Texts) -> list[str]:
    """Return the different texts of a column that hold the pattern when they are folded."""
    odd = pc.invert(pc.string_is_ascii(column))
    lower = pc.if_else(odd, mapped(where(odd, column), plain), pc.utf8_lower(column))
    held = pc.match_substring_regex(pc.replace_substring_regex(lower, _UMLAUT, r"\1"), pattern)
    return [str(text) for text in pc.unique(column.filter(pc.fill_null(held, False))).to_pylist()]


def _column(heading: str, column: Texts, reading: Reading) -> Texts:
    holds = of_persons(heading, reading)
    if holds == "words" and _is_named_so(heading):
        return pc.if_else(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0), WITHHELD, column)
    if not holds:
        return column
    of = phrases("states", but="ordinary") if holds == "title" else phrases("states", "topics", but="ordinary")
    instead = {text: _without(text, of) if holds == "title" else WITHHELD for text in of.among(column)}
    return pc.coalesce(mapped(column, instead.get), column) if instead else column


def _is_named_so(heading: str) -> bool:
    """Say whether a heading is one of those whose cells nobody may keep, or asks for it: `Your dietary requirements`."""
    words = f" {fold(heading)} "
    return any(f" {each} " in words for each in _listed()["headings"])


def _without(title: str, of: Phrases) -> str:
    """Return a title without its parts that say what nobody may keep."""
    if not of.stand_in(title):
        return title
    parts = [WITHHELD if of.stand_in(part) else part for part in TITLE_PARTS.split(title)]
    left = "".join(parts)
    return WITHHELD if of.stand_in(left) or not re.search(r"\w", left) else left


@cache
def _listed() -> Mapping[str, tuple[str, ...]]:
    content = yaml.safe_load(_WORDS.read_text("utf-8"))
    return {name: tuple(each.strip() for each in said.split(";")) for name, said in content.items()}


def _pattern(said: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of any of the phrases as whole words, which both languages of patterns understand."""
    each = "|".join("[ .\u2019'-]+".join(map(_word, folded_text(phrase).split())) for phrase in said)
    return re.compile(rf"\b(?:{each})\b")


def _word(word: str) -> str:
    return r"\w+" if word == "*" else re.escape(word.rstrip("*")) + (f"{_WORD}*" if word.endswith("*") else "")
