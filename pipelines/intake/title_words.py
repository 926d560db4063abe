"""What the words of job titles say, as titles.yaml has them, in whatever spelling and joined to whatever compound.

Here: the file, read once a process, a title as words, and the longest phrase that stands at a place. Elsewhere: what the words of
one title say together (`titles`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from pipelines.intake.folding import CACHE, plain

FILE = Path(__file__).parent / "titles.yaml"
Function = Literal[
    "general_management",
    "administration",
    "finance",
    "legal",
    "hr",
    "marketing",
    "sales",
    "customer_success",
    "product",
    "design",
    "engineering",
    "data",
    "it",
    "security",
    "supply_chain",
    "production",
    "quality",
    "procurement",
    "operations",
    "research",
]
Seniority = Literal["owner", "c_level", "board", "vp", "head", "director", "manager", "senior", "individual", "intern"]
RANKS: tuple[Seniority, ...] = get_args(Seniority)
"""How far up, the highest first; a chief executive who also sits on a board is a chief executive."""
STOP = "stop"
"""The kind of what parts one role from the next: a comma, a dash."""
JOINTS = ("of_another", "aide", "not_now", "at", "of", "and", "void")
ANY = "any"
_GENDERS = re.compile(
    r"\((?:[mwfdxhi][/|,* ]*){2,5}\)|\((?:in|innen|e|ne|euse|trice|rice|a|o|as|os)\)"
    r"|(?<=\w)[/:*_·](?:in|innen|e|ne|euse|trice|rice|a|o)(?![\w-])",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?:\w\.){2,}\w?|[^\W_]+|\s[-–—]+(?=\s)|[–—,;|:()•·/&+@]")
_LETTERS = re.compile(r"\b(\w{1,2})\s?&\s?(\w)\b")
"""R&D and FP&A are one word."""
AND = "&"
_ANDS = frozenset("and und et y e en och og i a".split())
_STOPS = frozenset(",;|:()•·–—-")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_LINKS = ("", "s", "n", "en", "es", "e")
_SHORTEST_HEAD, _SHORTEST_REST, _TELLING_HEAD = 4, 2, 6
"""Letters of a compound's last word, of what stands before it, and of a last word that counts whatever stands before it."""
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase does: it says a function and a rank, or joins others. `kind` is its section of the file."""

    kind: str
    function: str | None = None
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """The file: phrases by their first word, the longest first, and what counts only at the end of a part, or alone in it."""

    by_first: Mapping[str, Sequence[tuple[Phrase, Sense]]]
    ending: Mapping[Phrase, Sense]
    alone: Mapping[Phrase, Sense]

    def at(self, words: Sequence[str], place: int) -> tuple[int, Sense | None]:
        """Return how many words the longest phrase at a place has, and what it says; one and None where none stands there."""
        for phrase, sense in self.by_first.get(words[place], ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                return len(phrase), sense
        return 1, Sense(STOP) if words[place] in _STOPS else _put_together(words[place])

    def single(self, word: str) -> Sense | None:
        """Return what a word says by itself; what is no person also with an s that joins it (Vertriebs-)."""
        for spelling in (word, word.removesuffix("s")):
            for phrase, sense in self.by_first.get(spelling, ()):
                if len(phrase) == 1 and not (sense.rank and spelling != word):
                    return sense
        return None


@cache
def wording() -> Wording:
    """Return the file's phrases."""
    content = yaml.load(FILE.read_text("utf-8"), yaml.CSafeLoader)
    by_first: dict[str, list[tuple[Phrase, Sense]]] = {}
    for phrase, sense in phrases(content):
        by_first.setdefault(phrase[0], []).append((phrase, sense))
    ordered = {first: sorted(found, key=lambda each: -len(each[0])) for first, found in by_first.items()}
    return Wording(ordered, dict(_saying(content, "ending")), dict(_saying(content, "alone")))


def phrases(content: Mapping[str, Any]) -> Iterator[tuple[Phrase, Sense]]:
    """Yield what holds wherever it stands, in the order of the file: of two that are the same, the first counts."""
    for kind in ("says", "loosely"):
        yield from _saying(content, kind)
    for kind in JOINTS:
        yield from ((phrase, Sense(kind)) for written in _flat(content[kind]) for phrase in spellings(written))


def words_of(title: str) -> list[tuple[str, str]]:
    """Return the words of a title as written and folded, signs that part or join them among these.

    >>> words_of("Leiter/in Einkauf, R&D")
    [('Leiter', 'leiter'), ('Einkauf', 'einkauf'), (',', ','), ('RnD', 'rnd')]
    """
    written = _TOKEN.findall(_LETTERS.sub(r"\1n\2", _GENDERS.sub("", title)))
    return [(each, plain(each.replace(".", ""))) for each in (word.strip() for word in written)]


def spellings(phrase: str) -> dict[Phrase, None]:
    """Return a phrase as words: umlauts folded and written out, `und` and its like also as the sign `&`."""
    both = (phrase, phrase.lower().translate(_WRITTEN_OUT))
    words = [tuple(folded for _, folded in words_of(each)) for each in both]
    signs = [
        tuple(AND if 0 < place < len(each) - 1 and word in _ANDS else word for place, word in enumerate(each)) for each in words
    ]
    return dict.fromkeys((*words, *signs))


def _saying(content: Mapping[str, Any], kind: str) -> Iterator[tuple[Phrase, Sense]]:
    for function, ranks in content[kind].items():
        for rank, written in ranks.items():
            sense = Sense(kind, _named(function), _named(rank))
            yield from ((phrase, sense) for each in _flat(written) for phrase in spellings(each))


def _named(name: str) -> str | None:
    return None if name == ANY else name


def _flat(written: object) -> Iterator[str]:
    """Yield the phrases of lists within lists."""
    if isinstance(written, list):
        for each in written:
            yield from _flat(each)
    else:
        yield str(written)


@lru_cache(CACHE)
def _put_together(word: str) -> Sense | None:
    """Return what a word says by itself, or put together of known ones (Vertriebsleiter), or ending in one that tells enough."""
    known = wording()
    if plainly := known.single(word):
        return plainly
    for cut in range(_SHORTEST_REST, len(word) - _SHORTEST_HEAD + 1):
        head = known.single(word[cut:])
        if head is None or not (head.rank or head.kind == "aide"):
            continue
        rest = next(filter(None, (known.single(word[:cut].removesuffix(link)) for link in _LINKS)), None)
        if rest is not None and rest.kind in ("says", "loosely"):
            return _joined(rest, head)
        if cut >= _SHORTEST_HEAD and len(word) - cut >= _TELLING_HEAD:
            return head
    return None


def _joined(rest: Sense, head: Sense) -> Sense:
    """Return what a compound says: its last word, in the function of what stands before; who aids a chief is an aide."""
    if head.kind == "aide":
        return head if rest.function is None else Sense(rest.kind, rest.function, "individual")
    return Sense("says" if head.function else rest.kind, head.function or rest.function, head.rank)
