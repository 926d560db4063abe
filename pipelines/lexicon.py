"""The phrases worth hearing, and how they are found in a text.

Here: the lexicon made of the persona dictionary (persona.yaml) and of the phrases in icp.yaml, and one fast search for all of
them. Elsewhere: what a mention means (sql/core/marker.sql, the rules of icp.yaml).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import yaml

WORD = re.compile(r"[^\W_]+(?:['’&+./-][^\W_]+)*")
RUN = re.compile(r"[^\W_]+")
END = "\0"
"""What stands at the end of a text among its runs of letters."""
MOST_SIGNS = 200
"""Signs that are no letters, in the texts of one page."""
PERSONA_FILE = Path(__file__).parent / "persona.yaml"


@dataclass(frozen=True, slots=True)
class Mention:
    """One phrase found: its term, and where it begins and ends in the text."""

    term: str
    start: int
    end: int


class Lexicon:
    """Phrases by term; finds whole words, in any case, in one pass over the text whatever their number."""

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._by_longest: dict[str, list[tuple[list[str], int]]] = {}
        """Phrases, as runs of letters, by their longest, and its place: the first one is often such as every text has."""
        for term, each in sorted(phrases.items()):
            for phrase in each:
                words = tuple(word.lower() for word in WORD.findall(_plain(phrase)))
                if words:
                    self._by_first.setdefault(words[0], []).append((words, term))
                    runs = RUN.findall(" ".join(words))
                    longest = max(runs, key=len)
                    self._by_longest.setdefault(longest, []).append((runs, runs.index(longest)))

    def among(self, texts: Sequence[str]) -> list[int]:
        """Return which of the texts, counted from 0, may have a mention; what has none is not looked at by itself."""
        runs = _runs(texts)
        if runs is None:
            return list(range(len(texts)))
        ends = [place for place, run in enumerate(runs) if run == END]
        found = (
            place
            for place, run in enumerate(runs)
            if run in self._by_longest
            for phrase, before in self._by_longest[run]
            if runs[max(0, place - before) : place - before + len(phrase)] == phrase
        )
        return list(dict.fromkeys(bisect_left(ends, place) for place in found))

    def find(self, text: str) -> Iterator[Mention]:
        """Yield every mention in the text, in order; most texts have none, and where their words stand is not worked out."""
        plain = _plain(text)
        lower = plain.lower()
        words = WORD.findall(lower) if len(lower) == len(plain) else [word.lower() for word in WORD.findall(plain)]
        if self._by_first.keys().isdisjoint(words):
            return
        found = [
            (index, index + len(phrase), term)
            for index, word in enumerate(words)
            for phrase, term in self._by_first.get(word, ())
            if tuple(words[index : index + len(phrase)]) == phrase
        ]
        spans = [match.span() for match in WORD.finditer(plain)] if found else []
        for first, last, term in found:
            yield Mention(term, spans[first][0], spans[last - 1][1])


def _plain(text: str) -> str:
    """Return a text with the one apostrophe that keyboards have; nothing moves."""
    return text.replace("’", "'")


def _runs(texts: Sequence[str]) -> list[str] | None:
    """Return the runs of letters in the texts, in lower case, four times as fast as a pattern finds them, with the ends of texts.

    None where that cannot be: of more signs than anybody writes, or where a letter is two in lower case and may end a word.
    """
    text = "\n".join(each.replace("\n", " ") for each in texts)
    lower = text.lower()
    signs = [each for each in set(lower) if not each.isalnum() and not each.isspace()]
    if len(signs) > MOST_SIGNS or len(lower) != len(text):
        return None
    for sign in signs:
        lower = lower.replace(sign, " ")
    return lower.replace("\n", f" {END} ").split()


def make_lexicon(icp_phrases: Mapping[str, Sequence[str]]) -> Lexicon:
    """Return the lexicon of a run: the persona dictionary's terms are `persona.<marker>`."""
    return Lexicon({**persona_phrases(), **icp_phrases})


@cache
def persona_phrases() -> dict[str, tuple[str, ...]]:
    """Return the persona dictionary: `persona.<marker>` -> phrases."""
    content = yaml.safe_load(PERSONA_FILE.read_text("utf-8"))
    markers = {marker: spoken for each in content.values() for marker, spoken in each.items()}
    return {f"persona.{marker}": tuple(chain.from_iterable(spoken)) for marker, spoken in markers.items()}
