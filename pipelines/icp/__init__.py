"""What icp.yaml may say: who our customer is and is not, our promises, our routes. The file marketing and sales own.

Here: all of it as one frozen type, checked so that every error is a sentence. Elsewhere: its parts (`icp.rules`, `icp.profiles`,
`icp.signals`, `icp.reach`, `icp.routes`), the same as rows that SQL reasons over (`icp.rows`), and the verdicts
(sql/core/answer.sql and what follows it).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipelines.documents import Document, read_document
from pipelines.domains import registrable
from pipelines.icp.profiles import ONLY, RINGS, Profile, Promise, Ring
from pipelines.icp.reach import Reach
from pipelines.icp.routes import Route, route_complaints
from pipelines.icp.rules import Id, Rule, Words
from pipelines.icp.signals import Signal
from pipelines.properties import PROPERTIES

DIMENSIONS = (
    "buying_motion",
    "appetite_for_change",
    "process_maturity",
    "growth_posture",
    "customer_closeness",
    "openness",
    "collaboration",
    "people_culture",
)
NEEDED: tuple[Ring, ...] = ("market", "problem", "bullseye")
"""The rings that need a must: without one everybody would be let in."""
Share = Annotated[float, Field(ge=0, le=1)]


class Icp(Document):
    """All of icp.yaml."""

    vendor: str
    position: str
    terms: Mapping[Id, Words] = {}
    rings: Mapping[Ring, tuple[Rule, ...]] = {}
    profiles: tuple[Profile, ...] = ()
    promises: Annotated[tuple[Promise, ...], Field(min_length=1)]
    signals: tuple[Signal, ...] = ()
    persona: Mapping[str, Share] = {}
    reach: Reach
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    competitors: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for complaint in _complaints(self):
            raise ValueError(complaint)
        return self

    @property
    def rules(self) -> Iterator[tuple[Ring, Rule]]:
        """Every rule with its ring, outermost first; of a ring, those of all profiles first."""
        for ring in RINGS:
            for rings in (self.rings, *(each.rings for each in self.profiles)):
                for rule in rings.get(ring, ()):
                    yield ring, rule

    @property
    def named(self) -> tuple[Profile, ...]:
        """The profiles; of a file that names none, the one that all its rules are."""
        return self.profiles or (Profile(id=ONLY, product=self.vendor, segment="everybody"),)

    def rules_of(self, profile: Profile) -> Iterator[tuple[Ring, Rule]]:
        """The rules a profile asks: those of all, then its own, ring by ring."""
        for ring in RINGS:
            for rule in (*self.rings.get(ring, ()), *profile.rings.get(ring, ())):
                yield ring, rule

    def promises_of(self, profile: Profile) -> tuple[Id, ...]:
        """The ids of the promises a profile makes."""
        return tuple(each.id for each in self.promises) if profile.promises is None else profile.promises

    @property
    def phrases(self) -> dict[str, tuple[str, ...]]:
        """Term -> phrases, of the terms and of what promises are recognised by (`promise.<id>`)."""
        promised = {f"promise.{each.id}": each.recognised_by for each in self.promises}
        return {**dict(self.terms), **promised}


def read_icp(path: Path) -> Icp:
    """Return the profile in the file; raises `Stop` for a mistake in it."""
    return read_document(path, Icp)


def _complaints(icp: Icp) -> Iterator[str]:
    """Say what refers to nothing, stands twice, or leaves a lead without a route."""
    for kind, ids in _ids(icp).items():
        yield from (f"{kind} id {each} stands {count} times; ids must differ" for each, count in ids.items() if count > 1)
    yield from _profile_complaints(icp)
    yield from (
        f"persona has no dimension {each}; choose from {', '.join(DIMENSIONS)}" for each in icp.persona if each not in DIMENSIONS
    )
    yield from (
        f"signal {each.id} looks at {each.property}, which is no property"
        for each in icp.signals
        if each.property not in PROPERTIES
    )
    yield from (
        f"competitor {each} is no domain; write it like rival.com, without https:// and www"
        for each in icp.competitors
        if registrable(each) != each.lower()
    )
    yield from route_complaints(icp.routes, [each.id for each in icp.named])
    for _, rule in icp.rules:
        yield from _rule_complaints(icp, rule)


def _ids(icp: Icp) -> dict[str, Counter[str]]:
    """Return how often each id stands, by what it is the id of."""
    return {
        "rule": Counter(rule.id for _, rule in icp.rules),
        "profile": Counter(each.id for each in icp.profiles),
        "promise": Counter(each.id for each in icp.promises),
        "signal": Counter(each.id for each in icp.signals),
        "route": Counter(each.id for each in icp.routes),
    }


def _profile_complaints(icp: Icp) -> Iterator[str]:
    """Say which profile lets everybody in, or makes a promise that is not there."""
    promises = {each.id for each in icp.promises}
    for profile in icp.named:
        whose = f" of profile {profile.id}" if icp.profiles else ""
        asked = {ring for ring, rule in icp.rules_of(profile) if rule.kind == "must"}
        yield from (
            f"ring {ring}{whose} needs at least one must: without it everybody would be let in"
            for ring in NEEDED
            if ring not in asked
        )
        yield from (
            f"profile {profile.id} makes the promise {each}, which `promises` does not have"
            for each in icp.promises_of(profile)
            if each not in promises
        )


def _rule_complaints(icp: Icp, rule: Rule) -> Iterator[str]:
    """Say what one rule refers to that is not there."""
    space, _, name = rule.subject.partition(".")
    known = {
        "persona": (*DIMENSIONS, "distance"),
        "signal": tuple(each.id for each in icp.signals),
    }.get(space, tuple(PROPERTIES))
    if (name or space) not in known:
        yield f"rule {rule.id} looks at {rule.subject}, which is not known; choose from {', '.join(known)}"
    elif rule.test.operator not in _operators(rule.subject):
        able = ", ".join(_operators(rule.subject))
        yield f"rule {rule.id} asks {rule.subject} with {rule.test.operator}, which it cannot answer; use one of {able}"
    if rule.subject == "mentions":
        missing = [each for each in rule.test.operands if each not in icp.phrases]
        yield from (f"rule {rule.id} asks for the term {each}, which `terms` does not have" for each in missing)


def _operators(subject: str) -> tuple[str, ...]:
    """Return the operators a subject can answer; any other would leave every organization unknown."""
    words, numbers = ("is", "in", "has", "lacks", "mentions"), ("is", "between", "at_least", "at_most")
    space = subject.partition(".")[0]
    if space == "persona":
        return numbers[1:]
    if space == "mentions":
        return ("in", "has", "lacks")
    if space == "signal":
        return (*words, "within_days")
    asked = PROPERTIES[subject]
    changing = ("changed_by",) if asked.watched else ()
    return {"text": (*words, "within_days"), "number": (*numbers, "in", *changing), "date": ("within_days",)}[asked.type]
