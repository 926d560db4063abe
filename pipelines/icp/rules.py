"""One rule of icp.yaml: what it looks at, what it compares with, what a yes is worth.

Here: the test and the rule as frozen types. Elsewhere: the whole profile and whether its parts fit together (`icp`), and the
verdict on an organization (sql/core/answer.sql).
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from pipelines.documents import Document

Closer = Literal["research", "marketing", "sales", "time"]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$")]
Words = Annotated[tuple[Annotated[str, Field(min_length=2)], ...], Field(min_length=1)]


OPERATORS = ("is", "in", "has", "lacks", "mentions", "between", "at_least", "at_most", "within_days", "changed_by")


def _written(value: object) -> object:
    """Take a number for the text it is; a yes or no that YAML made of a word stays wrong."""
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else value


class Test(Document):
    """One operator and what it compares with; exactly one of them is given."""

    __test__ = False  # not a pytest class, whatever its name

    is_: Annotated[str, BeforeValidator(_written)] | None = Field(default=None, alias="is")
    """The value is this."""
    in_: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(default=None, alias="in")
    """The value is one of these."""
    has: Words | None = None
    """One of these is among the values."""
    lacks: Words | None = None
    """None of these is among the values."""
    mentions: Words | None = None
    """One of these phrases stands in a value."""
    between: tuple[float, float] | None = None
    """Low and high, both included."""
    at_least: float | None = None
    """The number is this or more."""
    at_most: float | None = None
    """The number is this or less."""
    within_days: Annotated[int, Field(gt=0)] | None = None
    """The newest dated value is at most this many days old."""
    changed_by: float | None = None
    """In the year before, the number rose by at least this, or fell where it is negative."""

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        if len(self.model_fields_set) != 1 or getattr(self, next(iter(self.model_fields_set))) is None:
            raise ValueError(f"give exactly one of {', '.join(OPERATORS)}")
        if self.between is not None and self.between[0] > self.between[1]:
            raise ValueError("between needs the lower bound first")
        if self.changed_by == 0:
            raise ValueError("changed_by needs a number above or below zero")
        return self

    @property
    def operator(self) -> str:
        """The operator's name as SQL knows it."""
        return str(next(iter(self.model_fields_set))).rstrip("_")

    @property
    def operands(self) -> tuple[str, ...]:
        """The words compared with, for the operators that take words."""
        if self.is_ is not None:
            return (self.is_,)
        return self.in_ or self.has or self.lacks or self.mentions or ()

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Low and high bound, for the operators that take numbers; days are a high bound of age, a fall one of change."""
        if self.between is not None:
            return self.between
        if self.changed_by is not None:
            return (self.changed_by, None) if self.changed_by > 0 else (None, self.changed_by)
        return self.at_least, self.at_most if self.within_days is None else float(self.within_days)


class Rule(Document):
    """One line of the profile. Exactly one of must, should, never maps a subject to its test.

    A subject is a property, `persona.<dimension>`, `persona.distance` or `signal.<id>`.
    """

    id: Id
    must: Mapping[str, Test] | None = None
    """Has to be a yes: a no disqualifies in market, profile and persona and holds back further in; unknown holds back."""
    should: Mapping[str, Test] | None = None
    """Only gives points."""
    never: Mapping[str, Test] | None = None
    """Must not be a yes: that disqualifies."""
    weight: Annotated[float, Field(gt=0, le=100)] = 10
    """What a yes is worth before fit is shared out."""
    because: Annotated[str, Field(min_length=8)]
    """Why it matters, in a sentence that sales reads beside every answer."""
    ask: str | None = None
    """The question that would settle it."""
    closes: Closer = "research"
    """Who can settle it."""
    silence: Literal["no", "unknown"] = "unknown"
    """What it means that nothing is said of it, once enough was read: no, or still unknown."""
    half_life_days: Annotated[int, Field(gt=0)] | None = None
    """After how many days a yes counts half."""

    @field_validator("silence", mode="before")
    @classmethod
    def _plain_no(cls, written: object) -> object:
        """Take YAML's `no`, which it reads as false, for the word it is."""
        return "no" if written is False else written

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
        return str(next(iter(getattr(self, self.kind))))

    @property
    def test(self) -> Test:
        """How it looks at it."""
        found: Test = getattr(self, self.kind)[self.subject]
        return found
