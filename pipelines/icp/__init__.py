"""What icp.yaml may say: who our customer is and is not, our promises, our routes. The file marketing and sales own.

Here: all of it as one frozen type, checked so that every error is a sentence. Elsewhere: its parts (`icp.rules`, `icp.profiles`,
`icp.signals`, `icp.reach`, `icp.routes`), the same as rows that SQL reasons over (`icp.rows`), and the verdicts
(sql/core/answer.sql and what follows it).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipelines.documents import Document, Place, Unsound, meant, read_document
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
Complaint = tuple[Place, str]
Share = Annotated[float, Field(ge=0, le=1)]


class Icp(Document):
    """All of icp.yaml."""

    vendor: str
    """Who we are."""
    position: str
    """What we do for whom, in a sentence or two."""
    terms: Mapping[Id, Words] = {}
    """Term -> phrases listened for on pages: whole words, in any case, within one paragraph. Rules ask for them by `mentions`.

    A phrase that begins with `unless` takes back what the others say in the same sentence: [reliable, unless uptime].
    """
    rings: Mapping[Ring, tuple[Rule, ...]] = {}
    """Rules of each ring, from outside in; of several profiles, those that hold for all."""
    profiles: tuple[Profile, ...] = ()
    """Products for segments, where there are several: each with rules of its own. The best one is told for each organization."""
    promises: Annotated[tuple[Promise, ...], Field(min_length=1)]
    """What we can promise, and by which of its own words an organization would recognise it; earlier wins a tie."""
    signals: tuple[Signal, ...] = ()
    """Dated events worth knowing, for rules to ask by `signal.<id>`."""
    persona: Mapping[str, Share] = {}
    """Dimension -> where we ourselves stand, 0 to 1: what `persona.distance` is measured from."""
    reach: Reach
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    """Who gets a lead: the first route whose conditions hold. The last one has none, so that every lead has a route."""
    competitors: tuple[str, ...] = ()
    """Domains of competitors: they are outside, whatever else is true of them."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if complaints := list(_complaints(self)):
            raise Unsound(complaints)
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


def _complaints(icp: Icp) -> Iterator[Complaint]:
    """Say what refers to nothing, stands twice, or leaves a lead without a route."""
    yield from _twice(icp)
    yield from _profile_complaints(icp)
    for name in icp.persona:
        if name not in DIMENSIONS:
            yield ("persona", name), f"persona has no dimension {name}; {_or_choose(name, DIMENSIONS)}"
    for number, signal in enumerate(icp.signals):
        if signal.property not in PROPERTIES:
            near = meant(signal.property, PROPERTIES)
            said = f"signal {signal.id} looks at {signal.property}, which is no property"
            yield ("signals", number, "property"), f"{said}; {near}".removesuffix("; ")
    for number, each in enumerate(icp.competitors):
        if registrable(each) != each.lower():
            said = f"competitor {each} is no domain; write it like rival.com, without https:// and www"
            yield ("competitors", number), said
    yield from route_complaints(icp.routes, [each.id for each in icp.named])
    for place, rule in _placed_rules(icp):
        yield from _rule_complaints(icp, place, rule)


def _placed_rules(icp: Icp) -> Iterator[tuple[Place, Rule]]:
    """Every rule with its place in the file."""
    shared: list[tuple[Place, Mapping[Ring, tuple[Rule, ...]]]] = [(("rings",), icp.rings)]
    for place, rings in [*shared, *((("profiles", number, "rings"), each.rings) for number, each in enumerate(icp.profiles))]:
        for ring, rules in rings.items():
            yield from (((*place, ring, number), rule) for number, rule in enumerate(rules))


def _twice(icp: Icp) -> Iterator[Complaint]:
    """Say which ids stand more than once, where the last of them does."""
    placed: dict[str, list[tuple[Place, str]]] = {"rule": [(place, rule.id) for place, rule in _placed_rules(icp)]}
    for kind in ("profile", "promise", "signal", "route"):
        placed[kind] = [((f"{kind}s", number), each.id) for number, each in enumerate(getattr(icp, f"{kind}s"))]
    for kind, ids in placed.items():
        last = {each: place for place, each in ids}
        counts = Counter(each for _, each in ids)
        for each in (each for each in last if counts[each] > 1):
            yield (*last[each], "id"), f"{kind} id {each} stands {counts[each]} times; ids must differ"


def _profile_complaints(icp: Icp) -> Iterator[Complaint]:
    """Say which profile lets everybody in, or makes a promise that is not there."""
    promises = {each.id for each in icp.promises}
    for number, profile in enumerate(icp.named):
        whose = f" of profile {profile.id}" if icp.profiles else ""
        place: Place = ("profiles", number, "rings") if icp.profiles else ("rings",)
        asked = {ring for ring, rule in icp.rules_of(profile) if rule.kind == "must"}
        for ring in (ring for ring in NEEDED if ring not in asked):
            yield (*place, ring), f"ring {ring}{whose} needs at least one must: without it everybody would be let in"
        for each in (each for each in icp.promises_of(profile) if each not in promises):
            said = f"profile {profile.id} makes the promise {each}, which `promises` does not have"
            yield ("profiles", number, "promises"), f"{said}; {meant(each, promises)}".removesuffix("; ")


def _rule_complaints(icp: Icp, place: Place, rule: Rule) -> Iterator[Complaint]:
    """Say what one rule refers to that is not there."""
    known = subjects(icp)
    at = (*place, rule.kind, rule.subject)
    if rule.subject not in known:
        space, _, name = rule.subject.partition(".")
        inner = [each.removeprefix(f"{space}.") for each in known if each.startswith(f"{space}.")]
        said = _or_choose(name, inner) if inner else _or_choose(rule.subject, known)
        yield at, f"rule {rule.id} looks at {rule.subject}, which is not known; {said}"
    elif rule.test.operator not in operators(rule.subject):
        able = ", ".join(operators(rule.subject))
        yield at, f"rule {rule.id} asks {rule.subject} with {rule.test.operator}, which it cannot answer; use one of {able}"
    if rule.subject == "mentions":
        for each in (each for each in rule.test.operands if each not in icp.phrases):
            said = f"rule {rule.id} asks for the term {each}, which `terms` does not have"
            yield (*at, rule.test.operator), f"{said}; {meant(each, icp.phrases)}".removesuffix("; ")


def _or_choose(name: str, known: Sequence[str]) -> str:
    return meant(name, known, f"choose from {', '.join(known)}")


def subjects(icp: Icp | None) -> tuple[str, ...]:
    """Return all that a rule may look at: signals are the file's own."""
    signals = (f"signal.{each.id}" for each in (icp.signals if icp else ()))
    return (*PROPERTIES, *(f"persona.{each}" for each in (*DIMENSIONS, "distance")), *signals)


def operators(subject: str) -> tuple[str, ...]:
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
