"""What icp.yaml says of signals: dated events worth knowing, and what each is evidence of.

Here: the kinds of signals (pipelines/signals.yaml), and a signal as a frozen type: a kind, or what is given in its place.
Elsewhere: finding them among the facts (sql/core/wording.sql, sql/core/signal.sql).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, Field, model_validator

from pipelines.documents import Document
from pipelines.icp.rules import Id, Words

FILE = Path(__file__).parents[1] / "signals.yaml"
Evidence = Literal["problem", "commitment", "change"]
KindName = Literal[
    "opening", "hiring", "programme", "migration", "adoption", "leadership", "funding", "expansion", "acquisition",
    "restructuring", "partnership", "launch", "certification", "award", "pricing", "event",
]  # fmt: skip
ANY = "*"
"""In place of a phrase: every fact of the property tells of it."""
SAYS = re.compile(r"[^\W_]")


def _say(phrases: Words) -> Words:
    """Refuse a phrase without a letter or a figure, which would stand everywhere."""
    for phrase in phrases:
        if not SAYS.search(phrase):
            raise ValueError(f"the phrase {phrase} has no letter or figure, so nothing could be found by it; write a word")
    return phrases


Phrases = Annotated[Words, AfterValidator(_say)]


class Look(Document):
    """Where a kind of signal is looked for, and by which phrases: a list for each language, or any."""

    properties: Annotated[tuple[str, ...], Field(alias="in")]
    words: Literal["any"] | tuple[Phrases, ...]

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases of all languages."""
        return (ANY,) if self.words == "any" else tuple(chain.from_iterable(self.words))


class Kind(Document):
    """What the events of a kind are evidence of, how fast they age, and where they show."""

    evidence: Evidence
    half_life_days: Annotated[int, Field(gt=0)]
    within_days: Annotated[int, Field(ge=0)] = 0
    looks: tuple[Look, ...]
    unless: tuple[str, ...] = ()

    @property
    def told(self) -> Mapping[str, tuple[str, ...]]:
        """Property -> the phrases by which its facts tell of such an event."""
        return {name: look.phrases for look in self.looks for name in look.properties}


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of signals by name."""
    content: Mapping[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return {name: Kind.model_validate(each) for name, each in content.items()}


class Signal(Document):
    """A dated event worth knowing: a fact of its kind, or of `property`, whose value has one of the phrases it `matches`.

    `about` narrows it: one of these phrases stands in the value, too. `unless` takes out what has one of its phrases. What is not
    given is as its kind has it; without a kind it is an opening or, of another property, just an event.
    """

    id: Id
    kind_: Annotated[KindName | None, Field(alias="kind")] = None
    property_: Annotated[str | None, Field(alias="property")] = None
    matches: Phrases | None = None
    about: Phrases | None = None
    unless_: Annotated[Phrases | None, Field(alias="unless")] = None
    means: str
    evidence_: Annotated[Evidence | None, Field(alias="evidence")] = None
    half_life_days_: Annotated[int | None, Field(alias="half_life_days", gt=0)] = None

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        told = kinds()[self.kind].told
        if self.kind == "event" and self.property_ is None:
            raise ValueError(f"signal {self.id} is just an event; give the property whose facts tell of it")
        if self.matches is None and self.property_ is not None and self.property_ not in told:
            known = f", or choose from {', '.join(told)}" if told else ""
            raise ValueError(f"signal {self.id} needs the phrases it `matches` in {self.property_}{known}")
        if self.matches is None and not told:
            raise ValueError(f"signal {self.id} needs the phrases it `matches`: which {self.kind} is it about?")
        return self

    @property
    def kind(self) -> str:
        """Its kind."""
        return self.kind_ or ("opening" if self.property_ in (None, "opening") else "event")

    @property
    def evidence(self) -> str:
        """What it is evidence of."""
        return self.evidence_ or kinds()[self.kind].evidence

    @property
    def half_life_days(self) -> int:
        """After how many days it is worth half."""
        return self.half_life_days_ or kinds()[self.kind].half_life_days

    @property
    def properties(self) -> tuple[str, ...]:
        """Where it is looked for."""
        return (self.property_,) if self.property_ else tuple(kinds()[self.kind].told) or ("opening",)

    @property
    def words(self) -> Iterator[tuple[str, str, str]]:
        """Yield (property, what for, phrase): what tells of it, what it is about, unless what."""
        kind = kinds()[self.kind]
        for name in self.properties:
            parts = {"tells": self.matches or kind.told[name], "about": self.about or (), "unless": self._unless}
            yield from ((name, part, phrase) for part, phrases in parts.items() for phrase in phrases)

    @property
    def _unless(self) -> tuple[str, ...]:
        return self.unless_ if self.unless_ is not None else () if self.matches else kinds()[self.kind].unless

    @property
    def property(self) -> str:
        """Where it is looked for first."""
        return self.properties[0]
