"""What icp.yaml may say: who our customer is and is not, our promises, our routes. The file marketing and sales own.

Here: the ideal customer profile as frozen types, checked so that every error is a sentence. Elsewhere: the same as
rows that SQL reasons over (`icp_rows`), and the verdicts (sql/core/answer.sql and what follows it).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipelines.documents import Document, read_document
from pipelines.properties import PROPERTIES

Ring = Literal["market", "profile", "persona", "problem", "bullseye"]
RINGS: tuple[Ring, ...] = ("market", "profile", "persona", "problem", "bullseye")
Closer = Literal["research", "marketing", "sales", "time"]
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
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$")]
Words = Annotated[tuple[Annotated[str, Field(min_length=2)], ...], Field(min_length=1)]


class Test(Document):
    """One operator and what it compares with; exactly one of them is given.

    `in`: the value is one of these. `has`: one of these is among the values. `lacks`: none of these is. `between`: low and high,
    both included. `at_least`, `at_most`: a number. `within_days`: the newest dated value is at most this old.
    """

    __test__ = False  # not a pytest class, whatever its name

    in_: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(default=None, alias="in")
    has: Words | None = None
    lacks: Words | None = None
    between: tuple[float, float] | None = None
    at_least: float | None = None
    at_most: float | None = None
    within_days: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one of in, has, lacks, between, at_least, at_most, within_days")
        if self.between is not None and self.between[0] > self.between[1]:
            raise ValueError("between needs the lower bound first")
        return self

    @property
    def operator(self) -> str:
        """The operator's name as SQL knows it."""
        return next(iter(self.model_fields_set)).rstrip("_")

    @property
    def operands(self) -> tuple[str, ...]:
        """The words compared with, for the operators that take words."""
        return self.in_ or self.has or self.lacks or ()

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Low and high bound, for the operators that take numbers; days are a high bound of age."""
        if self.between is not None:
            return self.between
        return self.at_least, self.at_most if self.within_days is None else float(self.within_days)


class Rule(Document):
    """One line of the profile. Exactly one of must, should, never maps a subject to its test.

    A subject is a property, `persona.<dimension>`, `persona.distance` or `signal.<id>`. A `must` that is no disqualifies in the rings
    market, profile and persona, and holds an organization back in problem and bullseye; a `should` only gives points; a `never` that is
    yes disqualifies. `silence: no` takes what is not mentioned, after enough was read, for a no; by default it is unknown.
    """

    id: Id
    must: Mapping[str, Test] | None = None
    should: Mapping[str, Test] | None = None
    never: Mapping[str, Test] | None = None
    weight: Annotated[float, Field(gt=0, le=100)] = 10
    because: Annotated[str, Field(min_length=8)]
    ask: str | None = None
    closes: Closer = "research"
    silence: Literal["no", "unknown"] = "unknown"
    half_life_days: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in ("must", "should", "never") if getattr(self, kind) is not None]
        if len(given) != 1 or len(getattr(self, given[0])) != 1:
            raise ValueError(f"rule {self.id} needs exactly one of must, should, never, with one subject in it")
        return self

    @property
    def kind(self) -> str:
        """Which of must, should, never it is."""
        return next(kind for kind in ("must", "should", "never") if getattr(self, kind) is not None)

    @property
    def subject(self) -> str:
        """What it looks at."""
        return next(iter(getattr(self, self.kind)))

    @property
    def test(self) -> Test:
        """How it looks at it."""
        found: Test = getattr(self, self.kind)[self.subject]
        return found


class Promise(Document):
    """A concern or aspiration we can fulfil, and the phrases by which an organization shows it would recognise that."""

    id: Id
    concern: str
    promise: str
    message: str
    recognised_by: Words


class Signal(Document):
    """A dated event worth knowing: a fact of `property` whose value contains one of the words. It halves every `half_life_days`."""

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
    ids = Counter(rule.id for _, rule in icp.rules)
    yield from (f"rule id {each} stands {count} times; ids must differ" for each, count in ids.items() if count > 1)
    if not any(rule.kind == "must" for rule in icp.rings.get("market", ())):
        yield "ring market needs at least one must: without it nobody is in the market"
    yield from (
        f"persona has no dimension {each}; choose from {', '.join(DIMENSIONS)}"
        for each in icp.persona
        if each not in DIMENSIONS
    )
    yield from (
        f"signal {each.id} looks at {each.property}, which is no property"
        for each in icp.signals
        if each.property not in PROPERTIES
    )
    if icp.routes[-1].when != When():
        yield "the last route must have no `when`, so that every lead has a route"
    for _, rule in icp.rules:
        yield from _rule_complaints(icp, rule)


def _rule_complaints(icp: Icp, rule: Rule) -> Iterator[str]:
    """Say what one rule refers to that is not there."""
    space, _, name = rule.subject.partition(".")
    known = {
        "persona": (*DIMENSIONS, "distance"),
        "signal": tuple(each.id for each in icp.signals),
    }.get(space, tuple(PROPERTIES))
    if (name or space) not in known:
        yield f"rule {rule.id} looks at {rule.subject}, which is not known; choose from {', '.join(known)}"
    if rule.subject == "mentions":
        missing = [each for each in rule.test.operands if each not in icp.phrases]
        yield from (f"rule {rule.id} asks for the term {each}, which `terms` does not have" for each in missing)
