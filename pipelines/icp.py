"""What icp.yaml may say: who our customer is and is not, our promises, our routes. The file marketing and sales own.

Here: the ideal customer profile as frozen types, checked so that every error is a sentence. Elsewhere: the same as
rows that SQL reasons over (`icp_rows`), and the verdicts (sql/core/answer.sql and what follows it).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipelines.documents import Document, read_document
from pipelines.domains import registrable
from pipelines.properties import PROPERTIES
from pipelines.rules import Id, Rule, Words

Ring = Literal["market", "profile", "persona", "problem", "bullseye"]
RINGS: tuple[Ring, ...] = ("market", "profile", "persona", "problem", "bullseye")
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
Share = Annotated[float, Field(ge=0, le=1)]


class Promise(Document):
    """A concern or aspiration we can fulfil, and the phrases by which an organization shows it would recognise that."""

    id: Id
    concern: str
    promise: str
    message: str
    recognised_by: Words


class Signal(Document):
    """A dated event worth knowing: a fact of `property` whose value contains one of the words; it halves every so many days."""

    id: Id
    property: str = "opening"
    matches: Words
    means: str
    half_life_days: Annotated[int, Field(gt=0)] = 90


class When(Document):
    """The conditions of a route; all given ones must hold, none given always holds."""

    ring: tuple[Literal["outside", "market", "profile", "persona", "problem", "bullseye", "unknown"], ...] | None = None
    standing: tuple[Literal["prospect", "customer", "competitor", "partner"], ...] | None = None
    fit_at_least: float | None = None
    readiness_at_least: float | None = None
    reach_at_least: float | None = None


class Route(Document):
    """Who gets a lead and what they do with it. The first route whose conditions hold takes it."""

    id: Id
    action: Literal["sell", "nurture", "research", "repeat_sale", "leave_alone"]
    when: When = When()
    channel: str | None = None
    owner: str
    within_days: Annotated[int, Field(ge=0)] | None = None
    play: str


class Reach(Document):
    """Which job titles decide or influence, and what each way to reach them is worth; the points add up to 100."""

    buying_roles: Words
    person_in_buying_role: float = 45
    work_email: float = 25
    direct_phone: float = 10
    role_mailbox: float = 10
    switchboard: float = 10

    @model_validator(mode="after")
    def _hundred(self) -> Self:
        points = (
            self.person_in_buying_role,
            self.work_email,
            self.direct_phone,
            self.role_mailbox,
            self.switchboard,
        )
        if min(points) < 0 or abs(sum(points) - 100) > 1e-9:
            raise ValueError("the points of reach must not be negative and must add up to 100")
        return self


class Icp(Document):
    """All of icp.yaml."""

    vendor: str
    position: str
    terms: Mapping[Id, Words] = {}
    rings: Mapping[Ring, tuple[Rule, ...]]
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
        """Every rule with its ring, outermost first."""
        for ring in RINGS:
            for rule in self.rings.get(ring, ()):
                yield ring, rule

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
    for ring in ("market", "problem", "bullseye"):
        if not any(rule.kind == "must" for rule in icp.rings.get(ring, ())):
            yield f"ring {ring} needs at least one must: without it everybody would be let in"
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
    yield from _route_complaints(icp.routes)
    for _, rule in icp.rules:
        yield from _rule_complaints(icp, rule)


def _ids(icp: Icp) -> dict[str, Counter[str]]:
    """Return how often each id stands, by what it is the id of."""
    return {
        "rule": Counter(rule.id for _, rule in icp.rules),
        "promise": Counter(each.id for each in icp.promises),
        "signal": Counter(each.id for each in icp.signals),
        "route": Counter(each.id for each in icp.routes),
    }


def _route_complaints(routes: Sequence[Route]) -> Iterator[str]:
    """Say where leads would find no route, or a route no leads."""
    if routes[-1].when != When():
        yield "the last route must have no `when`, so that every lead has a route"
    for each in routes[:-1]:
        if each.when == When():
            yield f"route {each.id} has no `when`, so it takes every lead and the routes after it none; put it last"


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
    words, numbers = ("in", "has", "lacks"), ("between", "at_least", "at_most")
    space = subject.partition(".")[0]
    if space == "persona":
        return numbers
    if space == "mentions":
        return words
    kind = "text" if space == "signal" else PROPERTIES[subject].type
    return {"text": (*words, "within_days"), "number": (*numbers, "in"), "date": ("within_days",)}[kind]
