"""What a job title says of somebody's work: in which functions, and how far up.

Here: one title understood, from its words (`title_words`) and how they hang together: whose assistant somebody is, what somebody
was before, what a role is for. What a title does not say stays unknown. Elsewhere: what a role has to do with buying from us
(icp.yaml, sql/core/contact.sql).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import pyarrow as pa

from pipelines.intake.title_words import RANKS, STOP, Phrase, Sense, wording, words_of

TOP = "general_management"
AIDE = Sense("says", "administration", "individual")
UNHEARD = Sense("")
_LEADING = RANKS[: RANKS.index("senior")]
_AIDED = RANKS[: RANKS.index("manager")]
"""Who has assistants; an assistant manager is a manager."""
SCHEMA = pa.schema(
    [
        pa.field("job_title", pa.string(), nullable=False),
        pa.field("held", pa.string(), nullable=False),
        pa.field("functions", pa.list_(pa.string()), nullable=False),
        pa.field("seniority", pa.string()),
        pa.field("because", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a title says: its functions, the main one first, the highest rank, why; and its words that are the holder's own."""

    functions: tuple[str, ...]
    seniority: str | None
    because: str | None
    held: str


class _Said(NamedTuple):
    """A phrase of a title: as written, folded, and what it says."""

    written: str
    words: Phrase
    kind: str
    function: str | None
    rank: str | None

    def saying(self, sense: Sense) -> "_Said":
        """Return the phrase with another sense."""
        return self._replace(kind=sense.kind, function=sense.function, rank=sense.rank)


class _Role(NamedTuple):
    """What one part of a title says, and by which phrases."""

    function: _Said | None
    rank: _Said | None


def understand(title: str) -> Understood:
    """Return what a job title says.

    >>> understand("Leiter Einkauf / Prokurist").functions
    ('procurement',)
    >>> understand("Assistant to the CEO").seniority
    'individual'
    """
    parts = [_specially(_held(part)) for part in _split(list(_own(_said(title))), STOP)]
    roles = list(_roles(parts))
    functions, rank = _functions(roles), _telling([each.rank for each in roles if each.rank])
    held = " ".join(word for part in parts for each in part for word in each.words)
    return Understood(
        tuple(dict.fromkeys(each.function for each in functions if each.function)),
        rank.rank if rank else None,
        _because(functions, rank),
        f" {held} " if held else "",
    )


def understood(titles: Iterable[str]) -> pa.Table:
    """Return the rows of core.job_title for distinct titles."""
    return pa.Table.from_pylist([{"job_title": each, **asdict(understand(each))} for each in titles], SCHEMA)


def _said(title: str) -> Iterator[_Said]:
    """Yield the phrases of a title, the longest at each place."""
    tokens = words_of(title)
    folded = [each for _, each in tokens]
    known, place = wording(), 0
    while place < len(tokens):
        length, sense = known.at(folded, place)
        end, said = place + length, sense or UNHEARD
        written = tokens[place][0] if length == 1 else " ".join(each for each, _ in tokens[place:end])
        yield _Said(written, tuple(folded[place:end]), said.kind, said.function, said.rank)
        place = end


def _own(said: Iterable[_Said]) -> Iterator[_Said]:
    """Yield what comes before another's role: after `assistant to` nothing is the holder's own."""
    for each in said:
        if each.kind == "of_another":
            yield each.saying(AIDE)
            return
        yield each


def _split(said: Sequence[_Said], kind: str) -> Iterator[Sequence[_Said]]:
    """Yield the runs of phrases between those of a kind."""
    begun = 0
    for place, each in enumerate(said):
        if each.kind == kind:
            yield said[begun:place]
            begun = place + 1
    yield said[begun:]


def _held(part: Sequence[_Said]) -> Sequence[_Said]:
    """Return what somebody does now: without what was before or is to be, and without the employer."""
    return part[: next((place for place, each in enumerate(part) if each.kind in ("not_now", "at")), len(part))]


def _specially(part: Sequence[_Said]) -> Sequence[_Said]:
    """Return the phrases of a part, with what they say at an end or alone where they stand there."""
    known = wording()
    if not any(each.words in known.alone or each.words in known.ending for each in part):
        return part
    kinds = ["and", *("" if each.kind == "void" else each.kind for each in part), "and"]
    found = []
    for place, each in enumerate(part, 1):
        ends, begins = kinds[place + 1] in ("and", "of"), kinds[place - 1] in ("and", "of")
        special = (known.ending.get(each.words) or (known.alone.get(each.words) if begins else None)) if ends else None
        found.append(each.saying(special) if special else each)
    return found


def _roles(parts: Iterable[Sequence[_Said]]) -> Iterator[_Role]:
    """Yield the role of each part between commas and of each that `and` joins; a later part without a rank only fills a gap."""
    named = False
    for place, part in enumerate(parts):
        found = [_role(each) for each in _split(part, "and")]
        if place and named and not any(each.rank for each in found):
            continue
        named = named or any(each.function and each.function.kind == "says" for each in found)
        yield from found


def _role(joined: Sequence[_Said]) -> _Role:
    """Return what one part says; of an assistant, whether the role beside is theirs or that of whom they assist."""
    ranked = [each for each in joined if each.rank]
    function = _main(joined)
    aide = next((each for each in joined if each.kind == "aide"), None)
    if aide is None:
        return _Role(function, _telling(ranked))
    own = aide.saying(AIDE)
    if _is_anothers(joined, joined.index(aide)):
        return _Role(own, own)
    leads = any(each.rank in _LEADING for each in ranked)
    return _Role(function or own, _telling(ranked) if leads else own)


def _is_anothers(joined: Sequence[_Said], place: int) -> bool:
    """Say whether the assistant at a place is that of a role named beside: a CEO's, or a manager's named before."""
    return any(each.rank in _LEADING for each in joined[:place]) or any(each.rank in _AIDED for each in joined[place:])


def _telling(ranked: Sequence[_Said]) -> _Said | None:
    """Return the phrase of the highest rank; whoever is an intern or a trainee is one, whatever they are to become."""
    intern = next((each for each in ranked if each.rank == "intern"), None)
    return intern or min(ranked, key=lambda each: RANKS.index(each.rank or "intern"), default=None)


def _main(joined: Sequence[_Said]) -> _Said | None:
    """Return the phrase that says the function: the last before an `of`, else after it; a telling one before a loose one."""
    named = [each for each in joined if each.function or each.kind == "of"]
    for loosely in (False, True):
        for piece in _split(named, "of"):
            found = [each for each in piece if (each.kind == "loosely") is loosely]
            if found:
                return found[-1]
    return None


def _functions(roles: Sequence[_Role]) -> list[_Said]:
    """Return the phrases that say functions; an owner's or president's is all of it only where nothing narrower is said."""
    found = [each.function for each in roles if each.function]
    return [each for each in found if each.kind not in ("loosely", "alone") or each.function != TOP] or found


def _because(functions: Sequence[_Said], rank: _Said | None) -> str | None:
    """Say which words say what."""
    says = [f"“{each.written}” says {each.function}" for each in functions]
    if rank:
        says.append(f"“{rank.written}” says {rank.rank}")
    return "; ".join(dict.fromkeys(says)).replace("_", " ") or None
