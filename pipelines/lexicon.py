"""The phrases worth hearing, and how they are found in a text.

Here: the lexicon made of the persona dictionary (persona.yaml) and of the phrases in icp.yaml, and one fast search for all of
them. Elsewhere: what a mention means (sql/core/marker.sql, the rules of icp.yaml).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import yaml

WORD = re.compile(r"[^\W_]+(?:['’&+./-][^\W_]+)*")
RUN = re.compile(r"[^\W_]+")
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
END = "\n"
"""What stands between two texts."""
UNLESS = "unless "
"""What a phrase begins with that takes back what its term is said by in the same sentence: reliable, unless uptime."""
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
    """Phrases by term; finds whole words, in any case, in one pass over the text whatever their number.

    A phrase that begins with `unless` is no mention: it takes back those of its term that stand in the same sentence.
    """

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
        """Phrases by their first word, their terms, and whether they take back."""
        self._by_longest: dict[str, list[tuple[list[str], int, str]]] = {}
        """Phrases, as runs of letters, by their longest, and its place: the first one is often such as every text has."""
        self._terms = frozenset(phrases)
        for term, each in sorted(phrases.items()):
            for phrase in each:
                takes_back = phrase.lower().startswith(UNLESS)
                words = tuple(word.lower() for word in WORD.findall(_plain(phrase)))[takes_back:]
                if words:
                    self._by_first.setdefault(words[0], []).append((words, term, takes_back))
                if words and not takes_back:
                    runs = RUN.findall(" ".join(words))
                    longest = max(runs, key=len)
                    self._by_longest.setdefault(longest, []).append((runs, runs.index(longest), term))

    def among(self, texts: Sequence[str]) -> list[tuple[int, frozenset[str]]]:
        """Return which of the texts, counted from 0, may have a mention, and of which terms; others are not looked at."""
        several = _runs(texts)
        if several is None:
            return [(number, self._terms) for number in range(len(texts))]
        known = self._by_longest.keys()
        told = ((number, self._terms_in(runs)) for number, runs in enumerate(several) if not known.isdisjoint(runs))
        return [(number, terms) for number, terms in told if terms]

    def _terms_in(self, runs: Sequence[str]) -> frozenset[str]:
        return frozenset(
            term
            for place, run in enumerate(runs)
            for phrase, before, term in self._by_longest.get(run, ())
            if runs[max(0, place - before) : place - before + len(phrase)] == phrase
        )

    def find(self, text: str) -> Iterator[Mention]:
        """Yield every mention in the text, in order."""
        found = list(self._found(text))
        back = [mention for mention, takes_back in found if takes_back]
        for mention, takes_back in found:
            if not takes_back and not any(each.term == mention.term and _are_together(text, mention, each) for each in back):
                yield mention

    def _found(self, text: str) -> Iterator[tuple[Mention, bool]]:
        """Yield each phrase that stands there, and whether it takes back."""
        plain = _plain(text)
        matches = list(WORD.finditer(plain))
        words = [match[0].lower() for match in matches]
        if self._by_first.keys().isdisjoint(words):
            return
        for index, word in enumerate(words):
            for phrase, term, takes_back in self._by_first.get(word, ()):
                last = index + len(phrase)
                if last == index + 1 or tuple(words[index:last]) == phrase:
                    yield Mention(term, matches[index].start(), matches[last - 1].end()), takes_back


def _are_together(text: str, one: Mention, other: Mention) -> bool:
    """Whether two stand in one sentence."""
    return not SENTENCE_END.search(text, min(one.end, other.end), max(one.start, other.start) + 1)


def _plain(text: str) -> str:
    """Return a text with the one apostrophe that keyboards have; nothing moves."""
    return text.replace("’", "'")


def _runs(texts: Sequence[str]) -> list[list[str]] | None:
    """Return the runs of letters and figures in each text, in lower case, much faster than a pattern finds them.

    None where that cannot be: of more signs than anybody writes, or where a letter is two in lower case and may end a word.
    """
    text = END.join(each.replace(END, " ") for each in texts)
    lower = text.lower()
    signs = [each for each in set(lower) if each != END and not each.isalnum()]
    if len(signs) > MOST_SIGNS or len(lower) != len(text):
        return None
    for sign in signs:
        lower = lower.replace(sign, " ")
    return [each.split() for each in lower.split(END)] if texts else []


def make_lexicon(icp_phrases: Mapping[str, Sequence[str]]) -> Lexicon:
    """Return the lexicon of a run: the persona dictionary's terms are `persona.<marker>`."""
    return Lexicon({**persona_phrases(), **icp_phrases})


@cache
def persona_phrases() -> dict[str, tuple[str, ...]]:
    """Return the persona dictionary: `persona.<marker>` -> phrases."""
    content = yaml.safe_load(PERSONA_FILE.read_text("utf-8"))
    markers = {marker: spoken for each in content.values() for marker, spoken in each.items()}
    return {f"persona.{marker}": tuple(chain.from_iterable(spoken)) for marker, spoken in markers.items()}
